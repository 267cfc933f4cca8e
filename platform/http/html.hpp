#pragma once

#include <string>
#include <string_view>

#include "platform/http/response.hpp"

// Pages that the server writes itself: about the API, for programmers, readable without scripts and without the web
// application.
namespace mobilytics::http::html {

// Text as it may stand in an element or an attribute.
std::string text(std::string_view plain);

// A whole page. `title` is plain text, `body` is HTML.
Raw page(std::string_view title, std::string_view body);

// The style that all of them link to, under `style_path`.
inline constexpr std::string_view style_path = "/docs/style.css";
std::string_view style();

}  // namespace mobilytics::http::html
