#pragma once

#include <string>
#include <string_view>

#include "platform/mail/message.hpp"
#include "src/auth/actor.hpp"

// What auth writes to people, in their language.
namespace mobilytics::auth {

enum class Letter {
    invitation,          // link
    password_reset,      // link
    email_confirmation,  // link
    email_taken,         // to an address that somebody wants to change to, and that has an account
    password_changed,
    email_changed,  // to the old address
    role_changed,
    member_removed,
    second_factor_added,
    second_factor_removed,
    recovery_codes_made,
    recovery_code_used,
    passkey_added,
    passkey_removed,
    passkey_copied,
    token_reused,
    recovery,  // link
    factors_recovered,
    person_disabled,
    person_enabled,
    staff_role_given,
    staff_removed,
    webhook_disabled,
    api_key_ending,
    member_joined,
    provider_set,
    company_suspended,
    company_reinstated,
};

// What members are told of their company. It is for those who are members when it is sent.
bool is_news(Letter letter);

struct LetterFacts {
    std::string locale;
    mail::Mailbox to;
    std::string company = {};
    std::string inviter = {};
    Role role = Role::viewer;
    std::string email = {};    // the new one
    std::string subject = {};  // what it is about, by its name
    std::string day = {};      // "2026-12-05"
    std::string link = {};
};

// Names that people chose are shortened, and cannot carry a link: a letter of ours must not speak for somebody else.
mail::Message write_letter(Letter letter, const LetterFacts& facts, std::string id);

}  // namespace mobilytics::auth
