#include "platform/http/peer.hpp"

#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace mobilytics::http {

namespace {

constexpr unsigned short prefix_length = 64;

}  // namespace

std::string network_of(std::string_view address) {
    boost::system::error_code error;
    const auto parsed = boost::asio::ip::make_address_v6(address, error);
    if (error) return std::string{address};
    return boost::asio::ip::make_network_v6(parsed, prefix_length).canonical().to_string();
}

}  // namespace mobilytics::http
