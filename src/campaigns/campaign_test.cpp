#include "src/campaigns/campaign.hpp"

#include <gtest/gtest.h>

#include "platform/json/enum_names.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::campaigns {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const Instant now{clock::Milliseconds{1'772'000'000'000}};

NewCampaign spring() {
    return {"Spring", "Acme", {now, now + days{14}}, "America/Toronto", 1e6, {{{5, 6}, "22:00", "03:30"}}};
}

std::vector<std::string> pointers_of(NewCampaign wanted) {
    try {
        Campaign::made(CampaignId::make(), std::move(wanted), now);
        return {};
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "campaigns.invalid");
        std::vector<std::string> pointers;
        for (const FieldError& error : problem.errors()) pointers.push_back(error.pointer);
        return pointers;
    }
}

using Pointers = std::vector<std::string>;

TEST(CampaignState, goes_only_the_steps_of_the_plan) {
    using enum CampaignState;
    using enum CampaignVerb;
    struct Row {
        CampaignState from;
        // book, launch, pause, resume, finish, cancel; nothing: refused
        std::array<std::optional<CampaignState>, 6> to;
    };
    const std::optional<CampaignState> no;
    for (const Row& row :
         {Row{draft, {booked, no, no, no, no, cancelled}}, Row{booked, {no, live, no, no, no, cancelled}},
          Row{live, {no, no, paused, no, finished, cancelled}}, Row{paused, {no, no, no, live, finished, cancelled}},
          Row{finished, {no, no, no, no, no, no}}, Row{cancelled, {no, no, no, no, no, no}}}) {
        for (const CampaignVerb verb : {book, launch, pause, resume, finish, cancel}) {
            std::optional<CampaignState> reached;
            try {
                reached = next_state(row.from, verb);
            } catch (const Problem& problem) {
                EXPECT_EQ(problem.code(), "campaigns.wrong_state");
                EXPECT_EQ(problem.kind(), Kind::conflict);
            }
            EXPECT_EQ(reached, row.to[static_cast<std::size_t>(verb)])
                << json::name_of(row.from) << " " << json::name_of(verb);
        }
    }
}

TEST(CampaignState, a_refused_step_names_the_possible_ones) {
    try {
        next_state(CampaignState::draft, CampaignVerb::pause);
        FAIL();
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.detail(), "A draft campaign cannot pause; it can only book or cancel.");
    }
}

TEST(Campaign, is_made_a_draft) {
    const auto campaign = Campaign::made(CampaignId::make(), spring(), now);
    EXPECT_EQ(campaign.state, CampaignState::draft);
    ASSERT_EQ(campaign.dayparts.size(), 1U);
    EXPECT_EQ(campaign.dayparts[0].start, hours{22});
    EXPECT_EQ(campaign.dayparts[0].end, minutes{210});
    EXPECT_EQ(campaign.dayparts[0].weekdays.to_ulong(), 0b1100000U);
    const auto text = to_text(campaign.dayparts[0]);
    EXPECT_EQ(text.weekdays, (std::vector<int>{5, 6}));
    EXPECT_EQ(text.start, "22:00");
    EXPECT_EQ(text.end, "03:30");
}

TEST(Campaign, every_wrong_field_is_named_at_once) {
    EXPECT_EQ(pointers_of(spring()), Pointers{});
    NewCampaign wrong{
        "", std::string(201, 'x'), {now, now}, "Mars/Olympus", 0.0, {{{7}, "24:00", "24:01"}, {{}, "9:00", "10:00"}}};
    EXPECT_EQ(pointers_of(wrong),
              (Pointers{"/dayparts/0/weekdays", "/dayparts/0/start", "/dayparts/0/end", "/dayparts/1/weekdays",
                        "/dayparts/1/start", "/name", "/advertiser", "/to", "/zone", "/goal_impressions"}));
}

TEST(Campaign, zones_are_iana_names) {
    for (const auto& [zone, good] : std::vector<std::pair<std::string, bool>>{{"America/Toronto", true},
                                                                              {"UTC", true},
                                                                              {"Asia/Kathmandu", true},
                                                                              {"america/toronto", false},
                                                                              {"", false},
                                                                              {"EST5EDT4", false},
                                                                              {"../etc/passwd", false}}) {
        auto wanted = spring();
        wanted.zone = zone;
        EXPECT_EQ(pointers_of(wanted).empty(), good) << zone;
    }
}

