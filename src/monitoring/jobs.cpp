#include "platform/jobs/jobs.hpp"

#include "platform/json/json.hpp"
#include "platform/problem/problem.hpp"
#include "src/monitoring/alerts.hpp"

namespace mobilytics::monitoring {

namespace {

// The same id for every attempt, so that a letter that came twice can be known as one.
Task<void> send_letter(Alerts& alerts, jobs::Job job) {
    auto letter = json::read<AlertLetter>(job.payload);
    if (!letter) throw Problem{Kind::malformed, "monitoring.bad_job", "A job's payload cannot be read: " + job.kind};
    return alerts.send(ids::to_base32(job.id), *std::move(letter));
}

}  // namespace

void add_letters(jobs::Runner& runner, Alerts& alerts) {
    runner.on(std::string{kind_of_letters}, [&alerts](jobs::Job job) { return send_letter(alerts, std::move(job)); });
}

void add_jobs(jobs::Runner& runner, Alerts& alerts, std::chrono::seconds every) {
    add_letters(runner, alerts);
    // Of a place of its own: it must come to run where all others are taken.
    runner.every(every, "monitoring.judge", [&alerts](jobs::Job) { return alerts.judge(); },
                 {.timeout = std::chrono::minutes{1}, .own_places = 1});
}

}  // namespace mobilytics::monitoring
