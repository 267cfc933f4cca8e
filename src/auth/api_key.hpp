#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/auth/actor.hpp"

namespace mobilytics::auth {

// How long the secret before a rotation still opens the door: a program's settings change at leisure.
inline constexpr std::chrono::hours secret_overlap{24};
// Staff's own keys end by themselves.
inline constexpr std::chrono::days staff_key_life{90};

// What a key is kept to. Nothing given: all that its role may, from anywhere, until it is revoked. A key that is kept
// to anything never makes keys: it could make itself a wider one.
struct KeyLimits {
    std::optional<std::vector<Permission>> scopes = {};
    std::optional<std::vector<std::string>> addresses = {};  // 203.0.113.7, 198.51.100.0/24, 2001:db8::/32
    std::optional<clock::Instant> expires_at = {};
};

// As the caller wants it: scopes are names of permissions, not looked at yet.
struct NewApiKey {
    std::string name;
    Role role = Role::viewer;
    std::optional<std::vector<std::string>> scopes = {};
    std::optional<std::vector<std::string>> addresses = {};
    std::optional<clock::Instant> expires_at = {};
};

// A program's way into one company, with a role of its own.
struct ApiKey {
    ApiKeyId id;
    std::string name;
    Role role = Role::viewer;
    KeyLimits limits = {};
    std::string hint;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at = {};
    std::optional<clock::Instant> previous_until = {};  // until then the secret before the rotation is good too
    std::optional<clock::Instant> revoked_at = {};
    std::optional<std::string> maker = {};  // a person's name; the key goes when they do. Nothing: another key made it
};

struct CreatedApiKey {
    ApiKey key;
    std::string secret;  // the printed key; shown now and never again
};

// Of a program that acts as a member of staff.
struct CreatedStaffKey {
    ApiKeyId id;
    std::string name;
    clock::Instant created_at;
    clock::Instant expires_at;
    std::string secret;  // as above
};

// As they are printed and stored.
std::optional<std::vector<std::string>> names_of(const std::optional<std::vector<Permission>>& scopes);

// What a key that is kept to something may: its scopes as far as its role holds them. Nothing for a key that is kept to
// nothing.
std::optional<std::vector<Permission>> scopes_of(Role role, const KeyLimits& limits);

}  // namespace mobilytics::auth
