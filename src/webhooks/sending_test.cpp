#include <atomic>

#include "platform/async/promise.hpp"
#include "src/webhooks/signature.hpp"
#include "src/webhooks/webhook_room_test.hpp"

namespace mobilytics::webhooks {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class Sending : public WebhookRoomTest {
protected:
    std::string signatures(const std::vector<std::string>& secrets, const outbound::Post& post) {
        std::string text;
        const clock::Instant at{std::chrono::seconds{std::stoll(header_of(post, "webhook-timestamp"))}};
        for (const std::string& secret : secrets)
            text += (text.empty() ? "" : " ") + signature_of(secret, header_of(post, "webhook-id"), at, post.body);
        return text;
    }
    std::string first_delivery(const Added& endpoint) {
        return ask("ada", "GET " + endpoint.path + "/deliveries").at("/items/0/id");
    }
};

TEST_F(Sending, an_event_is_told_signed_to_the_endpoints_that_want_it) {
    const auto all = added();
    const auto launches = added("max", R"(,"event_types":["campaign.launched"])");
    const auto others = added("ada", R"(,"event_types":["campaign.paused"])");
    const auto neighbour = added("olga");
    sql("delete from webhooks.messages; delete from jobs.jobs");  // of the endpoints' own making
    happen();
    work();
    ASSERT_EQ(posts().size(), 2U);
    for (const auto& post : posts()) {
        const bool to_all = post.url == "https://hooks.example.com/ada";
        EXPECT_EQ(header_of(post, "webhook-signature"), signatures({to_all ? all.secret : launches.secret}, post));
        EXPECT_EQ(header_of(post, "webhook-timestamp"), "1772953200");
        EXPECT_THAT(header_of(post, "webhook-id"), testing::StartsWith("msg_"));
        EXPECT_THAT(post.body, HasSubstr(R"({"type":"campaign.launched","timestamp":"2026-03-08T07:00:00.000Z",)"
                                         R"("data":{"id":"cmp_1","name":"Spring","event_id":"evt_)"));
    }
    EXPECT_EQ(posts()[0].body, posts()[1].body);
    EXPECT_EQ(deliveries(all.id), "campaign.launched succeeded 1 200");
    EXPECT_EQ(deliveries(launches.id), "campaign.launched succeeded 1 200");
    EXPECT_EQ(deliveries(others.id) + deliveries(neighbour.id), "");
    EXPECT_EQ(sql_value("select count(*) from webhooks.messages"), "1");
    EXPECT_EQ(sql_value("select count(*) from jobs.jobs where kind = 'webhooks.deliver'"), "0");
}

TEST_F(Sending, each_attempt_continues_the_trace_of_the_event) {
    added("ada", R"(,"event_types":["campaign.launched"])");
    will_answer({{.status = 500}});
    const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";
    run(database().transaction(db::Scope::of(maple), [&](db::Session& session) -> Task<void> {
        co_await trail.record(session, maple, {.kind = "person", .trace_id = trace_id, .sampled = true}, something());
    }));
    work();
    pass(10s);
    ASSERT_EQ(posts().size(), 2U);
    std::vector<std::string> parents;
    for (const auto& post : posts()) {
        const auto context = trace::parse(header_of(post, "traceparent"));
        ASSERT_TRUE(context) << header_of(post, "traceparent");
        EXPECT_EQ(context->trace_id, trace_id);
        EXPECT_TRUE(context->sampled);
        parents.push_back(context->parent_id);
    }
    EXPECT_NE(parents[0], parents[1]);
}

TEST_F(Sending, attempts_are_counted_by_how_long_they_took_and_deliveries_by_their_end) {
    added("ada", R"(,"event_types":["campaign.launched"])");
    will_answer(
        {{.status = 500, .took = 300ms}, {.failure = "nobody there", .took = 2s}, {.status = 204, .took = 20ms}});
    happen();
    work();
    pass(10s);
    pass(6min);
    will_answer({{.status = 410, .took = 20ms}});
    happen();
    work();
    const auto text = "\n" + run(registry.text());
    for (const std::string line :
         {R"(webhooks_attempt_seconds_count{outcome="refused"} 2)",
          R"(webhooks_attempt_seconds_bucket{outcome="refused",le="0.05"} 1)",
          R"(webhooks_attempt_seconds_bucket{outcome="refused",le="0.5"} 2)",
          R"(webhooks_attempt_seconds_sum{outcome="unreachable"} 2)",
          R"(webhooks_attempt_seconds_count{outcome="succeeded"} 1)",
          R"(webhooks_deliveries_total{outcome="succeeded"} 1)", R"(webhooks_deliveries_total{outcome="failed"} 1)"})
        EXPECT_THAT(text, HasSubstr("\n" + line + "\n"));
}

TEST_F(Sending, what_was_undone_or_refused_or_is_nobodys_business_is_not_told) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    EXPECT_ANY_THROW(run(database().transaction(db::Scope::of(maple), [&](db::Session& session) -> Task<void> {
        co_await trail.record(session, maple, {.kind = "person"}, something());
        throw std::runtime_error{"no"};
    })));
    auto refused = something();
    refused.outcome = trail::Outcome::refused;
    happen(maple, refused);
    happen("session.opened");
    happen(oak, something());
    EXPECT_EQ(deliveries(), "");
    ask("ada", "POST " + endpoint.path + "/disable");
    happen();
    EXPECT_EQ(deliveries(), "") << "what happens while it is disabled is not kept for it";
}

TEST_F(Sending, a_failure_is_tried_again_under_the_same_id_and_the_log_tells_all) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    will_answer({{.failure = "no answer within 15 s", .took = 15000ms}, {.status = 500, .body = "oops\x01"}});
    happen();
    work();
    EXPECT_EQ(deliveries(), "campaign.launched pending 1");
    EXPECT_EQ(ask("ada", "GET " + endpoint.path).at("/failing_since"), "2026-03-08T07:00:00.000Z");
    pass(4s);
    EXPECT_EQ(posts().size(), 1U);
    pass(2s);
    EXPECT_EQ(deliveries(), "campaign.launched pending 2 500");
    pass(6min);
    EXPECT_EQ(deliveries(), "campaign.launched succeeded 3 200");
    EXPECT_EQ(ask("ada", "GET " + endpoint.path).at("/failing_since"), "null");

