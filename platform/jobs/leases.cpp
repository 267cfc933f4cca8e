// The heartbeat: leases of running jobs are renewed and bring word of what was cancelled, those of vanished workers
// end, and one runner of the installation keeps the calendar and cleans up.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/jobs/queries.hpp"
#include "platform/jobs/run_log.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

namespace asio = boost::asio;

namespace {

RunEnd end_of_lost(const Rescued& job) {
    const auto state = json::value_named<RunEnd>(job.state);  // dead or cancelled
    return state.value_or(RunEnd::retried);
}

}  // namespace

Task<void> Runner::State::loop_beating() {
    while (!is_stopping()) {
        co_await beat_part("renewing", &State::renew);
        co_await beat_part("rescuing", &State::rescue);
        co_await beat_part("figures", &State::write_figures);
        co_await beat_part("leading", &State::clean_up);
        stop_overdue();
        beat.expires_after(options.heartbeat);
        if (!is_stopping()) co_await beat.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_await beat_part("figures", &State::write_figures);
    if (leads) co_await beat_part("resigning", &State::resign);
    end_loop();
}

// One part that fails must not keep the others from happening.
Task<void> Runner::State::beat_part(std::string_view what, Task<void> (State::*part)()) {
    try {
        co_await (this->*part)();
    } catch (const std::exception& failure) {
        log::warn("part of the jobs' heartbeat failed", {{"part", what}, {"reason", failure.what()}});
    }
}

Task<void> Runner::State::renew() {
    std::vector<ids::Uuid> held;
    std::vector<std::int64_t> leases;
    {
        std::lock_guard lock{mutex};
        for (const auto& [id, entry] : running) {
            held.push_back(id);
            leases.push_back(entry.job.lease);
        }
    }
    if (held.empty()) co_return;
    auto asked = Steady::now();
    auto kept =
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::vector<Kept>> {
            co_return co_await session.many<Kept>(sql::keep, held, leases, in_seconds(options.lease));
        });
    std::ranges::sort(kept, {}, &Kept::id);
    std::lock_guard lock{mutex};
    for (std::size_t i = 0; i < held.size(); ++i) {
        auto found = running.find(held[i]);
        if (found == running.end() || found->second.job.lease != leases[i] || found->second.has_ended) continue;
        auto word = std::ranges::lower_bound(kept, held[i], {}, &Kept::id);
        if (word == kept.end() || word->id != held[i]) {
            const log::Doing doing{work_of(found->second.job, options.company_prefix)};
            log::warn("a job was taken over by another worker");
            interrupt(found->second, Interruption::lease_lost);
            continue;
        }
        found->second.renewed = asked;
        if (word->cancel_wanted) interrupt(found->second, Interruption::cancelled);
    }
}

// Under the mutex. The first reason is the one that counts.
void Runner::State::interrupt(Running& entry, Interruption why) {
    if (entry.has_ended || entry.why != Interruption::none) return;
    entry.why = why;
    entry.stop->request();
}

// Without word from the database for the length of a lease another worker has the job by now.
void Runner::State::stop_overdue() {
    std::lock_guard lock{mutex};
    const auto now = Steady::now();
    for (auto& [id, entry] : running) {
        if (now - entry.renewed >= options.lease) interrupt(entry, Interruption::lease_lost);
        if (now - entry.started >= kinds.at(entry.job.kind).options.timeout) interrupt(entry, Interruption::timed_out);
    }
}

Task<void> Runner::State::rescue() {
    auto rescued =
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::vector<Rescued>> {
            auto lost = co_await session.many<Rescued>(sql::drop_superseded);
            for (auto& job : co_await session.many<Rescued>(sql::rescue)) lost.push_back(std::move(job));
            co_return lost;
        });
    if (rescued.empty()) co_return;
    log::warn("jobs of vanished workers were rescued", {{"jobs", rescued.size()}});
    for (const auto& job : rescued) {
        figures.add(product_clock.now(), job.kind, "rescued");
        const auto known = kinds.find(job.kind);
        if (known != kinds.end()) known->second.metrics.lost(end_of_lost(job));
    }
    look_now();
}

Task<void> Runner::State::clean_up() {
    leads = false;
    leads = co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<bool> {
        auto term = co_await session.optional<std::int64_t>(sql::lead, worker, in_seconds(options.lease));
        if (!term) co_return false;
        co_await session.exec(sql::forget_ended, in_seconds(options.keep_discarded), kept_kinds);
        co_await session.exec(sql::forget_rates);
        co_await session.exec(sql::forget_figures, product_clock.now() - options.keep_figures);
        co_return true;
    });
}

Task<void> Runner::State::resign() {
    co_await database.transaction(
        db::Scope::system(), [&](db::Session& session) -> Task<void> { co_await session.exec(sql::resign, worker); });
}

Task<void> Runner::State::write_figures() {
    auto counted = figures.take();
    if (counted.empty()) co_return;
    std::vector<clock::Instant> minutes;
    std::vector<std::string> names, which;
    std::vector<std::int16_t> places;
    std::vector<std::int64_t> runs;
    for (const auto& [key, count] : counted) {
        const auto& [minute, kind, figure, bucket] = key;
        minutes.push_back(minute);
        names.push_back(kind);
        which.push_back(figure);
        places.push_back(bucket);
        runs.push_back(count);
    }
    try {
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            co_await session.exec(sql::add_figures, minutes, names, which, places, runs);
        });
    } catch (...) {
        figures.give_back(counted);
        throw;
    }
}

}  // namespace mobilytics::jobs
