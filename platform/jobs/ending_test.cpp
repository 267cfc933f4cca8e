// How runs end: cancelled, out of time, put off, given up, and what is known of it afterwards.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/async/promise.hpp"
#include "platform/jobs/figures.hpp"
#include "platform/jobs/monitor.hpp"
#include "platform/jobs/queue_test.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::jobs {
namespace {

class EndingTest : public JobsTest {
protected:
    template <class F>
    auto as_staff(F verb) {
        return run(database().transaction(db::Scope::system(), std::move(verb)));
    }

    std::optional<JobView> run_again(ids::Uuid id) {
        return as_staff([this, id](db::Session& session) { return monitor_.run_again(session, id); });
    }
    std::optional<JobView> cancel(ids::Uuid id) {
        return as_staff([this, id](db::Session& session) { return monitor_.cancel(session, id); });
    }

    std::string only_job() {
        return sql_value("select state || ' ' || attempts || ' ' || coalesce(error, '-') from jobs.jobs").value_or("");
    }

    // A runner with one job of that kind, which waits until it is told to end.
    async::Promise<bool> hang(KindOptions options = {}, RunnerOptions of_runner = quick) {
        async::Promise<bool> started;
        auto& one = runner(of_runner);
        one.on(
            "t.hangs",
            [this, started](Job) -> Task<void> {
                ++runs_;
                if (runs_ == 1) started.set(true);
                co_await async::sleep_for(1h);
            },
            options);
        one.start();
        return started;
    }

    Monitor monitor_{database(), clock(), queue_};
    std::atomic<int> runs_ = 0;
};

TEST_F(EndingTest, CancelsARunThatTakesTooLongAndTriesAgain) {
    auto started = hang({.timeout = 50ms});
    enqueue({.kind = "t.hangs", .max_attempts = 2});
    run(started.wait());
    until([&] { return only_job() == "ready 1 jobs.timed_out"; });
    clock().set(clock().now() + 1min);
    until([&] { return only_job() == "dead 2 jobs.timed_out"; });
    EXPECT_EQ(runs_, 2);
}

TEST_F(EndingTest, CancelsAWaitingJobAtOnceAndARunningOneWithTheHeartbeat) {
    auto later = enqueue({.kind = "t.hangs", .run_at = clock().now() + 1h});
    EXPECT_EQ(cancel(later)->state, JobState::ready);
    EXPECT_EQ(only_job(), "cancelled 0 jobs.cancelled");
    sql("delete from jobs.jobs");
    auto started = hang();
    auto id = enqueue({.kind = "t.hangs"});
    run(started.wait());
    EXPECT_EQ(cancel(id)->state, JobState::running);
    until([&] { return only_job() == "cancelled 1 jobs.cancelled"; });
    EXPECT_EQ(runs_, 1);
    EXPECT_THROW(cancel(id), Problem);
    EXPECT_FALSE(cancel(ids::new_uuid()));
}

TEST_F(EndingTest, ACancelledJobDoesNotComeBackWhenItsWorkerVanishes) {
    auto id = enqueue({.kind = "t.lost"});
    sql("update jobs.jobs set state = 'running', attempts = 1, lease = 1, leased_until = now() - interval '1 second'");
    cancel(id);
    runner().start();
    until([&] { return only_job() == "cancelled 1 jobs.worker_lost"; });
}

TEST_F(EndingTest, ASuccessThatCameBeforeTheCancellingIsASuccess) {
    async::Promise<bool> started;
    auto& one = runner();
    one.on("t.stubborn", [started](Job) -> Task<void> {
        started.set(true);
        try {
            co_await async::sleep_for(1h);
        } catch (const std::exception&) {
            // It was done all the same.
        }
    });
    one.start();
    auto id = enqueue({.kind = "t.stubborn"});
    run(started.wait());
    cancel(id);
    until([&] { return count() == "0"; });
}

TEST_F(EndingTest, ASnoozeIsNoAttempt) {
    std::atomic<int> runs = 0;
    auto& one = runner();
    one.on("t.early", [&](Job job) -> Task<void> {
        EXPECT_EQ(job.attempt, 1);
        if (++runs == 1) throw Snooze{1h};
        co_return;
    });
    one.start();
    enqueue({.kind = "t.early", .max_attempts = 1});
    // Before its first run it looks the same.
    until([&] { return runs == 1 && only_job() == "ready 0 -"; });
    EXPECT_EQ(sql_value("select run_at = '2026-03-08 08:00Z' from jobs.jobs"), "t");
    clock().set(clock().now() + 1h);
    until([&] { return count() == "0"; });
    EXPECT_EQ(runs, 2);
}

TEST_F(EndingTest, KeepsTheLastTenFailures) {
    auto& one = runner();
    one.on("t.fails", [](Job) -> Task<void> {
        throw Problem{Kind::unavailable, "t.away", "of Jane Doe"};
        co_return;
    });
    one.start();
    auto id = enqueue({.kind = "t.fails", .max_attempts = 12});
    for (int attempt = 1; attempt < 12; ++attempt) {
        until([&] { return only_job() == "ready " + std::to_string(attempt) + " t.away"; });
        clock().set(clock().now() + 2h);
    }
    until([&] { return only_job() == "dead 12 t.away"; });
    auto failures = as_staff([&](db::Session& session) { return monitor_.failures(session, id); });
    ASSERT_EQ(failures.size(), 10U);
    EXPECT_EQ(failures.front().attempt, 3);
    EXPECT_EQ(failures.back().attempt, 12);
    EXPECT_EQ(failures.back().error, "t.away");
    EXPECT_EQ(sql_value("select count(*) from jobs.jobs j where j::text like '%Jane%'"), "0");
}

TEST_F(EndingTest, RunsADeadJobAgainWithAllItsAttempts) {
    std::atomic<bool> well = false;
    auto& one = runner();
    one.on("t.ill", [&](Job job) -> Task<void> {
        EXPECT_EQ(job.attempt, 1);
        if (!well) throw std::runtime_error{"no"};
        co_return;
    });
    one.start();
    auto id = enqueue({.kind = "t.ill", .max_attempts = 1});
    until([&] { return only_job() == "dead 1 std::runtime_error"; });
    well = true;
    EXPECT_EQ(run_again(id)->state, JobState::dead);
    until([&] { return count() == "0"; });
    EXPECT_FALSE(run_again(id));
}

TEST_F(EndingTest, DoesNotBringBackAJobWhoseKeyWaitsAlready) {
    auto first = enqueue({.kind = "t.k", .key = "a"});
    sql("update jobs.jobs set state = 'dead', ended_at = now()");
    enqueue({.kind = "t.k", .key = "a"});
    try {
        run_again(first);
        FAIL() << "was brought back";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "jobs.same_waits");
    }
}

