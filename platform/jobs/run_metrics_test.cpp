#include <gtest/gtest.h>

#include <format>
#include <stdexcept>

#include "platform/jobs/queue_test.hpp"
#include "platform/metrics/metrics.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::jobs {
namespace {

class RunMetricsTest : public JobsTest {
protected:
    Runner& counting_runner() {
        auto options = quick;
        options.metrics = &registry_;
        return runner(options);
    }

    std::string text() { return "\n" + run(registry_.text()); }

    bool says(const std::string& line) { return text().contains("\n" + line + "\n"); }

    bool ended(const std::string& kind, const std::string& outcome, int runs) {
        return says(std::format("jobs_ended_total{{kind=\"{}\",outcome=\"{}\"}} {}", kind, outcome, runs));
    }

    metrics::Registry registry_;
};

TEST_F(RunMetricsTest, a_kind_has_its_series_before_anything_of_it_has_run) {
    auto& runner = counting_runner();
    runner.on("t.quiet", [](Job) -> Task<void> { co_return; });
    runner.start();
    for (const char* outcome : {"done", "retried", "dead", "discarded", "cancelled"})
        EXPECT_TRUE(ended("t.quiet", outcome, 0)) << text();
    EXPECT_TRUE(says("jobs_wait_seconds_count{kind=\"t.quiet\"} 0"));
    EXPECT_TRUE(says("jobs_run_seconds_count{kind=\"t.quiet\"} 0"));
}

TEST_F(RunMetricsTest, each_run_is_counted_once_by_how_it_ended) {
    auto& runner = counting_runner();
    runner.on("t.good", [](Job) -> Task<void> { co_return; });
    runner.on("t.wrong", [](Job) -> Task<void> {
        throw Problem{Kind::invalid, "t.wrong", "No."};
        co_return;
    });
    runner.on("t.broken", [](Job) -> Task<void> {
        throw std::runtime_error{"no"};
        co_return;
    });
    for (int i = 0; i < 3; ++i) enqueue({.kind = "t.good"});
    enqueue({.kind = "t.wrong"});
    enqueue({.kind = "t.broken", .max_attempts = 2});
    runner.start();
    until([&] {
        clock().set(clock().now() + 1s);
        runner.wake();
        return count("state in ('ready', 'running')") == "0";
    });
    EXPECT_TRUE(ended("t.good", "done", 3)) << text();
    EXPECT_TRUE(ended("t.wrong", "discarded", 1)) << text();
    EXPECT_TRUE(ended("t.broken", "retried", 1)) << text();
    EXPECT_TRUE(ended("t.broken", "dead", 1)) << text();
    EXPECT_TRUE(says("jobs_wait_seconds_count{kind=\"t.good\"} 3")) << text();
    EXPECT_TRUE(says("jobs_run_seconds_count{kind=\"t.broken\"} 2")) << text();
}

TEST_F(RunMetricsTest, a_run_whose_worker_vanished_counts_as_tried_again_or_dead) {
    auto& runner = counting_runner();
    runner.on("t.lost", [](Job) -> Task<void> { co_return; });
    enqueue({.kind = "t.lost", .max_attempts = 1});
    enqueue({.kind = "t.lost", .max_attempts = 2});
    sql("update jobs.jobs set state = 'running', attempts = 1, leased_until = now() - interval '1 second'");
    runner.start();
    until([&] { return count() == "1" && count("state = 'dead'") == "1"; });
    EXPECT_TRUE(ended("t.lost", "dead", 1)) << text();
    EXPECT_TRUE(ended("t.lost", "retried", 1)) << text();
    EXPECT_TRUE(ended("t.lost", "done", 1)) << text();
}

}  // namespace
}  // namespace mobilytics::jobs
