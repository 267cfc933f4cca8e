#include "platform/mail/message.hpp"

#include <algorithm>
#include <format>

#include "platform/mail/quoted.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::mail {

namespace {

constexpr std::size_t longest_address = 254;
constexpr std::size_t longest_plain_header = 60;

bool is_atom_character(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.contains(c);
}

bool is_dot_atom(std::string_view text) {
    if (text.empty() || text.starts_with('.') || text.ends_with('.') || text.contains("..")) return false;
    return std::ranges::all_of(text, [](char c) { return c == '.' || is_atom_character(c); });
}

Problem bad_address() {
    return {Kind::invalid, "mail.bad_address", "This is no e-mail address that mail can be sent to or from."};
}

// Blanks for line ends and other control characters.
std::string on_one_line(std::string_view text) {
    std::string line{text};
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return line;
}

// What needs no encoding at all; a name must moreover be safe between quotation marks.
bool is_plain(std::string_view line) {
    return line.size() <= longest_plain_header && !line.contains("=?") &&
           std::ranges::all_of(line, [](char c) { return c >= ' ' && c < 127 && c != '"' && c != '\\'; });
}

std::string header_text(std::string_view text) {
    std::string line = on_one_line(text);
    return is_plain(line) ? line : encoded_words(line);
}

std::string printed(const Mailbox& box) {
    if (!is_address(box.address)) throw bad_address();
    const std::string name = on_one_line(box.name);
    if (name.find_first_not_of(' ') == std::string::npos) return box.address;
    if (is_plain(name)) return std::format("\"{}\" <{}>", name, box.address);
    return std::format("{}\r\n <{}>", encoded_words(name), box.address);
}

std::string part(std::string_view type, std::string_view body) {
    return std::format("Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
                       type, quoted_printable(body));
}

// Ids are made by the program, but a header must not rest on that.
std::string token_of(std::string_view text) {
    std::string token{text};
    std::erase_if(token, [](char c) { return !is_atom_character(c); });
    return token;
}

}  // namespace

bool is_address(std::string_view address) {
    const auto at = address.find('@');
    if (at == std::string_view::npos || address.size() > longest_address) return false;
    return is_dot_atom(address.substr(0, at)) && is_dot_atom(address.substr(at + 1));
}

Mailbox mailbox_from(std::string_view text) {
    Mailbox box{.name = {}, .address = std::string{text}};
    if (const auto open = text.find('<'); open != std::string_view::npos && text.ends_with('>')) {
        std::string_view name = text.substr(0, open);
        while (name.ends_with(' ')) name.remove_suffix(1);
        box = {std::string{name}, std::string{text.substr(open + 1, text.size() - open - 2)}};
    }
    if (!is_address(box.address)) throw bad_address();
    return box;
}

std::string compose(const Message& message, const Mailbox& from, clock::Instant at) {
    const std::string sender = printed(from), receiver = printed(message.to), id = token_of(message.id);
    const std::string boundary = "=_" + id;  // "=_" occurs in no quoted-printable text
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    std::string bytes = std::format(
        "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{}@{}>\r\n"
        "Auto-Submitted: auto-generated\r\nContent-Language: {}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n",
        sender, receiver, header_text(message.subject), seconds, id, from.address.substr(from.address.find('@') + 1),
        token_of(message.language), boundary);
    bytes += std::format("--{0}\r\n{1}\r\n--{0}\r\n{2}\r\n--{0}--\r\n", boundary, part("plain", message.text),
                         part("html", message.html));
    return bytes;
}

}  // namespace mobilytics::mail
