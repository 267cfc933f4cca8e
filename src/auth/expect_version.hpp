#pragma once

#include <functional>
#include <string_view>

namespace mobilytics::auth {

// Given the version of what is about to be changed; throws when the caller has seen another.
using ExpectVersion = std::function<void(std::string_view version)>;

}  // namespace mobilytics::auth
