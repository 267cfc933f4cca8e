#pragma once

#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"

// A letter by e-mail, and the bytes it becomes: RFC 5322 with two alternative parts, text and HTML, in UTF-8.
namespace mobilytics::mail {

struct Mailbox {
    std::string name;  // for readers; may be empty
    std::string address;
};

struct Message {
    std::string id;  // the same each time the letter is tried again; becomes the Message-ID
    Mailbox to;
    std::string language;  // "en-CA"
    std::string subject;
    std::string text;
    std::string html;
};

// Whether the address can stand in a header and in an SMTP command without changing what they say: dot-atoms of ASCII
// around one @ (RFC 5321 without quoted names and address literals).
bool is_address(std::string_view address);

// "Mobilytics <no-reply@example.com>" or a bare address. Throws Problem invalid mail.bad_address.
Mailbox mailbox_from(std::string_view text);

// Subject and names may hold any text: what is no plain ASCII is encoded (RFC 2047), and line ends become blanks, so
// that nothing in them can begin a header. Throws Problem invalid mail.bad_address for an address that is none.
std::string compose(const Message& message, const Mailbox& from, clock::Instant at);

}  // namespace mobilytics::mail
