#include "platform/http/peer.hpp"

#include <gtest/gtest.h>

namespace mobilytics::http {

namespace {

TEST(Peer, IsItsNetwork) {
    EXPECT_EQ(network_of("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(network_of("2001:db8:0:7::1"), "2001:db8:0:7::/64");
    EXPECT_EQ(network_of("2001:db8:0:7:ffff:1:2:3"), "2001:db8:0:7::/64");
    EXPECT_EQ(network_of("::1"), "::/64");
    EXPECT_EQ(network_of(""), "");
    EXPECT_EQ(network_of("nobody"), "nobody");
}

}  // namespace

}  // namespace mobilytics::http
