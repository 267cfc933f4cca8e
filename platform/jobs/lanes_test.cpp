// In which order jobs are taken, and how many of a kind or company at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <format>
#include <map>
#include <mutex>
#include <ranges>

#include "platform/jobs/counts.hpp"
#include "platform/jobs/monitor.hpp"
#include "platform/jobs/queries.hpp"
#include "platform/jobs/queue_test.hpp"

namespace mobilytics::jobs {
namespace {

class LanesTest : public JobsTest {
protected:
    // One at a time, so that the order shows.
    Runner& narrow(std::string kind, KindOptions options = {}) {
        auto one_place = quick;
        one_place.concurrency = 1;
        auto& one = runner(one_place);
        one.on(
            std::move(kind),
            [this](Job job) -> Task<void> {
                std::lock_guard lock{mutex_};
                order_ += job.payload + " ";
                co_return;
            },
            options);
        return one;
    }

    void enqueue_many(ids::Uuid company, const std::string& payload, int jobs, int priority = 0) {
        run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
            std::vector<NewJob> many;
            for (int i = 0; i < jobs; ++i)
                many.push_back({.kind = "t.lane",
                                .company = company,
                                .payload = payload,
                                .run_at = clock().now(),
                                .priority = priority});
            co_await queue_.enqueue_all(session, std::move(many));
        }));
    }

    std::string order() {
        std::lock_guard lock{mutex_};
        return order_;
    }

    std::mutex mutex_;
    std::string order_;
};

// Jobs that hold on until they are let go, and how many there were at once.
struct Held {
    std::mutex mutex;
    std::map<std::string, int> running;  // by payload
    std::atomic<int> started = 0;

    Task<void> operator()(Job job) {
        {
            std::lock_guard lock{mutex};
            ++running[job.payload];
            ++started;
        }
        co_await async::sleep_for(std::chrono::hours{1});
    }
    int now(const std::string& payload) {
        std::lock_guard lock{mutex};
        return running[payload];
    }
};

TEST_F(LanesTest, TakesTurnsBetweenCompaniesHoweverLongOnesLineIs) {
    const auto noisy = ids::new_uuid(), quiet = ids::new_uuid();
    enqueue_many(noisy, "n", 50);
    enqueue_many({}, "s", 2);
    enqueue_many(quiet, "q", 2);
    narrow("t.lane").start();
    until([&] { return count() == "0"; });
    // Turn about: what the other two had is done within the first two rounds.
    const auto first = order().substr(0, 12);
    EXPECT_EQ(std::ranges::count(first, 'q'), 2) << order();
    EXPECT_EQ(std::ranges::count(first, 's'), 2) << order();
    EXPECT_EQ(std::ranges::count(order(), 'n'), 50);
}

TEST_F(LanesTest, GoesRoundMoreCompaniesThanItHasPlaces) {
    for (int company = 0; company < 9; ++company) enqueue_many(ids::new_uuid(), std::to_string(company), 3);
    auto options = quick;
    options.concurrency = 2;
    auto& one = runner(options);
    std::map<std::string, int> runs;
    int most_ahead = 0;
    one.on("t.lane", [&](Job job) -> Task<void> {
        std::lock_guard lock{mutex_};
        ++runs[job.payload];
        if (runs.size() == 9)
            most_ahead = std::max(
                most_ahead, std::ranges::max(runs | std::views::values) - std::ranges::min(runs | std::views::values));
        else
            EXPECT_LE(runs[job.payload], 2) << "before everybody had a turn";
        co_return;
    });
    one.start();
    until([&] { return count() == "0"; });
    EXPECT_LE(most_ahead, 2);
}

TEST_F(LanesTest, LeavesPlacesThatOneCompanyCannotFill) {
    const auto noisy = ids::new_uuid(), quiet = ids::new_uuid();
    Held held;
    enqueue_many(noisy, "n", 20);
    auto& one = runner();  // eight places, six for one company
    one.on("t.lane", [&](Job job) -> Task<void> { return held(job); });
    one.start();
    until([&] { return held.now("n") == 6; });
    enqueue_many(quiet, "q", 1);
    until([&] { return held.now("q") == 1; });
    EXPECT_EQ(held.now("n"), 6);
    one.stop(std::chrono::milliseconds{0});
}

TEST_F(LanesTest, PutsWhatIsMoreImportantFirstUntilTheRestHasWaitedLongEnough) {
    const auto company = ids::new_uuid();
    enqueue_many(company, "old", 1);
    clock().set(clock().now() + 50s);
    enqueue_many(company, "low", 1);
    enqueue_many(company, "high", 1, 9);
    enqueue_many(company, "middle", 1, 2);
    narrow("t.lane").start();
    until([&] { return count() == "0"; });
    // Fifty seconds of waiting are worth more than two steps, and less than nine.
    EXPECT_EQ(order(), "high old middle low ");
}

