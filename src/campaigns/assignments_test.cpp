#include <future>

#include "src/campaigns/campaign_room_test.hpp"

namespace mobilytics::campaigns {
namespace {

using auth::Role;

class Assignments : public CampaignRoomTest {
protected:
    Task<std::string> attempt(CampaignId campaign, FaceId face, double share) {
        try {
            NewAssignment wanted{face, {clock().now(), clock::far_future}, share};
            co_await campaigns.assign(actor(), campaign, wanted);
            co_return "assigned";
        } catch (const Problem& problem) {
            co_return problem.code();
        }
    }

    Task<std::string> attempt_more(AssignmentId assignment, double share) {
        try {
            co_await campaigns.correct_assignment(actor(), assignment, {{}, {}, share}, [](auto) {});
            co_return "corrected";
        } catch (const Problem& problem) {
            co_return problem.code();
        }
    }

    std::string spring = added_campaign("Spring");
    std::string summer = added_campaign("Summer");
    Truck truck = added_truck("Truck");
};

TEST_F(Assignments, give_a_face_to_a_campaign) {
    const auto answer = assign(spring, truck.left, "2026-03-07T00:00:00Z", R"(,"share":0.5)");
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.body,
              std::format(R"({{"id":"{}","campaign_id":"{}","face_id":"{}","face_name":"Left","asset_id":"{}",)"
                          R"("asset_name":"Truck","from":"2026-03-07T00:00:00.000Z","to":null,"share":0.5,)"
                          R"("version":"{}"}})",
                          answer.at("/id"), spring, truck.left, truck.id, answer.at("/version")));
    EXPECT_EQ(new_events(), event(spring, "2026-03-08T05:00:00.000Z", "2026-03-10T04:00:00.000Z", truck.id))
        << "only the flight can count otherwise";
    EXPECT_EQ(assign(spring, truck.rear, "2026-03-09T00:00:00Z").at("/share"), "1");
    EXPECT_EQ(call("GET /v1/campaigns/" + spring).at("/asset_count"), "1");
    const auto list = call("GET /v1/campaigns/" + spring + "/assignments?limit=1");
    EXPECT_EQ(list.at("/items/0/face_name"), "Rear");
    const auto rest = call("GET /v1/campaigns/" + spring + "/assignments?limit=1&cursor=" + list.at("/next_cursor"));
    EXPECT_EQ(rest.at("/items/0"), call("GET /v1/campaigns/" + spring + "/assignments").at("/items/1"));
    EXPECT_EQ(rest.at("/next_cursor"), "null");
}

TEST_F(Assignments, outside_the_flight_change_nothing_that_is_counted) {
    EXPECT_EQ(assign(spring, truck.left, "2026-03-10T04:00:00Z").status, 201);
    EXPECT_EQ(new_events(), "");
}

TEST_F(Assignments, what_cannot_be_is_refused_and_leaves_nothing) {
    const auto id = assign(spring, truck.left, "2026-03-07T00:00:00Z").at("/id");
    const auto old = added_truck("Old");
    EXPECT_EQ(outcome("PATCH /v1/assets/" + old.id, R"({"state":"retired"})"), "200");
    new_events();
    const auto path = "POST /v1/campaigns/" + spring + "/assignments";
    const auto wanted = [](const std::string& face, const std::string& rest) {
        return std::format(R"({{"face_id":"{}","from":"2026-03-08T05:00:00Z"{}}})", face, rest);
    };
    struct Row {
        std::string target, body, outcome;
    };
    for (const Row& row : {
             Row{path, wanted(truck.rear, R"(,"share":0)"), "422 campaigns.invalid_assignment"},
             Row{path, wanted(truck.rear, R"(,"share":1.5)"), "422 http.invalid_body"},
             Row{path, wanted(truck.rear, R"(,"to":"2026-03-08T05:00:00Z")"), "422 campaigns.invalid_assignment"},
             Row{path, wanted(FaceId::make().text(), ""), "404 assets.face_not_found"},
             Row{path, wanted(old.left, ""), "409 campaigns.asset_retired"},
             Row{path, wanted(truck.left, R"(,"share":0.001)"), "409 campaigns.shares_exceed_one"},
             Row{"PATCH /v1/assignments/" + id, R"({"share":-1})", "422 campaigns.invalid_assignment"},
             Row{"PATCH /v1/assignments/" + id, R"({"to":"2026-03-06T00:00:00Z"})", "422 campaigns.invalid_assignment"},
             Row{"PATCH /v1/assignments/" + AssignmentId::make().text(), R"({"share":0.5})",
                 "404 campaigns.assignment_not_found"},
             Row{"DELETE /v1/assignments/" + AssignmentId::make().text(), "", "404 campaigns.assignment_not_found"},
         })
        EXPECT_EQ(refusal(row.target, row.body), row.outcome) << row.target << " " << row.body;
}

TEST_F(Assignments, of_one_face_never_exceed_it_and_the_refusal_says_what_is_free) {
    EXPECT_EQ(assign(spring, truck.left, "2026-03-01T00:00:00Z", R"(,"to":"2026-03-05T00:00:00Z","share":0.7)").status,
              201);
    EXPECT_EQ(assign(summer, truck.left, "2026-03-03T00:00:00Z", R"(,"to":"2026-03-09T00:00:00Z","share":0.3)").status,
              201);
    new_events();
    const auto before = everything();
    const auto refused = assign(summer, truck.left, "2026-02-01T00:00:00Z", R"(,"share":0.4)");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.at("/code"), "campaigns.shares_exceed_one");
    EXPECT_EQ(refused.at("/detail"),
              "Of face 'Left' only 0 is free from 2026-03-01T00:00:00.000Z until "
              "2026-03-05T00:00:00.000Z, and 0.4 is wanted.");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(assign(summer, truck.left, "2026-03-05T00:00:00Z", R"(,"share":0.7)").status, 201);
    EXPECT_EQ(assign(summer, truck.rear, "2026-02-01T00:00:00Z").status, 201) << "another face";
}

