#include "src/monitoring/alerts.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <format>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/jobs/jobs.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/world_test.hpp"
#include "src/monitoring/checks.hpp"

namespace mobilytics::monitoring {

namespace {

using namespace std::chrono_literals;

class AlertRoutes : public auth::WorldTest {
protected:
    AlertRoutes() { add_routes(router, alerts); }

    // Runs the jobs that wait, and gives the letters that were written since the last time.
    std::vector<mail::Message> letters_written() {
        {
            jobs::Runner runner{runtime(), database(), clock(), queue};
            add_letters(runner, alerts);
            runner.start();
            const auto deadline = std::chrono::steady_clock::now() + 2min;
            while (sql_value("select count(*) from jobs.jobs where state in ('ready', 'running')") != "0") {
                if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"the letters never went"};
                std::this_thread::sleep_for(5ms);
            }
        }
        std::lock_guard lock{postbox.mutex};
        return std::exchange(postbox.letters, {});
    }

    // The one letter that was written, which went to sam.
    mail::Message letter() {
        auto written = letters_written();
        EXPECT_EQ(written.size(), 1U);
        if (written.size() != 1) return {};
        EXPECT_EQ(written[0].to.address, "sam@example.com");
        return written[0];
    }

    // A minute later everything measures so.
    void judge(std::vector<Reading> found) {
        readings = std::move(found);
        clock().set(clock().now() + 1min);
        run(alerts.judge());
    }

    auth::Headers sam() { return as("sam"); }
    std::string open_id() { return call("GET /v1/alerts?state=open", "", sam()).at("/items/0/id"); }
    std::string states() {
        return sql_value(
                   "select string_agg(concat_ws(' ', rule, about, case when fired_at is null then 'noticed' when "
                   "resolved_at is null then 'firing' else 'resolved' end), ', ' order by alert_id) "
                   "from monitoring.alerts")
            .value_or("");
    }
    std::string told() {
        return sql_value(
                   "select string_agg(concat_ws(' ', actor_kind, actor_id, action, resource_label), ', ' order by "
                   "event_id) from trail.events where action like 'alert.%'")
            .value_or("");
    }

