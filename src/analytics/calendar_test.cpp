#include "src/analytics/calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace mobilytics::analytics {
namespace {

using std::chrono::hours;

Instant at(std::string_view text) { return clock::from_rfc3339(text).value(); }
Window window(std::string_view from, std::string_view to) { return {at(from), at(to)}; }

std::vector<long> lengths_in_minutes(const std::vector<Bucket>& buckets) {
    std::vector<long> lengths;
    for (const Bucket& bucket : buckets)
        lengths.push_back(std::chrono::duration_cast<std::chrono::minutes>(bucket.span.to - bucket.span.from).count());
    return lengths;
}

std::vector<std::string> labels(const std::vector<Bucket>& buckets) {
    std::vector<std::string> found;
    for (const Bucket& bucket : buckets) found.push_back(bucket.local);
    return found;
}

// No instant of the window is in two buckets or in none.
void expect_partition(const std::vector<Bucket>& buckets, Window whole) {
    ASSERT_FALSE(buckets.empty());
    EXPECT_EQ(buckets.front().span.from, whole.from);
    EXPECT_EQ(buckets.back().span.to, whole.to);
    for (std::size_t i = 1; i < buckets.size(); ++i) EXPECT_EQ(buckets[i - 1].span.to, buckets[i].span.from);
}

TEST(calendar, a_day_has_23_hours_in_spring_and_25_in_autumn_in_toronto) {
    const auto& zone = clock::Zone::named("America/Toronto");
    const auto spring = window("2026-03-07T05:00:00Z", "2026-03-10T04:00:00Z");
    const auto days = days_of(spring, zone);
    EXPECT_EQ(labels(days), (std::vector<std::string>{"2026-03-07", "2026-03-08", "2026-03-09"}));
    EXPECT_EQ(lengths_in_minutes(days), (std::vector<long>{24 * 60, 23 * 60, 24 * 60}));
    expect_partition(days, spring);
    EXPECT_TRUE(cut_hours_of(days).hours.empty());

    const auto autumn = days_of(window("2026-10-31T04:00:00Z", "2026-11-03T05:00:00Z"), zone);
    EXPECT_EQ(lengths_in_minutes(autumn), (std::vector<long>{24 * 60, 25 * 60, 24 * 60}));
}

TEST(calendar, days_change_at_the_right_end_of_the_year_in_auckland) {
    const auto& zone = clock::Zone::named("Pacific/Auckland");
    const auto autumn = days_of(window("2026-04-03T11:00:00Z", "2026-04-06T12:00:00Z"), zone);
    EXPECT_EQ(labels(autumn), (std::vector<std::string>{"2026-04-04", "2026-04-05", "2026-04-06"}));
    EXPECT_EQ(lengths_in_minutes(autumn), (std::vector<long>{24 * 60, 25 * 60, 24 * 60}));
    const auto spring = days_of(window("2026-09-25T12:00:00Z", "2026-09-28T11:00:00Z"), zone);
    EXPECT_EQ(lengths_in_minutes(spring), (std::vector<long>{24 * 60, 23 * 60, 24 * 60}));
}

TEST(calendar, a_half_hour_zone_cuts_utc_hours_and_names_the_pieces) {
    const auto& zone = clock::Zone::named("Asia/Kolkata");
    const auto whole = window("2026-03-07T18:30:00Z", "2026-03-09T18:30:00Z");
    const auto days = days_of(whole, zone);
    EXPECT_EQ(labels(days), (std::vector<std::string>{"2026-03-08", "2026-03-09"}));
    expect_partition(days, whole);
    const auto cut = cut_hours_of(days);
    EXPECT_EQ(cut.hours,
              (std::vector{at("2026-03-07T18:00:00Z"), at("2026-03-08T18:00:00Z"), at("2026-03-09T18:00:00Z")}));
    EXPECT_EQ(cut.pieces, (std::vector<Piece>{{0, window("2026-03-07T18:30:00Z", "2026-03-07T19:00:00Z")},
                                              {0, window("2026-03-08T18:00:00Z", "2026-03-08T18:30:00Z")},
                                              {1, window("2026-03-08T18:30:00Z", "2026-03-08T19:00:00Z")},
                                              {1, window("2026-03-09T18:00:00Z", "2026-03-09T18:30:00Z")}}));
}

TEST(calendar, whole_hours_and_pieces_make_up_the_window_once_in_any_zone) {
    for (const auto* name :
         {"Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Monrovia"}) {
        const auto& zone = clock::Zone::named(name);
        const Window whole{at("2026-03-30T18:15:00Z"), at("2026-04-12T07:45:00Z")};
        const auto days = days_of(whole, zone);
        expect_partition(days, whole);
        const auto cut = cut_hours_of(days);
        auto covered = hours{0} + clock::Milliseconds{0};
        for (Instant hour = ceil_hour(whole.from); hour + hours{1} <= whole.to; hour += hours{1})
            if (std::ranges::find(cut.hours, hour) == cut.hours.end()) covered += hours{1};
        for (const Piece& piece : cut.pieces) {
            covered += piece.span.to - piece.span.from;
            EXPECT_LE(days[static_cast<std::size_t>(piece.bucket)].span.from, piece.span.from) << name;
            EXPECT_GE(days[static_cast<std::size_t>(piece.bucket)].span.to, piece.span.to) << name;
        }
        EXPECT_EQ(covered, whole.to - whole.from) << name;
    }
}

TEST(calendar, a_piece_shorter_than_an_hour_with_both_edges_inside_comes_once) {
    const std::vector<Bucket> buckets{{window("2026-03-08T10:15:00Z", "2026-03-08T10:45:00Z"), ""}};
    const auto cut = cut_hours_of(buckets);
    EXPECT_EQ(cut.hours, std::vector{at("2026-03-08T10:00:00Z")});
    EXPECT_EQ(cut.pieces, (std::vector<Piece>{{0, buckets.front().span}}));
}

TEST(calendar, hours_carry_the_wall_clock_and_its_offset_through_the_change) {
    const auto& zone = clock::Zone::named("America/Toronto");
    const auto found = hours_of(window("2026-03-08T06:00:00Z", "2026-03-08T08:00:00Z"), zone);
    EXPECT_EQ(labels(found), (std::vector<std::string>{"2026-03-08T01:00-05:00", "2026-03-08T03:00-04:00"}));
    const auto india =
        hours_of(window("2026-03-08T18:30:00Z", "2026-03-08T20:00:00Z"), clock::Zone::named("Asia/Kolkata"));
    EXPECT_EQ(labels(india), (std::vector<std::string>{"2026-03-09T00:00+05:30", "2026-03-09T00:30+05:30"}));
    EXPECT_EQ(lengths_in_minutes(india), (std::vector<long>{30, 60}));
}

TEST(calendar, a_day_whose_midnight_is_skipped_begins_with_the_change) {
    // Beirut, 29 Mar 2026: 00:00 becomes 01:00.
    const auto& zone = clock::Zone::named("Asia/Beirut");
    const auto days = days_of(window("2026-03-27T22:00:00Z", "2026-03-29T21:00:00Z"), zone);
    EXPECT_EQ(labels(days), (std::vector<std::string>{"2026-03-28", "2026-03-29"}));
    EXPECT_EQ(lengths_in_minutes(days), (std::vector<long>{24 * 60, 23 * 60}));
}

TEST(calendar, a_day_that_a_zone_skipped_has_no_bucket) {
    // Samoa went from 29 to 31 Dec 2011.
    const auto days =
        days_of(window("2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z"), clock::Zone::named("Pacific/Apia"));
    EXPECT_EQ(labels(days), (std::vector<std::string>{"2011-12-29", "2011-12-31"}));
}

TEST(calendar, whole_hours_are_those_of_utc_or_of_the_wall_clock) {
    EXPECT_TRUE(is_whole_hour(at("2026-03-08T05:00:00Z"), clock::Zone::named("Asia/Kolkata")));
    EXPECT_TRUE(is_whole_hour(at("2026-03-08T18:30:00Z"), clock::Zone::named("Asia/Kolkata")));
    EXPECT_FALSE(is_whole_hour(at("2026-03-08T18:30:00Z"), clock::Zone::named("America/Toronto")));
    EXPECT_FALSE(is_whole_hour(at("2026-03-08T05:00:00.001Z"), clock::Zone::named("America/Toronto")));
}

TEST(calendar, vancouver_keeps_its_summer_time_from_2026) {
    const auto& zone = clock::Zone::named("America/Vancouver");
    const auto days = days_of(window("2026-07-01T07:00:00Z", "2026-07-03T07:00:00Z"), zone);
    EXPECT_EQ(labels(days), (std::vector<std::string>{"2026-07-01", "2026-07-02"}));
    EXPECT_EQ(lengths_in_minutes(days_of(window("2026-10-31T07:00:00Z", "2026-11-03T07:00:00Z"), zone)),
              (std::vector<long>{24 * 60, 24 * 60, 24 * 60}));
}

}  // namespace
}  // namespace mobilytics::analytics
