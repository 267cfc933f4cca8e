#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/ids/id.hpp"
#include "platform/jobs/jobs.hpp"

// The queue as those see it who look after it. Rows of all companies, so whoever asks must be entitled to them; what a
// job was given (its payload) is never among the answers.
namespace mobilytics::jobs {

// A finished job is gone. dead: tried in vain as often as it may; discarded: refused at once, as its own fault.
enum class JobState { ready, running, dead, discarded, cancelled };

struct JobView {
    ids::Uuid id;
    std::string kind;
    std::optional<ids::Uuid> company;
    JobState state = JobState::ready;
    int priority = 0;
    int attempts = 0;
    int max_attempts = 0;
    bool cancel_wanted = false;  // runs still, and was told to end
    clock::Instant run_at;
    clock::Instant enqueued_at;
    std::optional<clock::Instant> started_at, ended_at;
    std::optional<std::string> worker;
    std::optional<std::string> error;  // a code
    trace::Cause cause{};              // its trace is empty where nobody named one
};

struct JobFailure {
    int attempt = 0;
    clock::Instant at;
    std::string error;
};

struct JobFilter {
    std::optional<std::string> kind;
    std::optional<JobState> state;
    std::optional<ids::Uuid> company;
};

struct KindView {
    std::string kind;
    std::chrono::milliseconds timeout{0};
    std::optional<int> max_running, max_running_per_company, max_per_minute, max_per_minute_per_company;
    std::optional<clock::Instant> paused_at;
    std::int64_t ready = 0;  // due
    std::int64_t later = 0;  // waiting for their time
    std::int64_t running = 0;
    std::int64_t dead = 0;
    std::optional<clock::Instant> oldest;  // since when the first of the due ones has been waiting
    // Over the last fifteen minutes. Percentiles are the upper ends of their buckets; nothing where nothing ran.
    double done_per_minute = 0;
    double failed_per_minute = 0;
    std::int64_t rescued = 0;
    std::optional<std::chrono::milliseconds> run_p50, run_p95, wait_p50, wait_p95;
};

// What a person wants of a job that it cannot give: throws Problem conflict "jobs.wrong_state", "jobs.same_waits".
class Monitor {
public:
    Monitor(db::Database& database, const clock::Clock& clock, Queue& queue)
        : database_{database}, clock_{clock}, queue_{queue} {}

    Task<std::vector<JobView>> list(JobFilter filter, std::optional<ids::Uuid> before, int limit);  // newest first
    Task<std::vector<KindView>> kinds();
    Task<std::optional<KindView>> kind(std::string name);

    // Jobs of a concurrency key that wait to be tried again, and have been tried so often or more.
    Task<std::int64_t> count_failing(std::string concurrency_key, int attempts);
    // How long nobody has kept the calendar; 0 while somebody does. By the database's clock.
    Task<double> seconds_without_leader();

    // The rest is for the caller's transaction, in the system's scope. Nothing, where there is no such job or kind.

    Task<std::optional<JobView>> find(db::Session& session, ids::Uuid id);
    Task<std::vector<JobFailure>> failures(db::Session& session, ids::Uuid id);  // the last ten, oldest first

    // Both answer with the job as it was before.
    // At once, with all its attempts. Not while it runs.
    Task<std::optional<JobView>> run_again(db::Session& session, ids::Uuid id);
    // A waiting job at once; a running one is told at its worker's next heartbeat.
    Task<std::optional<JobView>> cancel(db::Session& session, ids::Uuid id);

    struct Redriven {
        std::int64_t jobs = 0;
        std::int64_t left = 0;  // there were more, or one with the same key waits
    };
    // Up to ten thousand of a kind that ended in that state.
    Task<Redriven> redrive(db::Session& session, std::string kind, JobState state, std::optional<ids::Uuid> company);

    // Runners take no more jobs of the kind; what runs goes on. Jobs can be enqueued all the same.
    // Whether it was otherwise before.
    Task<std::optional<bool>> pause(db::Session& session, std::string kind);
    Task<std::optional<bool>> resume(db::Session& session, std::string kind);

private:
    Task<std::optional<JobView>> hold(db::Session& session, ids::Uuid id);
    Task<std::int64_t> bring_back(db::Session& session, db::Statement statement);  // how many jobs
    Task<std::vector<KindView>> kinds_like(std::optional<std::string> name);

    db::Database& database_;
    const clock::Clock& clock_;
    Queue& queue_;
};

}  // namespace mobilytics::jobs
