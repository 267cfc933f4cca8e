#include "platform/mail/quoted.hpp"

#include <algorithm>

#include "platform/json/escape.hpp"

namespace mobilytics::mail {

namespace {

constexpr std::size_t longest_line = 76;
// RFC 2047 allows 75, and 76 for a line; the header's name stands on the first one too.
constexpr std::size_t longest_word = 64;
constexpr std::string_view word_begin = "=?UTF-8?Q?";
constexpr std::string_view word_end = "?=";

void append_escaped(std::string& out, char c) {
    static constexpr char digits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '=';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

bool stands_for_itself(char c) { return c > ' ' && c < 127 && c != '='; }

void append_line(std::string& out, std::string_view line) {
    std::size_t begin = out.size();
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool last = i + 1 == line.size();
        // A blank at the end of a line would be lost on the way.
        const bool plain = stands_for_itself(line[i]) || (line[i] == ' ' && !last);
        const std::size_t width = plain ? 1 : 3;
        if (out.size() - begin + width + (last ? 0 : 1) > longest_line) {
            out += "=\r\n";
            begin = out.size();
        }
        if (plain)
            out += line[i];
        else
            append_escaped(out, line[i]);
    }
    out += "\r\n";
}

std::string word_of(std::string_view character) {
    std::string word;
    for (const char c : character) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (c == ' ')
            word += '_';
        else if (letter)
            word += c;
        else
            append_escaped(word, c);
    }
    return word;
}

}  // namespace

std::string quoted_printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        append_line(out, line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

// A character is never cut in two: each word is decoded alone.
std::string encoded_words(std::string_view text) {
    std::string out, word;
    const auto close = [&] {
        if (!out.empty()) out += "\r\n ";
        out.append(word_begin).append(word).append(word_end);
        word.clear();
    };
    while (!text.empty()) {
        const auto length = json::utf8_sequence(text);
        const std::string next = word_of(length == 0 ? "?" : text.substr(0, length));
        if (word_begin.size() + word.size() + next.size() + word_end.size() > longest_word) close();
        word += next;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    if (!word.empty()) close();
    return out;
}

}  // namespace mobilytics::mail
