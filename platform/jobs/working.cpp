// One job from its handler's start to the record of its end.
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <random>
#include <utility>

#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::jobs {

namespace asio = boost::asio;

namespace {

Outcome outcome_of(std::exception_ptr failure) {
    using What = Outcome::What;
    try {
        std::rethrow_exception(failure);
    } catch (const Problem& problem) {
        if (problem.kind() != Kind::unavailable && problem.kind() != Kind::refused_upstream)
            return {What::discard, problem.what(), {}};
        std::optional<std::chrono::seconds> wait;
        if (problem.retry_after_seconds) wait = std::chrono::seconds{*problem.retry_after_seconds};
        return {What::again, problem.what(), wait};
    } catch (const boost::system::system_error& error) {
        auto what = error.code() == asio::error::operation_aborted ? What::cancelled : What::again;
        return {what, error.what(), {}};
    } catch (const std::exception& error) {
        return {What::again, error.what(), {}};
    } catch (...) {
        return {What::again, "something unknown was thrown", {}};
    }
}

}  // namespace

Task<void> Runner::State::work(Job job, Handler handler) {
    Outcome outcome;
    try {
        co_await handler(job);
    } catch (...) {
        outcome = outcome_of(std::current_exception());
    }
    // What was cancelled must still be able to say so.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await settle(job, std::move(outcome));
    forget(job);
    asio::post(runtime.executor(0), [self = shared_from_this()] { self->look_now(); });
}

void Runner::State::forget(const Job& job) {
    std::lock_guard lock{mutex};
    auto found = running.find(job.id);
    if (found != running.end() && found->second.job.lease == job.lease) running.erase(found);
    changed.notify_all();
}

// When the database stays away the lease runs out and the job runs again elsewhere: that is what "at least
// once" is.
Task<void> Runner::State::settle(Job job, Outcome outcome) {
    try {
        co_await settle_once(job, std::move(outcome));
    } catch (const std::exception& failure) {
        log::warn("the end of a job could not be recorded", {{"kind", job.kind},
                                                             {"id", ids::to_hex(job.id)},
                                                             {"trace_id", job.trace.trace_id},
                                                             {"reason", failure.what()}});
    }
}

Task<void> Runner::State::settle_once(Job job, Outcome outcome) {
    using What = Outcome::What;
    if (outcome.what == What::cancelled)
        // The lease was lost, or this process stops; in the second case the next worker need not wait for the
        // lease.
        co_return co_await put_back(job, product_clock.now(), outcome.error, 1);
    if (outcome.what == What::again && job.attempt < job.max_attempts) {
        auto wait = retry_pause(job.attempt);
        if (outcome.not_before) wait = std::max<std::chrono::milliseconds>(wait, *outcome.not_before);
        log::warn("a job failed and is tried again", {{"kind", job.kind},
                                                      {"attempt", job.attempt},
                                                      {"trace_id", job.trace.trace_id},
                                                      {"reason", outcome.error}});
        co_return co_await put_back(job, product_clock.now() + wait, outcome.error, 0);
    }
    if (outcome.what != What::success)
        log::error("a job is given up", {{"kind", job.kind},
                                         {"id", ids::to_hex(job.id)},
                                         {"trace_id", job.trace.trace_id},
                                         {"reason", outcome.error}});
    co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        if (outcome.what == What::success)
            co_await session.exec(sql::finish, job.id, job.lease);
        else
            co_await session.exec(sql::end_without_success, job.id, job.lease,
                                  outcome.what == What::discard ? "discarded" : "dead", outcome.error);
    });
}

Task<void> Runner::State::put_back(Job job, clock::Instant run_at, std::string error, int uncounted) {
    bool superseded = false;
    try {
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            co_await session.exec(sql::put_back, job.id, job.lease, run_at, error, std::int32_t{uncounted});
        });
    } catch (const db::DatabaseError& refusal) {
        if (!is_unique_violation(refusal, "jobs_pending_key")) throw;
        superseded = true;  // one with the same key waits already and will do this one's work
    }
    if (!superseded) co_return;
    co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await session.exec(sql::finish, job.id, job.lease);
    });
}

// Twice as long each time, give or take a half, so that jobs that failed together do not return together.
std::chrono::milliseconds Runner::State::retry_pause(int attempt) {
    thread_local std::minstd_rand random{std::random_device{}()};
    double longest = static_cast<double>(options.longest_retry.count());
    double pause_ms = static_cast<double>(options.first_retry.count());
    for (int i = 1; i < attempt && pause_ms < longest; ++i) pause_ms *= 2;
    pause_ms = std::min(pause_ms, longest) * std::uniform_real_distribution<>{0.5, 1.5}(random);
    return std::chrono::milliseconds{static_cast<std::int64_t>(pause_ms)};
}

}  // namespace mobilytics::jobs
