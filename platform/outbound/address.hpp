#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Addresses of the internet protocol, and which of them lie on the public internet. Pure values.
namespace mobilytics::outbound {

struct Address {
    bool v6 = false;
    std::array<std::uint8_t, 16> bytes{};  // in network order; of v4 the first four

    // "192.0.2.1" or "2001:db8::1", without brackets and zone.
    static std::optional<Address> parse(std::string_view text);
    std::string text() const;
};

// Whether a server that somebody else chose may be asked there. Refused is what RFC 6890 and its registries call not
// globally reachable: private, loopback, link-local (also the clouds' metadata), shared (100.64/10), multicast,
// documentation, benchmarking and reserved ranges; and the forms that carry a v4 address inside a v6 one: NAT64, 6to4,
// Teredo. A v4-mapped address is judged as the v4 one that it is.
bool is_public(const Address& address);

// This machine itself: 127/8, ::1, and the mapped form.
bool is_loopback(const Address& address);

}  // namespace mobilytics::outbound
