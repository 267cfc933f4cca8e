#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <thread>

#include "platform/jobs/events.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/problem/problem.hpp"
#include "platform/testing/database.hpp"

namespace mobilytics::jobs {
namespace {

using namespace std::chrono_literals;

class TracedJobs : public test::DatabaseTest {
protected:
    Queue queue_;
};

TEST_F(TracedJobs, carry_the_trace_of_what_they_follow_from_through_every_attempt) {
    const trace::Context cause{.trace_id = "0af7651916cd43dd8448eb211c80319c", .sampled = true};
    std::mutex mutex;
    std::map<std::string, std::vector<trace::Context>> seen;
    Events events{queue_};
    events.subscribe("t.happened", "t.told");
    Runner runner{runtime(), database(), clock(), queue_, {.poll = 50ms}};
    for (const char* kind : {"t.caused", "t.told", "t.alone"})
        runner.on(kind, [&, kind](Job job) -> Task<void> {
            {
                std::scoped_lock lock{mutex};
                seen[kind].push_back(job.trace);
            }
            if (job.attempt == 1) throw Problem{Kind::unavailable, "test.later", "Later."};
            co_return;
        });
    run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
        co_await queue_.enqueue(session, {.kind = "t.caused", .trace = cause});
        co_await queue_.enqueue(session, {.kind = "t.alone"});
        co_await events.publish(session, "t.happened", "{}", cause);
    }));
    runner.start();
    const auto deadline = std::chrono::steady_clock::now() + 2min;
    while (sql_value("select count(*) from jobs.jobs") != "0") {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "they never ended";
        clock().set(clock().now() + 1min);
        runner.wake();
        std::this_thread::sleep_for(5ms);
    }
    runner.stop();
    for (const char* kind : {"t.caused", "t.told"}) {
        ASSERT_EQ(seen[kind].size(), 2U);
        for (const auto& context : seen[kind]) {
            EXPECT_EQ(context.trace_id, cause.trace_id);
            EXPECT_EQ(context.parent_id.size(), 16U);
            EXPECT_TRUE(context.sampled);
        }
    }
    EXPECT_EQ(seen["t.alone"].at(0).trace_id.size(), 32U);
    EXPECT_NE(seen["t.alone"].at(0).trace_id, cause.trace_id);
}

}  // namespace
}  // namespace mobilytics::jobs