    std::vector<Reading> readings;
    double files_open = 0.1;
    http::Readiness readiness;
    Process process{.name = "host-1",
                    .files_open = [this] { return files_open; },
                    .disk_full = [] { return 0.2; },
                    .readiness = readiness};
    Alerts alerts{database(),
                  clock(),
                  trail,
                  Post{queue, mailer, std::string{pages} + "/jobs"},
                  [this](Instant) -> Task<std::vector<Reading>> { co_return readings; },
                  process,
                  1};
};

TEST_F(AlertRoutes, are_for_staff_only_and_nothing_happens_for_others) {
    judge({{Rule::dead_jobs, "t.mail", 2}});
    const auto id = open_id();
    const std::array<std::string, 5> callers = {"", "ada", "vic", "key:owner", "sam"};
    const std::array<int, 5> statuses = {401, 403, 403, 403, 200};
    for (const auto& who : callers) as(who);
    for (std::size_t i = 0; i < callers.size(); ++i)
        for (const std::string& request : {std::string{"GET /v1/alerts"}, std::string{"GET /v1/alert-rules"},
                                           std::string{"GET /v1/checks"}, "POST /v1/alerts/" + id + "/acknowledge"}) {
            SCOPED_TRACE(request + " as '" + callers[i] + "'");
            auto answer = call(request, request.starts_with("POST") ? R"({"note":"mine"})" : "", as(callers[i]));
            EXPECT_EQ(answer.status, statuses[i]) << answer.body;
            EXPECT_EQ(sql_value("select count(*) from monitoring.alerts where acknowledged_at is not null"),
                      statuses[i] == 200 && request.starts_with("POST") ? "1" : "0");
        }
}

TEST_F(AlertRoutes, what_is_wrong_is_shown_told_once_and_ends_by_itself) {
    judge({{Rule::dead_jobs, "t.mail", 2}, {Rule::webhooks_disabled, "", 1}});
    auto open = call("GET /v1/alerts?state=open", "", sam());
    ASSERT_EQ(open.items_at("/items"), 1U) << open.body;
    EXPECT_EQ(open.at("/items/0/rule"), "dead_jobs");
    EXPECT_EQ(open.at("/items/0/subject"), "t.mail");
    EXPECT_EQ(open.at("/items/0/value"), "2");
    EXPECT_EQ(open.at("/items/0/state"), "open");
    EXPECT_EQ(open.at("/items/0/fired_at"), "2026-03-08T07:01:00.000Z");
    EXPECT_EQ(open.at("/items/0/acknowledged"), "null");
    const auto told_of = letter();
    EXPECT_TRUE(told_of.subject.ends_with("Jobs were given up")) << told_of.subject;
    EXPECT_TRUE(told_of.text.contains("Jobs were given up (t.mail): ")) << told_of.text;
    EXPECT_TRUE(told_of.text.contains("/jobs\n")) << told_of.text;
    judge({{Rule::dead_jobs, "t.mail", 3}});
    EXPECT_TRUE(letters_written().empty());
    judge({});
    EXPECT_EQ(call("GET /v1/alerts?state=open", "", sam()).items_at("/items"), 0U);
    auto over = call("GET /v1/alerts?state=resolved", "", sam());
    EXPECT_EQ(over.at("/items/0/resolved_at"), "2026-03-08T07:03:00.000Z") << over.body;
    EXPECT_EQ(told(),
              "job monitoring.judge alert.fired dead_jobs t.mail, "
              "job monitoring.judge alert.resolved dead_jobs t.mail");
    EXPECT_TRUE(letters_written().empty());
}

TEST_F(AlertRoutes, many_troubles_at_once_are_one_letter) {
    judge({{Rule::dead_jobs, "t.mail", 1}, {Rule::dead_jobs, "t.other", 1}, {Rule::trail_broken, "", 1}});
    const auto told_of = letter();
    for (const std::string text : {"(t.mail)", "(t.other)", "The trail is not what was written"})
        EXPECT_TRUE(told_of.text.contains(text)) << told_of.text;
}

TEST_F(AlertRoutes, staff_are_reminded_daily_until_somebody_looks_after_it) {
    judge({{Rule::dead_jobs, "t.mail", 1}});
    letter();
    clock().set(clock().now() + 24h);
    judge({{Rule::dead_jobs, "t.mail", 1}});
    letter();
    const auto id = open_id();
    auto answer = call("POST /v1/alerts/" + id + "/acknowledge", R"({"note":"the mail server is being moved"})", sam());
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("/acknowledged/by"), people.at("sam").text());
    EXPECT_EQ(answer.at("/acknowledged/note"), "the mail server is being moved");
    EXPECT_TRUE(told().ends_with(std::format("staff {} alert.acknowledged dead_jobs t.mail", people.at("sam").text())))
        << told();
    clock().set(clock().now() + 24h);
    judge({{Rule::dead_jobs, "t.mail", 1}});
    EXPECT_TRUE(letters_written().empty());
}

TEST_F(AlertRoutes, what_is_over_or_never_was_is_not_acknowledged) {
    judge({{Rule::dead_jobs, "t.mail", 1}});
    const auto id = open_id();
    judge({});
    const auto acknowledge = [&](const std::string& which) {
        return call("POST /v1/alerts/" + which + "/acknowledge", "{}", sam());
    };
    EXPECT_EQ(acknowledge(id).at("/code"), "monitoring.alert_over");
    EXPECT_EQ(acknowledge(AlertId::make().text()).at("/code"), "monitoring.alert_not_found");
    EXPECT_EQ(call("POST /v1/alerts/" + id + "/acknowledge", R"({"note":")" + std::string(501, 'x') + R"("})", sam())
                  .pointers(),
              "/note");
}

TEST_F(AlertRoutes, trouble_that_comes_and_goes_is_one_alert_and_one_letter) {
    for (int i = 0; i < 3; ++i) {
        judge({{Rule::dead_jobs, "t.mail", 1}});
        judge({});
    }
    EXPECT_EQ(states(), "dead_jobs t.mail resolved");
    EXPECT_EQ(letters_written().size(), 1U);
}

