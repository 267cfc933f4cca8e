#include <random>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "platform/trail/trail.hpp"
#include "src/webhooks/signature.hpp"
#include "src/webhooks/store.hpp"
#include "src/webhooks/webhooks.hpp"

// The part of the front door that sends: one attempt, from the job to what is written of it.
namespace mobilytics::webhooks {

namespace {

double chance() {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<>{}(random);
}

trail::By by_job(const jobs::Job& job) {
    const auto& [trace, request_id, user, impersonator] = job.cause;
    return {
        .kind = "job", .id = job.kind, .request_id = request_id, .trace_id = trace.trace_id, .sampled = trace.sampled};
}

bool is_pending(const std::string& state) { return state == json::name_of(DeliveryState::pending); }

}  // namespace

struct Webhooks::Outgoing {
    Attempt attempt;
    outbound::Post post;
};

Task<void> Webhooks::deliver(jobs::Job job, Ticket ticket) {
    auto outgoing = co_await prepare(job, ticket);
    if (!outgoing) co_return;
    const auto sent = co_await outside_.post(std::move(outgoing->post));
    auto& attempt = outgoing->attempt;
    if (sent.status != 0) attempt.status = sent.status;
    attempt.failure = readable(sent.failure);
    attempt.took = sent.took;
    attempt.response_body = readable(sent.body);
    tally_.count(attempt);
    co_await settle(job, ticket.delivery, std::move(attempt), sent.retry_after);
}

// Nothing when there is nothing to send now; the job is finished then.
Task<std::optional<Webhooks::Outgoing>> Webhooks::prepare(jobs::Job job, Ticket ticket) {
    const CompanyId company{job.company};
    co_return co_await database_.transaction(
        db::Scope::of(company), [&](db::Session& session) -> Task<std::optional<Outgoing>> {
            auto result = co_await session.run(store::prepare(company, ticket.delivery));
            const auto found = result.first<store::Prepared>();
            const bool due = found && is_pending(found->state);
            const bool wanted = due && found->enabled.value_or(false);
            if (due && !wanted) co_await cancel(session, company, ticket.delivery);
            bool later = false;
            if (wanted && found->per_second && !ticket.has_slot)
                later = co_await waits_for_slot(session, job, ticket, found->endpoint, *found->per_second);
            if (!wanted || later) {
                co_await queue_.finish(session, job);
                co_return std::nullopt;
            }
            const auto now = clock_.now();
            std::vector<std::string> secrets{open(company, found->endpoint, found->secret.value())};
            if (found->previous_secret && now < found->previous_until.value())
                secrets.push_back(open(company, found->endpoint, *found->previous_secret));
            auto headers = signed_headers(secrets, found->message.text(), now, found->body);
            headers.push_back("traceparent: " + trace::traceparent_of(job.cause.trace));
            co_return Outgoing{.attempt = {.number = found->attempts + 1,
                                           .at = now,
                                           .url = found->url.value(),
                                           .request_headers = headers},
                               .post = {found->url.value(), headers, found->body}};
        });
}

Task<bool> Webhooks::waits_for_slot(db::Session& session, jobs::Job job, Ticket ticket, EndpointId endpoint,
                                    int per_second) {
    const CompanyId company{job.company};
    const auto now = clock_.now();
    auto reserved = co_await session.run(store::reserve_slot(company, endpoint, now, per_second));
    const auto slot = reserved.only<Instant>();
    if (slot <= now) co_return false;
    ticket.has_slot = true;
    co_await queue_.enqueue(session, job_of(company, endpoint, ticket, slot, job.cause));
    co_return true;
}

Task<void> Webhooks::cancel(db::Session& session, CompanyId company, DeliveryId id) {
    auto result = co_await session.run(store::hold(company, id));
    for (Delivery delivery : store::deliveries_in(result)) {
        delivery.state = DeliveryState::cancelled;
        delivery.next_attempt_at.reset();
        delivery.ended_at = clock_.now();
        co_await session.run(store::update(company, delivery));
    }
}

Task<void> Webhooks::settle(jobs::Job job, DeliveryId id, Attempt attempt,
                            std::optional<std::chrono::seconds> retry_after) {
    const CompanyId company{job.company};
    std::optional<Delivery> settled;
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        auto result = co_await session.run(store::hold(company, id));
        const auto found = store::deliveries_in(result);
        if (!found.empty()) {
            // Asked for again by a person meanwhile, it may count from another number.
            attempt.number = found.front().attempts + 1;
            const auto delivery = after(found.front(), attempt, clock_.now(), retry_after, chance());
            co_await session.run(store::insert(company, id, attempt));
            co_await session.run(store::update(company, delivery));
            if (delivery.next_attempt_at) co_await enqueue(session, company, delivery, job.cause);
            co_await judge_endpoint(session, job, delivery, attempt);
            settled = delivery;
        }
        co_await queue_.finish(session, job);
    });
    if (settled) tally_.count_ended(*settled);
}

// One that is gone, or to which nothing got through while this delivery was tried to its end, is asked no more.
Task<void> Webhooks::judge_endpoint(db::Session& session, const jobs::Job& job, const Delivery& delivery,
                                    const Attempt& attempt) {
    const CompanyId company{job.company};
    if (is_success(attempt)) {
        co_await session.run(store::note_success(company, delivery.endpoint));
        co_return;
    }
    co_await session.run(store::note_failure(company, delivery.endpoint, attempt.at));
    if (delivery.state != DeliveryState::failed) co_return;
    auto result = co_await session.run(store::hold(company, delivery.endpoint));
    for (const Endpoint& endpoint : store::endpoints_in(result)) {
        if (!endpoint.enabled) continue;
        if (is_gone(attempt))
            co_await give_up(session, job, endpoint, DisabledBecause::gone);
        else if (endpoint.failing_since && *endpoint.failing_since <= delivery.round_began_at)
            co_await give_up(session, job, endpoint, DisabledBecause::failing);
    }
}

Task<void> Webhooks::give_up(db::Session& session, const jobs::Job& job, Endpoint endpoint, DisabledBecause why) {
    const CompanyId company{job.company};
    const auto off = endpoint.disabled(why, clock_.now());
    co_await session.run(store::update(company, off));
    co_await trail_.record(session, company, by_job(job),
                           trail::Entry{.action = "webhook.disabled",
                                        .resource_id = off.id.text(),
                                        .resource_label = off.origin(),
                                        .changes = difference(endpoint, off)});
}

}  // namespace mobilytics::webhooks
