#include "platform/jobs/events.hpp"

namespace mobilytics::jobs {

void Events::subscribe(std::string name, std::string kind) { subscribers_[std::move(name)].push_back(std::move(kind)); }

Task<void> Events::publish(db::Session& session, ids::Uuid company, std::string name, std::string payload,
                           trace::Cause cause) {
    auto found = subscribers_.find(name);
    if (found == subscribers_.end()) co_return;
    std::vector<NewJob> jobs;
    for (const auto& kind : found->second)
        jobs.push_back({.kind = kind, .company = company, .payload = payload, .cause = cause});
    co_await queue_.enqueue_all(session, std::move(jobs));
}

Task<void> Events::publish(db::Session& session, std::string name, std::string payload, trace::Cause cause) {
    co_await publish(session, session.scope().company, std::move(name), std::move(payload), std::move(cause));
}

}  // namespace mobilytics::jobs
