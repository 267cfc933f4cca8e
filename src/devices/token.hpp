#pragma once

#include <optional>
#include <string>

#include "platform/clock/clock.hpp"
#include "src/auth/ids.hpp"
#include "src/devices/ids.hpp"

namespace mobilytics::http {
class Request;
struct Operation;
}  // namespace mobilytics::http

namespace mobilytics::devices {

// Two, so that a device can take its new token before the old one is revoked.
inline constexpr int most_active_tokens = 2;

struct Token {
    TokenId id;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at;  // to about a minute
    std::optional<clock::Instant> revoked_at;
};

struct IssuedToken {
    Token token;
    std::string secret;  // the printed token; shown now and never again
};

// A device that proved itself with its token. As a handler's parameter: 401 "devices.token_needed" for anyone else.
struct DeviceActor {
    CompanyId company;
    DeviceId device;
    TokenId token;

    static DeviceActor from(const http::Request& request);
    static void describe(http::Operation& doc);
    bool operator==(const DeviceActor&) const = default;
};

}  // namespace mobilytics::devices
