// The heartbeat: leases of running jobs are renewed, those of vanished workers end.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/jobs/queries.hpp"
#include "platform/jobs/runner_state.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

namespace asio = boost::asio;

Task<void> Runner::State::loop_beating() {
    while (!is_stopping()) {
        beat.expires_after(options.heartbeat);
        co_await beat.async_wait(asio::as_tuple(asio::use_awaitable));
        try {
            co_await renew();
            co_await rescue();
        } catch (const std::exception& failure) {
            log::warn("the leases of jobs could not be renewed", {{"reason", failure.what()}});
        }
        stop_overdue();
    }
    end_loop();
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
        co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::vector<ids::Uuid>> {
            co_return co_await session.many<ids::Uuid>(sql::keep, held, leases, in_seconds(options.lease));
        });
    std::ranges::sort(kept);
    std::lock_guard lock{mutex};
    for (std::size_t i = 0; i < held.size(); ++i) {
        auto found = running.find(held[i]);
        if (found == running.end() || found->second.job.lease != leases[i]) continue;
        if (std::ranges::binary_search(kept, held[i])) {
            found->second.renewed = asked;
        } else {
            log::warn("a job was taken over by another worker", {{"kind", found->second.job.kind}});
            found->second.stop->request();
        }
    }
}

// Without word from the database for the length of a lease another worker has the job by now.
void Runner::State::stop_overdue() {
    std::lock_guard lock{mutex};
    for (auto& [id, entry] : running)
        if (Steady::now() - entry.renewed >= options.lease) entry.stop->request();
}

Task<void> Runner::State::rescue() {
    co_await database.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await session.exec(sql::drop_superseded);
        auto rescued = co_await session.exec(sql::rescue);
        if (rescued > 0) log::warn("jobs of vanished workers were rescued", {{"jobs", rescued}});
        co_await session.exec(sql::forget_discarded, in_seconds(options.keep_discarded));
    });
}

}  // namespace mobilytics::jobs
