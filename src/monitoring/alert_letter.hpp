#pragma once

#include <string>
#include <vector>

#include "platform/mail/message.hpp"
#include "src/auth/ids.hpp"
#include "src/monitoring/alert.hpp"

// What staff are written when something is wrong. Pure.
namespace mobilytics::monitoring {

// What a letter says to one of staff; the job's payload. `page` is where alerts are looked at.
struct AlertLetter {
    auth::UserId user_id;
    std::string locale;
    std::string headline;
    std::string passage;  // lines
    std::string page;
};

// In their language.
AlertLetter letter_about(const std::vector<Alert>& alerts, std::string locale);

mail::Message written(const AlertLetter& letter, mail::Mailbox to, std::string id);

}  // namespace mobilytics::monitoring