    ASSERT_EQ(posts().size(), 3U);
    EXPECT_EQ(header_of(posts()[0], "webhook-id"), header_of(posts()[2], "webhook-id"));
    EXPECT_EQ(posts()[0].body, posts()[2].body);
    EXPECT_EQ(header_of(posts()[2], "webhook-timestamp"), "1772953566") << "of the attempt";
    EXPECT_EQ(header_of(posts()[2], "webhook-signature"), signatures({endpoint.secret}, posts()[2]));

    const auto log = ask("ann", "GET " + endpoint.path + "/deliveries/" + first_delivery(endpoint));
    EXPECT_EQ(log.at("/delivery/message_id"), header_of(posts()[0], "webhook-id"));
    EXPECT_EQ(log.at("/body"), posts()[0].body);
    EXPECT_EQ(log.items_at("/attempts"), 3U);
    EXPECT_EQ(log.at("/attempts/0/status"), "null");
    EXPECT_EQ(log.at("/attempts/0/failure"), "no answer within 15 s");
    EXPECT_EQ(log.at("/attempts/0/took_ms"), "15000");
    EXPECT_EQ(log.at("/attempts/1/response_body"), "oops\uFFFD");
    EXPECT_EQ(log.at("/attempts/2/response_body"), "thanks");
    EXPECT_EQ(log.at("/attempts/2/request_headers/4"),
              "webhook-signature: " + header_of(posts()[2], "webhook-signature"));
}

