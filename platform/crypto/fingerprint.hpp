#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace mobilytics::crypto {

// Tells two states of one thing apart: 16 characters that are the same for the same texts in the same order.
std::string fingerprint(std::initializer_list<std::string_view> texts);

}  // namespace mobilytics::crypto
