#include "src/auth/person.hpp"

#include <algorithm>
#include <format>
#include <string>
#include <utility>
#include <vector>

#include "platform/mail/message.hpp"
#include "src/auth/guessed_passwords.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t longest_name = 100;

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

constexpr std::string_view house_words[] = {"mobilytics", "analytics",   "billboard", "campaign", "outdoor",
                                            "vehicle",    "advertising", "exposure",  "truck",    "sensor",
                                            "device",     "fleet",       "password",  "passwort", "motdepasse",
                                            "welcome",    "bienvenue",   "admin",     "staff",    "owner"};
constexpr std::size_t letters_beside_house_words = 4;
constexpr std::size_t shortest_house_word = 3;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

std::string in_lower_case(std::string_view text) {
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

// "ada.byron@maple-fleet.example" -> ada, byron, maple, fleet, example
void add_parts(std::vector<std::string>& words, std::string_view email) {
    std::string part;
    for (const char c : std::string{email} + ".") {
        if (is_letter(c)) {
            part += c;
            continue;
        }
        if (part.size() >= shortest_house_word) words.push_back(part);
        part.clear();
    }
}

// Words of this house, which guessers of its passwords try first: of the product, of what its customers do, and what
// the person's own address is made of.
bool is_made_of_house_words(std::string_view password, std::string_view email) {
    std::vector<std::string> words{std::begin(house_words), std::end(house_words)};
    add_parts(words, in_lower_case(email));
    // "truckers" before "truck": what is longer leaves less.
    std::ranges::sort(words, std::ranges::greater{}, [](const std::string& word) { return word.size(); });
    std::string left = in_lower_case(password);
    bool found = false;
    for (const auto& word : words)
        for (auto at = left.find(word); at != std::string::npos; at = left.find(word)) {
            left.replace(at, word.size(), " ");
            found = true;
        }
    const auto letters = std::ranges::count_if(left, is_letter);
    return found && static_cast<std::size_t>(letters) < letters_beside_house_words;
}

}  // namespace

std::string normalized_email(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    auto from = text.find_first_not_of(spaces);
    if (from == std::string_view::npos) return {};
    return in_lower_case(text.substr(from, text.find_last_not_of(spaces) - from + 1));
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
    else if (is_made_of_house_words(password, email))
        faults.add(std::move(pointer), "needs more than words that are guessed first here");
}

void check(const NewPerson& person, std::string_view pointer, Faults& faults) {
    auto at = [pointer](std::string_view field) { return std::format("{}/{}", pointer, field); };
    const std::string email = normalized_email(person.email);
    check_email(at("email"), email, faults);
    check_name(at("name"), person.name, faults);
    check_password(at("password"), person.password, email, faults);
}

}  // namespace mobilytics::auth
