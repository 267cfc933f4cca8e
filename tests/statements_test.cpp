#include "tests/statements.hpp"

#include <gtest/gtest.h>

#include <format>

#include "platform/db/blocking.hpp"
#include "platform/testing/database.hpp"

namespace mobilytics {
namespace {

using Statements = test::DatabaseTest;

// A misspelt column in a statement that is rarely run would come to light in production.
TEST_F(Statements, of_all_rooms_can_be_prepared) {
    db::Blocking database{conninfo(embedded::Role::superuser)};
    int prepared = 0;
    test::for_each_statement([&](const db::Query& query) {
        if (query.kind == db::Kind::copy) return;  // PostgreSQL prepares none; each has its own test
        EXPECT_NO_THROW(database.script(std::format("prepare statement_{} as {}", prepared++, query.text)))
            << query.name;
    });
    EXPECT_GT(prepared, 100);
}

}  // namespace
}  // namespace mobilytics
