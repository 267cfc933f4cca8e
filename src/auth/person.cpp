#include "src/auth/person.hpp"

#include <algorithm>
#include <format>
#include <utility>

#include "platform/mail/message.hpp"
#include "src/auth/guessed_passwords.hpp"

namespace mobilytics::auth {

namespace {

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

bool is_locale(std::string_view text) { return text == "en-CA" || text == "fr-CA"; }

// Addresses beyond ASCII are refused, because their lower-case form depends on who computes it; what no letter can be
// sent to is, too.
bool is_email(std::string_view email) { return mail::is_address(email); }

void check_email(std::string pointer, std::string_view normalized, Faults& faults) {
    if (!is_email(normalized)) faults.add(std::move(pointer), "must be an e-mail address");
}

void check_name(std::string pointer, std::string_view name, Faults& faults) {
    faults.check_line(std::move(pointer), name, longest_name);
}

void check_password(std::string pointer, std::string_view password, std::string_view email, Faults& faults) {
    const auto length = characters(password);
    if (length < shortest_password || length > longest_password)
        faults.add(std::move(pointer),
                   std::format("must have {} to {} characters", shortest_password, longest_password));
    else if (normalized_email(password) == email)
        faults.add(std::move(pointer), "must not be the e-mail address");
    else if (is_guessed_first(password))
        faults.add(std::move(pointer), "is one of the passwords that are guessed first");
}

void check(const NewPerson& person, std::string_view pointer, Faults& faults) {
    auto at = [pointer](std::string_view field) { return std::format("{}/{}", pointer, field); };
    const std::string email = normalized_email(person.email);
    check_email(at("email"), email, faults);
    check_name(at("name"), person.name, faults);
    check_password(at("password"), person.password, email, faults);
}

}  // namespace mobilytics::auth
