#include "platform/clock/clock.hpp"

#include <gtest/gtest.h>

#include <format>
#include <random>

namespace mobilytics::clock {
namespace {

using namespace std::chrono_literals;

constexpr Instant at{1772953200000ms};  // 2026-03-08T07:00:00Z

TEST(Clock, PrintsRfc3339WithMilliseconds) {
    EXPECT_EQ(to_rfc3339(at), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(to_rfc3339(at + 7ms), "2026-03-08T07:00:00.007Z");
    EXPECT_EQ(to_rfc3339(Instant{-1ms}), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(far_future), "9999-12-31T23:59:59.000Z");
}

TEST(Clock, PrintsWhatTheStandardLibraryDoes) {
    std::mt19937_64 random{7};
    std::uniform_int_distribution<std::int64_t> any{
        Instant{std::chrono::sys_days{std::chrono::year{-5} / 1 / 1}}.time_since_epoch().count(),
        far_future.time_since_epoch().count()};
    for (int i = 0; i < 20'000; ++i) {
        const Instant instant{Milliseconds{any(random)}};
        ASSERT_EQ(to_rfc3339(instant), std::format("{:%Y-%m-%dT%H:%M:%S}Z", instant));
    }
}

TEST(Clock, ReadsAnyOffsetAndCutsFractions) {
    EXPECT_EQ(from_rfc3339("2026-03-08T07:00:00Z"), at);
    EXPECT_EQ(from_rfc3339("2026-03-08T02:30:00.5-04:30"), at + 500ms);
    EXPECT_EQ(from_rfc3339("2026-03-08t07:00:00.9999999z"), at + 999ms);
    EXPECT_EQ(from_rfc3339("2026-03-08T12:45:00+05:45"), at);
    EXPECT_EQ(from_rfc3339("1969-12-31T23:59:59.9999Z"), Instant{-1ms});
    EXPECT_EQ(from_rfc3339("2024-02-29T00:00:00Z").has_value(), true);
}

TEST(Clock, RefusesEverythingElse) {
    for (const char* text :
         {"", "2026-03-08", "2026-03-08T07:00:00", "2026-03-08T07:00Z", "2026-3-08T07:00:00Z", "2026-13-08T07:00:00Z",
          "2026-02-29T07:00:00Z", "2026-03-08T24:00:00Z", "2026-03-08T07:60:00Z", "2026-03-08T07:00:60Z",
          "2026-03-08T07:00:00.Z", "2026-03-08T07:00:00+24:00", "2026-03-08T07:00:00+0100", "2026-03-08T07:00:00Zx",
          "12026-03-08T07:00:00Z", "-026-03-08T07:00:00Z", "1772953200", "0000-01-01T00:00:00+00:01",
          "9999-12-31T23:59:59-00:01"})
        EXPECT_FALSE(from_rfc3339(text)) << text;
}

TEST(Clock, FloorsAlsoBefore1970) {
    EXPECT_EQ(floor_hour(at + 59min + 59s), at);
    EXPECT_EQ(floor_day(at), at - 7h);
    EXPECT_EQ(floor_hour(Instant{-1ms}), Instant{-1h});
}

TEST(Clock, AWindowIsHalfOpen) {
    Window window{at, at + 1h};
    EXPECT_TRUE(window.contains(at));
    EXPECT_FALSE(window.contains(at + 1h));
    EXPECT_TRUE((Window{at, at}.empty()));
}

TEST(Clock, AShiftedClockGoesOnFromItsStart) {
    ShiftedClock shifted{at};
    auto first = shifted.now();
    EXPECT_GE(first, at);
    EXPECT_GE(shifted.now(), first);
}

}  // namespace
}  // namespace mobilytics::clock
