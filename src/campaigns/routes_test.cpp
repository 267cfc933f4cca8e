#include "src/campaigns/campaign_room_test.hpp"
#include "src/campaigns/limits.hpp"

namespace mobilytics::campaigns {
namespace {

using auth::Role;

class CampaignRoutes : public CampaignRoomTest {};

TEST_F(CampaignRoutes, an_added_campaign_is_a_draft_and_there_to_read) {
    const auto answer = call("POST /v1/campaigns",
                             body("Night", R"(,"advertiser":"Acme","goal_impressions":50000.5,"zone":"Europe/Paris",)"
                                           R"("dayparts":[{"weekdays":[6,5],"start":"22:00","end":"03:30"}])"));
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto id = answer.at("/id");
    EXPECT_EQ(answer.headers.at("Location"), "/v1/campaigns/" + id);
    EXPECT_EQ(
        answer.body,
        std::format(R"({{"id":"{}","name":"Night","advertiser":"Acme","state":"draft",)"
                    R"("from":"2026-03-08T05:00:00.000Z","to":"2026-03-10T04:00:00.000Z","zone":"Europe/Paris",)"
                    R"("goal_impressions":50000.5,"dayparts":[{{"weekdays":[5,6],"start":"22:00","end":"03:30"}}],)"
                    R"("asset_count":0,"created_at":"2026-03-08T07:00:00.000Z","version":"1"}})",
                    id));
    EXPECT_EQ(call("GET /v1/campaigns/" + id).body, answer.body);
    EXPECT_EQ(new_events(), "") << "nothing is assigned to it yet";
}

TEST_F(CampaignRoutes, the_companys_zone_is_the_campaigns_unless_given) {
    EXPECT_EQ(call("GET /v1/campaigns/" + added_campaign("Spring")).at("/zone"), "America/Toronto");
}

TEST_F(CampaignRoutes, what_cannot_be_is_refused_and_leaves_nothing) {
    const auto id = added_campaign("Spring");
    struct Row {
        std::string target, body, outcome, pointers;
    };
    for (const Row& row : {
             Row{"POST /v1/campaigns", R"({"name":"X","from":"2026-03-10T00:00:00Z","to":"2026-03-10T00:00:00Z"})",
                 "422 campaigns.invalid", "/to"},
             Row{"POST /v1/campaigns", body("X", R"(,"zone":"Toronto")"), "422 campaigns.invalid", "/zone"},
             Row{"POST /v1/campaigns", body("X", R"(,"goal_impressions":0)"), "422 campaigns.invalid",
                 "/goal_impressions"},
             Row{"POST /v1/campaigns", body("X", R"(,"dayparts":[{"weekdays":[7],"start":"1:00","end":"24:30"}])"),
                 "422 campaigns.invalid", "/dayparts/0/weekdays, /dayparts/0/start, /dayparts/0/end"},
             Row{"POST /v1/campaigns", body("X", R"(,"dayparts":[{"weekdays":[],"start":"01:00","end":"02:00"}])"),
                 "422 http.invalid_body", "/dayparts/0/weekdays"},
             Row{"POST /v1/campaigns", body("X", R"(,"budget":5)"), "422 http.invalid_body", "/budget"},
             Row{"POST /v1/campaigns", R"({"name":"X","from":"2026-03-10"})", "422 http.invalid_body", "/from, /to"},
             Row{"PATCH /v1/campaigns/" + id, R"({"to":"2026-03-01T00:00:00Z"})", "422 campaigns.invalid", "/to"},
             Row{"PATCH /v1/campaigns/" + id, R"({"state":"live"})", "422 http.invalid_body", "/state"},
             Row{"PATCH /v1/campaigns/" + CampaignId::make().text(), R"({"name":"X"})", "404 campaigns.not_found", ""},
             Row{"POST /v1/campaigns/" + CampaignId::make().text() + "/book", "", "404 campaigns.not_found", ""},
             Row{"GET /v1/campaigns/" + CampaignId::make().text() + "/assignments", "", "404 campaigns.not_found", ""},
         }) {
        EXPECT_EQ(refusal(row.target, row.body), row.outcome) << row.target << " " << row.body;
        EXPECT_EQ(call(row.target, row.body).pointers(), row.pointers) << row.target << " " << row.body;
    }
}

TEST_F(CampaignRoutes, each_role_does_what_it_may) {
    const auto id = added_campaign("Spring");
    const auto face = added_truck("Truck").left;
    const auto assignment = assign(id, face, "2026-03-08T05:00:00Z").at("/id");
    new_events();
    for (const auto& [role, reads, edits] : {std::tuple{Role::owner, true, true},
                                             {Role::manager, true, true},
                                             {Role::analyst, true, false},
                                             {Role::viewer, true, false},
                                             {Role::installer, false, false}}) {
        as(role);
        const std::string name{to_string(role)};
        const auto may = [](bool allowed, const std::string& done) {
            return allowed ? done : "403 auth.not_permitted";
        };
        EXPECT_EQ(outcome("GET /v1/campaigns"), may(reads, "200")) << name;
        EXPECT_EQ(outcome("GET /v1/campaigns/" + id), may(reads, "200")) << name;
        EXPECT_EQ(outcome("GET /v1/campaigns/" + id + "/assignments"), may(reads, "200")) << name;
        EXPECT_EQ(outcome("POST /v1/campaigns", body("New")), may(edits, "201")) << name;
        if (edits) continue;
        for (const std::string& target :
             {"PATCH /v1/campaigns/" + id, "POST /v1/campaigns/" + id + "/book", "POST /v1/campaigns/" + id + "/cancel",
              "POST /v1/campaigns/" + id + "/assignments", "PATCH /v1/assignments/" + assignment,
              "DELETE /v1/assignments/" + assignment})
            EXPECT_EQ(refusal(target), "403 auth.not_permitted") << name << " " << target;
    }
    as_nobody();
    EXPECT_EQ(refusal("GET /v1/campaigns"), "401 auth.not_signed_in");
    EXPECT_EQ(refusal("POST /v1/campaigns/" + id + "/cancel"), "401 auth.not_signed_in");
    as_staff();
    EXPECT_EQ(refusal("GET /v1/campaigns/" + id), "403 auth.no_company");
}

TEST_F(CampaignRoutes, another_companys_campaign_does_not_exist) {
    const auto id = added_campaign("Spring");
    const auto truck = added_truck("Truck");
    const auto assignment = assign(id, truck.left, "2026-03-08T05:00:00Z").at("/id");
    new_events();
    as(Role::owner, theirs);
    const auto own = added_campaign("Own");
    struct Row {
        std::string target, body, outcome;
    };
    const auto wanted = [](const std::string& face) {
        return std::format(R"({{"face_id":"{}","from":"2026-03-08T05:00:00Z"}})", face);
    };
    const auto own_face = added_truck("Own").left;
    for (const Row& row : {
             Row{"GET /v1/campaigns/" + id, "", "404 campaigns.not_found"},
             Row{"PATCH /v1/campaigns/" + id, R"({"name":"Mine"})", "404 campaigns.not_found"},
             Row{"POST /v1/campaigns/" + id + "/book", "", "404 campaigns.not_found"},
             Row{"POST /v1/campaigns/" + id + "/cancel", "", "404 campaigns.not_found"},
             Row{"GET /v1/campaigns/" + id + "/assignments", "", "404 campaigns.not_found"},
             Row{"POST /v1/campaigns/" + id + "/assignments", wanted(own_face), "404 campaigns.not_found"},
             Row{"POST /v1/campaigns/" + own + "/assignments", wanted(truck.rear), "404 assets.face_not_found"},
             Row{"PATCH /v1/assignments/" + assignment, R"({"share":0.1})", "404 campaigns.assignment_not_found"},
             Row{"DELETE /v1/assignments/" + assignment, "", "404 campaigns.assignment_not_found"},
         })
        EXPECT_EQ(refusal(row.target, row.body), row.outcome) << row.target;
    EXPECT_EQ(call("GET /v1/campaigns").items_at("/items"), 1U);
}

TEST_F(CampaignRoutes, a_campaign_goes_through_its_life) {
    const auto path = "/v1/campaigns/" + added_campaign("Spring");
    const auto step = [&](const std::string& verb) {
        const auto answer = call("POST " + path + "/" + verb);
        return answer.status == 200 ? answer.at("/state") : answer.at("/code");
    };
    EXPECT_EQ(refusal("POST " + path + "/launch"), "409 campaigns.wrong_state");
    EXPECT_EQ(step("book"), "booked");
    EXPECT_EQ(refusal("POST " + path + "/book"), "409 campaigns.wrong_state");
    EXPECT_EQ(step("launch"), "live");
    EXPECT_EQ(step("pause"), "paused");
    EXPECT_EQ(step("resume"), "live");
    EXPECT_EQ(step("finish"), "finished");
    EXPECT_EQ(refusal("POST " + path + "/cancel"), "409 campaigns.wrong_state");
    EXPECT_EQ(call("GET " + path).at("/state"), "finished");
    EXPECT_EQ(new_events(), "") << "states count nothing";
}

TEST_F(CampaignRoutes, a_cancelled_campaign_is_closed) {
    const auto id = added_campaign("Spring");
    const auto face = added_truck("Truck").left;
    EXPECT_EQ(outcome("POST /v1/campaigns/" + id + "/cancel"), "200");
    EXPECT_EQ(refusal("PATCH /v1/campaigns/" + id, R"({"name":"X"})"), "409 campaigns.wrong_state");
    EXPECT_EQ(refusal("POST /v1/campaigns/" + id + "/assignments",
                      std::format(R"({{"face_id":"{}","from":"2026-03-08T05:00:00Z"}})", face)),
              "409 campaigns.wrong_state");
}

TEST_F(CampaignRoutes, a_list_can_be_narrowed_and_goes_on_where_it_stopped) {
    for (int number = 1; number <= 4; ++number)
        added_campaign(std::format("Campaign {}", number),
                       R"(,"advertiser":"Acme","dayparts":[{"weekdays":[0],"start":"08:00","end":"09:00"},)"
                       R"({"weekdays":[1],"start":"08:00","end":"09:00"}])");
    const auto last = call("GET /v1/campaigns").at("/items/0/id");
    EXPECT_EQ(outcome("POST /v1/campaigns/" + last + "/book"), "200");
    EXPECT_EQ(call("GET /v1/campaigns?state=draft").items_at("/items"), 3U);
    EXPECT_EQ(call("GET /v1/campaigns?state=booked").at("/items/0/name"), "Campaign 4");
    EXPECT_EQ(call("GET /v1/campaigns?q=ACME").items_at("/items"), 4U);
    EXPECT_EQ(call("GET /v1/campaigns?q=n%202").items_at("/items"), 1U);
    EXPECT_EQ(refusal("GET /v1/campaigns?state=asleep").substr(0, 3), "422");
    const auto first = call("GET /v1/campaigns?limit=3");
    EXPECT_EQ(first.items_at("/items"), 3U);
    EXPECT_EQ(first.items_at("/items/2/dayparts"), 2U);
    const auto second = call("GET /v1/campaigns?limit=3&cursor=" + first.at("/next_cursor"));
    EXPECT_EQ(second.items_at("/items"), 1U);
    EXPECT_EQ(second.at("/items/0/name"), "Campaign 1");
    EXPECT_EQ(second.at("/next_cursor"), "null");
}

TEST_F(CampaignRoutes, an_edit_changes_what_it_names_and_tells_where_it_counts_otherwise) {
    const auto id = added_campaign("Spring", R"(,"goal_impressions":1000)");
    const auto edit = [&](const std::string& change) { return call("PATCH /v1/campaigns/" + id, change); };
    const auto renamed = edit(R"({"name":"Summer","goal_impressions":null})");
    EXPECT_EQ(renamed.at("/name"), "Summer");
    EXPECT_EQ(renamed.at("/goal_impressions"), "null");
    EXPECT_EQ(renamed.at("/from"), "2026-03-08T05:00:00.000Z");
    EXPECT_EQ(call("GET /v1/campaigns/" + id).body, renamed.body);
    EXPECT_EQ(new_events(), "");
    EXPECT_EQ(edit(R"({"to":"2026-03-12T00:00:00Z"})").status, 200);
    EXPECT_EQ(new_events(), event(id, "2026-03-10T04:00:00.000Z", "2026-03-12T00:00:00.000Z"));
    EXPECT_EQ(edit(R"({"dayparts":[{"weekdays":[0,1,2,3,4],"start":"07:00","end":"10:00"}]})").status, 200);
    EXPECT_EQ(new_events(), event(id, "2026-03-08T05:00:00.000Z", "2026-03-12T00:00:00.000Z"));
    EXPECT_EQ(edit(R"({"zone":"Europe/Paris"})").status, 200);
    EXPECT_EQ(new_events(), event(id, "2026-03-08T05:00:00.000Z", "2026-03-12T00:00:00.000Z"));
    EXPECT_EQ(edit(R"({"dayparts":[]})").items_at("/dayparts"), 0U);
    EXPECT_EQ(number_of("campaigns.dayparts"), "0");
}

TEST_F(CampaignRoutes, an_edit_of_an_old_version_is_refused) {
    const auto path = "/v1/campaigns/" + added_campaign("Spring");
    const auto tag = "\"" + call("GET " + path).etag + "\"";
    EXPECT_EQ(call("PATCH " + path, R"({"name":"A"})", {{"If-Match", tag}}).status, 200);
    EXPECT_EQ(call("PATCH " + path, R"({"name":"B"})", {{"If-Match", tag}}).at("/code"), "http.changed_meanwhile");
    EXPECT_EQ(call("GET " + path).at("/name"), "A");
    const auto before = call("GET " + path).etag;
    EXPECT_EQ(outcome("POST " + path + "/book"), "200");
    EXPECT_NE(call("GET " + path).etag, before);
}

TEST_F(CampaignRoutes, are_not_more_than_a_company_may_have) {
    sql(
        std::format("insert into campaigns.campaigns (company_id, campaign_id, name, flight, zone, created_at) select "
                    "'{}', gen_random_uuid(), 'C' || i, '[2026-03-08Z, 2026-03-10Z)', 'UTC', '2026-01-01Z' "
                    "from generate_series(1, {}) i",
                    ids::to_hex(ours.uuid), most_campaigns - 1));
    added_campaign("Last");
    EXPECT_EQ(outcome("POST /v1/campaigns", body("More")), "409 campaigns.too_many");
    EXPECT_EQ(sql_value("select count(*) from campaigns.campaigns"), std::to_string(most_campaigns));
}

}  // namespace
}  // namespace mobilytics::campaigns
