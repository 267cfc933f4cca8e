#include <gmock/gmock.h>

#include "platform/objects/objects.hpp"
#include "platform/testing/folder.hpp"
#include "src/audit/audit.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::audit {
namespace {

class AuditRoutes : public auth::WorldTest {
protected:
    AuditRoutes() { add_routes(router, audit); }

    void record(CompanyId company, std::string action, std::string resource = "ast_1",
                trail::Outcome outcome = trail::Outcome::success) {
        run(database().transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
            trail::Changes changes;
            changes.field("name", std::string{"Fall"}, std::string{"Autumn"});
            co_await trail.record(session, company, {.kind = "person", .id = "usr_1", .label = "=Ada()"},
                                  {.action = action,
                                   .resource_id = resource,
                                   .resource_label = "Truck 7",
                                   .changes = std::move(changes),
                                   .outcome = outcome});
        }));
        clock().set(clock().now() + std::chrono::minutes{1});
    }

    // The actions of a list, in its order.
    std::string actions(const std::string& query, const std::string& who = "ada") {
        const auto answer = call("GET /v1/audit-events" + query, "", as(who));
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::string text;
        for (std::size_t i = 0; i < answer.items_at("/items"); ++i)
            text += (i == 0 ? "" : " ") + answer.at(std::format("/items/{}/action", i));
        return text;
    }

    const test::Folder folder;
    std::unique_ptr<objects::Objects> objects = objects::in_folder(folder.path() / "objects");
    Audit audit{runtime(), database(), clock(), *objects, {.key_file = folder.path() / "audit.key"}};
};

TEST_F(AuditRoutes, owners_and_managers_read_and_nobody_else) {
    for (const auto& [who, status] : std::map<std::string, int>{{"", 401},
                                                                {"sam", 200},
                                                                {"ada", 200},
                                                                {"max", 200},
                                                                {"ann", 403},
                                                                {"vic", 403},
                                                                {"ivy", 403},
                                                                {"key:owner", 200},
                                                                {"key:viewer", 403}}) {
        EXPECT_EQ(call("GET /v1/audit-events", "", as(who)).status, status) << who;
        EXPECT_EQ(call("GET /v1/audit-events/export.csv", "", as(who)).status, status) << who;
    }
}

TEST_F(AuditRoutes, an_event_says_who_did_what_to_what_from_where) {
    const auto key =
        call("POST /v1/api-keys", R"({"name":"Loader","role":"analyst"})", with(as("ada"), "User-Agent", "curl/8"));
    const auto answer = call("GET /v1/audit-events?action=api_key.created", "", as("ada"));
    EXPECT_EQ(answer.at("/items/0/actor/kind"), "person");
    EXPECT_EQ(answer.at("/items/0/actor/id"), people.at("ada").text());
    EXPECT_EQ(answer.at("/items/0/actor/label"), "ada");
    EXPECT_EQ(answer.at("/items/0/resource_id"), key.at("/id"));
    EXPECT_EQ(answer.at("/items/0/resource_label"), "Loader");
    EXPECT_EQ(answer.at("/items/0/user_agent"), "curl/8");
    EXPECT_EQ(answer.at("/items/0/changes/name/to"), "Loader");
    EXPECT_EQ(answer.at("/items/0/changes/secret/to"), "hidden");
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr(key.at("/secret"))));
}

TEST_F(AuditRoutes, a_company_sees_its_own_events_only) {
    record(maple, "asset.created");
    record(oak, "asset.changed");
    EXPECT_EQ(actions("?action=asset.", "ada"), "asset.created");
    EXPECT_EQ(actions("?action=asset.", "olga"), "asset.changed");
    EXPECT_EQ(actions("?action=asset.", "sam"), "");
}

TEST_F(AuditRoutes, staff_see_sign_ins_that_were_refused) {
    sign_in("ada", "wrong horse battery");
    call("POST /v1/sessions", R"({"email":"nobody@example.com","password":"wrong horse battery"})");
    const auto answer = call("GET /v1/audit-events?outcome=refused", "", as("sam"));
    ASSERT_EQ(answer.items_at("/items"), 2U) << answer.body;
    EXPECT_EQ(answer.at("/items/0/resource_id"), "");
    EXPECT_EQ(answer.at("/items/1/resource_id"), people.at("ada").text());
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("@example.com")));
    EXPECT_EQ(actions("?outcome=refused", "ada"), "");
}

