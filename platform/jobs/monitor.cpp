#include "platform/jobs/monitor.hpp"

#include <map>
#include <ranges>
#include <utility>

#include "platform/jobs/figures.hpp"
#include "platform/jobs/listeners.hpp"
#include "platform/jobs/queries.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::jobs {

namespace {

constexpr std::chrono::minutes figures_window{15};
constexpr std::int64_t most_redriven = 10'000;

struct JobRow {
    ids::Uuid id;
    std::string kind;
    std::optional<ids::Uuid> company;
    std::string state;
    std::int16_t priority;
    std::int32_t attempts;
    std::int32_t max_attempts;
    bool cancel_wanted;
    clock::Instant run_at;
    clock::Instant enqueued_at;
    std::optional<clock::Instant> started_at;
    std::optional<clock::Instant> ended_at;
    std::optional<std::string> worker;
    std::optional<std::string> error;
    std::string traceparent;
    std::string request_id;
    std::string caused_by;
    std::string impersonator;

    JobView value() const {
        return {.id = id,
                .kind = kind,
                .company = company,
                .state = json::value_named<JobState>(state).value(),  // kept to these by a check constraint
                .priority = priority,
                .attempts = attempts,
                .max_attempts = max_attempts,
                .cancel_wanted = cancel_wanted,
                .run_at = run_at,
                .enqueued_at = enqueued_at,
                .started_at = started_at,
                .ended_at = ended_at,
                .worker = worker,
                .error = error,
                .cause = {trace::parse(traceparent).value_or(trace::Context{}), request_id, caused_by, impersonator}};
    }
};

struct FailureRow {
    std::int32_t attempt;
    clock::Instant at;
    std::string error;
};

struct KindRow {
    std::string kind;
    double timeout_s;
    std::optional<std::int32_t> max_running;
    std::optional<std::int32_t> max_running_per_company;
    std::optional<std::int32_t> max_per_minute;
    std::optional<std::int32_t> max_per_minute_per_company;
    std::optional<clock::Instant> paused_at;
    std::int64_t ready;
    std::int64_t later;
    std::int64_t running;
    std::int64_t dead;
    std::optional<clock::Instant> oldest;
};

struct FigureRow {
    std::string kind;
    std::string figure;
    std::int16_t bucket;
    std::int64_t runs;
};

using Histogram = std::map<int, std::int64_t>;                  // runs by bucket
using Figured = std::map<std::string, Histogram, std::less<>>;  // by figure

std::int64_t total(const Histogram& histogram) {
    std::int64_t sum = 0;
    for (const auto& [bucket, runs] : histogram) sum += runs;
    return sum;
}

std::optional<std::chrono::milliseconds> percentile(const Histogram& histogram, int hundredths) {
    const auto all = total(histogram);
    std::int64_t reached = 0;
    for (const auto& [bucket, runs] : histogram) {
        reached += runs;
        if (reached * 100 >= all * hundredths) return end_of_bucket(bucket);
    }
    return std::nullopt;
}

KindView view_of(const KindRow& row, Figured& figured) {
    const double minutes = static_cast<double>(figures_window.count());
    const auto failed = total(figured["retried"]) + total(figured["given_up"]);
    return {.kind = row.kind,
            .timeout = std::chrono::milliseconds{static_cast<std::int64_t>(row.timeout_s * 1000)},
            .max_running = row.max_running,
            .max_running_per_company = row.max_running_per_company,
            .max_per_minute = row.max_per_minute,
            .max_per_minute_per_company = row.max_per_minute_per_company,
            .paused_at = row.paused_at,
            .ready = row.ready,
            .later = row.later,
            .running = row.running,
            .dead = row.dead,
            .oldest = row.oldest,
            .done_per_minute = static_cast<double>(total(figured["done"])) / minutes,
            .failed_per_minute = static_cast<double>(failed) / minutes,
            .rescued = total(figured["rescued"]),
            .run_p50 = percentile(figured["done"], 50),
            .run_p95 = percentile(figured["done"], 95),
            .wait_p50 = percentile(figured["wait"], 50),
            .wait_p95 = percentile(figured["wait"], 95)};
}

}  // namespace

Task<std::vector<JobView>> Monitor::list(JobFilter filter, std::optional<ids::Uuid> before, int limit) {
    std::optional<std::string> state;
    if (filter.state) state = json::name_of(*filter.state);
    auto rows = co_await database_.many<JobRow>(db::Scope::system(), sql::list_jobs, filter.kind, state, filter.company,
                                                before, std::int64_t{limit});
    co_return rows | std::views::transform(&JobRow::value) | std::ranges::to<std::vector>();
}

