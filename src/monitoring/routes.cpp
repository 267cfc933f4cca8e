#include "platform/http/router.hpp"

#include <utility>

#include "platform/http/page.hpp"
#include "src/monitoring/monitoring.hpp"

// URLs of the jobs that Mobilytics' staff look after.
namespace mobilytics::monitoring {

namespace {

using auth::StaffMay;
using auth::StaffPermission;
using jobs::JobState;

struct JobQuery {
    std::optional<std::string> kind;
    std::optional<JobState> state;
    std::optional<CompanyId> company;

    static constexpr json::Field about[] = {
        {.name = "kind", .description = "Only jobs of this kind.", .max_length = 200},
        {.name = "company", .description = "Only jobs for this company."}};
};

struct JobOut {
    JobId id;
    std::string kind;
    std::optional<CompanyId> company_id;
    JobState state = JobState::ready;
    int priority = 0;
    int attempts = 0;
    int max_attempts = 0;
    bool cancel_wanted = false;
    clock::Instant run_at;
    clock::Instant enqueued_at;
    std::optional<clock::Instant> started_at;
    std::optional<clock::Instant> ended_at;
    std::optional<std::string> worker;
    std::optional<std::string> error;

    static constexpr json::Field about[] = {
        {.name = "state",
         .description = "A job that succeeded is gone. dead: tried in vain as often as it may be; discarded: refused "
                        "at once, as its own fault."},
        {.name = "priority", .description = "0 to 9; each step counts as 20 s of waiting."},
        {.name = "attempts", .description = "Runs that were begun, with the present one."},
        {.name = "cancel_wanted", .description = "Runs still, and was told to end."},
        {.name = "run_at", .description = "Not before."},
        {.name = "error", .description = "The code of the last failure; its words are in the server's log."}};
};

struct JobFailureOut {
    int attempt = 0;
    clock::Instant at;
    std::string error;
};

struct JobCauseOut {
    std::optional<std::string> by;
    std::optional<std::string> impersonator;
    std::optional<std::string> request_id;
    std::optional<std::string> trace_id;

    static constexpr json::Field about[] = {
        {.name = "by", .description = "The person, API key or device whose request it follows from; null: nobody's."},
        {.name = "impersonator", .description = "The member of staff behind the person."},
        {.name = "request_id", .description = "Of that request, as the log has it."},
        {.name = "trace_id", .description = "Of that request and all that followed from it."}};
};

struct JobDetailOut {
    JobOut job;
    JobCauseOut cause;
    std::vector<JobFailureOut> failures;

    static constexpr json::Field about[] = {{.name = "failures", .description = "The last ten, oldest first."}};
};

enum class RedrivenState { dead, discarded, cancelled };

struct RedriveIn {
    std::string kind;
    std::optional<RedrivenState> state;
    std::optional<CompanyId> company_id;

    static constexpr json::Field about[] = {
        {.name = "kind", .description = "Jobs of this kind.", .min_length = 1, .max_length = 200},
        {.name = "state", .description = "How they ended; dead by default."},
        {.name = "company_id", .description = "Only those for this company."}};
};

struct RedriveOut {
    std::int64_t redriven = 0;
    std::int64_t left = 0;

    static constexpr json::Field about[] = {
        {.name = "left", .description = "Beyond the ten thousand of one request, or one with the same key waits."}};
};

struct JobKindOut {
    std::string kind;
    double timeout_s = 0;
    std::optional<int> max_running;
    std::optional<int> max_running_per_company;
    std::optional<int> max_per_minute;
    std::optional<int> max_per_minute_per_company;
    std::optional<clock::Instant> paused_at;
    std::int64_t ready = 0;
    std::int64_t later = 0;
    std::int64_t running = 0;
    std::int64_t dead = 0;
    std::optional<clock::Instant> oldest_at;
    double done_per_minute = 0;
    double failed_per_minute = 0;
    std::int64_t rescued = 0;
    std::optional<double> run_p50_ms;
    std::optional<double> run_p95_ms;
    std::optional<double> wait_p50_ms;
    std::optional<double> wait_p95_ms;

