// The record of jobs that succeeded: all that ended while the last record was on its way make the next one, so that
// the busier a process is, the more of them share one commit.
#include <algorithm>
#include <string_view>
#include <utility>

#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::jobs {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view deadlock = "40P01";

}  // namespace

void Runner::State::finish_soon(Job job, std::string line) {
    {
        std::lock_guard lock{mutex};
        auto found = running.find(job.id);
        if (found != running.end() && found->second.job.lease == job.lease) found->second.has_ended = true;
        finished.push_back(std::move(job));
        finished_lines += line;
        if (std::exchange(writing_finished, true)) return;
    }
    runtime.spawn("jobs.finish", [self = shared_from_this()] { return self->write_finished(); }, 0);
}

Task<void> Runner::State::write_finished() {
    while (true) {
        std::vector<Job> ended;
        std::string lines;
        {
            std::lock_guard lock{mutex};
            if (finished.empty()) {
                writing_finished = false;
                co_return;
            }
            ended.swap(finished);
            lines.swap(finished_lines);
        }
        log::lines(lines);
        // In the order in which leases are renewed, so that the two do not lock each other out.
        std::ranges::sort(ended, {}, &Job::id);
        std::vector<ids::Uuid> ids;
        std::vector<std::int64_t> leases;
        for (const Job& job : ended) {
            ids.push_back(job.id);
            leases.push_back(job.lease);
        }
        try {
            co_await persist([&]() -> Task<void> {
                co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
                    co_await session.exec(sql::finish_all, ids, leases);
                });
            });
        } catch (const std::exception& failure) {
            log::warn("the end of jobs could not be recorded", {{"jobs", ended.size()}, {"reason", failure.what()}});
        }
        for (const Job& job : ended) forget(job);
        look_now();
        vacuum_soon(ended.size());
    }
}

// Until the lease is over: a database that is away for a moment must not cost a second run. After that another worker
// has the job: this is what "at least once" is.
Task<void> Runner::State::persist(std::function<Task<void>()> record) {
    const auto give_up = Steady::now() + options.lease;
    while (true) {
        try {
            co_return co_await record();
        } catch (const Problem& problem) {
            if (problem.kind() != Kind::unavailable || Steady::now() > give_up || is_stopping()) throw;
        } catch (const db::DatabaseError& error) {
            if (error.sqlstate() != deadlock || Steady::now() > give_up) throw;
        }
        co_await async::sleep_for(200ms);
    }
}

void Runner::State::forget(const Job& job) {
    std::lock_guard lock{mutex};
    auto found = running.find(job.id);
    if (found != running.end() && found->second.job.lease == job.lease) running.erase(found);
    changed.notify_all();
}

}  // namespace mobilytics::jobs
