#include <gtest/gtest.h>

#include <array>
#include <format>
#include <string>
#include <vector>

#include "platform/jobs/jobs.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/world_test.hpp"
#include "src/monitoring/monitoring.hpp"

namespace mobilytics::monitoring {

namespace {

class MonitoringRoutes : public auth::WorldTest {
protected:
    MonitoringRoutes() : monitoring{database(), clock(), queue, trail} {
        add_routes(router, monitoring);
        sql("insert into jobs.kinds (kind, timeout_s) values ('t.mail', 60), ('t.other', 900)");
    }

    JobId add_job(std::string kind = "t.mail", std::optional<CompanyId> company = {}) {
        auto id = run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<ids::Uuid> {
            co_return co_await queue.enqueue(session, {.kind = kind,
                                                       .company = company ? company->uuid : ids::Uuid{},
                                                       .payload = R"({"to":"jane@example.com"})",
                                                       .run_at = clock().now() + std::chrono::hours{1}});
        }));
        return JobId{id};
    }

    JobId add_dead(std::string kind = "t.mail", std::optional<CompanyId> company = {}) {
        auto id = add_job(std::move(kind), company);
        sql("update jobs.jobs set state = 'dead', ended_at = now(), attempts = 10, error = 'mail.away', "
            "failures = jobs.noted(failures, 10, 'mail.away') where id = '" +
            hex(id) + "'");
        return id;
    }

    std::string rows() {
        return sql_value("select string_agg(j::text, ',' order by id) from jobs.jobs j").value_or("") +
               sql_value("select string_agg(k::text, ',' order by kind) from jobs.kinds k").value() +
               sql_value("select count(*) from trail.events").value();
    }

    std::string told() {
        return sql_value(
                   "select string_agg(concat_ws(' ', company_id, actor_kind, actor_id, action, resource_id, "
                   "changes), '; ' order by event_id) from trail.events where action like 'job%'")
            .value_or("");
    }

    auth::Headers sam() { return as("sam"); }

    jobs::Queue queue;
    trail::Trail trail{clock()};
    Monitoring monitoring;
};

TEST_F(MonitoringRoutes, are_for_staff_only_and_nothing_happens_for_others) {
    const std::array<std::string, 6> callers = {"", "sam", "ada", "vic", "key:owner", "key:viewer"};
    const std::array<int, 6> statuses = {401, 200, 403, 403, 403, 403};
    for (const auto& who : callers) as(who);
    for (std::size_t i = 0; i < callers.size(); ++i) {
        const auto id = add_dead("t.mail", maple), other = add_job();
        for (const std::string& request :
             {std::string{"GET /v1/jobs"}, "GET /v1/jobs/" + id.text(), std::string{"GET /v1/job-kinds"},
              "POST /v1/jobs/" + id.text() + "/retry", "POST /v1/jobs/" + other.text() + "/cancel",
              std::string{"POST /v1/jobs/redrive"}, std::string{"POST /v1/job-kinds/t.mail/pause"},
              std::string{"POST /v1/job-kinds/t.mail/resume"}}) {
            SCOPED_TRACE(request + " as '" + callers[i] + "'");
            const auto before = rows();
            auto answer = call(request, request.ends_with("redrive") ? R"({"kind":"t.mail"})" : "", as(callers[i]));
            EXPECT_EQ(answer.status, statuses[i]) << answer.body;
            if (statuses[i] >= 400) {
                EXPECT_EQ(rows(), before) << "a refused request changed something";
            }
        }
    }
}

TEST_F(MonitoringRoutes, a_job_shows_what_went_wrong_and_nothing_of_what_it_was_given) {
    const auto id = add_dead("t.mail", maple);
    auto answer = call("GET /v1/jobs/" + id.text(), "", sam());
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("/job/id"), id.text());
    EXPECT_EQ(answer.at("/job/kind"), "t.mail");
    EXPECT_EQ(answer.at("/job/company_id"), maple.text());
    EXPECT_EQ(answer.at("/job/state"), "dead");
    EXPECT_EQ(answer.at("/job/error"), "mail.away");
    EXPECT_EQ(answer.at("/failures/0/error"), "mail.away");
    EXPECT_EQ(answer.at("/cause/by"), "null");
    EXPECT_FALSE(answer.body.contains("jane"));
    auto missing = call("GET /v1/jobs/" + JobId::make().text(), "", sam());
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.at("/code"), "monitoring.job_not_found");
}

TEST_F(MonitoringRoutes, a_job_shows_whose_request_it_follows_from) {
    const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";
    const auto id = run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<ids::Uuid> {
        jobs::NewJob job{.kind = "t.mail",
                         .cause = {{.trace_id = trace_id, .parent_id = ""}, "request-1", "usr_1", "usr_2"}};
        co_return co_await queue.enqueue(session, std::move(job));
    }));
    auto answer = call("GET /v1/jobs/" + JobId{id}.text(), "", sam());
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("/cause"), std::format(R"({{"by":"usr_1","impersonator":"usr_2","request_id":"request-1",)"
                                               R"("trace_id":"{}"}})",
                                               trace_id));
}

