#include "platform/http/proxies.hpp"

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>
#include <format>
#include <optional>
#include <stdexcept>

#include "platform/http/header_text.hpp"

namespace mobilytics::http {

namespace {

namespace ip = boost::asio::ip;

// A chain of proxies is short; whoever sends more has made it up.
constexpr std::size_t most_hops = 32;

// An IPv4 address that is wrapped in an IPv6 one is that address.
std::optional<ip::address> address_of(std::string_view text) {
    boost::system::error_code wrong;
    const auto address = ip::make_address(text, wrong);
    if (wrong) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]:4711"
std::optional<ip::address> node_of(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        return end == text.npos ? std::nullopt : address_of(text.substr(1, end - 1));
    }
    if (std::ranges::count(text, ':') == 1) text = text.substr(0, text.find(':'));
    return address_of(text);
}

// RFC 7239: for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"
std::optional<ip::address> forwarded_node(std::string_view element) {
    while (!element.empty()) {
        const auto end = std::min(element.find(';'), element.size());
        auto pair = trimmed(element.substr(0, end));
        element.remove_prefix(std::min(end + 1, element.size()));
        if (pair.size() < 4 || !same_header_name(pair.substr(0, 4), "for=")) continue;
        pair.remove_prefix(4);
        if (pair.size() >= 2 && pair.front() == '"' && pair.back() == '"') pair = pair.substr(1, pair.size() - 2);
        return node_of(pair);
    }
    return std::nullopt;
}

// The parts of all lines of that name, the last one first.
std::vector<std::string_view> from_the_right(std::span<const Header> headers, std::string_view name) {
    std::vector<std::string_view> parts;
    for (auto line = headers.rbegin(); line != headers.rend() && parts.size() < most_hops; ++line) {
        if (!same_header_name(line->name, name)) continue;
        std::string_view rest = line->value;
        while (parts.size() < most_hops) {
            const auto comma = rest.rfind(',');
            parts.push_back(trimmed(comma == rest.npos ? rest : rest.substr(comma + 1)));
            if (comma == rest.npos) break;
            rest = rest.substr(0, comma);
        }
    }
    return parts;
}

bool is_within(const ip::address& address, const ip::address& first, unsigned length) {
    if (address.is_v4() != first.is_v4()) return false;
    const auto prefix = static_cast<unsigned short>(length);
    if (address.is_v4())
        return ip::make_network_v4(address.to_v4(), prefix).canonical() ==
               ip::make_network_v4(first.to_v4(), prefix).canonical();
    return ip::make_network_v6(address.to_v6(), prefix).canonical() ==
           ip::make_network_v6(first.to_v6(), prefix).canonical();
}

}  // namespace

Proxies::Proxies(std::span<const std::string> networks, ProxyHeader header) : header_{header} {
    for (const std::string& text : networks) {
        const auto slash = text.find('/');
        const auto first = address_of(std::string_view{text}.substr(0, slash));
        if (!first) throw std::invalid_argument{std::format("'{}' is no address and no network", text)};
        const unsigned most = first->is_v4() ? 32 : 128;
        unsigned length = most;
        if (slash != text.npos) {
            const auto [end, wrong] = std::from_chars(text.data() + slash + 1, text.data() + text.size(), length);
            if (wrong != std::errc{} || end != text.data() + text.size() || length > most)
                throw std::invalid_argument{std::format("'{}' is no network", text)};
        }
        networks_.push_back({*first, length});
    }
}

bool Proxies::believes(const ip::address& address) const {
    return std::ranges::any_of(
        networks_, [&](const Network& network) { return is_within(address, network.first, network.length); });
}

std::string Proxies::caller(std::string_view peer, std::span<const Header> headers) const {
    auto known = address_of(peer);
    if (!known || !believes(*known)) return std::string{peer};
    const bool standard = header_ == ProxyHeader::forwarded;
    for (const auto part : from_the_right(headers, standard ? "Forwarded" : "X-Forwarded-For")) {
        const auto named = standard ? forwarded_node(part) : node_of(part);
        if (!named) break;
        known = named;
        if (!believes(*known)) break;
    }
    return known->to_string();
}

}  // namespace mobilytics::http
