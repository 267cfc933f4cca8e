#pragma once

#include <map>
#include <string>
#include <string_view>

#include "platform/http/router.hpp"

namespace mobilytics::http {

// A named way to sign in, as actor types mention it in Operation::security. `json` is the OpenAPI object.
struct SecurityScheme {
    std::string name;
    std::string json;  // {"type":"http","scheme":"bearer"}
};

// OpenAPI 3.1 of all routes that are not hidden. The same routes always print the same bytes: paths by name,
// methods in a fixed order, members in the order of the structs.
std::string openapi(const Router& router, std::string_view title, std::string_view version,
                    const std::vector<SecurityScheme>& schemes = {});

}  // namespace mobilytics::http
