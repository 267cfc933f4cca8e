#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/ids/id.hpp"
#include "platform/trace/cause.hpp"

// Work that starts by itself, kept in PostgreSQL: enqueued in the caller's transaction (it exists exactly if
// the transaction committed), run at least once, also after a crash of any process. So a handler must be safe
// to run twice; one that must not repeat its effect finishes the job in the transaction of the effect
// (Queue::finish).
namespace mobilytics::metrics {
class Registry;
}

namespace mobilytics::jobs {

inline constexpr std::string_view id_prefix = "job";  // of printed ids

struct NewJob {
    std::string kind;
    ids::Uuid company{};         // nil: for no company
    std::string payload = "{}";  // JSON
    clock::Instant run_at{};     // not before; by default at once
    // At most one job of a kind waits per key. Enqueueing another gives the waiting one, with the earlier
    // run_at and the first payload. One that runs already does not count, so what happens during its run is
    // not missed. Until the caller's transaction ends, others that enqueue the same key wait for it: enqueue
    // late.
    std::optional<std::string> key{};
    // Of the jobs with the same one, in all processes, only one runs at a time.
    std::optional<std::string> concurrency_key{};
    int max_attempts = 10;
    // 0 to 9. Each step counts as twenty seconds of waiting, among the jobs of the same company.
    int priority = 0;
    trace::Cause cause{};  // of a waiting job with the same key the first one stays
};

struct Job {
    ids::Uuid id;
    std::string kind;
    ids::Uuid company;  // nil: for no company
    std::string payload;
    int attempt = 0;  // from 1
    int max_attempts = 0;
    std::int64_t lease = 0;
    trace::Cause cause{};  // its trace begins here when nobody named one
};

class Queue {
public:
    Queue();

    // The job's id; of the waiting one when the key was there already. Runners of this process look at once
    // after the commit, those of others within a quarter of a second.
    Task<ids::Uuid> enqueue(db::Session& session, NewJob job);

    // In one round trip.
    Task<void> enqueue_all(db::Session& session, std::vector<NewJob> jobs);

    // These jobs, and one more when each of them has succeeded or was given up: dead, discarded or cancelled. Its
    // payload, a JSON object, gets a field `given_up` with how many were; it has no time and none of the keys, and the
    // others no `key`. A job that is brought back after it was given up counts no more.
    Task<void> enqueue_batch(db::Session& session, std::vector<NewJob> jobs, NewJob then);

    // Finishes the job in the handler's own transaction, so that effect and end of the job are one. Throws
    // LeaseLost when another worker has taken the job over meanwhile; the transaction must then not commit.
    Task<void> finish(db::Session& session, Job job);

private:
    friend class Runner;
    friend class Monitor;
    struct Listeners;
    void wake_after_commit(db::Session& session);
    std::shared_ptr<Listeners> listeners_;
};

class LeaseLost : public std::exception {
public:
    const char* what() const noexcept override { return "another worker has taken this job over"; }
};

// Thrown by a handler that has nothing to do yet: the job waits, and the run counts as no attempt.
class Snooze : public std::exception {
public:
    explicit Snooze(std::chrono::milliseconds span) : span_{span} {}
    std::chrono::milliseconds span() const { return span_; }
    const char* what() const noexcept override { return "the job waits for a later time"; }

private:
    std::chrono::milliseconds span_;
};

// What a kind of jobs may take. The limits hold over all processes.
struct KindOptions {
    std::chrono::milliseconds timeout =
        std::chrono::minutes{15};  // of one run; then it is cancelled and counts as failed
    std::optional<int> max_running{};
    std::optional<int> max_running_per_company{};
    // How many are begun, spread evenly: at once no more than a second's worth, and at least one.
    std::optional<int> max_per_minute{};
    std::optional<int> max_per_minute_per_company{};
    // For a kind that waits for others more than it works: so many of its jobs run at once in each process, and neither
    // they nor those that wait for one take places of other kinds. 0: it shares the runner's `concurrency`.
    int own_places = 0;
    bool keep_ended = false;  // discarded and cancelled jobs stay until somebody has looked at them, as dead ones do
};

// When a recurring job is due: minute, hour, day of month, month, day of week (0 or 7 is Sunday) of the wall
// clock in `zone`, each `*`, `5`, `1-5`, `*/15`, `0-30/10` or a list of these. A time that the clock skips is
// due at the change, one that comes twice the first time.
struct Calendar {
    enum class Misfire {
        run_once,  // one run makes up for however many were missed
        skip,      // what is more than a minute late does not run
    };

    std::string when;
    std::string zone = "UTC";
    Misfire misfire = Misfire::run_once;
};

struct RunnerOptions {
    int concurrency = 8;  // jobs at once in this process; a company alone may have three quarters of the places
    std::chrono::milliseconds poll{250};
    std::chrono::milliseconds heartbeat{10000};
    std::chrono::milliseconds lease{40000};  // without a heartbeat for that long a job is given to another worker
    std::chrono::milliseconds first_retry{2000};
    std::chrono::milliseconds longest_retry{3600000};
    std::chrono::hours keep_discarded{24 * 7};  // and cancelled
    std::chrono::hours keep_figures{24};
    std::size_t vacuum_after = 2500;              // jobs ended in this process, it looks whether the table wants it
    metrics::Registry* metrics = nullptr;         // where runs are counted
    bool log_runs = false;                        // a line for each, when it has ended
    std::string_view company_prefix = "company";  // of printed ids, for the log
};

// Takes due jobs and runs their handlers, spread over the I/O threads. Companies take turns; of one company's jobs
// the one that waits longest comes first, priority counted in.
//
// A handler's Problem unavailable, refused_upstream, too_many or timeout, any that names a delay
// (Problem::retry_after_seconds, which is kept to), a DatabaseError and any unknown exception are tried again
// with growing, jittered pauses until max_attempts, then the job is `dead`; any other Problem is the job's own
// fault and makes it `discarded` at once. What the row notes of a failure is a code: the problem's, SQLSTATE or
// the exception's type. The words, which may be a customer's, are in the log only.
//
// A handler is cancelled when its lease is lost, its time is up, a member of staff cancelled the job, or this
// process stops. It hears of it where it awaits, and must not start anything new then.
class Runner {
public:
    using Handler = std::function<Task<void>(Job)>;

    Runner(async::Runtime& runtime, db::Database& database, const clock::Clock& clock, Queue& queue,
           RunnerOptions options = {});
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    // Before start(). Only kinds with a handler are taken.
    void on(std::string kind, Handler handler, KindOptions options = {});

    // The kind's handler, and a job of it every `span` in the whole installation (not per process), the first
    // one at once. A run that takes longer than the span is not overlapped by the next.
    void every(std::chrono::seconds span, std::string kind, Handler handler, KindOptions options = {});

    // The kind's handler, and a job of it whenever the calendar says. Runs do not overlap. Throws
    // std::invalid_argument for a calendar or zone that cannot be read.
    void at(Calendar calendar, std::string kind, Handler handler, KindOptions options = {});

    void start();

    // Takes no more jobs, lets running ones end for `patience`, then cancels them; what did not end is taken
    // by another worker. Not from an I/O thread. The destructor does the same. False when the runtime was too
    // busy to come to an end in time.
    bool stop(std::chrono::milliseconds patience = std::chrono::seconds{20});

    // Looks for due jobs now. Safe from any thread.
    void wake();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mobilytics::jobs
