#include "src/auth/hashing.hpp"

#include "platform/problem/problem.hpp"

namespace mobilytics::auth {

std::atomic<int> HashingPlace::taken = 0;
std::atomic<std::int64_t> HashingPlace::refused = 0;

HashingPlace::HashingPlace() {
    if (taken.fetch_add(1) < most) return;
    taken.fetch_sub(1);
    refused.fetch_add(1);
    Problem busy{Kind::unavailable, "auth.busy", "Too many sign-ins wait at the moment; try again."};
    busy.retry_after_seconds = 5;
    throw busy;
}

HashingPlace::~HashingPlace() { taken.fetch_sub(1); }

PasswordWork password_work() { return {HashingPlace::taken, HashingPlace::refused}; }

}  // namespace mobilytics::auth
