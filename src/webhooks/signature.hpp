#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"

// Signatures of Standard Webhooks 1.0: HMAC-SHA256 over "<id>.<seconds>.<body>". Values only.
namespace mobilytics::webhooks {

// "whsec_" and base64 of 32 random bytes.
std::string new_secret();

// "v1,<base64>". The secret must be one as new_secret() makes them, of any length.
std::string signature_of(std::string_view secret, std::string_view id, clock::Instant at, std::string_view body);

// The header lines of an attempt. Several secrets sign while one takes over from another.
std::vector<std::string> signed_headers(const std::vector<std::string>& secrets, std::string_view id, clock::Instant at,
                                        std::string_view body);

}  // namespace mobilytics::webhooks
