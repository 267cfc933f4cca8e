#include "platform/jobs/jobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "platform/async/promise.hpp"
#include "platform/db/blocking.hpp"
#include "platform/jobs/events.hpp"
#include "platform/jobs/queries.hpp"
#include "platform/jobs/queue_test.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::jobs {
namespace {

TEST_F(JobsTest, EveryStatementCanBePreparedByTheServersRole) {
    for (const auto* query : sql::all) {
        db::Blocking server{conninfo(embedded::Role::app)};
        EXPECT_NO_THROW(server.script("prepare statement as " + std::string{query->text})) << query->name;
    }
}

TEST_F(JobsTest, RunsAJobWithWhatItWasGivenAndDeletesIt) {
    auto company = ids::new_uuid();
    async::Promise<Job> seen;
    auto& one = runner();
    one.on("t.greet", [seen](Job job) -> Task<void> {
        seen.set(job);
        co_return;
    });
    one.start();
    auto id = enqueue({.kind = "t.greet", .company = company, .payload = R"({"a":1})"});
    auto job = run(seen.wait());
    EXPECT_EQ(job.id, id);
    EXPECT_EQ(job.company, company);
    EXPECT_EQ(job.payload, R"({"a":1})");
    EXPECT_EQ(job.attempt, 1);
    until([&] { return count() == "0"; });
}

TEST_F(JobsTest, DoesNotExistWhenTheTransactionRollsBack) {
    auto body = [&](db::Session& session) -> Task<void> {
        co_await queue_.enqueue(session, {.kind = "t.never"});
        throw std::runtime_error{"no"};
    };
    EXPECT_THROW(run(database().transaction(db::Scope::nobody(), body)), std::runtime_error);
    EXPECT_EQ(count(), "0");
}

TEST_F(JobsTest, WaitsForItsTime) {
    std::atomic<int> runs = 0;
    auto& one = runner();
    one.on("t.later", [&](Job) -> Task<void> {
        ++runs;
        co_return;
    });
    std::atomic<int> markers = 0;
    one.on("t.marker", [&](Job) -> Task<void> {
        ++markers;
        co_return;
    });
    one.start();
    enqueue({.kind = "t.later", .run_at = clock().now() + 1h});
    enqueue({.kind = "t.marker"});
    until([&] { return markers == 1; });
    EXPECT_EQ(runs, 0);
    clock().set(clock().now() + 1h);
    until([&] { return runs == 1; });
}

TEST_F(JobsTest, KeepsOneWaitingJobPerKeyWithTheEarlierTime) {
    auto first = enqueue({.kind = "t.k", .run_at = clock().now() + 2h, .key = "a"});
    EXPECT_EQ(enqueue({.kind = "t.k", .run_at = clock().now() + 1h, .key = "a"}), first);
    EXPECT_NE(enqueue({.kind = "t.k", .key = "b"}), first);
    EXPECT_NE(enqueue({.kind = "t.other", .key = "a"}), first);
    EXPECT_NE(enqueue({.kind = "t.k"}), enqueue({.kind = "t.k"}));
    EXPECT_EQ(count(), "5");
    EXPECT_EQ(sql_value("select run_at = '2026-03-08 08:00Z' from jobs.jobs where key = 'a' and kind = 't.k'"), "t");
}

TEST_F(JobsTest, EnqueuesAnotherOfTheSameKeyWhileOneRuns) {
    async::Promise<bool> started, go_on;
    std::atomic<int> runs = 0;
    auto& one = runner();
    one.on("t.k", [&, started, go_on](Job) -> Task<void> {
        if (++runs == 1) {
            started.set(true);
            co_await go_on.wait();
        }
    });
    one.start();
    enqueue({.kind = "t.k", .key = "a"});
    run(started.wait());
    enqueue({.kind = "t.k", .key = "a"});
    go_on.set(true);
    until([&] { return runs == 2; });
    until([&] { return count() == "0"; });
}

// A key that waits already must not be taken before the transaction that counts on it has committed.
TEST_F(JobsTest, DoesNotTakeAWaitingJobThatAnOpenTransactionCountsOn) {
    async::Promise<bool> enqueued, commit;
    enqueue({.kind = "t.k", .key = "a"});
    auto open =
        boost::asio::co_spawn(runtime().executor(1),
                              database().transaction(db::Scope::nobody(),
                                                     [&, enqueued, commit](db::Session& session) -> Task<void> {
                                                         co_await queue_.enqueue(session, {.kind = "t.k", .key = "a"});
                                                         enqueued.set(true);
                                                         co_await commit.wait();
                                                     }),
                              boost::asio::use_future);
    run(enqueued.wait());
    std::atomic<int> runs = 0, markers = 0;
    auto& one = runner();
    one.on("t.k", [&](Job) -> Task<void> {
        ++runs;
        co_return;
    });
    one.on("t.marker", [&](Job) -> Task<void> {
        ++markers;
        co_return;
    });
    one.start();
    enqueue({.kind = "t.marker"});
    until([&] { return markers == 1; });
    EXPECT_EQ(runs, 0);
    commit.set(true);
    open.get();
    until([&] { return runs == 1; });
}

TEST_F(JobsTest, TriesAgainAfterAPauseAndGivesUpInTheEnd) {
    std::atomic<int> runs = 0;
    auto& one = runner();
    one.on("t.fails", [&](Job job) -> Task<void> {
        ++runs;
        throw std::runtime_error{"no luck " + std::to_string(job.attempt)};
        co_return;
    });
    one.start();
    enqueue({.kind = "t.fails", .max_attempts = 3});
    for (int attempt = 1; attempt < 3; ++attempt) {
        until([&] { return count("state = 'ready' and attempts = " + std::to_string(attempt)) == "1"; });
        EXPECT_EQ(runs, attempt);
        clock().set(clock().now() + 1min);
    }
    until([&] { return count("state = 'dead'") == "1"; });
    EXPECT_EQ(runs, 3);
    // The words may be a customer's; they are in the log.
    EXPECT_EQ(sql_value("select error from jobs.jobs"), "std::runtime_error");
    EXPECT_EQ(sql_value("select string_agg(f ->> 'attempt', ' ' order by f ->> 'attempt') "
                        "from jobs.jobs, jsonb_array_elements(failures) f"),
              "1 2 3");
}

TEST_F(JobsTest, JudgesAProblemByItsKind) {
    auto& one = runner();
    for (auto kind :
         {Kind::unavailable, Kind::refused_upstream, Kind::too_many, Kind::timeout, Kind::conflict, Kind::missing}) {
        one.on("t." + std::to_string(static_cast<int>(kind)), [kind](Job) -> Task<void> {
            throw Problem{kind, "t.problem", "because"};
            co_return;
        });
        enqueue({.kind = "t." + std::to_string(static_cast<int>(kind))});
    }
    one.start();
    until([&] { return count("attempts = 1 and state in ('ready', 'discarded')") == "6"; });
    EXPECT_EQ(count("state = 'ready'"), "4");
    EXPECT_EQ(count("state = 'discarded' and error = 't.problem'"), "2");
}

TEST_F(JobsTest, KeepsToTheWaitThatTheOtherSideAskedFor) {
    auto& one = runner();
    one.on("t.slow_down", [](Job) -> Task<void> {
        Problem problem{Kind::refused_upstream, "t.slow_down", "later"};
        problem.retry_after_seconds = 7200;
        throw problem;
        co_return;
    });
    one.start();
    enqueue({.kind = "t.slow_down"});
    until([&] { return count("state = 'ready' and attempts = 1") == "1"; });
    EXPECT_EQ(sql_value("select run_at >= '2026-03-08 09:00Z' from jobs.jobs"), "t");
}

// Three runners over two database pools, as three processes would, and keys that are shared by many jobs.
TEST_F(JobsTest, NeverRunsAJobTwiceNorTwoOfAKeyAtOnceWithSeveralRunners) {
    constexpr int jobs = 300, keys = 7;
    std::mutex mutex;
    std::map<ids::Uuid, int> runs;
    std::map<std::string, int> at_once;
    int most_at_once = 0;
    auto handler = [&](Job job) -> Task<void> {
        {
            std::lock_guard lock{mutex};
            ++runs[job.id];
            most_at_once = std::max(most_at_once, ++at_once[job.payload]);
        }
        co_await async::sleep_for(1ms);
        std::lock_guard lock{mutex};
        --at_once[job.payload];
    };
    db::Database other{runtime(), {.conninfo = conninfo(embedded::Role::app)}};
    Queue other_queue;
    std::vector<std::unique_ptr<Runner>> all;
    for (int i = 0; i < 3; ++i) {
        all.push_back(
            std::make_unique<Runner>(runtime(), i ? other : database(), clock(), i ? other_queue : queue_, quick));
        all.back()->on("t.many", handler);
    }
    run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
        std::vector<NewJob> many;
        for (int i = 0; i < jobs; ++i) {
            auto key = std::to_string(i % keys);
            many.push_back({.kind = "t.many", .payload = key, .concurrency_key = "k" + key});
        }
        co_await queue_.enqueue_all(session, std::move(many));
    }));
    for (auto& one : all) one->start();
    until([&] { return count() == "0"; });
    all.clear();
    EXPECT_EQ(runs.size(), static_cast<std::size_t>(jobs));
    for (const auto& [id, times] : runs) EXPECT_EQ(times, 1);
    EXPECT_EQ(most_at_once, 1);
}

