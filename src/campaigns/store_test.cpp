#include "src/campaigns/campaign_room_test.hpp"

namespace mobilytics::campaigns {
namespace {

using auth::Role;

Instant instant(std::string_view text) { return clock::from_rfc3339(text).value(); }

class Coverages : public CampaignRoomTest {
protected:
    Task<std::vector<Coverage>> read(CompanyId company, Window window) {
        co_return co_await database().transaction(db::Scope::of(company),
                                                  [&](db::Session& session) -> Task<std::vector<Coverage>> {
                                                      co_return co_await campaigns.coverage(session, company, window);
                                                  });
    }

    std::vector<Coverage> coverage(std::string from, std::string to, std::optional<CompanyId> company = {}) {
        return run(read(company.value_or(ours), {instant(from), instant(to)}));
    }

    static Coverage expected(const std::string& campaign, const std::string& asset, std::string from, std::string to,
                             double share, const std::string& face) {
        return {CampaignId::parse(campaign).value(), AssetId::parse(asset).value(), instant(from), instant(to), share,
                FaceId::parse(face).value()};
    }
};

TEST_F(Coverages, are_flights_cut_by_dayparts_and_assignments) {
    const auto truck = added_truck("Truck");
    const auto van = added_truck("Van");
    const auto spring = added_campaign("Spring");
    // Saturday 22:00 to 03:30 in Toronto, where the clocks go from 02:00 to 03:00 on Sunday 8 March.
    const auto night = added_campaign("Night", R"(,"dayparts":[{"weekdays":[5],"start":"22:00","end":"03:30"}])");
    added_campaign("Unassigned");
    assign(spring, truck.left, "2026-03-07T00:00:00Z", R"(,"share":0.5)");
    assign(spring, truck.rear, "2026-03-09T00:00:00Z");
    assign(spring, van.left, "2026-03-07T00:00:00Z", R"(,"to":"2026-03-08T06:00:00Z")");
    assign(night, van.rear, "2026-03-07T00:00:00Z", R"(,"to":"2026-03-08T07:10:00Z")");
    const auto all = std::vector{
        expected(spring, truck.id, "2026-03-08T05:00:00Z", "2026-03-09T00:00:00Z", 0.5, truck.left),
        expected(spring, truck.id, "2026-03-09T00:00:00Z", "2026-03-10T04:00:00Z", 1, truck.rear),
        expected(spring, van.id, "2026-03-08T05:00:00Z", "2026-03-08T06:00:00Z", 1, van.left),
        expected(night, van.id, "2026-03-08T05:00:00Z", "2026-03-08T07:10:00Z", 1, van.rear),
    };
    EXPECT_EQ(coverage("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"), all);
    EXPECT_EQ(coverage("2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z"),
              (std::vector{expected(spring, truck.id, "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", 0.5, truck.left),
                           expected(night, van.id, "2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", 1, van.rear)}));
    EXPECT_TRUE(coverage("2026-03-10T04:00:00Z", "2026-04-01T00:00:00Z").empty());
    EXPECT_TRUE(coverage("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", theirs).empty());
}

// measurement.md 3.2: only flight, dayparts and assignment decide.
TEST_F(Coverages, do_not_depend_on_the_state) {
    const auto truck = added_truck("Truck");
    const auto spring = added_campaign("Spring");
    assign(spring, truck.left, "2026-03-07T00:00:00Z", R"(,"to":"2026-03-08T06:00:00Z")");
    const auto before = coverage("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
    EXPECT_EQ(before.size(), 1U);
    for (const auto* verb : {"book", "launch", "pause", "finish"}) {
        EXPECT_EQ(outcome("POST /v1/campaigns/" + spring + "/" + verb), "200");
        EXPECT_EQ(coverage("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"), before) << verb;
    }
}

TEST_F(Coverages, the_database_itself_refuses_what_cannot_be) {
    const auto truck = added_truck("Truck");
    const auto spring = added_campaign("Spring");
    assign(spring, truck.left, "2026-03-07T00:00:00Z");
    const auto refused = [&](const std::string& statement) -> std::string {
        try {
            sql(statement);
            return "accepted";
        } catch (const std::exception& error) {
            return error.what();
        }
    };
    EXPECT_NE(refused("update campaigns.campaigns set flight = 'empty'").find("flight_sane"), std::string::npos);
    EXPECT_NE(refused("update campaigns.campaigns set flight = '[2026-01-01,)'").find("flight_sane"),
              std::string::npos);
    EXPECT_NE(refused("update campaigns.campaigns set state = 'asleep'").find("check"), std::string::npos);
    EXPECT_NE(refused("update campaigns.assignments set share = 1.1").find("check"), std::string::npos);
    EXPECT_NE(refused("update campaigns.assignments set during = 'empty'").find("during_sane"), std::string::npos);
    EXPECT_NE(
        refused("update campaigns.assignments set company_id = '" + ids::to_hex(theirs.uuid) + "'").find("foreign key"),
        std::string::npos);
}

}  // namespace
}  // namespace mobilytics::campaigns