TEST_F(EndingTest, RedrivesTheDeadOfAKindOnePerKey) {
    const auto company = ids::new_uuid();
    for (int i = 0; i < 3; ++i) enqueue({.kind = "t.k"});
    enqueue({.kind = "t.k", .company = company});
    for (int i = 0; i < 2; ++i) {
        enqueue({.kind = "t.k", .key = "twice"});
        enqueue({.kind = "t.k", .key = "waits"});
        sql("update jobs.jobs set state = 'dead', ended_at = now() where kind = 't.k'");
    }
    enqueue({.kind = "t.k", .key = "waits"});
    enqueue({.kind = "t.other"});
    sql("update jobs.jobs set state = 'dead', ended_at = now() where kind = 't.other'");
    const auto redrive = [&](std::optional<ids::Uuid> of) {
        return as_staff(
            [this, of](db::Session& session) { return monitor_.redrive(session, "t.k", JobState::dead, of); });
    };
    auto one_company = redrive(company);
    EXPECT_EQ(one_company.jobs, 1);
    EXPECT_EQ(one_company.left, 0);
    auto all = redrive({});
    EXPECT_EQ(all.jobs, 4);  // three, and one of "twice"
    EXPECT_EQ(all.left, 3);
    EXPECT_EQ(count("state = 'ready'"), "6");
    EXPECT_EQ(count("kind = 't.other' and state = 'dead'"), "1");
}

TEST_F(EndingTest, ForgetsWhatEndedLongAgoButNothingThatSomebodyMustSee) {
    auto& one = runner();
    one.on("t.any", [](Job) -> Task<void> { co_return; });
    one.on("t.kept", [](Job) -> Task<void> { co_return; }, {.keep_ended = true});
    for (const std::string kind : {"t.any", "t.kept"})
        for (const std::string state : {"dead", "discarded", "cancelled"}) {
            enqueue({.kind = kind, .run_at = clock().now() + 1h});
            sql("update jobs.jobs set state = '" + state +
                "', ended_at = now() - interval '2 hours' where state = 'ready'");
        }
    one.start();
    until([&] { return count() == "4"; });
    EXPECT_EQ(count("kind = 't.any' and state = 'dead'"), "1");
}

