#pragma once

#include <boost/asio/ip/address.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/request.hpp"

namespace mobilytics::http {

// Where a proxy says for whom it asks. Exactly one is read: a proxy that writes one passes the other on as its caller
// sent it.
enum class ProxyHeader { x_forwarded_for, forwarded };

// The machines whose word is believed on whom they ask for. None: nobody's is.
class Proxies {
public:
    // "10.0.0.0/8", "2001:db8::/32" or one address each. Throws std::invalid_argument.
    explicit Proxies(std::span<const std::string> networks = {}, ProxyHeader header = ProxyHeader::x_forwarded_for);

    // The address of who asks: `peer`, or whom a believed one names, from the right to the first that is not believed.
    // What is no address ends the walk at who said it.
    std::string caller(std::string_view peer, std::span<const Header> headers) const;

    bool none() const { return networks_.empty(); }

private:
    struct Network {
        boost::asio::ip::address first;
        unsigned length = 0;
    };

    bool believes(const boost::asio::ip::address& address) const;

    std::vector<Network> networks_;
    ProxyHeader header_;
};

}  // namespace mobilytics::http
