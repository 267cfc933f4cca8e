#include "platform/http/media_type.hpp"

#include <algorithm>

#include "platform/http/header_text.hpp"

namespace mobilytics::http {

namespace {

std::string_view unquoted(std::string_view text) {
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' ? text.substr(1, text.size() - 2) : text;
}

// RFC 9110 12.4.2: 0 to 1 with up to three digits, in thousandths; -1 for anything else.
int quality(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return -1;
    if (text.size() > 1 && text[1] != '.') return -1;
    int value = text[0] == '1' ? 1000 : 0;
    int weight = 100;
    for (char c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return -1;
        value += (c - '0') * weight;
        weight /= 10;
    }
    return value <= 1000 ? value : -1;
}

// The next entity tag of a list, with its quotes and W/, and `rest` shortened to what follows its comma. Empty at the
// end, and where there is none; then something is left.
std::string_view next_tag(std::string_view& rest) {
    const auto is_etagc = [](char c) { return c == '!' || (c >= '#' && c != '\x7f') || c < '\0'; };
    // The grammar of lists lets an item be empty.
    while (!rest.empty() && (rest.front() == ',' || rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    const std::size_t opening = rest.starts_with("W/") ? 2 : 0;
    if (rest.substr(opening, 1) != "\"") return {};
    const auto closing = rest.find('"', opening + 1);
    if (closing == std::string_view::npos) return {};
    if (!std::ranges::all_of(rest.substr(opening + 1, closing - opening - 1), is_etagc)) return {};
    const auto behind = trimmed(rest.substr(closing + 1));
    if (!behind.empty() && behind.front() != ',') return {};
    const auto tag = rest.substr(0, closing + 1);
    rest = behind;
    return tag;
}

}  // namespace

std::string lower_case(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

std::string_view next_item(std::string_view& rest, char separator) {
    while (!rest.empty()) {
        auto end = rest.find(separator);
        auto item = trimmed(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (!item.empty()) return item;
    }
    return {};
}

MediaType media_type(std::string_view header) {
    MediaType type;
    type.name = lower_case(next_item(header, ';'));
    if (type.name.find('/') == std::string::npos) return {};
    while (true) {
        auto parameter = next_item(header, ';');
        if (parameter.empty()) return type;
        auto equals = parameter.find('=');
        if (equals != std::string_view::npos && lower_case(trimmed(parameter.substr(0, equals))) == "charset")
            type.charset = lower_case(unquoted(trimmed(parameter.substr(equals + 1))));
    }
}

bool matches_tag(std::string_view list, std::string_view tag, bool weak) {
    if (trimmed(list) == "*") return true;
    while (true) {
        auto item = next_tag(list);
        if (item.empty()) return false;
        if (item.starts_with("W/")) {
            if (!weak) continue;
            item.remove_prefix(2);
        }
        item = item.substr(1, item.size() - 2);
        if (item == tag) return true;
        // The compressed forms of the same version.
        if ((item.ends_with("-br") || item.ends_with("-gz")) && item.substr(0, item.size() - 3) == tag) return true;
    }
}

bool is_tag_list(std::string_view text) {
    if (trimmed(text) == "*") return true;
    bool has_tag = false;
    while (!next_tag(text).empty()) has_tag = true;
    return has_tag && text.empty();
}

Encoding chosen_encoding(std::string_view accept_encoding, bool has_gzip, bool has_brotli) {
    int gzip = -1;
    int brotli = -1;
    int plain = -1;
    int others = -1;
    while (true) {
        auto item = next_item(accept_encoding, ',');
        if (item.empty()) break;
        auto name = lower_case(next_item(item, ';'));
        auto parameter = next_item(item, ';');
        int weight = 1000;
        if (parameter.starts_with("q=") || parameter.starts_with("Q=")) weight = quality(parameter.substr(2));
        if (name == "gzip" || name == "x-gzip")
            gzip = weight;
        else if (name == "br")
            brotli = weight;
        else if (name == "identity")
            plain = weight;
        else if (name == "*")
            others = weight;
    }
    if (gzip < 0) gzip = others;
    if (brotli < 0) brotli = others;
    if (plain < 0) plain = others == 0 ? 0 : 1;  // acceptable unless excluded, but never preferred
    if (has_brotli && brotli > 0 && brotli >= gzip && brotli >= plain) return Encoding::brotli;
    if (has_gzip && gzip > 0 && gzip >= plain) return Encoding::gzip;
    if (has_brotli && brotli > 0 && brotli >= plain) return Encoding::brotli;
    return Encoding::plain;
}

}  // namespace mobilytics::http
