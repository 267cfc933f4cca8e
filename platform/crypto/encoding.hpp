#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mobilytics::crypto {

// base64url without padding (RFC 4648 section 5). The reader refuses padding, other characters and stray
// bits, so that a value has one spelling only.
std::string to_base64url(std::span<const std::uint8_t> bytes);
std::string to_base64url(std::string_view bytes);
std::optional<std::string> from_base64url(std::string_view text);

// Base64 with padding (RFC 4648 section 4), for forms that ask for it. The reader is as strict.
std::string to_base64(std::span<const std::uint8_t> bytes);
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

// Lower-case hexadecimal.
std::string to_hex(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

}  // namespace mobilytics::crypto
