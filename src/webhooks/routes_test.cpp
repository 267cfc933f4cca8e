#include "src/webhooks/webhook_room_test.hpp"

namespace mobilytics::webhooks {
namespace {

using testing::HasSubstr;
using testing::Not;

class WebhookRoutes : public WebhookRoomTest {
protected:
    std::string everything() {
        return sql_value(
                   "select string_agg(row, E'\\n' order by row) from ("
                   "select e::text as row from webhooks.endpoints e union all select d::text from webhooks.deliveries "
                   "d "
                   "union all select j::text from jobs.jobs j union all select t::text from trail.heads t) as rows")
            .value_or("");
    }
    std::string refusal(const std::string& who, const std::string& target, const std::string& body = "") {
        as(who);
        const auto before = everything();
        auto result = outcome(who, target, body);
        EXPECT_EQ(everything(), before) << who << " " << target << " left something behind";
        return result;
    }
};

TEST_F(WebhookRoutes, an_endpoint_is_added_with_its_secret_and_there_to_read) {
    const auto answer = ask("ada", "POST /v1/webhooks",
                            R"({"url":"https://hooks.example.com/a","description":"Ours",)"
                            R"("event_types":["campaign.launched"],"per_second":5})");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto id = answer.at("/webhook/id");
    const auto expected = std::format(
        R"({{"id":"{}","url":"https://hooks.example.com/a","description":"Ours","event_types":["campaign.launched"],)"
        R"("per_second":5,"enabled":true,"disabled_because":null,"disabled_at":null,"failing_since":null,)"
        R"("previous_secret_until":null,"created_at":"2026-03-08T07:00:00.000Z","version":"1"}})",
        id);
    EXPECT_EQ(answer.headers.at("Location"), "/v1/webhooks/" + id);
    EXPECT_EQ(ask("ada", "GET /v1/webhooks/" + id).body, expected);
    EXPECT_EQ(ask("ann", "GET /v1/webhooks").body, R"({"items":[)" + expected + R"(],"next_cursor":null})");
    EXPECT_THAT(answer.at("/secret"), testing::StartsWith("whsec_"));
    EXPECT_EQ(ask("max", "GET /v1/webhooks/" + id + "/secret").at("/secret"), answer.at("/secret"));
    EXPECT_EQ(trail_of(maple), "webhook.created webhook.secret_shown");
}

TEST_F(WebhookRoutes, the_database_holds_no_secret_that_it_could_tell) {
    const auto endpoint = added();
    ask("ada", "POST " + endpoint.path + "/secret/rotate");
    const auto stored = sql_value(
                            "select (select string_agg(e::text, '') from webhooks.endpoints e) || "
                            "(select string_agg(encode(secret, 'escape') || encode(previous_secret, 'escape'), '') "
                            "from webhooks.endpoints) || (select string_agg(t::text, '') from trail.events t)")
                            .value();
    EXPECT_THAT(stored, Not(HasSubstr(endpoint.secret.substr(6, 20))));
    EXPECT_THAT(stored, Not(HasSubstr("whsec_")));
    // Bytes that are moved to another endpoint do not open there.
    const auto other = added();
    sql("update webhooks.endpoints e set secret = o.secret from webhooks.endpoints o where e.endpoint_id <> "
        "o.endpoint_id");
    EXPECT_EQ(outcome("ada", "GET " + other.path + "/secret"), "503 webhooks.sealed_by_another_key");
}

TEST_F(WebhookRoutes, each_role_does_what_it_may) {
    const auto endpoint = added();
    const auto delivery = ask("ada", "POST " + endpoint.path + "/test").at("/id");
    const auto log = endpoint.path + "/deliveries/" + delivery;
    const std::vector<std::string> reads{"GET /v1/webhook-event-types", "GET /v1/webhooks", "GET " + endpoint.path,
                                         "GET " + endpoint.path + "/deliveries", "GET " + log};
    const std::vector<std::pair<std::string, std::string>> manages{
        {"POST /v1/webhooks", R"({"url":"https://hooks.example.com/new"})"},
        {"PATCH " + endpoint.path, R"({"description":"New"})"},
        {"GET " + endpoint.path + "/secret", ""},
        {"POST " + endpoint.path + "/secret/rotate", ""},
        {"POST " + endpoint.path + "/test", ""},
        {"POST " + endpoint.path + "/replay", R"({"from":"2026-03-01T00:00:00Z","to":"2026-04-01T00:00:00Z"})"},
        {"POST " + log + "/retry", ""},
        {"POST " + endpoint.path + "/disable", ""},
        {"POST " + endpoint.path + "/enable", ""},
        {"DELETE " + endpoint.path, ""}};
    for (const auto& [who, may_read] :
         {std::pair{"vic", false}, {"ivy", false}, {"ann", true}, {"key:viewer", false}}) {
        for (const auto& target : reads)
            EXPECT_EQ(refusal(who, target), may_read ? "200" : "403 auth.not_permitted") << who << " " << target;
        for (const auto& [target, body] : manages)
            EXPECT_EQ(refusal(who, target, body), "403 auth.not_permitted") << who << " " << target;
    }
    for (const auto& target : reads) EXPECT_EQ(refusal("", target), "401 auth.not_signed_in") << target;
    for (const auto& target : reads) EXPECT_EQ(refusal("sam", target), "403 auth.no_company") << target;
    for (const auto& [target, body] : manages) EXPECT_EQ(refusal("", target, body), "401 auth.not_signed_in");
    for (const auto& target : reads) EXPECT_EQ(outcome("max", target), "200");
    const std::vector<std::string> done{"201", "200", "200", "200", "202", "202", "202", "200", "200", "204"};
    for (std::size_t i = 0; i < manages.size(); ++i)
        EXPECT_EQ(outcome("max", manages[i].first, manages[i].second), done[i]) << manages[i].first;
}

TEST_F(WebhookRoutes, another_companys_endpoint_does_not_exist) {
    const auto endpoint = added("ada");
    const auto delivery = ask("ada", "POST " + endpoint.path + "/test").at("/id");
    const auto own = added("olga");
    const auto span = R"({"from":"2026-03-01T00:00:00Z","to":"2026-04-01T00:00:00Z"})";
    for (const auto& [target, body] : {std::pair<std::string, std::string>{"GET " + endpoint.path, ""},
                                       {"PATCH " + endpoint.path, R"({"description":"Mine"})"},
                                       {"DELETE " + endpoint.path, ""},
                                       {"POST " + endpoint.path + "/enable", ""},
                                       {"POST " + endpoint.path + "/disable", ""},
                                       {"GET " + endpoint.path + "/secret", ""},
                                       {"POST " + endpoint.path + "/secret/rotate", ""},
                                       {"POST " + endpoint.path + "/test", ""},
                                       {"POST " + endpoint.path + "/replay", span},
                                       {"GET " + endpoint.path + "/deliveries", ""},
                                       {"GET " + endpoint.path + "/deliveries/" + delivery, ""},
                                       {"POST " + endpoint.path + "/deliveries/" + delivery + "/retry", ""}})
        EXPECT_EQ(refusal("olga", target, body), "404 webhooks.not_found") << target;
    EXPECT_EQ(refusal("olga", "GET " + own.path + "/deliveries/" + delivery), "404 webhooks.delivery_not_found");
    EXPECT_EQ(refusal("olga", "POST " + own.path + "/deliveries/" + delivery + "/retry"),
              "404 webhooks.delivery_not_found");
    EXPECT_EQ(ask("olga", "GET /v1/webhooks").items_at("/items"), 1U);
}

TEST_F(WebhookRoutes, what_cannot_be_is_refused_and_leaves_nothing) {
    const auto endpoint = added();
    struct Row {
        std::string target, body, outcome, pointers;
    };
    for (const Row& row : {
             Row{"POST /v1/webhooks", R"({"url":"http://hooks.example.com/"})", "422 webhooks.invalid", "/url"},
             Row{"POST /v1/webhooks", R"({"url":"https://10.0.0.1/"})", "422 webhooks.invalid", "/url"},
             Row{"POST /v1/webhooks", R"({"url":"https://localhost/"})", "422 webhooks.invalid", "/url"},
             Row{"POST /v1/webhooks", R"({"url":"https://e.com","event_types":["zebra.seen"]})", "422 webhooks.invalid",
                 "/event_types/0"},
             Row{"POST /v1/webhooks", R"({"url":"https://e.com","event_types":[]})", "422 webhooks.invalid",
                 "/event_types"},
             Row{"POST /v1/webhooks", R"({"url":"https://e.com","per_second":101})", "422 http.invalid_body",
                 "/per_second"},
             Row{"POST /v1/webhooks", R"({"url":"https://e.com","secret":"x"})", "422 http.invalid_body", "/secret"},
             Row{"PATCH " + endpoint.path, R"({"url":"https://169.254.169.254/"})", "422 webhooks.invalid", "/url"},
             Row{"PATCH " + endpoint.path, R"({"enabled":false})", "422 http.invalid_body", "/enabled"},
             Row{"POST " + endpoint.path + "/replay", R"({"from":"2026-03-02T00:00:00Z","to":"2026-03-02T00:00:00Z"})",
                 "422 webhooks.invalid_span", "/to"},
         }) {
        EXPECT_EQ(refusal("ada", row.target, row.body), row.outcome) << row.body;
        EXPECT_EQ(ask("ada", row.target, row.body).pointers(), row.pointers) << row.body;
    }
}

TEST_F(WebhookRoutes, a_company_has_twenty_endpoints_at_most) {
    for (int number = 1; number < most_endpoints; ++number) added();
    const auto last = added();
    EXPECT_EQ(refusal("ada", "POST /v1/webhooks", R"({"url":"https://e.com"})"), "409 webhooks.too_many");
    added("olga");
    EXPECT_EQ(outcome("ada", "DELETE " + last.path), "204");
    added();
    const auto first = ask("ada", "GET /v1/webhooks?limit=15");
    EXPECT_EQ(first.items_at("/items"), 15U);
    EXPECT_EQ(ask("ada", "GET /v1/webhooks?limit=15&cursor=" + first.at("/next_cursor")).items_at("/items"), 5U);
}

TEST_F(WebhookRoutes, an_edit_changes_what_it_names_and_one_of_an_old_version_is_refused) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"],"per_second":5)");
    const auto tag = "\"" + ask("ada", "GET " + endpoint.path).etag + "\"";
    auto headers = as("ada");
    headers["If-Match"] = tag;
    const auto edited = call("PATCH " + endpoint.path, R"({"description":"Ours","event_types":null})", headers);
    EXPECT_EQ(edited.at("/description"), "Ours");
    EXPECT_EQ(edited.at("/event_types"), "null");
    EXPECT_EQ(edited.at("/per_second"), "5");
    EXPECT_EQ(call("PATCH " + endpoint.path, R"({"description":"Late"})", headers).at("/code"),
              "http.changed_meanwhile");
    EXPECT_EQ(ask("ada", "PATCH " + endpoint.path, R"({"per_second":null})").at("/per_second"), "null");
    EXPECT_EQ(trail_of(maple), "webhook.created webhook.changed webhook.changed");
}

TEST_F(WebhookRoutes, an_endpoint_is_disabled_and_enabled_and_deleted) {
    const auto endpoint = added();
    const auto off = ask("ada", "POST " + endpoint.path + "/disable");
    EXPECT_EQ(off.at("/enabled"), "false");
    EXPECT_EQ(off.at("/disabled_because"), "person");
    EXPECT_EQ(off.at("/disabled_at"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(ask("ada", "POST " + endpoint.path + "/disable").body, off.body);
    EXPECT_EQ(outcome("ada", "POST " + endpoint.path + "/test"), "409 webhooks.disabled");
    EXPECT_EQ(ask("ada", "POST " + endpoint.path + "/enable").at("/disabled_because"), "null");
    EXPECT_EQ(outcome("ada", "DELETE " + endpoint.path), "204");
    EXPECT_EQ(outcome("ada", "GET " + endpoint.path), "404 webhooks.not_found");
    EXPECT_EQ(trail_of(maple), "webhook.created webhook.disabled webhook.enabled webhook.deleted");
}

TEST_F(WebhookRoutes, the_types_of_events_are_listed) {
    const auto all = ask("ann", "GET /v1/webhook-event-types?limit=200");
    EXPECT_GT(all.items_at("/items"), 30U);
    EXPECT_EQ(all.at("/items/0/type"), "api_key.created");
    EXPECT_EQ(all.at("/next_cursor"), "null");
    const auto first = ask("ann", "GET /v1/webhook-event-types?limit=1");
    const auto second = ask("ann", "GET /v1/webhook-event-types?limit=1&cursor=" + first.at("/next_cursor"));
    EXPECT_EQ(second.at("/items/0/type"), all.at("/items/1/type"));
}

}  // namespace
}  // namespace mobilytics::webhooks
