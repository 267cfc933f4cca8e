#include "platform/jobs/jobs.hpp"

#include <stdexcept>

#include "platform/jobs/listeners.hpp"
#include "platform/jobs/queries.hpp"

namespace mobilytics::jobs {

namespace {

std::optional<ids::Uuid> or_null(const ids::Uuid& company) {
    if (company.is_nil()) return std::nullopt;
    return company;
}

std::string text_of(const trace::Context& context) {
    return context.trace_id.empty() ? "" : trace::traceparent_of(context);
}

db::Statement statement_of(const NewJob& job) {
    return db::bind(sql::enqueue, ids::new_uuid(), job.kind, or_null(job.company), job.payload, job.run_at, job.key,
                    job.concurrency_key, std::int32_t{job.max_attempts}, static_cast<std::int16_t>(job.priority),
                    text_of(job.cause.trace), job.cause.request_id, job.cause.user, job.cause.impersonator);
}

}  // namespace

Queue::Queue() : listeners_{std::make_shared<Listeners>()} {}

void Queue::wake_after_commit(db::Session& session) {
    session.after_commit([listeners = listeners_] { listeners->tell(); });
}

Task<ids::Uuid> Queue::enqueue(db::Session& session, NewJob job) {
    auto result = co_await session.run(statement_of(job));
    wake_after_commit(session);
    co_return result.only<ids::Uuid>();
}

Task<void> Queue::enqueue_all(db::Session& session, std::vector<NewJob> jobs) {
    if (jobs.empty()) co_return;
    std::vector<db::Statement> statements;
    for (const auto& job : jobs) statements.push_back(statement_of(job));
    co_await session.run_all(std::move(statements));
    wake_after_commit(session);
}

Task<void> Queue::enqueue_batch(db::Session& session, std::vector<NewJob> jobs, NewJob then) {
    if (jobs.empty()) throw std::logic_error{"a batch has no jobs"};
    if (then.key || then.concurrency_key || then.run_at != clock::Instant{})
        throw std::logic_error{"what follows a batch has a key or a time"};
    const auto batch = ids::new_uuid();
    std::vector<db::Statement> statements{
        db::bind(sql::add_batch, batch, static_cast<std::int64_t>(jobs.size()), then.kind, or_null(then.company),
                 then.payload, static_cast<std::int16_t>(then.priority), std::int32_t{then.max_attempts},
                 text_of(then.cause.trace), then.cause.request_id, then.cause.user, then.cause.impersonator)};
    for (const auto& job : jobs) {
        if (job.key) throw std::logic_error{"a job of a batch has a key"};
        statements.push_back(db::bind(sql::add_to_batch, ids::new_uuid(), job.kind, or_null(job.company), job.payload,
                                      job.run_at, job.concurrency_key, std::int32_t{job.max_attempts},
                                      static_cast<std::int16_t>(job.priority), batch, text_of(job.cause.trace),
                                      job.cause.request_id, job.cause.user, job.cause.impersonator));
    }
    co_await session.run_all(std::move(statements));
    wake_after_commit(session);
}

Task<void> Queue::finish(db::Session& session, Job job) {
    auto finished = co_await session.exec(sql::finish, job.id, job.lease);
    if (finished != 1) throw LeaseLost{};
}

}  // namespace mobilytics::jobs