TEST_F(Assignments, can_be_corrected_and_both_spans_are_told) {
    const auto id =
        assign(spring, truck.left, "2026-03-09T00:00:00Z", R"(,"to":"2026-03-09T12:00:00Z","share":0.5)").at("/id");
    new_events();
    const auto correct = [&](const std::string& change) { return call("PATCH /v1/assignments/" + id, change); };
    EXPECT_EQ(correct(R"({"from":"2026-03-09T18:00:00Z","to":"2026-03-09T20:00:00Z"})").status, 200);
    EXPECT_EQ(new_events(), event(spring, "2026-03-09T00:00:00.000Z", "2026-03-09T20:00:00.000Z", truck.id));
    EXPECT_EQ(correct(R"({"share":1})").at("/share"), "1");
    EXPECT_EQ(new_events(), event(spring, "2026-03-09T18:00:00.000Z", "2026-03-09T20:00:00.000Z", truck.id));
    EXPECT_EQ(correct(R"({"to":null})").at("/to"), "null");
    EXPECT_EQ(new_events(), event(spring, "2026-03-09T18:00:00.000Z", "2026-03-10T04:00:00.000Z", truck.id));
    EXPECT_EQ(assign(summer, truck.left, "2026-03-09T00:00:00Z", R"(,"to":"2026-03-09T18:00:00Z")").status, 201);
    new_events();
    EXPECT_EQ(refusal("PATCH /v1/assignments/" + id, R"({"from":"2026-03-09T17:59:59.999Z"})"),
              "409 campaigns.shares_exceed_one");
}

TEST_F(Assignments, are_not_corrected_from_what_is_otherwise_by_now) {
    const auto made = assign(spring, truck.left, "2026-03-09T00:00:00Z", R"(,"share":0.5)");
    const auto path = "PATCH /v1/assignments/" + made.at("/id");
    const auto version = call("GET /v1/campaigns/" + spring + "/assignments").at("/items/0/version");
    EXPECT_EQ(made.at("/version"), version);
    const auto corrected = call(path, R"({"share":0.6})", seen(version));
    EXPECT_EQ(corrected.status, 200) << corrected.body;
    EXPECT_EQ(corrected.etag, corrected.at("/version"));
    EXPECT_EQ(call("GET /v1/campaigns/" + spring + "/assignments").at("/items/0/version"), corrected.etag);
    EXPECT_EQ(refusal(path, R"({"to":"2026-03-09T18:00:00Z"})", seen(version)), "412 http.changed_meanwhile");
    EXPECT_EQ(outcome(path, R"({"to":"2026-03-09T18:00:00Z"})", {{"If-Match", "*"}}), "200");
    EXPECT_EQ(refusal(path, R"({"share":0.1})", seen(corrected.etag)), "412 http.changed_meanwhile") << "another end";
    EXPECT_EQ(outcome(path, R"({"share":0.7})"), "200");
}

TEST_F(Assignments, that_never_were_are_deleted_and_free_the_face) {
    const auto id = assign(spring, truck.left, "2026-03-09T00:00:00Z").at("/id");
    new_events();
    EXPECT_EQ(outcome("DELETE /v1/assignments/" + id), "204");
    EXPECT_EQ(new_events(), event(spring, "2026-03-09T00:00:00.000Z", "2026-03-10T04:00:00.000Z", truck.id));
    EXPECT_EQ(call("GET /v1/campaigns/" + spring).at("/asset_count"), "0");
    EXPECT_EQ(assign(summer, truck.left, "2026-03-09T00:00:00Z").status, 201);
}

