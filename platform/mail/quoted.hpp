#pragma once

#include <string>
#include <string_view>

namespace mobilytics::mail {

// Quoted-printable (RFC 2045 6.7) of UTF-8 text whose lines end with \n: lines of at most 76 characters, ended by CRLF.
std::string quoted_printable(std::string_view text);

// The value of a header as encoded words (RFC 2047), one a line, short enough to stand behind the header's name.
std::string encoded_words(std::string_view text);

}  // namespace mobilytics::mail
