#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs/jobs.hpp"

namespace mobilytics::jobs {

using Steady = std::chrono::steady_clock;

// How a run ended, as far as the queue is concerned.
struct Outcome {
    enum class What { success, again, discard, cancelled };
    What what = What::success;
    std::string error;
    std::optional<std::chrono::seconds> not_before;
};

struct Taken {
    ids::Uuid id;
    std::string kind;
    std::optional<ids::Uuid> company;
    std::string payload;
    std::int32_t attempt;
    std::int32_t max_attempts;
    std::int64_t lease;
    std::string traceparent;
};

inline double in_seconds(std::chrono::milliseconds span) { return std::chrono::duration<double>{span}.count(); }

inline bool is_unique_violation(const db::DatabaseError& error, std::string_view constraint) {
    return error.sqlstate() == "23505" && error.constraint() == constraint;
}

// Enough to know the worker by in the table and in logs.
std::string name_of_this_worker();

// Shared by the runner's own coroutines, so that it outlives whichever of them ends last. Besides what
// `mutex` guards everything is used on I/O thread 0 only, or constant once started.
struct Runner::State : std::enable_shared_from_this<State> {
    struct Running {
        Job job;
        std::shared_ptr<async::Stop> stop;
        Steady::time_point renewed;
    };
    struct Schedule {
        std::chrono::seconds span;
        clock::Instant next{};
    };

    State(async::Runtime& of_runtime, db::Database& of_database, const clock::Clock& of_clock, Queue& of_queue,
          RunnerOptions of_options)
        : runtime{of_runtime},
          database{of_database},
          product_clock{of_clock},
          queue{of_queue},
          options{of_options},
          worker{name_of_this_worker()},
          pause{runtime.executor(0)},
          beat{runtime.executor(0)} {}

    async::Runtime& runtime;
    db::Database& database;
    const clock::Clock& product_clock;
    Queue& queue;
    RunnerOptions options;
    std::string worker;
    std::map<std::string, Handler> handlers;
    std::vector<std::string> kinds;         // that share the common places
    std::map<std::string, int> own_places;  // of the other kinds
    std::map<std::string, Schedule> schedules;
    boost::asio::steady_timer pause, beat;
    bool looking_again = false;
    int next_thread = 0;
    bool started = false;

    std::mutex mutex;
    std::condition_variable changed;
    std::map<ids::Uuid, Running> running;
    bool stopping = false;
    int loops = 0;

    Task<void> loop_looking();
    Task<void> loop_beating();
    Task<void> enqueue_scheduled();
    Task<std::size_t> take_due();
    Task<std::size_t> take_some(std::vector<std::string> of_kinds, std::int64_t free);
    Task<std::vector<Taken>> take(std::vector<std::string> of_kinds, std::int64_t limit);
    void begin(Taken taken);
    Task<void> work(Job job, Handler handler);
    Task<void> settle(Job job, Outcome outcome);
    Task<void> settle_once(Job job, Outcome outcome);
    Task<void> put_back(Job job, clock::Instant run_at, std::string error, int uncounted);
    void forget(const Job& job);
    Task<void> renew();
    Task<void> rescue();
    void stop_overdue();
    std::int64_t free_places();
    std::int64_t free_places(const std::string& kind, int places);
    bool is_stopping();
    void look_now();
    void end_loop();
    std::chrono::milliseconds retry_pause(int attempt);
};

}  // namespace mobilytics::jobs