TEST_F(JobsTest, RunsJobsOfDifferentKeysAtTheSameTime) {
    async::Promise<bool> first_runs, second_runs;
    auto& one = runner();
    one.on("t.pair", [=](Job job) -> Task<void> {
        (job.payload == "1" ? first_runs : second_runs).set(true);
        co_await (job.payload == "1" ? second_runs : first_runs).wait();
    });
    one.start();
    enqueue({.kind = "t.pair", .payload = "1", .concurrency_key = "x"});
    enqueue({.kind = "t.pair", .payload = "2", .concurrency_key = "y"});
    until([&] { return count() == "0"; });
}

// What a killed process leaves: a running job whose lease nobody renews.
TEST_F(JobsTest, AKindWithPlacesOfItsOwnNeitherTakesNorWaitsForThoseOfOthers) {
    async::Promise<bool> common_may_end;
    std::atomic<int> slow = 0, common = 0, marked = 0;
    auto options = quick;
    options.concurrency = 1;
    auto& one = runner(options);
    std::vector<async::Promise<bool>> ends(2);  // one for each of the first two
    one.on("t.slow",
           [&](Job) -> Task<void> {
               const auto mine = static_cast<std::size_t>(slow++);
               if (mine < ends.size()) co_await ends[mine].wait();
           },
           {.own_places = 2});
    one.on("t.marker", [&](Job) -> Task<void> {
        ++marked;
        co_return;
    });
    one.on("t.common", [&, common_may_end](Job) -> Task<void> {
        if (++common == 1) co_await common_may_end.wait();
    });
    one.start();
    for (int i = 0; i < 3; ++i) enqueue({.kind = "t.slow"});
    until([&] { return slow == 2; });
    enqueue({.kind = "t.marker"});
    until([&] { return marked == 1; });
    EXPECT_EQ(slow, 2) << "a third had a place";
    enqueue({.kind = "t.common"});
    until([&] { return common == 1; });
    ends[0].set(true);
    until([&] { return slow == 3; });
    enqueue({.kind = "t.marker"});
    ends[1].set(true);
    common_may_end.set(true);
    until([&] { return marked == 2; });
    until([&] { return count() == "0"; });
}

