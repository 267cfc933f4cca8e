#pragma once

#include <string_view>

// Passwords that are long enough and still tried first by whoever guesses.
namespace mobilytics::auth {

// In any mixture of capitals.
bool is_guessed_first(std::string_view password);

// In order, eight characters each: the first 48 bits of the SHA-256, in base64url.
extern const std::string_view guessed_list;

}  // namespace mobilytics::auth
