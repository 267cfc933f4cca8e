#include "src/auth/person.hpp"

#include <algorithm>
#include <format>

namespace mobilytics::auth {

namespace {

constexpr std::size_t longest_email = 254;
constexpr std::size_t longest_name = 100;

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string normalized_email(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    auto from = text.find_first_not_of(spaces);
    if (from == std::string_view::npos) return {};
    std::string email{text.substr(from, text.find_last_not_of(spaces) - from + 1)};
    for (char& c : email)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return email;
}

// Addresses beyond ASCII are refused, because their lower-case form depends on who computes it.
bool is_email(std::string_view email) {
    auto at = email.find('@');
    if (at == std::string_view::npos || at == 0 || email.size() > longest_email) return false;
    std::string_view domain = email.substr(at + 1);
    if (domain.empty() || domain.contains('@') || domain.front() == '.' || domain.back() == '.') return false;
    return std::ranges::all_of(email, [](char c) { return c > ' ' && c < 127; });
}

void check(const NewPerson& person, std::string_view pointer, Faults& faults) {
    auto at = [pointer](std::string_view field) { return std::format("{}/{}", pointer, field); };
    std::string email = normalized_email(person.email);
    if (!is_email(email)) faults.add(at("email"), "must be an e-mail address");
    faults.check_line(at("name"), person.name, longest_name);
    auto length = characters(person.password);
    if (length < shortest_password || length > longest_password)
        faults.add(at("password"), std::format("must have {} to {} characters", shortest_password, longest_password));
    else if (normalized_email(person.password) == email)
        faults.add(at("password"), "must not be the e-mail address");
}

}  // namespace mobilytics::auth