TEST_F(LanesTest, KeepsToTheLimitsOfAKindOverAllRunners) {
    const auto first = ids::new_uuid(), second = ids::new_uuid();
    Held held;
    Runner* both[] = {&runner(), &runner()};
    for (auto* one : both) {
        one->on("t.lane", [&](Job job) -> Task<void> { return held(job); },
                {.max_running = 3, .max_running_per_company = 2});
        one->on("t.marker", [](Job) -> Task<void> { co_return; });
    }
    enqueue_many(first, "1", 10);
    enqueue_many(second, "2", 10);
    for (auto* one : both) one->start();
    until([&] { return held.started == 3; });
    // Both have looked again after that.
    for (int i = 0; i < 10; ++i) enqueue({.kind = "t.marker"});
    until([&] { return count("kind = 't.marker'") == "0"; });
    EXPECT_EQ(held.now("1") + held.now("2"), 3);
    EXPECT_LE(std::max(held.now("1"), held.now("2")), 2);
    EXPECT_EQ(count("state = 'running'"), "3");
    for (auto* one : both) one->stop(std::chrono::milliseconds{0});
}

TEST_F(LanesTest, ACompanyAtItsLimitDoesNotHoldUpTheNext) {
    const auto first = ids::new_uuid(), second = ids::new_uuid();  // in this order on the round
    Held held;
    auto options = quick;
    options.concurrency = 2;
    auto& one = runner(options);
    one.on("t.lane", [&](Job job) -> Task<void> { return held(job); }, {.max_running_per_company = 1});
    enqueue_many(first, "1", 10);
    enqueue_many(second, "2", 10);
    one.start();
    until([&] { return held.now("1") == 1 && held.now("2") == 1; });
    one.stop(std::chrono::milliseconds{0});
}

TEST_F(LanesTest, AJobWhoseKeyRunsDoesNotHoldUpTheNextCompany) {
    const auto first = ids::new_uuid(), second = ids::new_uuid();
    Held held;
    auto options = quick;
    options.concurrency = 2;
    auto& one = runner(options);
    one.on("t.lane", [&](Job job) -> Task<void> { return held(job); });
    for (int i = 0; i < 3; ++i)
        enqueue({.kind = "t.lane", .company = first, .payload = "1", .concurrency_key = "same"});
    one.start();
    until([&] { return held.now("1") == 1; });
    enqueue_many(second, "2", 1);
    until([&] { return held.now("2") == 1; });
    EXPECT_EQ(held.now("1"), 1);
    one.stop(std::chrono::milliseconds{0});
}

TEST_F(LanesTest, TakesNothingOfAPausedKindUntilItIsResumed) {
    Monitor monitor{database(), clock(), queue_};
    auto& one = narrow("t.lane");
    std::atomic<int> markers = 0;
    one.on("t.marker", [&](Job) -> Task<void> {
        ++markers;
        co_return;
    });
    one.start();
    until([&] { return sql_value("select count(*) from jobs.kinds") == "2"; });
    const auto set = [&](bool paused) {
        return run(database().transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::optional<bool>> {
            co_return co_await (paused ? monitor.pause(session, "t.lane") : monitor.resume(session, "t.lane"));
        }));
    };
    EXPECT_EQ(set(true), true);
    EXPECT_EQ(set(true), false);
    enqueue_many({}, "x", 3);
    enqueue({.kind = "t.marker"});
    until([&] { return markers == 1 && count("kind = 't.marker'") == "0"; });
    EXPECT_EQ(order(), "");
    EXPECT_TRUE(run(monitor.kind("t.lane"))->paused_at);
    EXPECT_EQ(set(false), true);
    until([&] { return count() == "0"; });
    EXPECT_EQ(order(), "x x x ");
}

TEST_F(LanesTest, AKindWithPlacesOfItsOwnTakesNoneOfTheOthers) {
    Held held;
    std::atomic<int> others = 0;
    auto options = quick;
    options.concurrency = 1;
    auto& one = runner(options);
    one.on("t.lane", [&](Job job) -> Task<void> { return held(job); }, {.own_places = 4});
    one.on("t.other", [&](Job) -> Task<void> {
        ++others;
        co_return;
    });
    for (int company = 0; company < 8; ++company) enqueue_many(ids::new_uuid(), "x", 1);
    one.start();
    until([&] { return held.started == 4; });
    enqueue({.kind = "t.other"});
    until([&] { return others == 1; });
    EXPECT_EQ(held.started, 4);
    one.stop(std::chrono::milliseconds{0});
}

