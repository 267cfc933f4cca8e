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
        auto item = next_item(list, ',');
        if (item.empty()) return false;
        if (item.starts_with("W/")) {
            if (!weak) continue;
            item.remove_prefix(2);
        }
        if (item.size() < 2 || item.front() != '"' || item.back() != '"') continue;
        item = item.substr(1, item.size() - 2);
        if (item == tag) return true;
        // The compressed forms of the same version.
        if ((item.ends_with("-br") || item.ends_with("-gz")) && item.substr(0, item.size() - 3) == tag) return true;
    }
}

bool is_tag_list(std::string_view text) {
    const auto is_etagc = [](char c) { return c == '!' || (c >= '#' && c != '\x7f') || c < '\0'; };
    if (trimmed(text) == "*") return true;
    bool has_tag = false;
    while (true) {
        // The grammar of lists lets an item be empty.
        while (!text.empty() && (text.front() == ',' || text.front() == ' ' || text.front() == '\t'))
            text.remove_prefix(1);
        if (text.empty()) return has_tag;
        if (text.starts_with("W/")) text.remove_prefix(2);
        const auto end = text.find('"', 1);
        if (text.empty() || text.front() != '"' || end == std::string_view::npos) return false;
        if (!std::ranges::all_of(text.substr(1, end - 1), is_etagc)) return false;
        text = trimmed(text.substr(end + 1));
        if (!text.empty() && text.front() != ',') return false;
        has_tag = true;
    }
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
