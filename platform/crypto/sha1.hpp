#pragma once

#include <string>
#include <string_view>

namespace mobilytics::crypto {

// 40 hexadecimal digits in capitals, as lists of others have them. It guards nothing: collisions can be made.
std::string sha1_hex(std::string_view text);

}  // namespace mobilytics::crypto
