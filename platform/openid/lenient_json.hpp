#pragma once

#include "platform/json/json.hpp"

// Documents of others hold much that we do not read.
namespace mobilytics::openid {

struct LenientOptions : json::ReadOptions {
    constexpr LenientOptions() {
        error_on_unknown_keys = false;
        error_on_missing_keys = false;
    }
};
inline constexpr LenientOptions lenient{};

}  // namespace mobilytics::openid
