#include "src/companies/company.hpp"

#include <algorithm>
#include <format>

#include "platform/clock/zone.hpp"

namespace mobilytics::companies {

namespace {

constexpr std::size_t longest_name = 200;
constexpr int longest_cap_minutes = 1440;

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// The bytes of the first character of UTF-8 text, ASCII letters in capitals.
std::string first_letter(std::string_view word) {
    std::size_t length = 1;
    while (length < word.size() && (static_cast<unsigned char>(word[length]) & 0xC0U) == 0x80U) ++length;
    std::string letter{word.substr(0, length)};
    if (letter[0] >= 'a' && letter[0] <= 'z') letter[0] = static_cast<char>(letter[0] - 'a' + 'A');
    return letter;
}

}  // namespace

std::string Company::tag() const {
    auto since = parked_policy_since ? parked_policy_since->time_since_epoch().count() : 0;
    return std::format("{}-{}", version, since);
}

Company CompanyPatch::apply_to(Company company) const {
    if (name) company.name = *name;
    if (zone) company.zone = *zone;
    if (state) company.state = *state;
    return company;
}

void check_name(std::string_view name, Faults& faults) { faults.check_line("/name", name, longest_name); }

void check_zone(std::string_view zone, Faults& faults) {
    if (!clock::Zone::exists(zone)) faults.add("/zone", "must be an IANA time zone such as America/Toronto");
}

void check_country(std::string_view country, Faults& faults) {
    if (country.size() != 2 || !std::ranges::all_of(country, is_capital))
        faults.add("/country", "must be two capital letters (ISO 3166-1) such as CA");
}

void check(const ParkedPolicy& policy, Faults& faults) {
    if (policy.cap_minutes < 0 || policy.cap_minutes > longest_cap_minutes)
        faults.add("/minutes", std::format("must be 0 to {}", longest_cap_minutes));
}

std::string logo_text(std::string_view name) {
    std::string letters;
    std::size_t words = 0;
    std::size_t at = name.find_first_not_of(' ');
    while (at != std::string_view::npos && words < 2) {
        letters += first_letter(name.substr(at));
        ++words;
        at = name.find(' ', at);
        if (at != std::string_view::npos) at = name.find_first_not_of(' ', at);
    }
    return letters;
}

}  // namespace mobilytics::companies