Task<std::optional<JobView>> Monitor::find(db::Session& session, ids::Uuid id) {
    auto row = co_await session.optional<JobRow>(sql::find_job, id);
    co_return row.transform(&JobRow::value);
}

Task<std::vector<JobFailure>> Monitor::failures(db::Session& session, ids::Uuid id) {
    auto rows = co_await session.many<FailureRow>(sql::failures_of, id);
    std::vector<JobFailure> failures;
    for (auto& row : rows) failures.push_back({row.attempt, row.at, std::move(row.error)});
    co_return failures;
}

Task<std::vector<KindView>> Monitor::kinds() { return kinds_like({}); }

Task<std::optional<KindView>> Monitor::kind(std::string name) {
    auto found = co_await kinds_like(std::move(name));
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

Task<std::vector<KindView>> Monitor::kinds_like(std::optional<std::string> name) {
    const auto now = clock_.now();
    auto results = co_await database_.read_all(
        db::Scope::system(),
        {db::bind(sql::list_kinds, now, name), db::bind(sql::figures_since, now - figures_window, name)});
    std::map<std::string, Figured> figured;
    for (auto& row : results[1].all<FigureRow>()) figured[row.kind][row.figure][row.bucket] += row.runs;
    std::vector<KindView> views;
    for (const auto& row : results[0].all<KindRow>()) views.push_back(view_of(row, figured[row.kind]));
    co_return views;
}

Task<std::int64_t> Monitor::count_failing(std::string concurrency_key, int attempts) {
    return database_.one<std::int64_t>(db::Scope::system(), sql::count_failing, concurrency_key,
                                       std::int32_t{attempts});
}

Task<double> Monitor::seconds_without_leader() {
    return database_.one<double>(db::Scope::system(), sql::seconds_without_leader);
}

Task<std::optional<JobView>> Monitor::hold(db::Session& session, ids::Uuid id) {
    co_await session.optional<std::string>(sql::lock_job, id);
    co_return co_await find(session, id);
}

Task<std::int64_t> Monitor::bring_back(db::Session& session, db::Statement statement) {
    std::int64_t jobs = 0;
    try {
        const auto result = co_await session.run(std::move(statement));
        jobs = result.affected();
    } catch (const db::DatabaseError& refusal) {
        if (refusal.constraint() != "jobs_pending_key") throw;
        throw Problem{Kind::conflict, "jobs.same_waits", "A job for the same work is waiting already."};
    }
    queue_.wake_after_commit(session);
    co_return jobs;
}

Task<std::optional<JobView>> Monitor::run_again(db::Session& session, ids::Uuid id) {
    auto job = co_await hold(session, id);
    if (!job) co_return std::nullopt;
    if (job->state == JobState::running)
        throw Problem{Kind::conflict, "jobs.wrong_state", "The job is running; cancel it first, or wait for its end."};
    co_await bring_back(session, db::bind(sql::run_again, id, clock_.now()));
    co_return job;
}

Task<std::optional<JobView>> Monitor::cancel(db::Session& session, ids::Uuid id) {
    auto job = co_await hold(session, id);
    if (!job) co_return std::nullopt;
    if (job->state != JobState::ready && job->state != JobState::running)
        throw Problem{Kind::conflict, "jobs.wrong_state", "The job has ended; there is nothing to cancel."};
    co_await session.exec(sql::cancel, id);
    co_return job;
}

Task<Monitor::Redriven> Monitor::redrive(db::Session& session, std::string kind, JobState state,
                                         std::optional<ids::Uuid> company) {
    const std::string name{json::name_of(state)};
    Redriven redriven;
    redriven.jobs =
        co_await bring_back(session, db::bind(sql::redrive, kind, name, company, clock_.now(), most_redriven));
    redriven.left = co_await session.one<std::int64_t>(sql::count_given_up, kind, name, company);
    co_return redriven;
}

Task<std::optional<bool>> Monitor::pause(db::Session& session, std::string kind) {
    const auto ran = co_await session.optional<bool>(sql::hold_kind, kind);
    if (ran.value_or(false)) co_await session.exec(sql::pause_kind, kind, clock_.now());
    co_return ran;
}

Task<std::optional<bool>> Monitor::resume(db::Session& session, std::string kind) {
    const auto ran = co_await session.optional<bool>(sql::hold_kind, kind);
    if (!ran) co_return std::nullopt;
    if (!*ran) co_await session.exec(sql::resume_kind, kind);
    queue_.wake_after_commit(session);
    co_return !*ran;
}

}  // namespace mobilytics::jobs
