#include "platform/http/cursor.hpp"

#include "platform/crypto/encoding.hpp"
#include "platform/json/escape.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::http::cursor {

void refuse() {
    throw Problem{Kind::invalid,
                  "http.bad_cursor",
                  "The cursor is not one of this list; start again without it.",
                  {{"?cursor", "is not a cursor of this list"}}};
}

// Each part as its length in decimal, ':' and its bytes.
std::string pack(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += std::to_string(part.size()) + ":" + part;
    return crypto::to_base64url(text);
}

std::vector<std::string> unpack(std::string_view text, std::size_t parts) {
    auto decoded = crypto::from_base64url(text);
    if (!decoded) refuse();
    std::vector<std::string> found;
    std::string_view rest = *decoded;
    while (!rest.empty() && found.size() < parts) {
        auto colon = rest.find(':');
        if (colon == std::string_view::npos) refuse();
        auto length = parse<std::size_t>(std::string{rest.substr(0, colon)});
        rest.remove_prefix(colon + 1);
        if (length > rest.size()) refuse();
        found.emplace_back(rest.substr(0, length));
        // The database would refuse to compare with anything else.
        if (!json::is_utf8(found.back()) || found.back().contains('\0')) refuse();
        rest.remove_prefix(length);
    }
    if (!rest.empty() || found.size() != parts) refuse();
    return found;
}

}  // namespace mobilytics::http::cursor
