#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs/cron.hpp"
#include "platform/jobs/figures.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/jobs/run_metrics.hpp"

namespace mobilytics::jobs {

using Steady = std::chrono::steady_clock;

// Why a run was told to end.
enum class Interruption { none, stopping, lease_lost, timed_out, cancelled };

// How a run ended, as far as the queue is concerned.
struct Outcome {
    enum class What { success, again, discard, snoozed, cancelled, given_back };
    What what = What::success;
    std::string code{};   // what the row notes
    std::string words{};  // what the log says
    std::optional<std::chrono::milliseconds> not_before{};
    bool timed_out = false;
};

struct Taken {
    ids::Uuid id;
    std::string kind;
    std::optional<ids::Uuid> company;
    std::string payload;
    std::int32_t attempt;
    std::int32_t max_attempts;
    std::int64_t lease;
    ids::Uuid lane;
    double waited_s;
    std::string traceparent;
    std::string request_id;
    std::string caused_by;
    std::string impersonator;
};

struct Rescued {
    std::string kind;
    std::string state;  // which it is in now
};

struct DeadRows {
    bool may_vacuum;
    std::int64_t rows;
    std::int64_t least;  // that are worth a vacuum

    bool is_worth_it() const { return may_vacuum && rows >= least; }
};

struct Kept {
    ids::Uuid id;
    bool cancel_wanted;
};

inline double in_seconds(std::chrono::milliseconds span) { return std::chrono::duration<double>{span}.count(); }

inline bool is_unique_violation(const db::DatabaseError& error, std::string_view constraint) {
    return error.sqlstate() == "23505" && error.constraint() == constraint;
}

// Enough to know the worker by in the table and in logs; no two runners have the same.
std::string name_of_this_worker();

// What became of the run, from what the handler threw and why it was told to end.
Outcome outcome_of(const std::exception_ptr& failure, Interruption why);

// Shared by the runner's own coroutines, so that it outlives whichever of them ends last. Besides what
// `mutex` guards everything is used on I/O thread 0 only, or constant once started.
struct Runner::State : std::enable_shared_from_this<State> {
    struct KnownKind {
        Handler handler;
        KindOptions options;
        std::size_t group = 0;
        RunMetrics metrics{};
    };
    // Kinds that share places; the first group is that of all which have none of their own.
    struct Group {
        int places = 0;
        std::vector<std::string> kinds{};
        bool has_limits = false;
        ids::Uuid last_lane{};  // served; nil: the round begins anew
    };
    struct Occupied {
        std::int64_t free = 0;
        std::vector<ids::Uuid> lanes{};
        std::vector<std::int64_t> jobs{};  // that run, of each of the lanes
    };
    struct Running {
        Job job;
        ids::Uuid lane;
        std::size_t group;
        std::shared_ptr<async::Stop> stop;
        Steady::time_point started, renewed;
        bool has_ended = false;  // its handler; the record of it is on its way
        Interruption why = Interruption::none;
    };
    struct Schedule {
        std::chrono::seconds span;
        clock::Instant next{};
    };
    struct CalendarEntry {
        Cron cron;
        const clock::Zone* zone;
        Calendar::Misfire misfire;
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
    std::map<std::string, KnownKind> kinds;
    std::vector<Group> groups;
    std::vector<std::string> kept_kinds;
    std::map<std::string, Schedule> schedules;
    std::map<std::string, CalendarEntry> calendar;
    boost::asio::steady_timer pause, beat;
    bool looking_again = false;
    bool declared = false;
    bool leads = false;
    std::size_t ended_since_vacuum = 0;
    std::chrono::seconds vacuum_pause{2};
    Steady::time_point next_vacuum{};
    int next_thread = 0;
    bool started = false;
    Figures figures;

    std::mutex mutex;
    std::condition_variable changed;
    std::map<ids::Uuid, Running> running;
    std::vector<Job> finished;
    std::string finished_lines;  // of the log
    bool writing_finished = false;
    bool stopping = false;
    int loops = 0;                             // and the vacuum
    std::shared_ptr<async::Stop> vacuuming{};  // while one is under way

    // runner.cpp, taking.cpp
    void sort_kinds();
    Task<void> loop_looking();
    Task<void> declare_kinds();
    Task<std::size_t> take_due();
    Task<std::size_t> take_due(std::size_t group);
    Task<std::vector<Taken>> take(std::size_t group, Occupied occupied);
    Task<std::vector<Taken>> take_once(std::size_t group, Occupied occupied);
    Occupied occupied(std::size_t group);
    void begin(Taken taken);
    void look_now();
    bool is_stopping();
    void end_loop();

    // schedules.cpp
    Task<void> enqueue_scheduled();
    Task<void> follow_calendar();
    Task<bool> is_due(db::Session& session, std::string kind, CalendarEntry& entry, clock::Instant now);

    // working.cpp
    Task<void> work(Job job, Handler handler);
    Interruption end_of(const Job& job, std::chrono::microseconds& took);
    std::string note(const Job& job, const Outcome& outcome, std::chrono::microseconds took);
    Task<void> settle(Job job, Outcome outcome);
    Task<void> settle_once(Job job, Outcome outcome);
    Task<void> put_back(Job job, clock::Instant run_at, std::optional<std::string> code, int uncounted);
    Task<void> end_without_success(Job job, std::string state, std::string code);
    std::chrono::milliseconds retry_pause(int attempt);

    // finishing.cpp
    void finish_soon(Job job, std::string line);
    Task<void> write_finished();
    Task<void> persist(std::function<Task<void>()> record);
    void forget(const Job& job);

    // vacuuming.cpp
    void vacuum_soon(std::size_t ended);
    Task<void> vacuum();
    Task<DeadRows> dead_rows();

    // leases.cpp
    Task<void> loop_beating();
    Task<void> beat_part(std::string_view what, Task<void> (State::*part)());
    Task<void> resign();
    Task<void> renew();
    Task<void> rescue();
    Task<void> clean_up();
    Task<void> write_figures();
    void stop_overdue();
    void interrupt(Running& entry, Interruption why);
};

}  // namespace mobilytics::jobs
