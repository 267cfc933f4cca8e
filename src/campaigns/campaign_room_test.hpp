#pragma once

#include <format>
#include <string>

#include "src/assets/assets.hpp"
#include "src/assets/room_test.hpp"
#include "src/campaigns/campaigns.hpp"
#include "src/companies/companies.hpp"

// What the tests of this room share: quick ways to campaigns and faces.
namespace mobilytics::campaigns {

class CampaignRoomTest : public test::RoomTest {
protected:
    CampaignRoomTest()
        : RoomTest{{"assets.assets", "assets.faces", "campaigns.campaigns", "campaigns.dayparts",
                    "campaigns.booked_faces", "campaigns.assignments"},
                   {"campaigns.coverage_changed"}} {
        assets::add_routes(router(), assets);
        add_routes(router(), campaigns);
    }

    // The flight is 8 to 10 March, Toronto days. `rest` continues the body.
    std::string added_campaign(std::string name, std::string rest = "") {
        const auto answer = call("POST /v1/campaigns", body(name, rest));
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.at("/id");
    }

    static std::string body(std::string name, std::string rest = "") {
        return std::format(R"({{"name":"{}","from":"2026-03-08T05:00:00Z","to":"2026-03-10T04:00:00Z"{}}})", name,
                           rest);
    }

    struct Truck {
        std::string id;
        std::string left;
        std::string rear;
    };
    Truck added_truck(std::string name) {
        const auto answer = call("POST /v1/assets", std::format(R"({{"kind":"vehicle","name":"{}","faces":[
            {{"name":"Left","format":"truck","placement":"left"}},
            {{"name":"Rear","format":"truck","placement":"rear"}}]}})",
                                                                name));
        EXPECT_EQ(answer.status, 201) << answer.body;
        return {answer.at("/id"), answer.at("/faces/0/id"), answer.at("/faces/1/id")};
    }

    // `rest` continues the body: ,"to":"..." or ,"share":0.5.
    test::Answer assign(std::string campaign, std::string face, std::string from, std::string rest = "") {
        return call("POST /v1/campaigns/" + campaign + "/assignments",
                    std::format(R"({{"face_id":"{}","from":"{}"{}}})", face, from, rest));
    }

    // Without an asset the event is about any.
    std::string event(const std::string& campaign, const std::string& from, const std::string& to,
                      const std::string& asset = "") {
        return std::format(R"(campaigns.coverage_changed {{"company_id":"{}","campaign_id":"{}",)"
                           R"("asset_id":{},"from":"{}","to":"{}"}})",
                           ours.text(), campaign, asset.empty() ? "null" : '"' + asset + '"', from, to);
    }

    assets::Assets assets{database(), clock(), events(), trail()};
    auth::Auth people{database(),
                      clock(),
                      runtime(),
                      trail(),
                      [](std::vector<CompanyId>) -> Task<std::vector<auth::CompanyCard>> {
                          co_return std::vector<auth::CompanyCard>{};
                      },
                      nullptr,
                      nullptr};
    companies::Companies companies{database(), clock(), events(), trail(), people, {}};
    Campaigns campaigns{database(), clock(), events(), trail(), assets, companies};
};

}  // namespace mobilytics::campaigns