TEST_F(Sending, a_receiver_that_says_when_to_come_back_is_heeded) {
    added("ada", R"(,"event_types":["campaign.launched"])");
    will_answer({{.status = 429, .retry_after = 600s}});
    happen();
    work();
    pass(599s);
    EXPECT_EQ(deliveries(), "campaign.launched pending 1 429");
    pass(1s);
    EXPECT_EQ(deliveries(), "campaign.launched succeeded 2 200");
}

TEST_F(Sending, after_ten_attempts_without_one_success_the_endpoint_is_disabled_and_others_are_told) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    const auto watcher = added("max", R"(,"event_types":["webhook.disabled"])");
    receiver = [](outbound::Post post) -> Task<outbound::Sent> {
        co_return outbound::Sent{.status = post.url.ends_with("/ada") ? 301 : 200};
    };
    happen();
    work();
    for (int attempt = 2; attempt <= 10; ++attempt) {
        EXPECT_EQ(ask("key:owner", "GET " + endpoint.path).at("/enabled"), "true");
        pass(27h);
    }
    EXPECT_EQ(deliveries(endpoint.id), "campaign.launched failed 10 301");
    const auto off = ask("key:owner", "GET " + endpoint.path);
    EXPECT_EQ(off.at("/enabled"), "false");
    EXPECT_EQ(off.at("/disabled_because"), "failing");
    EXPECT_EQ(deliveries(watcher.id), "webhook.disabled succeeded 1 200");
    EXPECT_EQ(sql_value("select actor_kind || ' ' || actor_id || ' ' || resource_id from trail.events "
                        "where action = 'webhook.disabled'"),
              "job webhooks.deliver " + endpoint.id);
}

TEST_F(Sending, an_endpoint_that_takes_some_stays_enabled) {
    as("key:owner");  // made while the session lasts
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched","campaign.paused"])");
    receiver = [](outbound::Post post) -> Task<outbound::Sent> {
        co_return outbound::Sent{.status = post.body.contains("campaign.launched") ? 500 : 200};
    };
    happen();
    work();
    for (int attempt = 2; attempt <= 10; ++attempt) {
        if (attempt == 5) happen("campaign.paused");
        pass(27h);
    }
    EXPECT_EQ(deliveries(endpoint.id), "campaign.launched failed 10 500\ncampaign.paused succeeded 1 200");
    EXPECT_EQ(ask("key:owner", "GET " + endpoint.path).at("/enabled"), "true");
}

TEST_F(Sending, one_that_is_gone_is_asked_no_more) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    will_answer({{.status = 500}, {.status = 410}});
    happen();
    work();
    happen("campaign.launched");
    work();
    EXPECT_EQ(deliveries(), "campaign.launched pending 1 500\ncampaign.launched failed 1 410");
    EXPECT_EQ(ask("ada", "GET " + endpoint.path).at("/disabled_because"), "gone");
    pass(1min);
    EXPECT_EQ(deliveries(), "campaign.launched cancelled 1 500\ncampaign.launched failed 1 410");
    EXPECT_EQ(posts().size(), 2U);
    EXPECT_EQ(trail_of(maple), "webhook.created webhook.disabled");
    EXPECT_EQ(outcome("ada", "POST " + endpoint.path + "/deliveries/" + first_delivery(endpoint) + "/retry"),
              "409 webhooks.disabled");
}

TEST_F(Sending, what_waits_for_one_that_was_deleted_ends) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    happen();
    ask("ada", "DELETE " + endpoint.path);
    work();
    EXPECT_TRUE(posts().empty());
    EXPECT_EQ(deliveries(), "campaign.launched cancelled 0");
}