TEST_F(AlertRoutes, what_was_only_noticed_is_shown_to_nobody) {
    judge({{Rule::mail_failing, "", 4}});
    EXPECT_EQ(states(), "mail_failing  noticed");
    EXPECT_EQ(call("GET /v1/alerts", "", sam()).items_at("/items"), 0U);
    judge({});
    EXPECT_EQ(states(), "");
}

TEST_F(AlertRoutes, what_another_process_said_of_itself_stands_until_it_is_silent) {
    readings = {{Rule::files_low, "host-2", 0.9}};
    Process second = process;
    second.name = "host-2";
    Alerts others{database(),
                  clock(),
                  trail,
                  Post{queue, mailer, std::string{pages} + "/jobs"},
                  [this](Instant) -> Task<std::vector<Reading>> { co_return readings; },
                  second,
                  0};
    run(others.judge());
    EXPECT_EQ(states(), "files_low host-2 firing");
    judge({});
    EXPECT_EQ(states(), "files_low host-2 firing");
    clock().set(clock().now() + 1h);
    for (int i = 0; i < 6; ++i) judge({});
    EXPECT_EQ(states(), "files_low host-2 resolved");
}

TEST_F(AlertRoutes, alerts_are_paged_and_old_ones_forgotten) {
    std::vector<Reading> five;
    for (int i = 0; i < 5; ++i) five.push_back({Rule::dead_jobs, std::format("t.{}", i), 1});
    judge(five);
    std::vector<std::string> paged;
    for (std::string cursor; cursor != "null";) {
        auto page = call("GET /v1/alerts?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor), "", sam());
        ASSERT_EQ(page.status, 200) << page.body;
        for (std::size_t i = 0; i < page.items_at("/items"); ++i)
            paged.push_back(page.at(std::format("/items/{}/subject", i)));
        cursor = page.at("/next_cursor");
    }
    EXPECT_EQ(paged.size(), 5U);
    judge({});
    clock().set(clock().now() + std::chrono::days{91});
    judge({});
    EXPECT_EQ(states(), "");
}

TEST_F(AlertRoutes, the_rules_say_what_to_do_and_metrics_how_many_fire) {
    auto rules = call("GET /v1/alert-rules", "", sam());
    ASSERT_EQ(rules.items_at("/items"), all_terms().size()) << rules.body;
    EXPECT_EQ(rules.at("/items/0/rule"), "dead_jobs");
    EXPECT_EQ(rules.at("/items/0/words/0/title"), "Jobs were given up");
    EXPECT_EQ(rules.at("/items/0/words/1/locale"), "fr");
    judge({{Rule::dead_jobs, "t.mail", 1}, {Rule::dead_jobs, "t.other", 1}});
    std::map<std::string, double> firing;
    for (const auto& sample : run(alerts.firing())) firing[sample.labels.at("rule")] = sample.value;
    EXPECT_EQ(firing.at("dead_jobs"), 2);
    EXPECT_EQ(firing.at("disk_low"), 0);
}

TEST_F(AlertRoutes, staff_see_every_check_of_readiness) {
    add_checks(readiness, {database(), database(), database()}, 1);
    auto checks = call("GET /v1/checks", "", sam());
    ASSERT_EQ(checks.items_at("/items"), 5U) << checks.body;
    EXPECT_EQ(checks.at("/items/1/name"), "database");
    EXPECT_EQ(checks.at("/items/1/ok"), "true");
    http::Readiness behind;
    add_checks(behind, {database(), database(), database()}, 100'000);
    const auto findings = run(behind.findings());
    EXPECT_TRUE(findings.back().reason.contains("this program needs 100000")) << findings.back().reason;
}

TEST_F(AlertRoutes, a_process_reads_itself) {
    readiness.add("database", []() -> Task<std::string> { co_return "the database is away"; });
    readiness.drop();
    files_open = 0.85;
    std::vector<Reading> found;
    run([&]() -> Task<void> { return read_process(process, found); }());
    ASSERT_EQ(found.size(), 3U) << "a process that stops is no trouble";
    EXPECT_EQ(found[0].value, 0.85);
    EXPECT_EQ(found[2].about, "database@host-1");
}

}  // namespace

}  // namespace mobilytics::monitoring
