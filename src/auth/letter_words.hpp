#pragma once

#include <array>
#include <string_view>

#include "src/auth/letter.hpp"

// The words of the letters, in English and French.
namespace mobilytics::auth {

// The paragraph that is the link.
inline constexpr std::string_view link_here = "{link}";

struct LetterWords {
    std::string_view subject;
    std::string_view action;  // what the link does
    std::array<std::string_view, 4> paragraphs;
};

const LetterWords& words_of(Letter letter, std::string_view locale);
std::string_view greeting(std::string_view locale, bool by_name);
std::string_view role_word(Role role, std::string_view locale);
std::string_view staff_role_word(StaffRole role, std::string_view locale);

}  // namespace mobilytics::auth
