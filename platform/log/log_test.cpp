#include "platform/log/log.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace mobilytics::log {

namespace {

TEST(Log, PrintsOneJsonObjectPerLine) {
    EXPECT_EQ(line(Form::json, Level::info, "2026-01-01T00:00:00.000Z", "say \"hi\"\n",
                   {{"text", "a\tb"}, {"whole", 7}, {"real", 0.5}, {"truth", true}, {"none", 0.0 / 0.0}}),
              R"({"at":"2026-01-01T00:00:00.000Z","level":"info","message":"say \"hi\"\n",)"
              R"("text":"a\u0009b","whole":7,"real":0.5,"truth":true,"none":null})");
}

TEST(Log, PrintsAReadableLineForPeople) {
    EXPECT_EQ(line(Form::text, Level::warn, "12:00", "late", {{"who", "me"}, {"why", "a b"}, {"empty", ""}}),
              R"(12:00 warn  late who=me why="a b" empty="")");
}

TEST(Log, LinesSayForWhatTheirThreadWorks) {
    const auto printed = [] { return line(Form::json, Level::info, "12:00", "late", {{"user", "mine"}}); };
    const std::string bare = R"({"at":"12:00","level":"info","message":"late","user":"mine"})";
    {
        const Doing outer{std::make_shared<const Work>(Work{{"kind", "t.outer"}})};
        {
            const Doing inner{std::make_shared<const Work>(Work{{"kind", "t.inner"}, {"user", "theirs"}})};
            EXPECT_EQ(printed(), R"({"at":"12:00","level":"info","message":"late","user":"mine","kind":"t.inner"})");
            std::thread{[&] { EXPECT_EQ(printed(), bare) << "another thread works for nothing"; }}.join();
        }
        EXPECT_EQ(line(Form::text, Level::info, "12:00", "late", {}), "12:00 info  late kind=t.outer");
    }
    EXPECT_EQ(printed(), bare);
}

TEST(Log, LevelsBelowTheChosenOneAreOff) {
    start({.level = Level::error, .form = Form::json});
    EXPECT_FALSE(enabled(Level::warn));
    EXPECT_TRUE(enabled(Level::error));
    start({});
    EXPECT_TRUE(enabled(Level::info));
    EXPECT_FALSE(enabled(Level::debug));
}

}  // namespace

}  // namespace mobilytics::log
