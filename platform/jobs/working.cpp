// One job from its handler's start to the record of its end.
#include <cxxabi.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <cstdlib>
#include <memory>
#include <random>
#include <typeinfo>
#include <utility>

#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/log/log.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::jobs {

namespace asio = boost::asio;
using What = Outcome::What;

namespace {

std::string type_of(const std::exception& error) {
    int status = 0;
    std::unique_ptr<char, decltype(&std::free)> name{
        abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), &std::free};
    return status == 0 ? name.get() : typeid(error).name();
}

bool is_passing(mobilytics::Kind kind) {
    using enum mobilytics::Kind;
    return kind == unavailable || kind == refused_upstream || kind == too_many || kind == timeout;
}

Outcome outcome_of(const Problem& problem) {
    Outcome outcome{.what = What::discard, .code = problem.code(), .words = problem.what()};
    if (problem.retry_after_seconds || is_passing(problem.kind())) outcome.what = What::again;
    if (problem.retry_after_seconds) outcome.not_before = std::chrono::seconds{*problem.retry_after_seconds};
    return outcome;
}

RunEnd end_in_a_word(const Job& job, const Outcome& outcome) {
    switch (outcome.what) {
        case What::success:
            return RunEnd::done;
        case What::again:
            return job.attempt < job.max_attempts ? RunEnd::retried : RunEnd::dead;
        case What::discard:
            return RunEnd::discarded;
        case What::snoozed:
            return RunEnd::snoozed;
        case What::cancelled:
            return RunEnd::cancelled;
        case What::given_back:
            break;
    }
    return RunEnd::given_back;
}

Outcome outcome_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const Problem& problem) {
        return outcome_of(problem);
    } catch (const Snooze& snooze) {
        return {.what = What::snoozed, .not_before = snooze.span()};
    } catch (const db::DatabaseError& error) {
        return {.what = What::again, .code = "database." + error.sqlstate(), .words = error.what()};
    } catch (const boost::system::system_error& error) {
        return {.what = What::again, .code = error.code().message(), .words = error.what()};
    } catch (const std::exception& error) {
        return {.what = What::again, .code = type_of(error), .words = error.what()};
    } catch (...) {
        return {.what = What::again, .code = "jobs.unknown", .words = "something unknown was thrown"};
    }
}

}  // namespace

// What a handler throws that was told to end is a consequence of that.
Outcome outcome_of(const std::exception_ptr& failure, Interruption why) {
    if (!failure) return {};
    switch (why) {
        case Interruption::none:
            return outcome_of(failure);
        case Interruption::timed_out:
            return {.what = What::again, .code = "jobs.timed_out", .words = "its time is up", .timed_out = true};
        case Interruption::cancelled:
            return {.what = What::cancelled, .code = "jobs.cancelled"};
        case Interruption::stopping:
        case Interruption::lease_lost:
            break;
    }
    return {.what = What::given_back};
}

Task<void> Runner::State::work(Job job, Handler handler) {
    std::exception_ptr failure;
    try {
        co_await handler(job);
    } catch (...) {
        failure = std::current_exception();
    }
    // What was cancelled must still be able to say so.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    std::chrono::microseconds took{};
    const Outcome outcome = outcome_of(failure, end_of(job, took));
    auto line = note(job, outcome, took);
    if (outcome.what == What::success) {
        finish_soon(job, std::move(line));
    } else {
        log::lines(line);
        co_await settle(job, outcome);
        forget(job);
    }
    asio::post(runtime.executor(0), [self = shared_from_this()] { self->look_now(); });
}

Interruption Runner::State::end_of(const Job& job, std::chrono::microseconds& took) {
    std::lock_guard lock{mutex};
    auto found = running.find(job.id);
    // Taken again by this very process after the lease was lost.
    if (found == running.end() || found->second.job.lease != job.lease) return Interruption::lease_lost;
    took = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - found->second.started);
    return found->second.why;
}

// The line for the log, where one is wanted.
std::string Runner::State::note(const Job& job, const Outcome& outcome, std::chrono::microseconds took) {
    const auto add = [&](std::string_view figure) { figures.add(product_clock.now(), job.kind, figure, took); };
    const RunEnd end = end_in_a_word(job, outcome);
    if (outcome.timed_out) add("timed_out");
    if (end == RunEnd::done || end == RunEnd::cancelled || end == RunEnd::retried) add(json::name_of(end));
    if (end == RunEnd::dead || end == RunEnd::discarded) add("given_up");
    kinds.at(job.kind).metrics.ended(end, took);
    // What the clock begins every few seconds would bury what somebody asked for.
    const bool is_routine = end == RunEnd::done && job.cause.request_id.empty();
    const auto level = is_routine ? log::Level::debug : log::Level::info;
    if (!options.log_runs || !log::enabled(level)) return {};
    return log::line(log::form(), level, clock::to_rfc3339(clock::SystemClock{}.now()), "job",
                     {{"attempt", job.attempt},
                      {"outcome", json::name_of(end)},
                      {"error", outcome.code},
                      {"duration_ms", static_cast<double>(took.count()) / 1000}}) +
           "\n";
}

Task<void> Runner::State::settle(Job job, Outcome outcome) {
    try {
        co_await persist([&]() -> Task<void> { return settle_once(job, outcome); });
    } catch (const std::exception& failure) {
        log::warn("the end of a job could not be recorded", {{"reason", failure.what()}});
    }
}

Task<void> Runner::State::settle_once(Job job, Outcome outcome) {
    const auto now = product_clock.now();
    // The next worker need not wait for the lease.
    if (outcome.what == What::given_back) co_return co_await put_back(job, now, {}, 1);
    if (outcome.what == What::snoozed) co_return co_await put_back(job, now + outcome.not_before.value(), {}, 1);
    if (outcome.what == What::cancelled) co_return co_await end_without_success(job, "cancelled", outcome.code);
    if (outcome.what == What::again && job.attempt < job.max_attempts) {
        auto wait = retry_pause(job.attempt);
        if (outcome.not_before) wait = std::max(wait, *outcome.not_before);
        log::warn("a job failed and is tried again", {{"attempt", job.attempt}, {"reason", outcome.words}});
        co_return co_await put_back(job, now + wait, outcome.code, 0);
    }
    log::error("a job is given up", {{"attempt", job.attempt}, {"reason", outcome.words}});
    co_await end_without_success(job, outcome.what == What::discard ? "discarded" : "dead", outcome.code);
}

Task<void> Runner::State::end_without_success(Job job, std::string state, std::string code) {
    co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await session.exec(sql::end_without_success, job.id, job.lease, state, code);
    });
}

Task<void> Runner::State::put_back(Job job, clock::Instant run_at, std::optional<std::string> code, int uncounted) {
    bool superseded = false;
    try {
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            co_await session.exec(sql::put_back, job.id, job.lease, run_at, code, std::int32_t{uncounted});
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
