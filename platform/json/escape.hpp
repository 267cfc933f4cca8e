#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// JSON string literals for the few places that print JSON without a struct: problems, log lines, OpenAPI.
namespace mobilytics::json {

// The length of the well-formed UTF-8 sequence at the front of `text`, or 0.
inline std::size_t utf8_sequence(std::string_view text) {
    auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
    unsigned first = byte(0);
    if (text.empty()) return 0;
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        bool overlong = first == 0xE0 && byte(1) < 0xA0;
        bool surrogate = first == 0xED && byte(1) > 0x9F;
        return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        bool overlong = first == 0xF0 && byte(1) < 0x90;
        bool beyond = first == 0xF4 && byte(1) > 0x8F;
        return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

inline bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        auto length = utf8_sequence(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

// Appends `text` with quotes. Bytes that are not UTF-8 become U+FFFD, so that the output is always JSON.
inline void append_quoted(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        auto byte = static_cast<unsigned char>(text[0]);
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text[0];
        } else if (byte == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else if (byte < 0x80) {
            out += text[0];
        } else if (auto length = utf8_sequence(text)) {
            out += text.substr(0, length);
            text.remove_prefix(length - 1);
        } else {
            out += "\xEF\xBF\xBD";
        }
        text.remove_prefix(1);
    }
    out += '"';
}

inline std::string text_literal(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

}  // namespace mobilytics::json
