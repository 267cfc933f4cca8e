#pragma once

#include <atomic>
#include <type_traits>
#include <utility>

#include "platform/async/task.hpp"
#include "src/auth/password_work.hpp"

// Passwords take their time and memory to hash. They do so on background threads, as many at once as there are of
// these; the line in front of them is bounded, so that a flood of sign-ins is refused at once.
namespace mobilytics::auth {

// Held while a password waits and is hashed. Throws Problem unavailable "auth.busy" when too many do.
class HashingPlace {
public:
    static constexpr int most = 200;  // a few seconds of work

    HashingPlace();
    ~HashingPlace();
    HashingPlace(const HashingPlace&) = delete;
    HashingPlace& operator=(const HashingPlace&) = delete;

private:
    friend PasswordWork password_work();
    static std::atomic<int> taken;
    static std::atomic<std::int64_t> refused;
};

template <class F>
Task<std::invoke_result_t<F>> hash_in_background(async::Runtime& runtime, F work) {
    const HashingPlace place;
    co_return co_await runtime.in_background(std::move(work));
}

}  // namespace mobilytics::auth
