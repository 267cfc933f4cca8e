#include "platform/db/hosts.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netdb.h>

#include <algorithm>
#include <memory>
#include <ranges>
#include <string_view>
#include <vector>

namespace mobilytics::db {

namespace {

struct Wanted {
    std::vector<std::string> hosts, ports, addresses;
    std::string tls;
    bool has_addresses = false;
};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    for (auto part : text | std::views::split(',')) parts.emplace_back(part.begin(), part.end());
    return parts;
}

Wanted wanted_by(const std::string& conninfo) {
    Wanted wanted;
    char* error = nullptr;
    PQconninfoOption* parsed = PQconninfoParse(conninfo.c_str(), &error);
    for (auto* option = parsed; option && option->keyword; ++option) {
        if (!option->val || !*option->val) continue;
        std::string_view keyword = option->keyword;
        if (keyword == "host") wanted.hosts = split(option->val);
        if (keyword == "port") wanted.ports = split(option->val);
        if (keyword == "hostaddr") wanted.addresses = split(option->val);
        if (keyword == "sslmode") wanted.tls = option->val;
    }
    wanted.has_addresses = !wanted.addresses.empty();
    PQconninfoFree(parsed);
    PQfreemem(error);
    return wanted;
}

bool is_socket(std::string_view host) { return host.empty() || host.front() == '/' || host.front() == '@'; }

bool is_address(const std::string& host) {
    in6_addr ignored;
    return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 || ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::vector<std::string> addresses_of(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned{found, &::freeaddrinfo};
    std::vector<std::string> addresses;
    for (const addrinfo* entry = found; entry; entry = entry->ai_next) {
        char text[NI_MAXHOST];
        if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
            addresses.emplace_back(text);
    }
    return addresses;
}

bool is_of_this_machine(const std::string& host) {
    if (is_socket(host) || host == "localhost") return true;
    in_addr four{};
    in6_addr six{};
    if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
    return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

}  // namespace

bool may_be_overheard(const std::string& conninfo) {
    const auto wanted = wanted_by(conninfo);
    if (wanted.tls == "verify-full") return false;
    const auto& ends = wanted.has_addresses ? wanted.addresses : wanted.hosts;
    return !std::ranges::all_of(ends, is_of_this_machine);
}

bool needs_look_up(const std::string& conninfo) {
    auto wanted = wanted_by(conninfo);
    if (wanted.has_addresses) return false;
    for (const auto& host : wanted.hosts) {
        // A list that mixes both has no common form in addresses.
        if (is_socket(host)) return false;
    }
    for (const auto& host : wanted.hosts)
        if (!is_address(host)) return true;
    return false;
}

std::optional<Hosts> look_up(const std::string& conninfo) {
    auto wanted = wanted_by(conninfo);
    Hosts found;
    for (std::size_t i = 0; i < wanted.hosts.size(); ++i) {
        std::string port = wanted.ports.empty()       ? "5432"
                           : wanted.ports.size() == 1 ? wanted.ports.front()
                           : i < wanted.ports.size()  ? wanted.ports[i]
                                                      : "";
        for (const auto& address : addresses_of(wanted.hosts[i])) {
            std::string_view comma = found.hosts.empty() ? "" : ",";
            found.hosts.append(comma).append(wanted.hosts[i]);
            found.addresses.append(comma).append(address);
            found.ports.append(comma).append(port);
        }
    }
    if (found.hosts.empty()) return std::nullopt;
    return found;
}

}  // namespace mobilytics::db
