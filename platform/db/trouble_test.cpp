#include "platform/db/trouble.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "platform/db/result.hpp"

namespace mobilytics::db {
namespace {

TEST(Trouble, WhatPassesIsUnavailable) {
    for (const char* state : {"40001", "40P01", "57014", "53100", "53200", "53300"}) {
        const auto problem = passing_trouble(DatabaseError{state, "secret text", "", ""});
        ASSERT_TRUE(problem) << state;
        EXPECT_EQ(http_status(problem->kind()), 503);
        EXPECT_EQ(problem->code(), "database.overloaded");
        EXPECT_EQ(problem->retry_after_seconds, 1);
        EXPECT_FALSE(problem->detail().contains("secret"));
    }
}

TEST(Trouble, WhatIsWrongStaysAnError) {
    for (const char* state : {"23505", "42501", "22003", "57P01"})
        EXPECT_FALSE(passing_trouble(DatabaseError{state, "text", "", ""})) << state;
    EXPECT_FALSE(passing_trouble(std::runtime_error{"53100"}));
}

}  // namespace
}  // namespace mobilytics::db
