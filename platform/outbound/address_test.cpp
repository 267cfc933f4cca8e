#include "platform/outbound/address.hpp"

#include <gtest/gtest.h>

namespace mobilytics::outbound {
namespace {

bool is_public(const char* text) { return outbound::is_public(Address::parse(text).value()); }

// First and last address of each closed block, written as they stand in the registries, and those beside it.
constexpr const char* closed_addresses[] = {"0.0.0.0",
                                            "0.255.255.255",
                                            "10.0.0.0",
                                            "10.255.255.255",
                                            "100.64.0.0",
                                            "100.127.255.255",
                                            "100.100.100.200",
                                            "127.0.0.1",
                                            "127.255.255.255",
                                            "168.63.129.16",
                                            "169.254.0.0",
                                            "169.254.169.254",
                                            "169.254.255.255",
                                            "172.16.0.0",
                                            "172.31.255.255",
                                            "192.0.0.0",
                                            "192.0.0.192",
                                            "192.0.0.255",
                                            "192.0.2.0",
                                            "192.0.2.255",
                                            "192.88.99.0",
                                            "192.88.99.255",
                                            "192.168.0.0",
                                            "192.168.255.255",
                                            "198.18.0.0",
                                            "198.19.255.255",
                                            "198.51.100.0",
                                            "198.51.100.255",
                                            "203.0.113.0",
                                            "203.0.113.255",
                                            "224.0.0.0",
                                            "239.255.255.255",
                                            "240.0.0.0",
                                            "255.255.255.255",
                                            "::",
                                            "::1",
                                            "::7f00:1",
                                            "::8.8.8.8",
                                            "64:ff9b::808:808",
                                            "64:ff9b::7f00:1",
                                            "64:ff9b:1::1",
                                            "64:ff9b:1:ffff::",
                                            "100::",
                                            "100::ffff",
                                            "2001::",
                                            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                                            "2001:2::1",
                                            "2001:10::1",
                                            "2001:20::1",
                                            "2001:1ff:ffff::",
                                            "2001:db8::",
                                            "2001:db8:ffff::1",
                                            "2002::",
                                            "2002:7f00:1::",
                                            "2002:808:808::1",
                                            "3fff::",
                                            "3fff:fff:ffff::",
                                            "4000::1",
                                            "5f00::1",
                                            "fc00::",
                                            "fd00:ec2::254",
                                            "fdff:ffff::",
                                            "fe80::1",
                                            "fe80::a9fe:a9fe",
                                            "febf::1",
                                            "fec0::1",
                                            "ff02::1",
                                            "ffff::1"};
constexpr const char* open_addresses[] = {"1.1.1.1",        "8.8.8.8",        "9.255.255.255",        "11.0.0.0",
                                          "100.63.255.255", "100.128.0.0",    "126.255.255.255",      "128.0.0.0",
                                          "168.63.129.15",  "168.63.129.17",  "169.253.255.255",      "169.255.0.0",
                                          "172.15.255.255", "172.32.0.0",     "191.255.255.255",      "192.0.1.0",
                                          "192.0.3.0",      "192.88.98.255",  "192.88.100.0",         "192.167.255.255",
                                          "192.169.0.0",    "198.17.255.255", "198.20.0.0",           "198.51.99.255",
                                          "198.51.101.0",   "203.0.112.255",  "203.0.114.0",          "223.255.255.255",
                                          "2000::1",        "2001:200::1",    "2001:4860:4860::8888", "2001:db7:ffff::",
                                          "2001:db9::",     "2003::1",        "2606:4700:4700::1111", "2a00:1450::1",
                                          "3ffe:ffff::",    "3fff:1000::"};

TEST(PublicAddresses, are_none_of_the_closed_ranges) {
    for (const char* closed : closed_addresses) EXPECT_FALSE(is_public(closed)) << closed;
    for (const char* open : open_addresses) EXPECT_TRUE(is_public(open)) << open;
}

TEST(PublicAddresses, are_judged_as_what_they_stand_for) {
    EXPECT_FALSE(is_public("::ffff:10.0.0.1"));
    EXPECT_FALSE(is_public("::ffff:169.254.169.254"));
    EXPECT_FALSE(is_public("::ffff:7f00:1"));
    EXPECT_TRUE(is_public("::ffff:8.8.8.8"));
    EXPECT_FALSE(is_public("0::ffff:0:8.8.8.8")) << "translated, not mapped";
}

TEST(PublicAddresses, know_this_machine) {
    const auto is_ours = [](const char* text) { return is_loopback(Address::parse(text).value()); };
    for (const char* ours : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"}) EXPECT_TRUE(is_ours(ours)) << ours;
    for (const char* other : {"128.0.0.1", "0.0.0.0", "::", "::2", "10.0.0.1"}) EXPECT_FALSE(is_ours(other)) << other;
}

TEST(PublicAddresses, are_read_and_printed) {
    EXPECT_EQ(Address::parse("::FFFF:7f00:1").value().text(), "::ffff:127.0.0.1");
    EXPECT_EQ(Address::parse("192.0.2.1").value().text(), "192.0.2.1");
    for (const char* none : {"", "localhost", "1.2.3", "1.2.3.4.5", "[::1]", "fe80::1%eth0", "0x7f.1"})
        EXPECT_FALSE(Address::parse(none)) << none;
}

}  // namespace
}  // namespace mobilytics::outbound