TEST_F(Sending, both_secrets_sign_for_a_day_after_a_rotation) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    const auto rotated = ask("ada", "POST " + endpoint.path + "/secret/rotate");
    const auto fresh = rotated.at("/secret");
    EXPECT_NE(fresh, endpoint.secret);
    EXPECT_EQ(rotated.at("/previous_until"), "2026-03-09T07:00:00.000Z");
    happen();
    work();
    EXPECT_EQ(header_of(posts()[0], "webhook-signature"), signatures({fresh, endpoint.secret}, posts()[0]));
    clock().set(clock().now() + 24h);
    happen();
    work();
    EXPECT_EQ(header_of(posts()[1], "webhook-signature"), signatures({fresh}, posts()[1]));
    EXPECT_THAT(trail_of(maple), HasSubstr("webhook.secret_rotated"));
}

TEST_F(Sending, an_endpoint_is_sent_to_at_its_pace) {
    added("ada", R"(,"event_types":["campaign.launched"],"per_second":2)");
    for (int number = 0; number < 4; ++number) happen();
    work();
    EXPECT_EQ(posts().size(), 1U);
    pass(500ms);
    EXPECT_EQ(posts().size(), 2U);
    pass(499ms);
    EXPECT_EQ(posts().size(), 2U);
    pass(501ms);
    EXPECT_EQ(posts().size(), 4U);
}

// The slow one's messages came first; still the other's gets through, and only a few of the slow one's are under way.
TEST_F(Sending, a_slow_endpoint_has_a_few_places_only) {
    added("ada", R"(,"event_types":["campaign.launched"])");
    const auto quick = added("max", R"(,"event_types":["campaign.paused"])");
    std::vector<async::Promise<bool>> ends(20);
    std::atomic<std::size_t> under_way = 0;
    receiver = [&](outbound::Post post) -> Task<outbound::Sent> {
        if (post.url.ends_with("/ada")) co_await ends[under_way++].wait();
        co_return outbound::Sent{.status = 200};
    };
    for (std::size_t number = 0; number < ends.size(); ++number) happen();
    happen("campaign.paused");
    auto working = std::thread{[&] { work(); }};
    until([&] { return deliveries(quick.id) == "campaign.paused succeeded 1 200"; });
    EXPECT_LE(under_way, 4U);
    for (auto& end : ends) end.set(true);
    working.join();
    EXPECT_EQ(under_way, ends.size());
}

TEST_F(Sending, a_test_goes_to_its_endpoint_alone) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    added("max");
    const auto sent = ask("ada", "POST " + endpoint.path + "/test");
    EXPECT_EQ(sent.at("/type"), "webhook.test");
    EXPECT_EQ(sent.at("/state"), "pending");
    work();
    EXPECT_EQ(deliveries(endpoint.id), "webhook.test succeeded 1 200");
    EXPECT_THAT(posts().back().body, HasSubstr("\"id\":\"" + endpoint.id));
}

TEST_F(Sending, a_delivery_that_ended_is_sent_again_when_asked) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    happen();
    work();
    const auto path = endpoint.path + "/deliveries/" + first_delivery(endpoint);
    will_answer({{.status = 500}, {.status = 500}});
    const auto again = ask("ada", "POST " + path + "/retry");
    EXPECT_EQ(again.at("/state"), "pending");
    EXPECT_EQ(again.at("/attempts"), "1");
    work();
    EXPECT_EQ(deliveries(), "campaign.launched pending 2 500");
    // One that waits comes sooner, and not twice.
    EXPECT_EQ(outcome("ada", "POST " + path + "/retry"), "202");
    work();
    EXPECT_EQ(deliveries(), "campaign.launched pending 3 500");
    pass(6min);
    EXPECT_EQ(deliveries(), "campaign.launched succeeded 4 200");
    EXPECT_EQ(header_of(posts().front(), "webhook-id"), header_of(posts().back(), "webhook-id"));
    EXPECT_EQ(trail_of(maple), "webhook.created webhook.delivery_retried webhook.delivery_retried");
}