// The pace is the database's clock's, so time passes by moving what it has noted.
TEST_F(LanesTest, BeginsNoMoreOfAKindThanItsRateAllows) {
    const auto first = ids::new_uuid(), second = ids::new_uuid();
    Held held;
    Runner* both[] = {&runner(), &runner()};
    for (auto* one : both) {
        one->on("t.lane", [&](Job job) -> Task<void> { return held(job); },
                {.max_per_minute = 600, .max_per_minute_per_company = 1});
        one->on("t.marker", [](Job) -> Task<void> { co_return; });
    }
    enqueue_many(first, "1", 10);
    enqueue_many(second, "2", 10);
    for (auto* one : both) one->start();
    const auto look_again = [&] {
        for (int i = 0; i < 10; ++i) enqueue({.kind = "t.marker"});
        until([&] { return count("kind = 't.marker'") == "0"; });
    };
    until([&] { return held.now("1") == 1 && held.now("2") == 1; });
    sql("update jobs.rates set next_at = now() + interval '1 hour' where lane in ('" + ids::to_hex(first) + "', '" +
        ids::to_hex(second) + "')");
    look_again();
    EXPECT_EQ(held.started, 2);
    sql("update jobs.rates set next_at = now() - interval '1 second' where lane = '" + ids::to_hex(second) + "'");
    until([&] { return held.now("2") == 2; });
    look_again();
    EXPECT_EQ(held.now("1"), 1);
    EXPECT_EQ(held.started, 3);
    for (auto* one : both) one->stop(std::chrono::milliseconds{0});
}

TEST_F(LanesTest, ARateOfAKindHoldsForAllCompaniesTogether) {
    sql("insert into jobs.rates (kind, lane, next_at) values "
        "('t.lane', '00000000-0000-0000-0000-000000000000', now() + interval '1 hour')");
    Held held;
    auto& one = runner();
    one.on("t.lane", [&](Job job) -> Task<void> { return held(job); }, {.max_per_minute = 6});
    one.on("t.marker", [](Job) -> Task<void> { co_return; });
    for (int company = 0; company < 5; ++company) enqueue_many(ids::new_uuid(), "x", 1);
    enqueue({.kind = "t.marker"});
    one.start();
    until([&] { return count("kind = 't.marker'") == "0"; });
    EXPECT_EQ(held.started, 0);
    sql("update jobs.rates set next_at = now() - interval '1 second'");
    until([&] { return held.started == 1; });
    enqueue({.kind = "t.marker"});
    until([&] { return count("kind = 't.marker'") == "0"; });
    EXPECT_EQ(held.started, 1);
    one.stop(std::chrono::milliseconds{0});
}

TEST_F(LanesTest, ClearsAwayWhatDoneJobsLeaveBehind) {
    auto options = quick;
    options.vacuum_after = 20;
    auto& one = runner(options);
    one.on("t.lane", [](Job) -> Task<void> { co_return; });
    one.start();
    const auto vacuums = [&] {
        return sql_value("select vacuum_count from pg_stat_all_tables where relid = 'jobs.jobs'::regclass").value();
    };
    EXPECT_EQ(vacuums(), "0");
    // PostgreSQL counts dead rows with a delay.
    until([&] {
        enqueue_many(ids::new_uuid(), "x", 50);
        until([&] { return count() == "0"; });
        return vacuums() != "0";
    });
    one.stop(std::chrono::milliseconds{0});
}

TEST_F(LanesTest, AJobWhoseTimeHasNotComeIsCountedAsOfLater) {
    enqueue({.kind = "t.lane", .run_at = clock().now()});
    enqueue({.kind = "t.lane", .run_at = clock().now() + 1h});
    enqueue({.kind = "t.lane", .run_at = clock().now() + 2h});
    std::map<std::string, double> found;
    for (const auto& sample : run(counts(database(), clock().now()))) found[sample.labels.at("state")] = sample.value;
    EXPECT_EQ(found, (std::map<std::string, double>{{"ready", 1}, {"later", 2}}));
}

// Four lines of five thousand: a claim that read even one of them would touch thousands of blocks.
TEST_F(LanesTest, FindsTheNextJobsWithoutReadingTheLine) {
    sql("insert into jobs.kinds (kind, timeout_s) values ('t.lane', 900)");
    sql("insert into jobs.jobs (id, kind, company_id, payload, run_at, max_attempts) "
        "select gen_random_uuid(), 't.lane', ('00000000-0000-0000-0000-00000000000' || i % 4 + 1)::uuid, '{}', "
        "'2026-03-08', 1 from generate_series(1, 20000) i");
    sql("analyze jobs.jobs");
    std::string take{sql::take.text};
    const std::string given[] = {"timestamptz '2026-03-08 07:00Z'",
                                 "array['t.lane']",
                                 "8",
                                 "'me'",
                                 "40",
                                 "uuid '00000000-0000-0000-0000-000000000000'",
                                 "'{}'",
                                 "'{}'",
                                 "6"};
    for (std::size_t i = std::size(given); i > 0; --i)
        for (auto name = std::format("${}", i); take.contains(name);)
            take.replace(take.find(name), name.size(), given[i - 1]);
    sql("create function blocks(statement text) returns bigint language plpgsql as $f$ declare plan json; begin "
        "execute 'explain (analyze, buffers, format json) ' || statement into plan; "
        "return (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + "
        "(plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint; end $f$");
    EXPECT_LT(std::stoll(sql_value("select blocks($q$" + take + "$q$)").value()), 800);
    EXPECT_EQ(count("state = 'running'"), "8");
    EXPECT_EQ(sql_value("select count(distinct company_id) from jobs.jobs where state = 'running'"), "4");
}

}  // namespace
}  // namespace mobilytics::jobs
