#pragma once

#include <string>
#include <string_view>

// The small grammars inside header values.
namespace mobilytics::http {

struct MediaType {
    std::string name;     // "application/json", lower case; empty when malformed
    std::string charset;  // lower case, without quotes
};

MediaType media_type(std::string_view header);

// Whether an If-Match or If-None-Match list names the tag (given without quotes). Weak comparison accepts
// W/"x" for "x", as If-None-Match does; If-Match does not. "x-br" and "x-gz", which we give to compressed
// forms, are "x".
bool matches_tag(std::string_view list, std::string_view tag, bool weak);

// Whether it is `*` or entity tags with commas between them: RFC 9110, 8.8.3 and 13.1.1.
bool is_tag_list(std::string_view text);

// What to send to a client with that Accept-Encoding, of the forms there are: the one it wants most; among
// equals brotli before gzip before plain.
enum class Encoding { plain, gzip, brotli };
Encoding chosen_encoding(std::string_view accept_encoding, bool has_gzip, bool has_brotli);

// "a, b;q=0.5" walked item by item: the next item without spaces, and `rest` shortened; empty at the end.
std::string_view next_item(std::string_view& rest, char separator);

std::string lower_case(std::string_view text);

}  // namespace mobilytics::http
