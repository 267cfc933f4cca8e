#pragma once

#include <string>
#include <string_view>

#include "platform/http/response.hpp"

namespace mobilytics::http {

class Router;

// The same as openapi(), for people: every operation that is not hidden, by group, with who may, what it takes and what
// it answers.
Raw reference_page(const Router& router, std::string_view title, std::string_view version);

// GET /docs and its style.
void add_reference(Router& router, std::string title, std::string version);

}  // namespace mobilytics::http
