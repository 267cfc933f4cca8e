// The queue's table kept small. Each job leaves two dead rows, and every look for work walks over those that nobody has
// cleared away; PostgreSQL's own vacuum comes by once a minute, when a busy queue has long slowed down by a third.
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

using namespace std::chrono_literals;

namespace {

// As a share of the rows too: what vacuum costs grows with the backlog.
constexpr db::Query is_worth_it{
    "jobs.is_worth_vacuuming",
    "select coalesce((select n_dead_tup >= greatest($1::int8, n_live_tup / 20) from pg_stat_all_tables "
    "where relid = 'jobs.jobs'::regclass), false)",
    db::Kind::one};

// Whoever comes second, or beside PostgreSQL's own, passes. The file is not cut: that would lock everybody out.
constexpr db::Query vacuum_jobs{"jobs.vacuum", "vacuum (skip_locked, truncate false) jobs.jobs", db::Kind::exec};

}  // namespace

// On I/O thread 0.
void Runner::State::vacuum_soon(std::size_t ended) {
    ended_since_vacuum += ended;
    const auto now = Steady::now();
    if (ended_since_vacuum < options.vacuum_after || vacuuming || now < next_vacuum) return;
    ended_since_vacuum = 0;
    vacuuming = true;
    next_vacuum = now + 2s;
    runtime.spawn("jobs.vacuum", [self = shared_from_this()] { return self->vacuum(); }, 0);
}

Task<void> Runner::State::vacuum() {
    try {
        const auto least = static_cast<std::int64_t>(2 * options.vacuum_after);
        if (co_await database.one<bool>(db::Scope::system(), is_worth_it, least))
            co_await database.run_alone(db::bind(vacuum_jobs));
    } catch (const std::exception& failure) {
        next_vacuum = Steady::now() + 1min;
        log::warn("the queue's table could not be vacuumed", {{"reason", failure.what()}});
    }
    vacuuming = false;
}

}  // namespace mobilytics::jobs
