#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"

// One-time codes by time (RFC 6238, SHA-1, steps of 30 s), as authenticator apps make them; liboath does the work.
namespace mobilytics::crypto {

// 160 random bits, as RFC 4226 recommends.
std::string new_one_time_secret();

// The step whose code this is: the present one or one beside it, for clocks that differ. Nothing for another code or a
// text that is none; the code has 6 to 8 digits.
std::optional<std::int64_t> one_time_step(std::string_view secret, clock::Instant now, const std::string& code);

// What an app shows in that moment: six digits.
std::string one_time_code(std::string_view secret, clock::Instant now);

// RFC 4648 without padding, as people type it into an app.
std::string base32(std::string_view bytes);

}  // namespace mobilytics::crypto
