#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/metrics/metrics.hpp"
#include "src/auth/actor.hpp"
#include "src/monitoring/alert.hpp"
#include "src/monitoring/alert_letter.hpp"
#include "src/monitoring/gauges.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Queue;
class Runner;
}  // namespace mobilytics::jobs
namespace mobilytics::trail {
class Trail;
}
namespace mobilytics::mail {
class Mailer;
}

namespace mobilytics::monitoring {

// The way to staff. `page` is where alerts are looked at.
struct Post {
    jobs::Queue& queue;
    mail::Mailer& mailer;
    std::string page;
};

using Measuring = std::function<Task<std::vector<Reading>>(Instant now)>;

// Front door to what is wrong. Staff only. Refuses with missing "monitoring.alert_not_found".
class Alerts {
public:
    // `patience` as terms_of has it.
    Alerts(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Post post, Measuring measuring,
           Process process, double patience);

    // Alerts that fired, newest first: the open ones, those that are over, or both. Those over are kept for 90 days.
    Task<std::vector<Alert>> list(auth::Staff actor, std::optional<bool> open, std::optional<AlertId> before,
                                  int limit);

    // Somebody looks after it, so that nobody is reminded of it. Doing so again replaces the note. Refuses: conflict
    // "monitoring.alert_over".
    Task<Alert> acknowledge(auth::Staff actor, AlertId id, std::string note);

    std::vector<Terms> rules(auth::Staff actor) const;

    // What readiness finds in the process that is asked.
    Task<std::vector<http::Readiness::Finding>> checks(auth::Staff actor);

    // By the job, every minute: measures, and fires, resolves and writes letters in one transaction.
    Task<void> judge();

    // By the jobs that this enqueues. Who is no longer one of its readers gets none.
    Task<void> send(std::string id, AlertLetter letter);

    // How many fire, for each rule.
    Task<std::vector<metrics::Sample>> firing();

private:
    class Judgement;
    Task<void> write_to_staff(db::Session& session, std::vector<Alert> news);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    Post post_;
    Measuring measuring_;
    Process process_;
    const double patience_;
};

inline constexpr std::string_view kind_of_letters = "monitoring.letter";

void add_routes(http::Router& router, Alerts& alerts);
void add_letters(jobs::Runner& runner, Alerts& alerts);
// The letters, and the judgement.
void add_jobs(jobs::Runner& runner, Alerts& alerts, std::chrono::seconds every);

}  // namespace mobilytics::monitoring
