#pragma once

#include <string>
#include <string_view>

namespace mobilytics::http {

// Whom to count a caller's attempts by: an IPv4 address itself, and of an IPv6 one its /64 ("2001:db8:0:7::/64"), which
// every caller has whole. A text that is no address stays as it is.
std::string network_of(std::string_view address);

}  // namespace mobilytics::http