TEST_F(MonitoringRoutes, the_list_is_filtered_and_paged) {
    std::vector<std::string> all;
    for (int i = 0; i < 5; ++i) all.insert(all.begin(), add_job("t.other").text());
    const auto dead = add_dead("t.mail", maple);
    std::vector<std::string> paged;
    for (std::string cursor; cursor != "null";) {
        auto page = call("GET /v1/jobs?kind=t.other&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor), "", sam());
        ASSERT_EQ(page.status, 200) << page.body;
        for (std::size_t i = 0; i < page.items_at("/items"); ++i)
            paged.push_back(page.at(std::format("/items/{}/id", i)));
        cursor = page.at("/next_cursor");
    }
    EXPECT_EQ(paged, all);
    for (const std::string& query : {std::string{"state=dead"}, "company=" + maple.text()}) {
        auto page = call("GET /v1/jobs?" + query, "", sam());
        ASSERT_EQ(page.items_at("/items"), 1U) << page.body;
        EXPECT_EQ(page.at("/items/0/id"), dead.text());
    }
    EXPECT_EQ(call("GET /v1/jobs?state=done", "", sam()).status, 422);
}

TEST_F(MonitoringRoutes, retrying_brings_a_dead_job_back_and_is_in_its_companys_trail) {
    const auto id = add_dead("t.mail", maple);
    auto answer = call("POST /v1/jobs/" + id.text() + "/retry", "", sam());
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("/job/state"), "ready");
    EXPECT_EQ(answer.at("/job/attempts"), "0");
    EXPECT_EQ(answer.at("/job/run_at"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(told(), std::format(R"({} staff {} job.retried {} {{"state":{{"from":"dead","to":"ready"}}}})",
                                  hex(maple), people.at("sam").text(), id.text()));
}

TEST_F(MonitoringRoutes, a_waiting_job_is_cancelled_at_once_and_only_once) {
    const auto id = add_job();
    EXPECT_EQ(call("POST /v1/jobs/" + id.text() + "/cancel", "", sam()).at("/job/state"), "cancelled");
    EXPECT_TRUE(told().contains("job.cancelled " + id.text())) << told();
    const auto before = rows();
    auto again = call("POST /v1/jobs/" + id.text() + "/cancel", "", sam());
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.at("/code"), "jobs.wrong_state");
    EXPECT_EQ(rows(), before);
}

TEST_F(MonitoringRoutes, a_running_job_is_told_to_end_and_cannot_be_retried_meanwhile) {
    const auto id = add_job();
    sql("update jobs.jobs set state = 'running', leased_until = now() + interval '1 hour'");
    auto retried = call("POST /v1/jobs/" + id.text() + "/retry", "", sam());
    EXPECT_EQ(retried.status, 409);
    EXPECT_EQ(retried.at("/code"), "jobs.wrong_state");
    EXPECT_EQ(told(), "");
    auto cancelled = call("POST /v1/jobs/" + id.text() + "/cancel", "", sam());
    EXPECT_EQ(cancelled.at("/job/state"), "running");
    EXPECT_EQ(cancelled.at("/job/cancel_wanted"), "true");
}

TEST_F(MonitoringRoutes, redriving_brings_back_the_dead_of_a_kind) {
    for (int i = 0; i < 3; ++i) add_dead();
    add_dead("t.mail", maple);
    add_dead("t.other");
    auto one =
        call("POST /v1/jobs/redrive", std::format(R"({{"kind":"t.mail","company_id":"{}"}})", maple.text()), sam());
    EXPECT_EQ(one.at("/redriven"), "1") << one.body;
    auto all = call("POST /v1/jobs/redrive", R"({"kind":"t.mail","state":"dead"})", sam());
    EXPECT_EQ(all.at("/redriven"), "3");
    EXPECT_EQ(all.at("/left"), "0");
    EXPECT_EQ(sql_value("select count(*) from jobs.jobs where state = 'dead'"), "1");
    EXPECT_EQ(sql_value("select string_agg(changes, ' ' order by event_id) from trail.events where action like 'job%'"),
              R"({"state":{"to":"dead"},"jobs":{"to":1}} {"state":{"to":"dead"},"jobs":{"to":3}})");
    auto none = call("POST /v1/jobs/redrive", R"({"kind":"t.mail"})", sam());
    EXPECT_EQ(none.at("/redriven"), "0");
    EXPECT_EQ(sql_value("select count(*) from trail.events where action like 'job%'"), "2");
    EXPECT_EQ(call("POST /v1/jobs/redrive", R"({"kind":"t.mail","state":"running"})", sam()).pointers(), "/state");
    for (const std::string kind : {"t.nothing", R"(t.mail\u0000)"})
        EXPECT_EQ(call("POST /v1/jobs/redrive", std::format(R"({{"kind":"{}"}})", kind), sam()).at("/code"),
                  "monitoring.kind_not_found");
}

TEST_F(MonitoringRoutes, a_kind_is_paused_and_resumed) {
    add_job();
    add_dead();
    auto paused = call("POST /v1/job-kinds/t.mail/pause", "", sam());
    EXPECT_EQ(paused.at("/paused_at"), "2026-03-08T07:00:00.000Z") << paused.body;
    auto kinds = call("GET /v1/job-kinds", "", sam());
    ASSERT_EQ(kinds.items_at("/items"), 2U) << kinds.body;
    EXPECT_EQ(kinds.at("/items/0/kind"), "t.mail");
    EXPECT_EQ(kinds.at("/items/0/later"), "1");
    EXPECT_EQ(kinds.at("/items/0/dead"), "1");
    EXPECT_EQ(kinds.at("/items/0/paused_at"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(kinds.at("/items/1/paused_at"), "null");
    EXPECT_EQ(call("POST /v1/job-kinds/t.mail/resume", "", sam()).at("/paused_at"), "null");
    EXPECT_EQ(sql_value("select string_agg(action || ' ' || resource_id, ', ' order by event_id) from trail.events "
                        "where action like 'job%'"),
              "job_kind.paused t.mail, job_kind.resumed t.mail");
    auto unknown = call("POST /v1/job-kinds/t.nothing/pause", "", sam());
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.at("/code"), "monitoring.kind_not_found");
}

}  // namespace

}  // namespace mobilytics::monitoring
