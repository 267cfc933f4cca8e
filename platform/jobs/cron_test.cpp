#include "platform/jobs/cron.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace mobilytics::jobs {
namespace {

using clock::from_rfc3339;

struct Line {
    std::string calendar, zone, after;
    std::vector<std::string> due;  // one after the other
};

// Clocks of Toronto: forward on 8 March 2026 at 2:00 (07:00Z), back on 1 November at 2:00 (06:00Z).
const std::vector<Line> lines = {
    {"*/20 * * * *",
     "UTC",
     "2026-03-08T07:00:00Z",
     {"2026-03-08T07:20:00Z", "2026-03-08T07:40:00Z", "2026-03-08T08:00:00Z"}},
    {"30 6 * * *", "UTC", "2026-03-08T06:30:00Z", {"2026-03-09T06:30:00Z"}},
    {"0 3 * * *", "America/Toronto", "2026-03-07T09:00:00Z", {"2026-03-08T07:00:00Z", "2026-03-09T07:00:00Z"}},
    {"30 2 * * *", "America/Toronto", "2026-03-08T00:00:00Z", {"2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"}},
    {"30 1 * * *", "America/Toronto", "2026-11-01T04:00:00Z", {"2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"}},
    {"30 * * * *",
     "America/Toronto",
     "2026-11-01T04:45:00Z",
     {"2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"}},
    {"0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", {"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"}},
    {"0 9 1,15 * 1-5", "UTC", "2026-03-13T10:00:00Z", {"2026-03-15T09:00:00Z", "2026-03-16T09:00:00Z"}},
    {"0 9 * * 7", "UTC", "2026-03-09T00:00:00Z", {"2026-03-15T09:00:00Z"}},
    {"0-30/15,45 12 * 4 *",
     "UTC",
     "2026-03-09T00:00:00Z",
     {"2026-04-01T12:00:00Z", "2026-04-01T12:15:00Z", "2026-04-01T12:30:00Z", "2026-04-01T12:45:00Z",
      "2026-04-02T12:00:00Z"}},
};

TEST(CronTest, IsDueWhenTheWallClockOfItsZoneSays) {
    for (const auto& [calendar, zone, after, due] : lines) {
        const Cron cron{calendar};
        auto at = *from_rfc3339(after);
        for (const auto& expected : due) {
            auto found = cron.after(at, clock::Zone::named(zone));
            ASSERT_TRUE(found) << calendar;
            EXPECT_EQ(*found, *from_rfc3339(expected))
                << calendar << " after " << clock::to_rfc3339(at) << " gives " << clock::to_rfc3339(*found);
            at = *found;
        }
    }
}

TEST(CronTest, SaysThatADayNeverComes) {
    EXPECT_FALSE(Cron{"0 0 30 2 *"}.after(*from_rfc3339("2026-01-01T00:00:00Z"), clock::Zone::named("UTC")));
}

TEST(CronTest, RefusesWhatIsNoCalendar) {
    for (const std::string text :
         {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
          "5-1 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *", "1/2/3 * * * *", "-1 * * * *", "1-2-3 * * * *"})
        EXPECT_THROW(Cron{text}, std::invalid_argument) << text;
}

}  // namespace
}  // namespace mobilytics::jobs
