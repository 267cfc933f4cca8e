#include "src/monitoring/monitoring.hpp"

#include <utility>

#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/monitoring/entries.hpp"

namespace mobilytics::monitoring {

namespace {

template <class T>
T require_job(std::optional<T> found) {
    if (!found) throw Problem{Kind::missing, "monitoring.job_not_found", "There is no such job, or it is done."};
    return *std::move(found);
}

[[noreturn]] void refuse_kind() {
    throw Problem{Kind::missing, "monitoring.kind_not_found", "There is no such kind of jobs."};
}

}  // namespace

Task<std::vector<jobs::JobView>> Monitoring::list(auth::Staff, jobs::JobFilter filter, std::optional<JobId> before,
                                                  int limit) {
    return monitor_.list(std::move(filter), before.transform([](JobId id) { return id.uuid; }), limit);
}

Task<Job> Monitoring::find(auth::Staff, JobId id) {
    co_return co_await database_.transaction(db::Scope::system(),
                                             [&](db::Session& session) -> Task<Job> { return seen(session, id); });
}

Task<Job> Monitoring::seen(db::Session& session, JobId id) {
    auto job = require_job(co_await monitor_.find(session, id.uuid));
    auto failures = co_await monitor_.failures(session, id.uuid);
    co_return Job{std::move(job), std::move(failures)};
}

Task<Job> Monitoring::retry(auth::Staff actor, JobId id) {
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<Job> {
        auto before = require_job(co_await monitor_.run_again(session, id.uuid));
        co_await trail_.record(session, before.company.value_or(trail::no_company), actor.who(), retried(before));
        // After the commit it may be done at once, and gone.
        co_return co_await seen(session, id);
    });
}

Task<Job> Monitoring::cancel(auth::Staff actor, JobId id) {
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<Job> {
        auto before = require_job(co_await monitor_.cancel(session, id.uuid));
        co_await trail_.record(session, before.company.value_or(trail::no_company), actor.who(), cancelled(before));
        co_return co_await seen(session, id);
    });
}

Task<jobs::Monitor::Redriven> Monitoring::redrive(auth::Staff actor, std::string kind, jobs::JobState state,
                                                  std::optional<CompanyId> company) {
    // No kind has it, and PostgreSQL takes no text with it.
    if (kind.contains('\0')) refuse_kind();
    co_await seen(kind);
    const auto of = company.transform([](CompanyId id) { return id.uuid; });
    co_return co_await database_.transaction(
        db::Scope::system(), [&](db::Session& session) -> Task<jobs::Monitor::Redriven> {
            auto redriven = co_await monitor_.redrive(session, kind, state, of);
            if (redriven.jobs == 0) co_return redriven;
            co_await trail_.record(session, of.value_or(trail::no_company), actor.who(),
                                   monitoring::redriven(kind, state, redriven.jobs));
            co_return redriven;
        });
}

Task<std::vector<jobs::KindView>> Monitoring::kinds(auth::Staff) { return monitor_.kinds(); }

Task<jobs::KindView> Monitoring::seen(std::string kind) {
    auto found = co_await monitor_.kind(std::move(kind));
    if (!found) refuse_kind();
    co_return *std::move(found);
}

Task<jobs::KindView> Monitoring::pause(auth::Staff actor, std::string kind) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto changed = co_await monitor_.pause(session, kind);
        if (!changed) refuse_kind();
        if (*changed) co_await trail_.record(session, trail::no_company, actor.who(), paused(kind));
    });
    co_return co_await seen(std::move(kind));
}

Task<jobs::KindView> Monitoring::resume(auth::Staff actor, std::string kind) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto changed = co_await monitor_.resume(session, kind);
        if (!changed) refuse_kind();
        if (*changed) co_await trail_.record(session, trail::no_company, actor.who(), resumed(kind));
    });
    co_return co_await seen(std::move(kind));
}

}  // namespace mobilytics::monitoring
