#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace mobilytics::crypto {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view text);
Digest sha256(std::span<const std::uint8_t> bytes);

// HMAC-SHA-256 with a key of any length.
Digest hmac_sha256(std::string_view key, std::string_view text);

// Equal content, in a time that depends on the length only. Lengths are not secret.
bool equal_in_constant_time(std::string_view left, std::string_view right);
bool equal_in_constant_time(std::span<const std::uint8_t> left, std::span<const std::uint8_t> right);

}  // namespace mobilytics::crypto
