#include "src/monitoring/entries.hpp"

#include <utility>

#include "platform/json/enum_names.hpp"
#include "src/monitoring/monitoring.hpp"

namespace mobilytics::monitoring {

namespace {

std::string name_of(jobs::JobState state) { return std::string{json::name_of(state)}; }

trail::Entry of_job(std::string action, const jobs::JobView& job, trail::Changes changes) {
    return {.action = std::move(action),
            .resource_id = JobId{job.id}.text(),
            .resource_label = job.kind,
            .changes = std::move(changes)};
}

trail::Entry of_kind(std::string action, const std::string& kind, trail::Changes changes = {}) {
    return {.action = std::move(action), .resource_id = kind, .resource_label = kind, .changes = std::move(changes)};
}

}  // namespace

trail::Entry retried(const jobs::JobView& before) {
    trail::Changes changes;
    changes.field("state", name_of(before.state), name_of(jobs::JobState::ready));
    return of_job("job.retried", before, std::move(changes));
}

trail::Entry cancelled(const jobs::JobView& before) {
    trail::Changes changes;
    if (before.state == jobs::JobState::running)
        changes.field("cancel_wanted", before.cancel_wanted, true);
    else
        changes.field("state", name_of(before.state), name_of(jobs::JobState::cancelled));
    return of_job("job.cancelled", before, std::move(changes));
}

trail::Entry redriven(const std::string& kind, jobs::JobState state, std::int64_t jobs) {
    trail::Changes changes;
    changes.made("state", name_of(state)).made("jobs", jobs);
    return of_kind("job_kind.redriven", kind, std::move(changes));
}

trail::Entry paused(const std::string& kind) { return of_kind("job_kind.paused", kind); }

trail::Entry resumed(const std::string& kind) { return of_kind("job_kind.resumed", kind); }

}  // namespace mobilytics::monitoring
