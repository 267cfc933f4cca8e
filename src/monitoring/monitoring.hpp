#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/jobs/monitor.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/ids.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::trail {
class Trail;
}

namespace mobilytics::monitoring {

struct JobTag {
    static constexpr std::string_view prefix = jobs::id_prefix;
};
using JobId = ids::Id<JobTag>;

struct Job {
    jobs::JobView seen;
    std::vector<jobs::JobFailure> failures;  // the last ten, oldest first
};

// Front door of the room. Staff only, since jobs are of all companies. Refuses with missing "monitoring.job_not_found"
// (a job that succeeded is gone), "monitoring.kind_not_found".
class Monitoring {
public:
    Monitoring(db::Database& database, const clock::Clock& clock, jobs::Queue& queue, trail::Trail& trail)
        : database_{database}, monitor_{database, clock, queue}, trail_{trail} {}

    Task<std::vector<jobs::JobView>> list(auth::Staff actor, jobs::JobFilter filter, std::optional<JobId> before,
                                          int limit);  // newest first
    Task<Job> find(auth::Staff actor, JobId id);

    // A job that waits for its time, or ended without success, runs at once and has all its attempts again. Refuses:
    // conflict "jobs.wrong_state" while it runs, "jobs.same_waits".
    Task<Job> retry(auth::Staff actor, JobId id);

    // A waiting job ends at once, a running one within seconds. Refuses: conflict "jobs.wrong_state".
    Task<Job> cancel(auth::Staff actor, JobId id);

    // All jobs of a kind that ended in that state, of one company or of all. 404 monitoring.kind_not_found.
    Task<jobs::Monitor::Redriven> redrive(auth::Staff actor, std::string kind, jobs::JobState state,
                                          std::optional<CompanyId> company);

    Task<std::vector<jobs::KindView>> kinds(auth::Staff actor);
    // No job of the kind is begun until it is resumed. Doing so twice is no error.
    Task<jobs::KindView> pause(auth::Staff actor, std::string kind);
    Task<jobs::KindView> resume(auth::Staff actor, std::string kind);

private:
    Task<Job> seen(db::Session& session, JobId id);
    Task<jobs::KindView> seen(std::string kind);

    db::Database& database_;
    jobs::Monitor monitor_;
    trail::Trail& trail_;
};

void add_routes(http::Router& router, Monitoring& monitoring);

}  // namespace mobilytics::monitoring
