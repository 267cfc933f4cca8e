#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "platform/crypto/signature.hpp"

namespace mobilytics::crypto {

using Key = std::array<std::uint8_t, 32>;

// Lower-case hexadecimal, without anything around it.
std::optional<Key> key_in(std::string_view text);

// The first line of the file. A file that is not there is made with a fresh key, for this user alone: of all that start
// at once everyone takes the one that came first. Throws std::filesystem::filesystem_error when it cannot be written.
std::string key_line_of(const std::filesystem::path& file);

// Throws std::runtime_error also for a file that holds something else.
SigningKey signing_key_in(const std::filesystem::path& file);

}  // namespace mobilytics::crypto
