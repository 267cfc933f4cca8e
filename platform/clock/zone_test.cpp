#include "platform/clock/zone.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <stdexcept>

namespace mobilytics::clock {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

Instant at(std::string_view text) { return from_rfc3339(text).value(); }

// The C library reads the same files by other code. It knows one zone at a time, and only this test touches it.
class CLibrary {
public:
    explicit CLibrary(const std::string& name) {
        ::setenv("TZ", name.c_str(), 1);
        ::tzset();
    }
    ~CLibrary() {
        ::unsetenv("TZ");
        ::tzset();
    }
    CLibrary(const CLibrary&) = delete;
    CLibrary& operator=(const CLibrary&) = delete;

    seconds offset_at(Instant when) const {
        const std::time_t time = std::chrono::system_clock::to_time_t(when);
        std::tm broken{};
        ::localtime_r(&time, &broken);
        return seconds{broken.tm_gmtoff};
    }
};

void expect_as_the_c_library(const std::string& name) {
    const Zone& zone = Zone::named(name);
    const CLibrary library{name};
    for (Instant when = at("1975-01-01T00:00:00Z"); when < at("2095-01-01T00:00:00Z");) {
        const auto period = zone.at(when);
        ASSERT_LE(period.begin, when) << name;
        ASSERT_GT(period.end, when) << name;
        const Instant last = std::min<Instant>(period.end - seconds{1}, at("2095-01-01T00:00:00Z"));
        for (const Instant probe : {when, when + (last - when) / 2, last})
            ASSERT_EQ(period.offset, library.offset_at(probe)) << name << " " << to_rfc3339(probe);
        if (period.end < at("2095-01-01T00:00:00Z")) {
            ASSERT_NE(period.offset, zone.at(period.end).offset) << name << " " << to_rfc3339(period.end);
        }
        when = period.end;
    }
}

TEST(zone, every_zone_there_is_has_the_offsets_that_the_c_library_has) {
    int zones = 0;
    const std::filesystem::path folder{"/usr/share/zoneinfo"};
    for (const auto* area :
         {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}) {
        for (const auto& file : std::filesystem::recursive_directory_iterator{folder / area}) {
            if (!file.is_regular_file()) continue;
            expect_as_the_c_library(std::filesystem::relative(file.path(), folder).string());
            ++zones;
        }
    }
    expect_as_the_c_library("UTC");
    EXPECT_GT(zones, 300);
}

TEST(zone, a_wall_clock_time_is_first_shown_once_or_with_the_change) {
    const Zone& toronto = Zone::named("America/Toronto");
    const auto wall = [](int month, int day, int hour, int minute) {
        return std::chrono::local_days{std::chrono::year{2026} / month / day} + hours{hour} +
               std::chrono::minutes{minute} + Milliseconds{0};
    };
    EXPECT_EQ(toronto.first_at(wall(3, 8, 0, 0)), at("2026-03-08T05:00:00Z"));
    EXPECT_EQ(toronto.first_at(wall(3, 8, 2, 30)), at("2026-03-08T07:00:00Z")) << "skipped";
    EXPECT_EQ(toronto.first_at(wall(11, 1, 1, 30)), at("2026-11-01T05:30:00Z")) << "comes twice";
    EXPECT_EQ(toronto.local(at("2026-11-01T06:30:00Z")), wall(11, 1, 1, 30));
}

TEST(zone, names_that_are_none_are_refused) {
    for (const auto* name : {"", "Mars/Olympus", "../../etc/passwd", "America/../America/Toronto", "America",
                             "tzdata.zi", "/usr/share/zoneinfo/UTC", "America/Toronto/", "zone.tab"}) {
        EXPECT_FALSE(Zone::exists(name)) << name;
        EXPECT_THROW(Zone::named(name), std::runtime_error) << name;
    }
    EXPECT_TRUE(Zone::exists("America/Toronto"));
    EXPECT_TRUE(Zone::exists("UTC"));
}

}  // namespace
}  // namespace mobilytics::clock
