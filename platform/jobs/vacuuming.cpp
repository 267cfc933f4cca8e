// The queue's table kept small. Each job leaves two dead rows, and every look for work walks over those that nobody has
// cleared away; PostgreSQL's own vacuum comes by once a minute, when a busy queue has long slowed down by a third.
#include <algorithm>

#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

using namespace std::chrono_literals;

namespace {

// Whoever comes second, or beside PostgreSQL's own, passes. The file is not cut: that would lock everybody out.
constexpr db::Query vacuum_jobs{"jobs.vacuum", "vacuum (skip_locked, truncate false) jobs.jobs", db::Kind::exec};

constexpr std::chrono::seconds shortest_pause = 2s, longest_pause = 5min;

}  // namespace

// On I/O thread 0. Jobs that failed leave dead rows too, but they are few: they come back after a pause.
void Runner::State::vacuum_soon(std::size_t ended) {
    ended_since_vacuum += ended;
    if (ended_since_vacuum < options.vacuum_after || Steady::now() < next_vacuum) return;
    {
        std::lock_guard lock{mutex};
        if (vacuuming || stopping) return;
        vacuuming = std::make_shared<async::Stop>();
        ++loops;
    }
    ended_since_vacuum = 0;
    runtime.spawn("jobs.vacuum", [self = shared_from_this()] { return self->vacuum(); }, 0, vacuuming);
}

// Never more than a twentieth of the time, and less and less often while something keeps the dead rows there: an old
// snapshot (a backup, a long report), or somebody else's vacuum. One that the pool's time is too short for is
// PostgreSQL's own to do.
Task<void> Runner::State::vacuum() {
    const auto began = Steady::now();
    try {
        const auto found = co_await dead_rows();
        if (found.is_worth_it()) {
            co_await database.run_alone(db::bind(vacuum_jobs));
            const auto left = co_await dead_rows();
            vacuum_pause = left.is_worth_it() ? std::min(2 * vacuum_pause, longest_pause) : shortest_pause;
        } else if (!found.may_vacuum) {
            vacuum_pause = longest_pause;
            log::warn(
                "the database's role may not vacuum jobs.jobs, so that a busy queue slows down: grant it MAINTAIN");
        }
    } catch (const std::exception& failure) {
        vacuum_pause = longest_pause;
        if (!is_stopping()) log::warn("the queue's table could not be vacuumed", {{"reason", failure.what()}});
    }
    const auto now = Steady::now();
    next_vacuum = now + std::max<Steady::duration>(vacuum_pause, 20 * (now - began));
    {
        std::lock_guard lock{mutex};
        vacuuming.reset();
    }
    end_loop();
}

Task<DeadRows> Runner::State::dead_rows() {
    co_return co_await database.one<DeadRows>(db::Scope::system(), sql::dead_rows,
                                              static_cast<std::int64_t>(2 * options.vacuum_after));
}

}  // namespace mobilytics::jobs