TEST_F(EndingTest, CountsWhatHappenedPerKindAndHowLongItTook) {
    auto& one = runner();
    one.on("t.good", [](Job) -> Task<void> { co_return; }, {.timeout = 2min, .max_running = 5});
    one.on("t.bad", [](Job) -> Task<void> {
        throw Problem{Kind::conflict, "t.bad", "no"};
        co_return;
    });
    for (int i = 0; i < 30; ++i) enqueue({.kind = "t.good"});
    enqueue({.kind = "t.bad"});
    enqueue({.kind = "t.good", .run_at = clock().now() + 1h});
    sql("insert into jobs.jobs (id, kind, payload, state, lease, attempts, leased_until, run_at, max_attempts) values "
        "(gen_random_uuid(), 't.bad', '{}', 'running', 1, 1, now() - interval '1 second', now(), 1)");
    one.start();
    until([&] { return count() == "3"; });
    stop_all();  // writes down what is not written yet
    auto kinds = run(monitor_.kinds());
    ASSERT_EQ(kinds.size(), 2U);
    const auto& [bad, good] = std::tie(kinds[0], kinds[1]);
    EXPECT_EQ(good.kind, "t.good");
    EXPECT_DOUBLE_EQ(good.done_per_minute, 2);
    EXPECT_EQ(good.later, 1);
    EXPECT_EQ(good.max_running, 5);
    EXPECT_EQ(good.timeout, 2min);
    EXPECT_TRUE(good.run_p50 && good.run_p95 && good.wait_p95);
    EXPECT_DOUBLE_EQ(bad.failed_per_minute, 1.0 / 15);
    EXPECT_EQ(bad.rescued, 1);
    EXPECT_EQ(bad.dead, 1);
    EXPECT_FALSE(bad.run_p50);
    clock().set(clock().now() + 1h);
    EXPECT_DOUBLE_EQ(run(monitor_.kind("t.good"))->done_per_minute, 0);
}

TEST_F(EndingTest, ABatchIsFollowedByOneMoreJobWhenAllOfItHaveEnded) {
    std::mutex mutex;
    std::vector<std::string> told;
    std::atomic<bool> well = false;
    auto& one = runner();
    one.on("t.part", [&](Job job) -> Task<void> {
        if (job.payload == R"({"bad":true})") throw Problem{Kind::conflict, "t.bad", "no"};
        if (!well) throw Snooze{1h};
        co_return;
    });
    one.on("t.whole", [&](Job job) -> Task<void> {
        std::lock_guard lock{mutex};
        told.push_back(job.payload);
        co_return;
    });
    one.start();
    const auto company = ids::new_uuid();
    std::vector<NewJob> parts(20, {.kind = "t.part", .company = company});
    for (int i = 0; i < 3; ++i) parts[static_cast<std::size_t>(i)].payload = R"({"bad":true})";
    run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
        co_await queue_.enqueue_batch(session, parts, {.kind = "t.whole", .company = company, .payload = R"({"a":1})"});
    }));
    until([&] { return count("state = 'discarded'") == "3" && count("run_at > 'epoch' and state = 'ready'") == "17"; });
    EXPECT_EQ(sql_value("select open || ' ' || given_up from jobs.batches"), "17 3");
    // One is cancelled by a person; one that was given up is brought back, and counts no more.
    const auto id = ids::from_hex(sql_value("select id from jobs.jobs where state = 'ready' limit 1").value()).value();
    cancel(id);
    run_again(id);
    EXPECT_EQ(sql_value("select open || ' ' || given_up from jobs.batches"), "16 4");
    well = true;
    clock().set(clock().now() + 1h);
    until([&] { return count("state <> 'discarded'") == "0"; });
    std::lock_guard lock{mutex};
    EXPECT_EQ(told, (std::vector<std::string>{R"({"a": 1, "given_up": 4})"}));
    EXPECT_EQ(sql_value("select count(*) from jobs.batches"), "0");
}

TEST_F(EndingTest, WhatFollowsABatchIsNotLostWithAWorker) {
    const std::vector<NewJob> parts{{.kind = "t.part", .max_attempts = 1}};
    const NewJob then{.kind = "t.whole"};
    run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
        co_await queue_.enqueue_batch(session, parts, then);
    }));
    sql("update jobs.jobs set state = 'running', attempts = 1, lease = 1, leased_until = now() - interval '1 second'");
    runner().start();
    until([&] { return count("kind = 't.whole' and state = 'ready'") == "1"; });
    EXPECT_EQ(sql_value("select payload from jobs.jobs where kind = 't.whole'"), R"({"given_up": 1})");
    EXPECT_EQ(count("kind = 't.part' and state = 'dead'"), "1");
}