    static constexpr json::Field about[] = {
        {.name = "ready", .description = "Due and waiting for a place."},
        {.name = "later", .description = "Waiting for their time."},
        {.name = "oldest_at", .description = "Since when the first of the due ones has been waiting."},
        {.name = "done_per_minute", .description = "Over the last 15 minutes, as all that follows."},
        {.name = "failed_per_minute", .description = "Runs that failed, whether they are tried again or not."},
        {.name = "rescued", .description = "Taken from workers that vanished."},
        {.name = "run_p50_ms", .description = "Of successful runs; at most two fifths above the true value."},
        {.name = "wait_p50_ms", .description = "From when a job was due until it was begun."}};
};

JobOut to_out(jobs::JobView job) {
    return {.id = JobId{job.id},
            .kind = std::move(job.kind),
            .company_id = job.company.transform([](const ids::Uuid& id) { return CompanyId{id}; }),
            .state = job.state,
            .priority = job.priority,
            .attempts = job.attempts,
            .max_attempts = job.max_attempts,
            .cancel_wanted = job.cancel_wanted,
            .run_at = job.run_at,
            .enqueued_at = job.enqueued_at,
            .started_at = job.started_at,
            .ended_at = job.ended_at,
            .worker = std::move(job.worker),
            .error = std::move(job.error)};
}

std::optional<std::string> if_any(std::string text) {
    if (text.empty()) return std::nullopt;
    return text;
}

JobDetailOut to_out(Job job) {
    auto& [trace, request_id, user, impersonator] = job.seen.cause;
    JobCauseOut cause{if_any(std::move(user)), if_any(std::move(impersonator)), if_any(std::move(request_id)),
                      if_any(std::move(trace.trace_id))};
    JobDetailOut out{.job = to_out(std::move(job.seen)), .cause = std::move(cause), .failures = {}};
    for (auto& failure : job.failures) out.failures.push_back({failure.attempt, failure.at, std::move(failure.error)});
    return out;
}

std::optional<double> in_ms(std::optional<std::chrono::milliseconds> span) {
    return span.transform([](std::chrono::milliseconds known) { return static_cast<double>(known.count()); });
}

JobKindOut to_out(jobs::KindView kind) {
    return {.kind = std::move(kind.kind),
            .timeout_s = std::chrono::duration<double>{kind.timeout}.count(),
            .max_running = kind.max_running,
            .max_running_per_company = kind.max_running_per_company,
            .max_per_minute = kind.max_per_minute,
            .max_per_minute_per_company = kind.max_per_minute_per_company,
            .paused_at = kind.paused_at,
            .ready = kind.ready,
            .later = kind.later,
            .running = kind.running,
            .dead = kind.dead,
            .oldest_at = kind.oldest,
            .done_per_minute = kind.done_per_minute,
            .failed_per_minute = kind.failed_per_minute,
            .rescued = kind.rescued,
            .run_p50_ms = in_ms(kind.run_p50),
            .run_p95_ms = in_ms(kind.run_p95),
            .wait_p50_ms = in_ms(kind.wait_p50),
            .wait_p95_ms = in_ms(kind.wait_p95)};
}

JobState state_of(std::optional<RedrivenState> wanted) {
    switch (wanted.value_or(RedrivenState::dead)) {
        case RedrivenState::discarded:
            return JobState::discarded;
        case RedrivenState::cancelled:
            return JobState::cancelled;
        case RedrivenState::dead:
            break;
    }
    return JobState::dead;
}

void add_job_routes(http::Group& group, Monitoring& monitoring) {
    group.get("/v1/jobs", {.id = "jobs.list", .summary = "Jobs that are not done, newest first"},
              [&monitoring](StaffMay<StaffPermission::jobs_read> actor, http::Query<JobQuery> query,
                            http::Paging paging) -> Task<http::Page<JobOut>> {
                  std::optional<JobId> before;
                  if (auto key = paging.after<JobId>()) before = std::get<0>(*key);
                  jobs::JobFilter filter{query->kind, query->state,
                                         query->company.transform([](CompanyId id) { return id.uuid; })};
                  auto found = co_await monitoring.list(actor, std::move(filter), before, http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](jobs::JobView job) { return to_out(std::move(job)); },
                      [](const jobs::JobView& job) { return http::encode_cursor(JobId{job.id}); });
              });
    group.get("/v1/jobs/{id}", {.id = "jobs.get", .summary = "One job, with how its runs failed"},
              [&monitoring](StaffMay<StaffPermission::jobs_read> actor, JobId id) -> Task<JobDetailOut> {
                  co_return to_out(co_await monitoring.find(actor, id));
              });
    group.post("/v1/jobs/{id}/retry", {.id = "jobs.retry", .summary = "Run a job at once, with all its attempts again"},
               [&monitoring](StaffMay<StaffPermission::jobs_manage> actor, JobId id) -> Task<JobDetailOut> {
                   co_return to_out(co_await monitoring.retry(actor, id));
               });
    group.post("/v1/jobs/{id}/cancel", {.id = "jobs.cancel", .summary = "End a job; a running one within seconds"},
               [&monitoring](StaffMay<StaffPermission::jobs_manage> actor, JobId id) -> Task<JobDetailOut> {
                   co_return to_out(co_await monitoring.cancel(actor, id));
               });
    group.post(
        "/v1/jobs/redrive", {.id = "jobs.redrive", .summary = "Bring back all jobs of a kind that were given up"},
        [&monitoring](StaffMay<StaffPermission::jobs_manage> actor, http::Body<RedriveIn> body) -> Task<RedriveOut> {
            auto done = co_await monitoring.redrive(actor, body->kind, state_of(body->state), body->company_id);
            co_return RedriveOut{done.jobs, done.left};
        });
}

void add_kind_routes(http::Group& group, Monitoring& monitoring) {
    group.get("/v1/job-kinds", {.id = "jobs.list_kinds", .summary = "Kinds of jobs, with how they are getting on"},
              [&monitoring](StaffMay<StaffPermission::jobs_read> actor) -> Task<http::Page<JobKindOut>> {
                  http::Page<JobKindOut> page;
                  for (auto& kind : co_await monitoring.kinds(actor)) page.items.push_back(to_out(std::move(kind)));
                  co_return page;
              });
    group.post("/v1/job-kinds/{kind}/pause", {.id = "jobs.pause_kind", .summary = "Begin no more jobs of a kind"},
               [&monitoring](StaffMay<StaffPermission::jobs_manage> actor, std::string kind) -> Task<JobKindOut> {
                   co_return to_out(co_await monitoring.pause(actor, std::move(kind)));
               });
    group.post("/v1/job-kinds/{kind}/resume", {.id = "jobs.resume_kind", .summary = "Begin jobs of a kind again"},
               [&monitoring](StaffMay<StaffPermission::jobs_manage> actor, std::string kind) -> Task<JobKindOut> {
                   co_return to_out(co_await monitoring.resume(actor, std::move(kind)));
               });
}

}  // namespace

void add_routes(http::Router& router, Monitoring& monitoring) {
    auto group = router.group("monitoring");
    add_job_routes(group, monitoring);
    add_kind_routes(group, monitoring);
}

}  // namespace mobilytics::monitoring
