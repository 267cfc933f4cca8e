#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/db/database.hpp"
#include "platform/ids/id.hpp"
#include "platform/jobs/jobs.hpp"

namespace mobilytics::jobs {

// "Something happened", told to other rooms through the job queue: in the same transaction, one job per
// subscriber, so each gets it at least once, and a slow or failing one holds nobody up. Order is not kept.
class Events {
public:
    explicit Events(Queue& queue) : queue_{queue} {}

    // Jobs of `kind` are enqueued for each event of that name, with the event's payload. While the program is
    // put together, before anything is published.
    void subscribe(std::string name, std::string kind);

    // An event without subscribers is no error and costs nothing.
    Task<void> publish(db::Session& session, ids::Uuid company, std::string name, std::string payload,
                       trace::Cause cause);

    // For the company of the session's scope.
    Task<void> publish(db::Session& session, std::string name, std::string payload, trace::Cause cause);

private:
    Queue& queue_;
    std::map<std::string, std::vector<std::string>, std::less<>> subscribers_;
};

}  // namespace mobilytics::jobs
