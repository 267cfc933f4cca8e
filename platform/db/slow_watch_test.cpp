#include "platform/db/slow_watch.hpp"

#include <gtest/gtest.h>

#include "platform/db/usage.hpp"
#include "platform/testing/database.hpp"

namespace mobilytics::db {

namespace {

constexpr Query wait{"test.wait", "select pg_sleep(0.05)::text, $1::text", Kind::one};
// Divides by zero, which the planner cannot know beforehand.
constexpr Query fail{"test.fail", "select pg_sleep(0.05)::text, 1 / (length($1::text) - 8 + (random() * 0)::int)",
                     Kind::one};

class SlowWatchTest : public test::DatabaseTest {
protected:
    // What the log says of the statement, with a limit.
    std::string logged(std::chrono::milliseconds limit, const Query& query) {
        database();  // whoever asks for it first is told of its migrations
        SlowWatch::log_slower_than(limit);
        ::testing::internal::CaptureStderr();
        try {
            run(database().read(Scope::nobody(), db::bind(query, std::string{"a secret"})));
        } catch (const DatabaseError&) {
        }
        log::flush();
        SlowWatch::log_slower_than(std::chrono::milliseconds{0});
        return ::testing::internal::GetCapturedStderr();
    }
};

TEST_F(SlowWatchTest, names_what_was_slow_and_how_slow_but_never_its_parameters) {
    for (const auto* query : {&wait, &fail}) {
        const auto text = logged(std::chrono::milliseconds{1}, *query);
        EXPECT_NE(text.find("slow statement"), std::string::npos) << text;
        EXPECT_NE(text.find(query->name), std::string::npos) << text;
        EXPECT_NE(text.find("duration_ms"), std::string::npos) << text;
        EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    }
}

TEST_F(SlowWatchTest, is_silent_about_what_was_fast_enough_and_when_it_is_off) {
    EXPECT_EQ(logged(std::chrono::hours{1}, wait), "");
    EXPECT_EQ(logged(std::chrono::milliseconds{0}, wait), "");
}

TEST_F(SlowWatchTest, the_pools_say_how_busy_they_are) {
    database();
    EXPECT_GT(usage().connections, 0);
    const int before = usage().in_use;
    run(database().transaction(Scope::nobody(), [&](Session&) -> Task<void> {
        EXPECT_EQ(usage().in_use, before + 1);
        co_return;
    }));
    EXPECT_EQ(usage().in_use, before);
    EXPECT_EQ(usage().waiting, 0);
}

}  // namespace

}  // namespace mobilytics::db
