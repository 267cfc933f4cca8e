#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/auth/actor.hpp"

// All tokens that follow from a program's showing its key once: refresh tokens, each good once, and the access tokens
// that they gave. A refresh token that comes back after it was replaced is in two hands, so the family ends.
namespace mobilytics::auth {

inline constexpr std::chrono::days family_life{90};
inline constexpr std::chrono::days family_idle_limit{30};
// A program that did not hear the answer may ask again with the token that it has; RFC 9700 4.14.2 lets servers.
inline constexpr std::chrono::seconds refresh_grace{10};
inline constexpr std::int64_t most_families = 100;  // of one key

// As a list shows it.
struct TokenFamily {
    TokenFamilyId id;
    std::optional<std::vector<Permission>> scopes = {};  // nothing: all that its key may
    std::string address;                                 // where it began
    clock::Instant created_at;
    clock::Instant last_used_at;
    clock::Instant expires_at;
};

enum class RefreshUse {
    unknown,   // no token of the family
    in_force,  // another takes its place
    repeated,  // the one before, a moment ago: its successor again
    reused,    // replaced long ago
};

struct RefreshState {
    bool is_current = false;
    bool is_previous = false;
    bool was_spent = false;
    std::optional<clock::Instant> previous_until = {};
};

constexpr RefreshUse judge(const RefreshState& state, clock::Instant now) {
    if (state.is_current) return RefreshUse::in_force;
    if (state.is_previous && state.previous_until && now < *state.previous_until) return RefreshUse::repeated;
    return state.was_spent ? RefreshUse::reused : RefreshUse::unknown;
}

}  // namespace mobilytics::auth
