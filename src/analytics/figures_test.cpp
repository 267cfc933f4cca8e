#include "src/analytics/figures.hpp"

#include <gtest/gtest.h>

namespace mobilytics::analytics {
namespace {

Instant at(std::string_view text) { return clock::from_rfc3339(text).value(); }

Sums sums_of(double visits, double calibrated) {
    Sums sums;
    sums.visits = sums.unshared_visits = visits;
    sums.ots = visits;
    sums.calibrated = calibrated;
    sums.ots_low = calibrated * 0.8;
    sums.ots_high = calibrated * 1.2;
    return sums;
}

TEST(figures, bounds_are_absent_without_a_calibrated_visit_and_else_hold_the_calibrated_ones) {
    EXPECT_FALSE(sums_of(10, 0).low());
    EXPECT_FALSE(sums_of(10, 0).high());
    EXPECT_DOUBLE_EQ(*sums_of(10, 5).low(), 4);
    EXPECT_DOUBLE_EQ(*sums_of(10, 5).high(), 6);
    EXPECT_DOUBLE_EQ(*sums_of(10, 5).calibrated_share(), 0.5);
}

TEST(figures, a_ratio_without_a_whole_is_absent_and_never_zero) {
    const Sums none;
    EXPECT_FALSE(none.calibrated_share());
    EXPECT_FALSE(none.placed_share());
    EXPECT_FALSE(none.coverage());
    EXPECT_FALSE(none.mean_dwell_s());
}

TEST(figures, reach_of_a_window_is_a_mean_of_days_and_frequency_a_ratio_of_sums) {
    const Window window{at("2026-03-08T05:00:00Z"), at("2026-03-10T00:00:00Z")};
    const std::vector days{ReachDay::of(at("2026-03-08T00:00:00Z"), 100, 200, 100, window),
                           ReachDay::of(at("2026-03-09T00:00:00Z"), 30, 60, 60, window)};
    EXPECT_DOUBLE_EQ(days[0].reach, 50);
    EXPECT_FALSE(days[0].whole);
    EXPECT_TRUE(days[1].whole);
    const auto reach = reach_over(days);
    EXPECT_DOUBLE_EQ(*reach.mean_daily_reach, 40);
    EXPECT_DOUBLE_EQ(*reach.mean_daily_frequency, 2);
    EXPECT_EQ(reach.days, 2);
    EXPECT_FALSE(reach_over({}).mean_daily_reach);
    EXPECT_FALSE(reach_over({}).mean_daily_frequency);
}

TEST(figures, roll_ups_are_complete_to_the_hour_of_the_earliest_work_left) {
    const auto now = at("2026-03-08T12:34:56Z");
    EXPECT_EQ(Standing::of(3, now, {}, now).complete_to, at("2026-03-08T12:00:00Z"));
    EXPECT_EQ(Standing::of(3, now, at("2026-03-07T09:59:00Z"), now).complete_to, at("2026-03-07T09:00:00Z"));
    EXPECT_EQ(Standing::of(3, at("2026-03-08T10:00:00Z"), {}, now).complete_to, at("2026-03-08T10:00:00Z"));
    EXPECT_EQ(Standing::of(3, now, at("2026-03-09T00:00:00Z"), now).complete_to, at("2026-03-08T12:00:00Z"));
    EXPECT_EQ(Standing::of({}, {}, {}, now).version, 0);
    EXPECT_EQ(Standing::of(3, now, {}, now).final_to, at("2025-12-08T12:00:00Z"));
}

TEST(figures, a_bucket_is_pending_no_data_or_measured) {
    const Bucket bucket{{at("2026-03-08T10:00:00Z"), at("2026-03-08T11:00:00Z")}, ""};
    const auto done = at("2026-03-08T11:00:00Z");
    Sums silent;
    silent.minutes_expected = 60;
    Sums heard = silent;
    heard.minutes_covered = 60;
    EXPECT_EQ(state_of(bucket, heard, at("2026-03-08T10:00:00Z")), BucketState::pending);
    EXPECT_EQ(state_of(bucket, Sums{}, done), BucketState::no_data);
    EXPECT_EQ(state_of(bucket, silent, done), BucketState::no_data) << "nobody was heard: an outage is not a zero";
    EXPECT_EQ(state_of(bucket, heard, done), BucketState::measured) << "a zero that was measured is zero";
    EXPECT_EQ(state_of(bucket, sums_of(1, 0), done), BucketState::measured);
}

}  // namespace
}  // namespace mobilytics::analytics
