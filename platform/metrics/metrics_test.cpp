#include "platform/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>

namespace mobilytics::metrics {

namespace {

class MetricsTest : public ::testing::Test {
protected:
    MetricsTest() { runtime.start(); }

    std::string text() {
        return boost::asio::co_spawn(runtime.executor(0), registry.text(), boost::asio::use_future).get();
    }

    static bool has_line(const std::string& text, const std::string& line) {
        return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
    }

    async::Runtime runtime{1, 1};
    Registry registry;
};

TEST_F(MetricsTest, PrintsCountersHistogramsAndSamplesInPrometheusText) {
    registry.counter("things_total", "Things.", {{"outcome", "good"}}).add(3);
    registry.counter("things_total", "Things.", {{"outcome", "good"}}).add();
    registry.counter("things_total", "Things.", {{"outcome", "bad \"one\"\n"}}).add();
    registry.histogram("span_seconds", "Spans.", {}, {0.1, 1}).observe(0.5);
    registry.sampled("open", "Open things.", Kind::gauge,
                     [] { return std::vector<Sample>{{{{"where", "here"}}, 7}, {{{"where", "there"}}, 8}}; });
    const auto printed = text();
    for (const char* line :
         {"# HELP things_total Things.", "# TYPE things_total counter", "things_total{outcome=\"good\"} 4",
          "things_total{outcome=\"bad \\\"one\\\"\\n\"} 1", "# TYPE span_seconds histogram",
          "span_seconds_bucket{le=\"0.1\"} 0", "span_seconds_bucket{le=\"1\"} 1", "span_seconds_bucket{le=\"+Inf\"} 1",
          "span_seconds_count 1", "span_seconds_sum 0.5", "# TYPE open gauge", "open{where=\"here\"} 7",
          "open{where=\"there\"} 8"})
        EXPECT_TRUE(has_line(printed, line)) << line << " is not in:\n" << printed;
}

TEST_F(MetricsTest, LeavesOutWhatCannotBeAskedForAndCountsIt) {
    bool works = false;
    registry.asked("waiting", "Waiting things.", Kind::gauge, [&]() -> Task<std::vector<Sample>> {
        if (!works) throw std::runtime_error{"the database is away"};
        co_return std::vector<Sample>{{{}, 5}};
    });
    EXPECT_FALSE(has_line(text(), "waiting 5"));
    EXPECT_TRUE(has_line(text(), "metrics_failed_total{family=\"waiting\"} 2"));
    works = true;
    const auto printed = text();
    EXPECT_TRUE(has_line(printed, "waiting 5")) << printed;
    EXPECT_TRUE(has_line(printed, "metrics_failed_total{family=\"waiting\"} 2"));
}

TEST_F(MetricsTest, SaysWhatTheProcessUses) {
    add_process(registry);
    const auto printed = text();
    const auto value = [&](const std::string& name) {
        const auto at = printed.find("\n" + name + " ");
        return at == std::string::npos ? -1 : std::stod(printed.substr(at + name.size() + 2));
    };
    EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
    EXPECT_GE(value("process_open_fds"), 3);
    EXPECT_GE(value("process_max_fds"), value("process_open_fds"));
    EXPECT_GE(value("process_threads"), 2);
    EXPECT_GE(value("process_cpu_seconds_total"), 0);
    EXPECT_GT(value("process_start_time_seconds"), 1.7e9);
}

TEST(MetricsHandles, ThatWereMadeByThemselvesCountNothing) {
    Counter{}.add();
    Histogram{}.observe(1);
    EXPECT_FALSE(Histogram{});
}

}  // namespace

}  // namespace mobilytics::metrics
