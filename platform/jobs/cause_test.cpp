#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/jobs/events.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/log/log.hpp"
#include "platform/problem/problem.hpp"
#include "platform/testing/database.hpp"

namespace mobilytics::jobs {
namespace {

using namespace std::chrono_literals;

struct Seen {
    trace::Cause cause;
    log::Work work;  // what lines of the log say
};

class CausedJobs : public test::DatabaseTest {
protected:
    // What a job of each kind finds at its first and at its second attempt.
    std::map<std::string, std::vector<Seen>> run_all(const std::vector<std::string>& kinds) {
        std::mutex mutex;
        std::map<std::string, std::vector<Seen>> seen;
        Runner runner{runtime(), database(), clock(), queue_, {.poll = 50ms, .company_prefix = "co"}};
        for (const auto& kind : kinds)
            runner.on(kind, [&, kind](Job job) -> Task<void> {
                co_await async::sleep_for(1ms);
                const std::scoped_lock lock{mutex};
                seen[kind].push_back({job.cause, log::doing() ? *log::doing() : log::Work{}});
                if (job.attempt == 1) throw Problem{Kind::unavailable, "test.later", "Later."};
            });
        runner.start();
        const auto deadline = std::chrono::steady_clock::now() + 2min;
        while (sql_value("select count(*) from jobs.jobs") != "0") {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"they never ended"};
            clock().set(clock().now() + 1min);
            runner.wake();
            std::this_thread::sleep_for(5ms);
        }
        runner.stop();
        return seen;
    }

    Queue queue_;
    const trace::Cause cause_{
        .trace = {.trace_id = "0af7651916cd43dd8448eb211c80319c", .parent_id = "", .sampled = true},
        .request_id = "request-1",
        .user = "usr_1",
        .impersonator = "usr_2"};
};

TEST_F(CausedJobs, carry_it_through_every_attempt_to_events_and_to_what_follows_a_batch) {
    Events events{queue_};
    events.subscribe("t.happened", "t.told");
    run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
        co_await queue_.enqueue(session, {.kind = "t.caused", .cause = cause_});
        co_await queue_.enqueue(session, {.kind = "t.alone"});
        co_await events.publish(session, "t.happened", "{}", cause_);
        NewJob then{.kind = "t.then", .cause = cause_};
        std::vector<NewJob> parts(1, NewJob{.kind = "t.part", .cause = cause_});
        co_await queue_.enqueue_batch(session, std::move(parts), std::move(then));
    }));
    auto seen = run_all({"t.caused", "t.alone", "t.told", "t.part", "t.then"});
    for (const char* kind : {"t.caused", "t.told", "t.part", "t.then"}) {
        ASSERT_EQ(seen[kind].size(), 2U) << kind;
        for (const auto& [cause, work] : seen[kind]) {
            EXPECT_EQ(cause.trace.trace_id, cause_.trace.trace_id);
            EXPECT_EQ(cause.trace.parent_id.size(), 16U);
            EXPECT_TRUE(cause.trace.sampled);
            EXPECT_EQ(cause.request_id, "request-1");
            EXPECT_EQ(cause.user, "usr_1");
            EXPECT_EQ(cause.impersonator, "usr_2");
        }
    }
    const auto& alone = seen["t.alone"].at(0).cause;
    EXPECT_EQ(alone.trace.trace_id.size(), 32U);
    EXPECT_NE(alone.trace.trace_id, cause_.trace.trace_id);
    EXPECT_EQ(alone.user, "");
}

TEST_F(CausedJobs, say_in_each_line_of_the_log_whose_they_are_as_requests_do) {
    const auto company = ids::new_uuid();
    const auto id = run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<ids::Uuid> {
        NewJob job{.kind = "t.caused", .company = company, .cause = cause_};
        co_return co_await queue_.enqueue(session, std::move(job));
    }));
    const log::Work wanted{{"kind", "t.caused"},
                           {"job", "job_" + ids::to_base32(id)},
                           {"request_id", "request-1"},
                           {"trace_id", cause_.trace.trace_id},
                           {"company", "co_" + ids::to_base32(company)},
                           {"user", "usr_1"},
                           {"impersonator", "usr_2"}};
    const auto seen = run_all({"t.caused"})["t.caused"];
    ASSERT_EQ(seen.size(), 2U);
    for (const auto& [cause, work] : seen) EXPECT_EQ(work, wanted);
}

}  // namespace
}  // namespace mobilytics::jobs