TEST_F(Sending, a_span_is_replayed) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched"])");
    const auto other = added("max", R"(,"event_types":["campaign.launched"])");
    happen();
    work();
    clock().set(clock().now() + 1h);
    sql("update webhooks.deliveries set state = 'failed'");
    happen();
    work();
    clock().set(clock().now() + 1h);
    happen();
    work();
    const auto replay = [&](const std::string& from, const std::string& to, const std::string& rest = "") {
        const auto answer =
            ask("ada", "POST " + endpoint.path + "/replay",
                std::format(R"({{"from":"2026-03-08T{}:00Z","to":"2026-03-08T{}:00Z"{}}})", from, to, rest));
        EXPECT_EQ(answer.status, 202) << answer.body;
        return answer.at("/deliveries");
    };
    EXPECT_EQ(replay("07:00", "09:00"), "1") << "what succeeded is left alone";
    EXPECT_EQ(replay("07:00", "09:00"), "0") << "it is on its way";
    work();
    EXPECT_EQ(replay("07:00", "09:00", R"(,"only_failed":false)"), "2");
    work();
    EXPECT_EQ(
        deliveries(endpoint.id),
        "campaign.launched succeeded 3 200\ncampaign.launched succeeded 2 200\ncampaign.launched succeeded 1 200");
    EXPECT_THAT(deliveries(other.id), HasSubstr("failed 1"));
    EXPECT_THAT(sql_value("select changes from trail.events where action = 'webhook.replayed' order by sequence desc "
                          "limit 1")
                    .value(),
                HasSubstr(R"("deliveries":{"to":2})"));
}

TEST_F(Sending, the_list_is_narrowed_and_goes_on_where_it_stopped) {
    const auto endpoint = added("ada", R"(,"event_types":["campaign.launched","campaign.paused"])");
    will_answer({{.status = 500}});
    happen("campaign.launched");
    work();
    happen("campaign.paused");
    happen("campaign.launched");
    work();
    const auto list = [&](const std::string& query) {
        return ask("ada", "GET " + endpoint.path + "/deliveries" + query);
    };
    EXPECT_EQ(list("").items_at("/items"), 3U);
    EXPECT_EQ(list("?state=pending").items_at("/items"), 1U);
    EXPECT_EQ(list("?type=campaign.paused").items_at("/items"), 1U);
    EXPECT_EQ(list("?state=succeeded&type=campaign.launched").items_at("/items"), 1U);
    const auto first = list("?limit=2");
    const auto second = list("?limit=2&cursor=" + first.at("/next_cursor"));
    EXPECT_EQ(second.items_at("/items"), 1U);
    EXPECT_EQ(second.at("/items/0/state"), "pending");
}

TEST_F(Sending, after_thirty_days_a_message_is_forgotten_with_all_that_is_known_of_it) {
    added("ada", R"(,"event_types":["campaign.launched"])");
    happen();
    work();
    clock().set(clock().now() + 30 * 24h);
    happen();
    work();
    run(webhooks.forget_old());
    EXPECT_EQ(sql_value("select count(*) from webhooks.messages"), "2");
    clock().set(clock().now() + 1s);
    run(webhooks.forget_old());
    EXPECT_EQ(sql_value("select count(*) from webhooks.messages"), "1");
    EXPECT_EQ(sql_value("select count(*) from webhooks.attempts"), "1");
}

TEST_F(Sending, a_secret_sealed_by_another_key_sends_nothing_and_waits) {
    added("ada", R"(,"event_types":["campaign.launched"])");
    sql("update webhooks.endpoints set secret = set_byte(secret, 40, get_byte(secret, 40) # 1)");
    happen();
    const auto job = sql_value("select id from jobs.jobs where kind = 'webhooks.deliver'").value();
    jobs::Runner runner{runtime(), database(), clock(), queue};
    add_jobs(runner, webhooks);
    runner.start();
    until([&] { return sql_value("select attempts || state from jobs.jobs where id = '" + job + "'") == "1ready"; });
    EXPECT_TRUE(posts().empty());
    EXPECT_EQ(deliveries(), "campaign.launched pending 0");
}

}  // namespace
}  // namespace mobilytics::webhooks
