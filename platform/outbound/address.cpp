#include "platform/outbound/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <span>

namespace mobilytics::outbound {

namespace {

struct Block {
    std::array<std::uint8_t, 16> bytes;
    int bits;
};

constexpr Block closed_v4[] = {
    {{0}, 8},                  // this network
    {{10}, 8},                 // private
    {{100, 64}, 10},           // shared by carriers' NAT; metadata of one cloud
    {{127}, 8},                // loopback
    {{168, 63, 129, 16}, 32},  // a public address that one cloud keeps for its host's services
    {{169, 254}, 16},          // link-local; metadata of most clouds
    {{172, 16}, 12},           // private
    {{192, 0, 0}, 24},         // protocol assignments; metadata of one cloud
    {{192, 0, 2}, 24},         // documentation
    {{192, 88, 99}, 24},       // 6to4 relays
    {{192, 168}, 16},          // private
    {{198, 18}, 15},           // benchmarking
    {{198, 51, 100}, 24},      // documentation
    {{203, 0, 113}, 24},       // documentation
    {{224}, 4},                // multicast
    {{240}, 4},                // reserved, and broadcast
};

// Of v6 only global unicast is assigned to the internet: everything outside of it is closed, which holds loopback,
// ::/96, NAT64 (64:ff9b::/96, 64:ff9b:1::/48), discard (100::/64), SRv6 (5f00::/16), unique local (fc00::/7, with one
// cloud's metadata), link-local, site-local and multicast.
constexpr Block global_unicast{{0x20}, 3};
constexpr Block closed_v6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments: Teredo, ORCHID, benchmarking
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3f, 0xff}, 20},              // documentation
};

constexpr Block mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};

bool holds(const Block& block, const Address& address) {
    for (int bit = 0; bit < block.bits; bit += 8) {
        const auto index = static_cast<std::size_t>(bit / 8);
        const int left = std::min(8, block.bits - bit);
        const auto mask = static_cast<std::uint8_t>(0xff << (8 - left));
        if ((block.bytes[index] & mask) != (address.bytes[index] & mask)) return false;
    }
    return true;
}

bool any_holds(std::span<const Block> blocks, const Address& address) {
    return std::ranges::any_of(blocks, [&](const Block& block) { return holds(block, address); });
}

Address without_mapping(const Address& address) {
    if (!address.v6 || !holds(mapped, address)) return address;
    Address inner;
    std::copy_n(address.bytes.begin() + 12, 4, inner.bytes.begin());
    return inner;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
    const std::string terminated{text};
    Address address;
    if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
    address.v6 = true;
    if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

std::string Address::text() const {
    char printed[INET6_ADDRSTRLEN] = {};
    ::inet_ntop(v6 ? AF_INET6 : AF_INET, bytes.data(), printed, sizeof printed);
    return printed;
}

bool is_public(const Address& address) {
    const Address real = without_mapping(address);
    if (!real.v6) return !any_holds(closed_v4, real);
    return holds(global_unicast, real) && !any_holds(closed_v6, real);
}

bool is_loopback(const Address& address) {
    const Address real = without_mapping(address);
    if (!real.v6) return real.bytes[0] == 127;
    Address one{.v6 = true};
    one.bytes[15] = 1;
    return real.bytes == one.bytes;
}

}  // namespace mobilytics::outbound
