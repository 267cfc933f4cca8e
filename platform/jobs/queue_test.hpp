#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "platform/jobs/jobs.hpp"
#include "platform/testing/database.hpp"

// A queue with runners that look often.
namespace mobilytics::jobs {

using namespace std::chrono_literals;

inline const RunnerOptions quick{.concurrency = 8,
                                 .poll = 50ms,
                                 .heartbeat = 100ms,
                                 .lease = 60s,
                                 .first_retry = 1000ms,
                                 .longest_retry = 60000ms,
                                 .keep_discarded = std::chrono::hours{1}};

class JobsTest : public test::DatabaseTest {
protected:
    ids::Uuid enqueue(NewJob job) {
        return run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<ids::Uuid> {
            co_return co_await queue_.enqueue(session, job);
        }));
    }

    Runner& runner(RunnerOptions options = quick) {
        runners_.push_back(std::make_unique<Runner>(runtime(), database(), clock(), queue_, options));
        return *runners_.back();
    }

    void until(const std::function<bool()>& true_now) {
        auto deadline = std::chrono::steady_clock::now() + 2min;
        while (!true_now()) {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"it never came true"};
            std::this_thread::sleep_for(5ms);
        }
    }

    std::string count(const std::string& condition = "true") {
        return sql_value("select count(*) from jobs.jobs where " + condition).value();
    }

    void stop_all() { runners_.clear(); }

    void TearDown() override { stop_all(); }

    Queue queue_;
    std::vector<std::unique_ptr<Runner>> runners_;
};

}  // namespace mobilytics::jobs