TEST_F(EndingTest, ABatchHasJobsAndNoKeys) {
    const auto enqueue_batch = [&](std::vector<NewJob> parts, NewJob then) {
        run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
            co_await queue_.enqueue_batch(session, parts, then);
        }));
    };
    EXPECT_THROW(enqueue_batch({}, {.kind = "t.whole"}), std::logic_error);
    EXPECT_THROW(enqueue_batch({{.kind = "t.part", .key = "a"}}, {.kind = "t.whole"}), std::logic_error);
    EXPECT_THROW(enqueue_batch({{.kind = "t.part"}}, {.kind = "t.whole", .key = "a"}), std::logic_error);
    EXPECT_EQ(count(), "0");
    EXPECT_EQ(sql_value("select count(*) from jobs.batches"), "0");
}

TEST_F(EndingTest, ListsJobsNewestFirst) {
    const auto company = ids::new_uuid();
    auto first = enqueue({.kind = "t.a"});
    auto second = enqueue({.kind = "t.a", .company = company});
    auto third = enqueue({.kind = "t.b"});
    sql("update jobs.jobs set state = 'dead', ended_at = now() where kind = 't.b'");
    const auto ids_of = [&](JobFilter filter, std::optional<ids::Uuid> before = {}, int limit = 10) {
        std::vector<ids::Uuid> ids;
        for (const auto& job : run(monitor_.list(filter, before, limit))) ids.push_back(job.id);
        return ids;
    };
    EXPECT_EQ(ids_of({}), (std::vector{third, second, first}));
    EXPECT_EQ(ids_of({}, third, 1), (std::vector{second}));
    EXPECT_EQ(ids_of({.kind = "t.a"}), (std::vector{second, first}));
    EXPECT_EQ(ids_of({.state = JobState::dead}), (std::vector{third}));
    EXPECT_EQ(ids_of({.company = company}), (std::vector{second}));
}

TEST_F(EndingTest, FollowsTheCalendarOnceHoweverManyRunners) {
    std::atomic<int> hourly = 0, strict = 0;
    Runner* both[] = {&runner(), &runner()};
    for (auto* one : both) {
        one->at({.when = "0 * * * *"}, "t.hourly", [&](Job) -> Task<void> {
            ++hourly;
            co_return;
        });
        one->at({.when = "0 9 * * *", .zone = "America/Toronto", .misfire = Calendar::Misfire::skip}, "t.strict",
                [&](Job) -> Task<void> {
                    ++strict;
                    co_return;
                });
        EXPECT_THROW(one->at({.when = "* *"}, "t.no", {}), std::invalid_argument);
        EXPECT_THROW(one->at({.when = "* * * * *", .zone = "Nowhere"}, "t.no", {}), std::invalid_argument);
    }
    for (auto* one : both) one->start();
    const auto planned = [&](const std::string& kind) {
        return sql_value("select to_char(next_at at time zone 'UTC', 'DD HH24:MI') from jobs.schedules where kind = '" +
                         kind + "'");
    };
    until([&] { return planned("t.hourly") == "08 08:00" && planned("t.strict") == "08 13:00"; });
    EXPECT_EQ(hourly, 0);
    clock().set(clock().now() + 60min);
    until([&] { return hourly == 1 && planned("t.hourly") == "08 09:00"; });
    // Five hours later nobody has looked: one run makes up for five, and none for what had to be in time.
    clock().set(clock().now() + 330min);
    until([&] { return hourly == 2 && planned("t.hourly") == "08 14:00" && planned("t.strict") == "09 13:00"; });
    EXPECT_EQ(strict, 0);
    clock().set(clock().now() + 1410min);  // 9 March, 13:00Z
    until([&] { return strict == 1 && hourly == 3; });
    until([&] { return count() == "0"; });
    EXPECT_EQ(hourly, 3);
    EXPECT_EQ(strict, 1);
}

TEST_F(EndingTest, AnotherRunnerLeadsOnceTheLeaderIsGone) {
    auto& first = runner();
    first.start();
    const auto leader = [&] { return sql_value("select holder from jobs.leader where until > now()").value_or(""); };
    until([&] { return !leader().empty(); });
    const auto before = leader();
    runner().start();
    first.stop();
    until([&] { return !leader().empty() && leader() != before; });
    EXPECT_EQ(sql_value("select term from jobs.leader"), "2");
}

TEST(Buckets, HoldADurationUpToTwoFifthsAboveIt) {
    for (std::int64_t micros : {1L, 999L, 1000L, 1001L, 1500L, 250'000L, 60'000'000L, 86'400'000'000L}) {
        const std::chrono::microseconds span{micros};
        const auto end = end_of_bucket(bucket_of(span));
        EXPECT_GE(end, span);
        EXPECT_LE(static_cast<double>(end.count()), std::max(1.0, 1.42 * static_cast<double>(micros) / 1000 + 1));
    }
}

}  // namespace
}  // namespace mobilytics::jobs