TEST_F(Assignments, end_when_their_campaign_is_cancelled_and_what_was_counted_stays) {
    const auto other = added_truck("Other");
    const auto past = assign(spring, other.left, "2026-03-01T00:00:00Z", R"(,"to":"2026-03-08T06:00:00Z")").at("/id");
    const auto running = assign(spring, truck.left, "2026-03-01T00:00:00Z").at("/id");
    const auto later = assign(spring, truck.rear, "2026-03-09T00:00:00Z").at("/id");
    new_events();
    EXPECT_EQ(outcome("POST /v1/campaigns/" + spring + "/cancel"), "200");  // at 07:00
    EXPECT_EQ(new_events(), event(spring, "2026-03-08T07:00:00.000Z", "2026-03-10T04:00:00.000Z"));
    const auto list = call("GET /v1/campaigns/" + spring + "/assignments");
    ASSERT_EQ(list.items_at("/items"), 2U);
    EXPECT_EQ(list.at("/items/0/id"), running);
    EXPECT_EQ(list.at("/items/0/to"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(list.at("/items/1/id"), past);
    EXPECT_EQ(list.at("/items/1/to"), "2026-03-08T06:00:00.000Z");
    EXPECT_EQ(list.body.find(later), std::string::npos);
    EXPECT_EQ(assign(summer, truck.left, "2026-03-08T07:00:00Z").status, 201) << "the face is free from that moment on";
    EXPECT_EQ(outcome("PATCH /v1/assignments/" + past, R"({"to":"2026-03-08T05:30:00Z"})"), "200")
        << "history can be corrected";
}

TEST_F(Assignments, of_a_finished_campaign_whose_flight_is_over_stay_as_they_are) {
    assign(spring, truck.left, "2026-03-01T00:00:00Z", R"(,"to":"2026-03-10T04:00:00Z")");
    for (const auto* verb : {"book", "launch"}) call("POST /v1/campaigns/" + spring + "/" + verb);
    clock().set(clock::from_rfc3339("2026-04-01T00:00:00Z").value());
    new_events();
    EXPECT_EQ(outcome("POST /v1/campaigns/" + spring + "/finish"), "200");
    EXPECT_EQ(new_events(), "");
    EXPECT_EQ(call("GET /v1/campaigns/" + spring + "/assignments").at("/items/0/to"), "2026-03-10T04:00:00.000Z");
}

// The rule must hold whoever asks at the same time: of many halves wanted at once, two fit.
TEST_F(Assignments, asked_for_at_once_never_exceed_the_face) {
    const auto face = FaceId::parse(truck.left).value();
    for (int round = 0; round < 5; ++round) {
        sql("delete from campaigns.assignments; delete from campaigns.booked_faces");
        std::vector<std::future<std::string>> outcomes;
        for (int thread = 0; thread < 8; ++thread)
            outcomes.push_back(
                start(attempt(CampaignId::parse(thread % 2 == 0 ? spring : summer).value(), face, 0.5), thread));
        int assigned = 0;
        for (auto& outcome : outcomes) {
            const auto result = outcome.get();
            if (result == "assigned")
                ++assigned;
            else
                EXPECT_EQ(result, "campaigns.shares_exceed_one");
        }
        EXPECT_EQ(assigned, 2);
        EXPECT_EQ(sql_value("select sum(share) from campaigns.assignments"), "1");
    }
}

TEST_F(Assignments, corrected_at_once_never_exceed_the_face) {
    const auto one =
        AssignmentId::parse(assign(spring, truck.left, "2026-03-08T00:00:00Z", R"(,"share":0.25)").at("/id")).value();
    const auto other =
        AssignmentId::parse(assign(summer, truck.left, "2026-03-08T00:00:00Z", R"(,"share":0.25)").at("/id")).value();
    for (int round = 0; round < 5; ++round) {
        sql("update campaigns.assignments set share = 0.25");
        std::vector<std::future<std::string>> outcomes;
        outcomes.push_back(start(attempt_more(one, 0.75), 0));
        outcomes.push_back(start(attempt_more(other, 0.75), 1));
        int corrected = 0;
        for (auto& outcome : outcomes) corrected += outcome.get() == "corrected" ? 1 : 0;
        EXPECT_EQ(corrected, 1);
        EXPECT_EQ(sql_value("select sum(share) from campaigns.assignments"), "1");
    }
}

}  // namespace
}  // namespace mobilytics::campaigns
