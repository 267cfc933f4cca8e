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

trail::Entry of_alert(std::string action, const Alert& alert, trail::Changes changes = {}) {
    const std::string rule{json::name_of(alert.rule)};
    return {.action = std::move(action),
            .resource_id = alert.id.text(),
            .resource_label = alert.about.empty() ? rule : rule + " " + alert.about,
            .changes = std::move(changes)};
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

trail::Entry fired(const Alert& alert) {
    trail::Changes changes;
    changes.made("value", std::optional{alert.value});
    return of_alert("alert.fired", alert, std::move(changes));
}

trail::Entry resolved(const Alert& alert) { return of_alert("alert.resolved", alert); }

trail::Entry acknowledged(const Alert& alert) {
    trail::Changes changes;
    changes.made("note", alert.acknowledged.transform([](const Acknowledgement& given) { return given.note; }));
    return of_alert("alert.acknowledged", alert, std::move(changes));
}

}  // namespace mobilytics::monitoring
