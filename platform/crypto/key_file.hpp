#pragma once

#include <filesystem>

#include "platform/crypto/signature.hpp"

namespace mobilytics::crypto {

// The key whose seed the file holds in hexadecimal. A file that is not there is made, with a new key, for this user
// alone. Throws std::runtime_error for a file that holds something else.
SigningKey signing_key_in(const std::filesystem::path& file);

}  // namespace mobilytics::crypto
