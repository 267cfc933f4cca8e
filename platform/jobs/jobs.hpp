#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/ids/id.hpp"
#include "platform/trace/trace.hpp"

// Work that starts by itself, kept in PostgreSQL: enqueued in the caller's transaction (it exists exactly if
// the transaction committed), run at least once, also after a crash of any process. So a handler must be safe
// to run twice; one that must not repeat its effect finishes the job in the transaction of the effect
// (Queue::finish).
namespace mobilytics::jobs {

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
    trace::Context trace{};  // of what it follows from; of a waiting job with the same key the first one stays
};

struct Job {
    ids::Uuid id;
    std::string kind;
    ids::Uuid company;  // nil: for no company
    std::string payload;
    int attempt = 0;  // from 1
    int max_attempts = 0;
    std::int64_t lease = 0;
    trace::Context trace{};  // begins here when nobody named one
};

class Queue {
public:
    Queue();

    // The job's id; of the waiting one when the key was there already. Runners of this process look at once
    // after the commit, those of others within a second.
    Task<ids::Uuid> enqueue(db::Session& session, NewJob job);

    // In one round trip.
    Task<void> enqueue_all(db::Session& session, std::vector<NewJob> jobs);

    // Finishes the job in the handler's own transaction, so that effect and end of the job are one. Throws
    // LeaseLost when another worker has taken the job over meanwhile; the transaction must then not commit.
    Task<void> finish(db::Session& session, Job job);

private:
    friend class Runner;
    struct Listeners;
    void wake_after_commit(db::Session& session);
    std::shared_ptr<Listeners> listeners_;
};

class LeaseLost : public std::exception {
public:
    const char* what() const noexcept override { return "another worker has taken this job over"; }
};

struct RunnerOptions {
    int concurrency = 8;  // jobs at once in this process
    std::chrono::milliseconds poll{1000};
    std::chrono::milliseconds heartbeat{10000};
    std::chrono::milliseconds lease{60000};  // without a heartbeat for that long a job is given to another worker
    std::chrono::milliseconds first_retry{2000};
    std::chrono::milliseconds longest_retry{3600000};
    std::chrono::hours keep_discarded{24 * 7};
};

// Takes due jobs and runs their handlers, spread over the I/O threads. A handler's Problem unavailable or
// refused_upstream, a DatabaseError and any unknown exception are tried again with growing, jittered pauses
// (Problem::retry_after_seconds is kept to) until max_attempts, then the job is `dead` with its error; any
// other Problem is the job's own fault and makes it `discarded` at once. A handler whose lease is lost is
// cancelled.
class Runner {
public:
    using Handler = std::function<Task<void>(Job)>;

    Runner(async::Runtime& runtime, db::Database& database, const clock::Clock& clock, Queue& queue,
           RunnerOptions options = {});
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    // Before start(). Only kinds with a handler are taken. A kind that waits for others more than it works has
    // places of its own: up to `own_places` of its jobs run at once in this process, and neither they nor those
    // that wait for one take places of other kinds. 0: it shares the runner's `concurrency`.
    void on(std::string kind, Handler handler, int own_places = 0);

    // The kind's handler, and a job of it every `span` in the whole installation (not per process), the first
    // one at once. A run that takes longer than the span is not overlapped by the next.
    void every(std::chrono::seconds span, std::string kind, Handler handler);

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
