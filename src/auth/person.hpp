#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "platform/problem/faults.hpp"
#include "src/auth/actor.hpp"

// People: what makes an e-mail address, a name and a password acceptable.
namespace mobilytics::auth {

// Long enough to stand alone against guessing that is slowed down (ASVS 6.2.1 asks 8 at least, and advises 15); no
// rules on its composition, no truncation.
inline constexpr std::size_t shortest_password = 12;
inline constexpr std::size_t longest_password = 256;
inline constexpr std::string_view default_locale = "en-CA";

struct NewPerson {
    std::string email;
    std::string name;
    std::string password;
};

// A person whose fields were checked and whose password was hashed, ready to be stored in a caller's transaction.
struct PreparedPerson {
    std::string email;
    std::string name;
    std::string password_hash;
    std::string locale = std::string{default_locale};
    std::optional<clock::Instant> email_verified_at = {};
};

struct User {
    UserId id;
    std::string email;
    std::string name;
    std::string password_hash;
    std::string locale;
    std::optional<StaffRole> staff = {};  // none: no member of staff
    bool disabled = false;
    bool email_verified = false;  // a letter sent to the address was answered
};

struct Member {
    UserId user;
    std::string email;
    std::string name;
    Role role = Role::viewer;
    clock::Instant created_at;
    bool has_factor = false;  // signs in with two
};

// The languages that pages and letters are written in.
bool is_locale(std::string_view text);

// Trimmed, ASCII letters in lower case: the form in which addresses are stored and compared.
std::string normalized_email(std::string_view text);

// Form only: whether mail arrives there is found out by sending some.
bool is_email(std::string_view normalized);

// Adds what is wrong with a password for the account with that address.
void check_password(std::string pointer, std::string_view password, std::string_view email, Faults& faults);
void check_name(std::string pointer, std::string_view name, Faults& faults);
void check_email(std::string pointer, std::string_view normalized, Faults& faults);

// Adds what is wrong with the fields, by JSON pointer under `pointer` ("" or "/owner").
void check(const NewPerson& person, std::string_view pointer, Faults& faults);

}  // namespace mobilytics::auth