TEST_F(JobsTest, RescuesTheJobOfAVanishedWorker) {
    auto id = enqueue({.kind = "t.lost", .concurrency_key = "c"});
    sql("update jobs.jobs set state = 'running', attempts = 1, lease = 1, worker = 'gone', "
        "leased_until = now() - interval '1 second'");
    std::atomic<int> runs = 0, attempt = 0;
    auto& one = runner();
    one.on("t.lost", [&](Job job) -> Task<void> {
        EXPECT_EQ(job.id, id);
        attempt = job.attempt;
        ++runs;
        co_return;
    });
    one.start();
    until([&] { return count() == "0"; });
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(attempt, 2);
}

TEST_F(JobsTest, LeavesAJobAloneWhoseLeaseIsStillGood) {
    enqueue({.kind = "t.held"});
    sql("update jobs.jobs set state = 'running', attempts = 1, lease = 1, leased_until = now() + interval '1 "
        "hour'");
    std::atomic<int> markers = 0;
    auto& one = runner();
    one.on("t.held", [](Job) -> Task<void> {
        ADD_FAILURE() << "was taken";
        co_return;
    });
    one.every(1s, "t.marker", [&](Job) -> Task<void> {
        clock().set(clock().now() + 2s);
        ++markers;
        co_return;
    });
    one.start();
    until([&] { return markers >= 3; });
    one.stop();  // the next marker must not find `markers` gone
    EXPECT_EQ(count("kind = 't.held' and state = 'running'"), "1");
}

TEST_F(JobsTest, BuriesAJobThatKillsItsWorkersAgainAndAgain) {
    enqueue({.kind = "t.poison", .max_attempts = 2});
    sql("update jobs.jobs set state = 'running', attempts = 2, lease = 2, leased_until = now() - interval '1 "
        "second'");
    auto& one = runner();
    one.on("t.poison", [](Job) -> Task<void> { co_return; });
    one.start();
    until([&] { return count("state = 'dead'") == "1"; });
}

TEST_F(JobsTest, CancelsAHandlerWhoseLeaseWasLostAndIgnoresItsEnd) {
    async::Promise<bool> started;
    std::atomic<bool> cancelled = false;
    auto& one = runner();
    one.on("t.long", [&, started](Job) -> Task<void> {
        started.set(true);
        try {
            co_await async::sleep_for(1h);
        } catch (...) {
            cancelled = true;
            throw;
        }
    });
    one.start();
    enqueue({.kind = "t.long"});
    run(started.wait());
    // Another worker has it now.
    sql("update jobs.jobs set lease = lease + 1, worker = 'other'");
    until([&] { return cancelled.load(); });
    stop_all();
    EXPECT_EQ(sql_value("select state || ' ' || worker || ' ' || lease from jobs.jobs"), "running other 2");
}

