#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mobilytics::crypto {

// Fills `bytes` from the operating system's generator.
void fill_random(std::span<std::uint8_t> bytes);

// base64url text of that many random bytes; 32 bytes make 43 characters and 256 bits of entropy.
std::string random_token(std::size_t bytes = 32);

}  // namespace mobilytics::crypto