TEST(Campaign, times_of_dayparts_are_hours_and_minutes) {
    for (const auto& [start, end, good] :
         std::vector<std::tuple<std::string, std::string, bool>>{{"00:00", "24:00", true},
                                                                 {"00:00", "00:00", true},
                                                                 {"23:59", "00:01", true},
                                                                 {"24:00", "01:00", false},
                                                                 {"12:60", "13:00", false},
                                                                 {"12:00", "24:01", false},
                                                                 {"1200", "13:00", false},
                                                                 {"-1:00", "13:00", false},
                                                                 {"12:00 ", "13:00", false},
                                                                 {"1a:00", "13:00", false}}) {
        auto wanted = spring();
        wanted.dayparts = {{{0}, start, end}};
        EXPECT_EQ(pointers_of(wanted).empty(), good) << start << " to " << end;
    }
}

TEST(Campaign, a_flight_is_longer_than_nothing_and_shorter_than_10_years) {
    for (const auto& [length, good] : std::vector<std::pair<clock::Milliseconds, bool>>{{clock::Milliseconds{1}, true},
                                                                                        {days{3652}, true},
                                                                                        {days{3660}, false},
                                                                                        {days{0}, false},
                                                                                        {-days{1}, false}}) {
        auto wanted = spring();
        wanted.flight.to = wanted.flight.from + length;
        EXPECT_EQ(pointers_of(wanted).empty(), good) << length.count();
    }
}

TEST(Campaign, can_be_edited_in_every_state_but_cancelled) {
    using enum CampaignState;
    for (const CampaignState state : {draft, booked, live, paused, finished, cancelled}) {
        auto campaign = Campaign::made(CampaignId::make(), spring(), now);
        campaign.state = state;
        CampaignChange change;
        change.name = "Summer";
        try {
            EXPECT_EQ(campaign.changed(change).name, "Summer");
            EXPECT_NE(state, cancelled);
        } catch (const Problem& problem) {
            EXPECT_EQ(problem.code(), "campaigns.wrong_state");
            EXPECT_EQ(state, cancelled);
        }
    }
}

TEST(Campaign, a_change_leaves_what_it_does_not_name) {
    const auto before = Campaign::made(CampaignId::make(), spring(), now);
    CampaignChange change;
    change.goal_impressions = std::optional<double>{};
    change.dayparts = std::vector<NewDaypart>{};
    const auto after = before.changed(change);
    EXPECT_EQ(after.goal_impressions, std::nullopt);
    EXPECT_TRUE(after.dayparts.empty());
    EXPECT_EQ(after.flight, before.flight);
    EXPECT_EQ(after.zone, before.zone);
    EXPECT_EQ(after.version, before.version + 1);
}

TEST(Campaign, versions_differ_only_where_they_count_differently) {
    auto wanted = spring();
    wanted.dayparts.clear();
    const auto before = Campaign::made(CampaignId::make(), wanted, now);
    const auto end = before.flight.to;
    const auto touched = [&](CampaignChange change) { return difference(before, before.changed(std::move(change))); };
    CampaignChange name, zone, longer, shorter, later, moved, parts;
    name.name = "Other";
    zone.zone = "Europe/Paris";
    longer.to = end + days{1};
    shorter.to = end - days{1};
    later.from = now + days{1};
    moved.from = now - days{1};
    moved.to = end + days{1};
    parts.dayparts = std::vector<NewDaypart>{{{0}, "09:00", "10:00"}};
    EXPECT_TRUE(touched(name).empty());
    EXPECT_TRUE(touched(zone).empty()) << "without dayparts the zone decides nothing";
    EXPECT_EQ(touched(longer), (Window{end, end + days{1}}));
    EXPECT_EQ(touched(shorter), (Window{end - days{1}, end}));
    EXPECT_EQ(touched(later), (Window{now, now + days{1}}));
    EXPECT_EQ(touched(moved), (Window{now - days{1}, end + days{1}}));
    EXPECT_EQ(touched(parts), before.flight);

    const auto with_parts = before.changed(parts);
    EXPECT_EQ(difference(with_parts, with_parts.changed(zone)), before.flight);
}

}  // namespace
}  // namespace mobilytics::campaigns