TEST_F(JobsTest, KeepsTheLeaseOfALongJob) {
    async::Promise<bool> started, go_on;
    auto options = quick;
    options.lease = 2s;
    auto& one = runner(options);
    one.on("t.long", [=](Job) -> Task<void> {
        started.set(true);
        co_await go_on.wait();
    });
    one.start();
    enqueue({.kind = "t.long"});
    run(started.wait());
    auto first = sql_value("select leased_until from jobs.jobs");
    until([&] { return sql_value("select leased_until from jobs.jobs") != first; });
    EXPECT_EQ(sql_value("select leased_until > now() from jobs.jobs"), "t");
    go_on.set(true);
    until([&] { return count() == "0"; });
}

TEST_F(JobsTest, FinishesInTheTransactionOfTheEffectOrNotAtAll) {
    auto& one = runner();
    one.on("t.effect", [&](Job job) -> Task<void> {
        co_await database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
            co_await queue_.enqueue(session, {.kind = "t.effect_of_" + job.payload, .run_at = clock().now() + 1h});
            if (job.payload == "stale") --job.lease;
            co_await queue_.finish(session, job);
        });
    });
    one.start();
    enqueue({.kind = "t.effect", .payload = "fresh"});
    enqueue({.kind = "t.effect", .payload = "stale", .max_attempts = 1});
    until([&] {
        return count("kind = 't.effect' and state = 'dead'") == "1" && count("kind = 't.effect_of_fresh'") == "1";
    });
    until([&] { return count() == "2"; });
}

TEST_F(JobsTest, RunsRecurringJobsOncePerSpanHoweverManyRunners) {
    std::atomic<int> runs = 0;
    Runner* both[] = {&runner(), &runner()};
    for (auto* one : both)
        one->every(60s, "t.tick", [&](Job) -> Task<void> {
            ++runs;
            co_return;
        });
    for (auto* one : both) one->start();
    until([&] { return runs == 1 && count() == "0"; });
    for (int minute = 2; minute <= 4; ++minute) {
        clock().set(clock().now() + 60s);
        until([&] { return runs >= minute && count() == "0"; });
        EXPECT_EQ(runs, minute);
    }
}

TEST_F(JobsTest, GivesBackWhatItCannotEndWhenItStops) {
    async::Promise<bool> started;
    auto& one = runner();
    one.on("t.long", [started](Job) -> Task<void> {
        started.set(true);
        co_await async::sleep_for(1h);
    });
    one.start();
    enqueue({.kind = "t.long"});
    run(started.wait());
    EXPECT_TRUE(one.stop(10ms));
    EXPECT_EQ(sql_value("select state || ' ' || attempts from jobs.jobs"), "ready 0");
}

TEST_F(JobsTest, PutsBackAFailedJobWhoseKeyWaitsAlready) {
    async::Promise<bool> started, fail;
    std::atomic<int> runs = 0;
    // One at a time, so that the second still waits when the first fails.
    auto options = quick;
    options.concurrency = 1;
    auto& one = runner(options);
    one.on("t.k", [&, started, fail](Job) -> Task<void> {
        if (++runs > 1) co_return;
        started.set(true);
        co_await fail.wait();
        throw std::runtime_error{"no"};
    });
    one.start();
    enqueue({.kind = "t.k", .key = "a"});
    run(started.wait());
    enqueue({.kind = "t.k", .key = "a"});
    fail.set(true);
    until([&] { return runs == 2 && count() == "0"; });
}

TEST_F(JobsTest, TellsEverySubscriberOfAnEvent) {
    Events events{queue_};
    events.subscribe("campaigns.launched", "analytics.on_launch");
    events.subscribe("campaigns.launched", "webhooks.on_launch");
    auto company = ids::new_uuid();
    run(database().transaction(db::Scope{db::Scope::Kind::company, company}, [&](db::Session& session) -> Task<void> {
        co_await events.publish(session, "campaigns.launched", R"({"id":1})", {});
        co_await events.publish(session, "campaigns.unheard_of", "{}", {});
    }));
    EXPECT_EQ(sql_value("select string_agg(kind || payload, ',' order by kind) from jobs.jobs"),
              R"(analytics.on_launch{"id":1},webhooks.on_launch{"id":1})");
    EXPECT_EQ(sql_value("select distinct company_id::text from jobs.jobs"), ids::to_hex(company));
}

}  // namespace
}  // namespace mobilytics::jobs
