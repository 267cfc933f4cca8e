// Which jobs this process runs next.
#include <algorithm>
#include <map>
#include <utility>

#include "platform/async/attributed.hpp"
#include "platform/jobs/queries.hpp"
#include "platform/jobs/run_log.hpp"
#include "platform/jobs/runner_state.hpp"

namespace mobilytics::jobs {

Task<void> Runner::State::declare_kinds() {
    std::vector<db::Statement> statements;
    for (const auto& [name, kind] : kinds) {
        const auto& limits = kind.options;
        statements.push_back(db::bind(sql::declare_kind, name, in_seconds(limits.timeout), limits.max_running,
                                      limits.max_running_per_company, limits.max_per_minute,
                                      limits.max_per_minute_per_company));
    }
    if (!statements.empty())
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            co_await session.run_all(std::move(statements));
        });
    declared = true;
}

// A place is free as soon as a handler has ended, so that the next job need not wait for the record of the last; but
// records that the database is slow to take must not pile up.
Runner::State::Occupied Runner::State::occupied(std::size_t group) {
    std::map<ids::Uuid, std::int64_t> busy;
    std::int64_t held = 0, at_work = 0;
    std::lock_guard lock{mutex};
    for (const auto& [id, entry] : running) {
        if (entry.group != group) continue;
        ++held;
        if (entry.has_ended) continue;
        ++at_work;
        ++busy[entry.lane];
    }
    const std::int64_t places = groups[group].places;
    Occupied occupied{.free = stopping ? 0 : std::min(places - at_work, 4 * places - held)};
    for (const auto& [lane, jobs] : busy) {
        occupied.lanes.push_back(lane);
        occupied.jobs.push_back(jobs);
    }
    return occupied;
}

Task<std::size_t> Runner::State::take_due() {
    std::size_t begun = 0;
    for (std::size_t group = 0; group < groups.size(); ++group)
        if (!groups[group].kinds.empty()) begun += co_await take_due(group);
    co_return begun;
}

// The round of the lanes goes on where it ended; one that comes to its end begins again at once.
Task<std::size_t> Runner::State::take_due(std::size_t group) {
    std::size_t begun = 0;
    auto& last_lane = groups[group].last_lane;
    while (true) {
        auto places = occupied(group);
        const auto free = places.free;
        if (free <= 0) co_return begun;
        const bool whole_round = last_lane.is_nil();
        auto found = co_await take(group, std::move(places));
        begun += found.size();
        const bool more = static_cast<std::int64_t>(found.size()) >= free;
        last_lane = more ? std::ranges::max(found, {}, &Taken::lane).lane : ids::Uuid{};
        for (auto& taken : found) begin(std::move(taken));
        if (more || whole_round) co_return begun;
    }
}

Task<std::vector<Taken>> Runner::State::take(std::size_t group, Occupied occupied) {
    constexpr int attempts = 5;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        try {
            co_return co_await take_once(group, occupied);
        } catch (const db::DatabaseError& error) {
            if (!is_unique_violation(error, "jobs_running_concurrency")) throw;
        }
    }
    // Others are busy on the same keys; what they leave is taken at the next look.
    co_return std::vector<Taken>{};
}

Task<std::vector<Taken>> Runner::State::take_once(std::size_t group, Occupied occupied) {
    const Group& of = groups[group];
    // Places that one company cannot fill, so that the next one need not wait for its long jobs.
    const std::int64_t most_of_lane = of.places - of.places / 4;
    std::vector<db::Statement> statements;
    statements.push_back(db::bind(sql::plan_take));
    if (of.has_limits) statements.push_back(db::bind(sql::hold_limited_kinds, of.kinds));
    statements.push_back(db::bind(sql::take, product_clock.now(), of.kinds, occupied.free, worker,
                                  in_seconds(options.lease), of.last_lane, occupied.lanes, occupied.jobs,
                                  most_of_lane));
    co_return co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::vector<Taken>> {
        auto results = co_await session.run_all(statements);
        co_return results.back().all<Taken>();
    });
}

void Runner::State::begin(Taken taken) {
    const Job job{taken.id,
                  std::move(taken.kind),
                  taken.company.value_or(ids::Uuid{}),
                  std::move(taken.payload),
                  taken.attempt,
                  taken.max_attempts,
                  taken.lease,
                  {trace::parse(taken.traceparent).or_else([] { return std::optional{trace::begin()}; }).value(),
                   std::move(taken.request_id), std::move(taken.caused_by), std::move(taken.impersonator)}};
    const std::chrono::duration<double> waited{taken.waited_s};
    figures.add(product_clock.now(), job.kind, "wait", std::chrono::duration_cast<std::chrono::microseconds>(waited));
    const KnownKind& known = kinds.at(job.kind);
    known.metrics.begun(waited);
    auto stop = std::make_shared<async::Stop>();
    const auto now = Steady::now();
    {
        std::lock_guard lock{mutex};
        running.insert_or_assign(job.id, Running{job, taken.lane, known.group, stop, now, now});
    }
    runtime.spawn(
        job.kind,
        [self = shared_from_this(), job, handler = known.handler] {
            return async::attributed(work_of(job, self->options.company_prefix),
                                     [self, job, handler] { return self->work(job, handler); });
        },
        next_thread++, stop);
}

}  // namespace mobilytics::jobs
