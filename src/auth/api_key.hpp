#pragma once

#include <optional>
#include <string>

#include "platform/clock/clock.hpp"
#include "src/auth/actor.hpp"

namespace mobilytics::auth {

// A program's way into one company, with a role of its own.
struct ApiKey {
    ApiKeyId id;
    std::string name;
    Role role = Role::viewer;
    std::string hint;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at = {};
    std::optional<clock::Instant> revoked_at = {};
};

struct CreatedApiKey {
    ApiKey key;
    std::string secret;  // the printed key; shown now and never again
};

}  // namespace mobilytics::auth