// What customers do among themselves is not for them to read.
TEST_F(AuditRoutes, staff_see_of_a_company_what_staff_did_there) {
    record(maple, "campaign.launched");
    run(database().transaction(db::Scope::of(maple), [&](db::Session& session) -> Task<void> {
        co_await trail.record(session, maple, {.kind = "staff", .id = "usr_9", .label = "sam"},
                              {.action = "company.suspended", .resource_label = "Maple Fleet"});
        co_await trail.record(session, maple, {.kind = "person", .id = "usr_1", .impersonator = "usr_9"},
                              {.action = "campaign.paused", .resource_label = "Fall"});
    }));
    const std::string of_maple = "?company=" + maple.text();
    EXPECT_EQ(actions(of_maple, "sam"), "campaign.paused company.suspended");
    EXPECT_EQ(actions("?company=" + oak.text(), "sam"), "");
    const auto file = call("GET /v1/audit-events/export.csv" + of_maple, "", as("sam"));
    EXPECT_TRUE(file.body.contains("company.suspended")) << file.body;
    EXPECT_FALSE(file.body.contains("campaign.launched")) << file.body;
    EXPECT_TRUE(actions(of_maple, "ada").contains("campaign.launched")) << "one's own as ever";
    EXPECT_EQ(call("GET /v1/audit-events?company=" + oak.text(), "", as("ada")).at("/code"), "companies.not_found");
    EXPECT_EQ(call("GET /v1/audit-events/export.json?company=" + oak.text(), "", as("ada")).status, 404);
}

TEST_F(AuditRoutes, filters_take_out_what_was_not_asked_for) {
    record(maple, "asset.created", "ast_1");
    record(maple, "asset.changed", "ast_2");
    record(maple, "campaign.created", "cmp_1", trail::Outcome::refused);
    EXPECT_EQ(actions("?action=asset.created"), "asset.created");
    EXPECT_EQ(actions("?action=asset."), "asset.changed asset.created");
    EXPECT_EQ(actions("?action=asset"), "");
    EXPECT_EQ(actions("?resource_id=ast_2"), "asset.changed");
    EXPECT_EQ(actions("?actor_id=usr_1&outcome=refused"), "campaign.created");
    EXPECT_EQ(actions("?from=2026-03-08T07:01:00Z&to=2026-03-08T07:02:00Z"), "asset.changed");
    EXPECT_EQ(call("GET /v1/audit-events?outcome=maybe", "", as("ada")).status, 422);
}

TEST_F(AuditRoutes, pages_go_back_to_the_first_event) {
    for (int i = 0; i < 5; ++i) record(maple, "asset.created", std::format("ast_{}", i));
    const auto first = call("GET /v1/audit-events?action=asset.&limit=3", "", as("ada"));
    EXPECT_EQ(first.at("/items/0/resource_id"), "ast_4");
    const auto second =
        call("GET /v1/audit-events?action=asset.&limit=3&cursor=" + first.at("/next_cursor"), "", as("ada"));
    EXPECT_EQ(second.items_at("/items"), 2U);
    EXPECT_EQ(second.at("/items/1/resource_id"), "ast_0");
    EXPECT_EQ(second.at("/next_cursor"), "null");
}

TEST_F(AuditRoutes, the_file_holds_what_the_list_does) {
    for (int i = 0; i < 1200; ++i) record(maple, "asset.created", std::format("ast_{}", i));
    const auto csv = call("GET /v1/audit-events/export.csv?action=asset.", "", as("ada"));
    EXPECT_EQ(std::ranges::count(csv.body, '\n'), 1201);
    EXPECT_THAT(csv.body, testing::HasSubstr("\"'=Ada()\""));
    const auto json = call("GET /v1/audit-events/export.json?action=asset.", "", as("ada"));
    EXPECT_EQ(json.items_at(""), 1200U);
    EXPECT_EQ(json.at("/1199/resource_id"), "ast_0");
    const auto none = call("GET /v1/audit-events/export.json?action=nothing.", "", as("ada"));
    EXPECT_EQ(none.items_at(""), 0U);
}

TEST_F(AuditRoutes, every_chain_is_verified) {
    record(maple, "asset.created");
    record(oak, "asset.created");
    sql("alter table trail.events disable trigger events_stay;"
        "update trail.events set reason = 'x' where company_id = '" +
        hex(oak) + "'");
    std::string found;
    for (const auto& one : run(audit.verify(std::nullopt)))
        found += one.company == oak.uuid ? one.finding.wrong.value_or("whole") : one.finding.wrong.value_or("");
    EXPECT_THAT(found, testing::HasSubstr("event 1 is not what was written"));
}

}  // namespace
}  // namespace mobilytics::audit
