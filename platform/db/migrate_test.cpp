#include "platform/db/migrate.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "platform/db/blocking.hpp"
#include "platform/testing/database.hpp"

namespace mobilytics::db {
namespace {

class MigrateTest : public test::DatabaseTest {
protected:
    std::span<const Migration> migrations() const override { return {}; }
    std::string owner() { return conninfo(embedded::Role::owner); }
};

constexpr Migration first{1, "first", "create schema platform; create table platform.things (id int)", "a1"};
constexpr Migration second{2, "second", "insert into platform.things values (7)", "a2"};
constexpr Migration broken{3, "broken", "insert into platform.things values (8); select nonsense", "a3"};

TEST_F(MigrateTest, AppliesInOrderOnceAndRecordsChecksums) {
    const Migration both[] = {first, second};
    auto report = migrate(owner(), both);
    EXPECT_EQ(report.applied, (std::vector{1, 2}));
    EXPECT_EQ(report.newest, 2);
    EXPECT_TRUE(migrate(owner(), both).applied.empty());
    EXPECT_EQ(sql_value("select count(*) from platform.things"), "1");
    EXPECT_EQ(sql_value("select string_agg(number || name || sha256, ',' order by number) from platform.migrations"),
              "1firsta1,2seconda2");
}

TEST_F(MigrateTest, LeavesNothingOfAFailedMigration) {
    const Migration all[] = {first, second, broken};
    EXPECT_THROW(migrate(owner(), all), std::runtime_error);
    EXPECT_EQ(sql_value("select string_agg(id::text, ',') from platform.things"), "7");
    EXPECT_EQ(sql_value("select max(number) from platform.migrations"), "2");
}

TEST_F(MigrateTest, RefusesAChangedPast) {
    const Migration before[] = {first};
    migrate(owner(), before);
    const Migration changed[] = {{1, "first", "create schema other", "b1"}};
    EXPECT_THROW(migrate(owner(), changed), std::runtime_error);
    EXPECT_FALSE(sql_value("select 1 from pg_namespace where nspname = 'other'"));
}

TEST_F(MigrateTest, RefusesANewOneNumberedBeforeOneThatRan) {
    const Migration later[] = {{2, "alone", "create schema alone", "d2"}};
    migrate(owner(), later);
    const Migration all[] = {first, later[0]};
    EXPECT_THROW(migrate(owner(), all), std::runtime_error);
}

TEST_F(MigrateTest, ReportsADatabaseThatIsNewerThanTheProgram) {
    const Migration both[] = {first, second};
    migrate(owner(), both);
    const Migration older[] = {first};
    auto report = migrate(owner(), older);
    EXPECT_TRUE(report.database_is_newer);
    EXPECT_EQ(report.newest, 2);
}

TEST_F(MigrateTest, RunsAStatementThatRefusesATransaction) {
    const Migration all[] = {
        first, {2, "index", "-- no transaction\ncreate index concurrently things_by_id on platform.things (id)", "c2"}};
    EXPECT_EQ(migrate(owner(), all).applied, (std::vector{1, 2}));
    EXPECT_EQ(sql_value("select count(*) from pg_indexes where indexname = 'things_by_id'"), "1");
}

}  // namespace
}  // namespace mobilytics::db
