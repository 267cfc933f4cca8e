#include "platform/db/hosts.hpp"

#include <gtest/gtest.h>

namespace mobilytics::db {
namespace {

TEST(Hosts, OnlyNamesAreLookedUp) {
    EXPECT_TRUE(needs_look_up("host=localhost dbname=x"));
    EXPECT_TRUE(needs_look_up("postgres://db.internal:6432/x"));
    EXPECT_TRUE(needs_look_up("host=127.0.0.1,localhost"));
    EXPECT_FALSE(needs_look_up("host=/run/postgresql"));
    EXPECT_FALSE(needs_look_up("host=127.0.0.1"));
    EXPECT_FALSE(needs_look_up("host=::1"));
    EXPECT_FALSE(needs_look_up("host=localhost hostaddr=127.0.0.1"));
    EXPECT_FALSE(needs_look_up("dbname=x"));
    EXPECT_FALSE(needs_look_up("this is no conninfo"));
}

TEST(Hosts, KeepsNameAddressAndPortTogether) {
    auto found = look_up("host=127.0.0.1,127.0.0.2 port=6001,6002");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->hosts, "127.0.0.1,127.0.0.2");
    EXPECT_EQ(found->addresses, "127.0.0.1,127.0.0.2");
    EXPECT_EQ(found->ports, "6001,6002");
    auto local = look_up("host=localhost");
    ASSERT_TRUE(local);
    EXPECT_TRUE(local->addresses.starts_with("127.") || local->addresses.starts_with("::1")) << local->addresses;
    EXPECT_TRUE(local->ports.starts_with("5432"));
}

TEST(Hosts, AnUnknownNameHasNoAddress) { EXPECT_FALSE(look_up("host=no-such-host.invalid")); }

}  // namespace
}  // namespace mobilytics::db
