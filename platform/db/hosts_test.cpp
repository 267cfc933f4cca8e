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

TEST(Hosts, BeyondThisMachineMustProveWhoTheyAreOverTls) {
    for (const char* near : {"host=/run/postgresql dbname=x", "dbname=x", "postgres://localhost/x", "host=127.0.0.1",
                             "host=::1", "host=db.internal hostaddr=127.0.0.1", "host=127.0.0.1,localhost"})
        EXPECT_FALSE(may_be_overheard(near)) << near;
    for (const char* far : {"host=db.internal", "postgres://10.0.0.5/x", "host=localhost,db.internal",
                            "host=localhost hostaddr=10.0.0.5"}) {
        EXPECT_TRUE(may_be_overheard(far)) << far;
        for (const std::string mode : {"disable", "prefer", "require", "verify-ca"})
            EXPECT_TRUE(may_be_overheard(std::string{"host=db.internal sslmode="} + mode)) << mode;
    }
    EXPECT_FALSE(may_be_overheard("host=db.internal sslmode=verify-full"));
    EXPECT_FALSE(may_be_overheard("postgresql://db.internal/x?sslmode=verify-full&sslrootcert=system"));
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
