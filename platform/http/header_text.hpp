#pragma once

#include <string_view>

namespace mobilytics::http {

// Without the blanks and tabs that may stand around a part of a header (OWS of RFC 9110, 5.6.3).
inline std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

}  // namespace mobilytics::http
