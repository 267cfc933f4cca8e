#include "src/analytics/report.hpp"

#include <gtest/gtest.h>

#include "platform/problem/problem.hpp"

namespace mobilytics::analytics {
namespace {

Instant at(std::string_view text) { return clock::from_rfc3339(text).value(); }

const Window flight{at("2026-03-07T18:30:00Z"), at("2026-03-20T18:30:00Z")};

Subject in_zone(std::string zone) { return {CompanyId::make(), CampaignId::make(), flight, std::move(zone)}; }

std::string refusal(std::string zone, Asked asked) {
    try {
        Report::of(in_zone(std::move(zone)), asked, at("2026-03-10T12:34:00Z"));
    } catch (const Problem& problem) {
        std::string pointers = problem.code();
        for (const FieldError& error : problem.errors()) pointers += " " + error.pointer;
        return pointers;
    }
    return "none";
}

TEST(report, an_open_window_is_the_flight_up_to_the_end_of_the_running_hour) {
    const auto running = Report::of(in_zone("Asia/Kolkata"), {}, at("2026-03-10T12:34:00Z"));
    EXPECT_EQ(running.window, (Window{flight.from, at("2026-03-10T13:00:00Z")}));
    const auto over = Report::of(in_zone("Asia/Kolkata"), {}, at("2026-05-01T00:00:00Z"));
    EXPECT_EQ(over.window, flight);
    const auto to_come = Report::of(in_zone("Asia/Kolkata"), {}, at("2026-01-01T00:00:00Z"));
    EXPECT_EQ(to_come.window, flight);
}

TEST(report, a_flight_that_begins_within_an_hour_is_shown_from_the_hours_beginning) {
    const auto report = Report::of(in_zone("America/Toronto"), {}, at("2026-05-01T00:00:00Z"));
    EXPECT_EQ(report.window, (Window{at("2026-03-07T18:00:00Z"), at("2026-03-20T19:00:00Z")}));
    EXPECT_TRUE(report.cut.pieces.empty());
}

TEST(report, a_total_is_one_bucket_and_a_day_report_has_one_per_local_day) {
    EXPECT_EQ(Report::of(in_zone("Asia/Kolkata"), {}, at("2026-05-01T00:00:00Z")).buckets.size(), 1U);
    const auto by_day = Report::of(in_zone("Asia/Kolkata"), {{}, {}, Grain::day}, at("2026-05-01T00:00:00Z"));
    EXPECT_EQ(by_day.buckets.size(), 13U);
    EXPECT_EQ(by_day.buckets.front().local, "2026-03-08");
    EXPECT_EQ(by_day.cut.hours.size(), 14U);
    EXPECT_EQ(by_day.hours(), (Window{at("2026-03-07T18:00:00Z"), at("2026-03-20T19:00:00Z")}));
}

TEST(report, an_open_beginning_is_not_further_back_than_the_grain_allows) {
    Subject old = in_zone("UTC");
    old.flight = {at("2020-01-01T00:00:00Z"), at("2026-03-01T00:00:00Z")};
    const auto report = Report::of(old, {{}, {}, Grain::hour}, at("2026-05-01T00:00:00Z"));
    EXPECT_EQ(report.window.from, at("2026-03-01T00:00:00Z") - longest_by_hour);
    EXPECT_EQ(report.buckets.size(), 2400U);
}

TEST(report, windows_that_cannot_be_are_refused_by_name) {
    const auto from = at("2026-03-08T05:00:00Z");
    EXPECT_EQ(refusal("America/Toronto", {at("2026-03-08T05:30:00Z"), {}}), "analytics.bad_window ?from");
    EXPECT_EQ(refusal("Asia/Kolkata", {at("2026-03-08T05:30:00Z"), {}}), "none");
    EXPECT_EQ(refusal("America/Toronto", {from, from}), "analytics.bad_window ?to");
    EXPECT_EQ(refusal("America/Toronto", {from, at("2026-03-08T04:00:00Z")}), "analytics.bad_window ?to");
    EXPECT_EQ(refusal("America/Toronto", {from, at("2026-06-20T00:00:00Z"), Grain::hour}),
              "analytics.bad_window ?from");
    EXPECT_EQ(refusal("America/Toronto", {from, at("2026-06-20T00:00:00Z"), Grain::day}), "none");
    EXPECT_EQ(refusal("America/Toronto", {from, at("2036-06-20T00:00:00Z")}), "analytics.bad_window ?from");
    EXPECT_EQ(refusal("America/Toronto", {at("2027-01-01T00:00:00Z"), {}}), "analytics.bad_window ?from");
    EXPECT_EQ(refusal("America/Toronto", {{}, at("2020-01-01T00:00:00Z")}), "analytics.bad_window ?to");
}

}  // namespace
}  // namespace mobilytics::analytics
