#include "src/measurements/visits.hpp"

#include <gtest/gtest.h>

namespace mobilytics::measurements {
namespace {

using std::chrono::milliseconds;

constexpr Instant seven{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{7}};
constexpr Window hour{seven, seven + std::chrono::hours{1}};
constexpr Instant late = hour.to + std::chrono::hours{1};

Sighting seen(std::int64_t seconds, std::int64_t extra_ms = 0, std::int16_t rssi = -60, std::int64_t visitor = 1) {
    return {seven + milliseconds{seconds * 1000 + extra_ms}, Visitor{visitor}, rssi};
}

Visit visit(std::int64_t start_ms, std::int64_t end_ms, std::int16_t rssi = -60, std::int64_t visitor = 1) {
    return {Visitor{visitor}, seven + milliseconds{start_ms}, seven + milliseconds{end_ms}, rssi};
}

TEST(Visits, none_from_no_sightings) {
    const VisitsOfHour found = visits_starting_in({}, hour, late);
    EXPECT_TRUE(found.visits.empty());
    EXPECT_FALSE(found.needs_more || found.continues_left);
}

TEST(Visits, a_gap_of_exactly_300_seconds_joins_and_one_millisecond_more_does_not) {
    const std::vector sightings{seen(0), seen(300), seen(600, 1)};
    EXPECT_EQ(visits_starting_in(sightings, hour, late).visits,
              (std::vector{visit(0, 300'000), visit(600'001, 600'001)}));
}

TEST(Visits, the_strongest_sighting_counts_in_any_order_and_with_repeated_keys) {
    const std::vector sightings{seen(10, 0, -72), seen(0, 0, -95), seen(0, 0, -70), seen(10, 0, -72)};
    EXPECT_EQ(visits_starting_in(sightings, hour, late).visits, std::vector{visit(0, 10'000, -70)});
}

TEST(Visits, visitors_are_apart_and_visits_come_by_start_then_visitor) {
    const std::vector sightings{seen(5, 0, -60, 9), seen(5, 0, -60, -9), seen(1, 0, -60, 3)};
    EXPECT_EQ(visits_starting_in(sightings, hour, late).visits,
              (std::vector{visit(1000, 1000, -60, 3), visit(5000, 5000, -60, -9), visit(5000, 5000, -60, 9)}));
}

TEST(Visits, the_hour_holds_its_first_instant_and_not_its_last) {
    const std::vector sightings{seen(0, -1, -60, 1), seen(0, 0, -60, 2), seen(3600, -1, -60, 3), seen(3600, 0, -60, 4)};
    EXPECT_EQ(visits_starting_in(sightings, hour, late).visits,
              (std::vector{visit(0, 0, -60, 2), visit(3'599'999, 3'599'999, -60, 3)}));
}

TEST(Visits, one_that_began_before_the_hour_is_not_of_the_hour_and_says_so) {
    for (const int before : {-1, -300}) {
        for (const auto& sightings :
             {std::vector{seen(before), seen(0)}, std::vector{seen(before), seen(0), seen(200)}}) {
            const VisitsOfHour found = visits_starting_in(sightings, hour, late);
            EXPECT_TRUE(found.visits.empty());
            EXPECT_TRUE(found.continues_left);
        }
    }
    const VisitsOfHour apart = visits_starting_in(std::vector{seen(-300, -1), seen(0)}, hour, late);
    EXPECT_EQ(apart.visits, std::vector{visit(0, 0)});
    EXPECT_FALSE(apart.continues_left);
}

TEST(Visits, one_that_ended_before_the_hour_does_not_continue_into_it) {
    EXPECT_FALSE(visits_starting_in(std::vector{seen(-300), seen(0, -1)}, hour, late).continues_left);
}

TEST(Visits, one_across_the_hour_runs_to_its_end) {
    const std::vector sightings{seen(3599), seen(3800), seen(4100), seen(4400)};
    EXPECT_EQ(visits_starting_in(sightings, hour, late).visits, std::vector{visit(3'599'000, 4'400'000)});
}

TEST(Visits, more_is_needed_while_the_next_sighting_could_still_join) {
    const std::vector sightings{seen(3500)};
    const Instant could_join_until = seven + std::chrono::seconds{3800};
    EXPECT_TRUE(visits_starting_in(sightings, hour, could_join_until - milliseconds{1}).needs_more);
    EXPECT_TRUE(visits_starting_in(sightings, hour, could_join_until).needs_more);
    EXPECT_FALSE(visits_starting_in(sightings, hour, could_join_until + milliseconds{1}).needs_more);
}

TEST(Visits, open_ones_of_other_hours_need_no_more) {
    const std::vector sightings{seen(-10), seen(100), seen(3600, 0, -60, 2)};
    EXPECT_FALSE(visits_starting_in(sightings, hour, seven + std::chrono::seconds{400} + milliseconds{1}).needs_more);
}

TEST(Visits, a_sighting_touches_its_hour_and_the_one_in_which_a_visit_may_no_longer_start) {
    const Window one{seven, hour.to};
    const Window two{seven, hour.to + std::chrono::hours{1}};
    EXPECT_EQ(hours_touched_by_sighting(seven), one);
    EXPECT_EQ(hours_touched_by_sighting(hour.to - join_gap - milliseconds{1}), one);
    EXPECT_EQ(hours_touched_by_sighting(hour.to - join_gap), two);
    EXPECT_EQ(hours_touched_by_sighting(hour.to - milliseconds{1}), two);
}

}  // namespace
}  // namespace mobilytics::measurements
