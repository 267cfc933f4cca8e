#pragma once

#include <string>
#include <vector>

#include "platform/mail/message.hpp"
#include "src/monitoring/alert.hpp"

// What staff are written when something is wrong. Pure.
namespace mobilytics::monitoring {

// Everything that a letter says but who writes it. `page` is where alerts are looked at.
struct AlertLetter {
    std::string locale;
    std::string email;
    std::string name;
    std::string headline;
    std::string passage;  // lines
    std::string page;
};

// To one of staff, in their language.
AlertLetter letter_about(const std::vector<Alert>& alerts, std::string locale);

mail::Message written(const AlertLetter& letter, std::string id);

}  // namespace mobilytics::monitoring
