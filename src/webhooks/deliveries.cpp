#include <format>
#include <utility>

#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/webhooks/event_types.hpp"
#include "src/webhooks/store.hpp"
#include "src/webhooks/webhooks.hpp"

// The part of the front door that is about deliveries: what is to be sent, what came of it, and sending it again.
namespace mobilytics::webhooks {

namespace {

constexpr int most_replayed = 5000;
constexpr std::chrono::days kept{30};
constexpr int forgotten_at_once = 5000;
// So many at once to one endpoint, in all processes: a slow one must not have all places.
constexpr int at_once_to_one = 4;
// What an attempt itself meets is written down and tried by the room's own schedule; this is for a database away.
constexpr int most_tries_of_a_job = 100;

Delivery only_one(std::vector<Delivery> found, EndpointId endpoint) {
    if (found.empty() || found.front().endpoint != endpoint)
        throw Problem{Kind::missing, "webhooks.delivery_not_found", "The endpoint has no such delivery."};
    return std::move(found.front());
}

trail::Entry about(std::string action, EndpointId endpoint, std::string label, trail::Changes changes) {
    return {.action = std::move(action),
            .resource_id = endpoint.text(),
            .resource_label = std::move(label),
            .changes = std::move(changes)};
}

Delivery new_delivery(EndpointId endpoint, MessageId message, std::string_view type, Instant now) {
    return {.id = DeliveryId::make(),
            .endpoint = endpoint,
            .message = message,
            .type = std::string{type},
            .next_attempt_at = now,
            .created_at = now};
}

}  // namespace

// By the delivery's id, so that it has one waiting job at most.
jobs::NewJob Webhooks::job_of(CompanyId company, EndpointId endpoint, Ticket ticket, Instant run_at,
                              trace::Cause cause) const {
    const int place = ticket.delivery.uuid.bytes.back() % at_once_to_one;
    return {.kind = "webhooks.deliver",
            .company = company.uuid,
            .payload = std::format(R"({{"delivery_id":"{}","has_slot":{}}})", ticket.delivery.text(), ticket.has_slot),
            .run_at = run_at,
            .key = ticket.delivery.text(),
            .concurrency_key = std::format("{}/{}", endpoint.text(), place),
            .max_attempts = most_tries_of_a_job,
            .cause = std::move(cause)};
}

Task<void> Webhooks::enqueue(db::Session& session, CompanyId company, const Delivery& delivery, trace::Cause cause) {
    co_await queue_.enqueue(session, job_of(company, delivery.endpoint, Ticket{delivery.id},
                                            delivery.next_attempt_at.value(), std::move(cause)));
}

Task<void> Webhooks::tell(db::Session& session, trail::Recorded event) {
    const auto* type = event_type_named(event.entry.action);
    if (!type || event.company.is_nil() || event.entry.outcome != trail::Outcome::success) co_return;
    const CompanyId company{event.company};
    auto found = co_await session.run(store::endpoints_for(company, type->type));
    auto endpoints = found.all<EndpointId>();
    // Of itself an endpoint is not told: its secret may not have reached the receiver yet.
    std::erase_if(endpoints, [&](EndpointId endpoint) { return endpoint.text() == event.entry.resource_id; });
    if (endpoints.empty()) co_return;

    const auto message = MessageId::make();
    const auto now = clock_.now();
    std::vector<db::Statement> statements{
        store::insert_message(company, message, type->type, body_of(*type, event), now)};
    std::vector<jobs::NewJob> jobs;
    for (const EndpointId endpoint : endpoints) {
        const auto delivery = new_delivery(endpoint, message, type->type, now);
        statements.push_back(store::insert(company, delivery));
        jobs.push_back(job_of(company, endpoint, Ticket{delivery.id}, now, event.by.cause()));
    }
    co_await session.run_all(std::move(statements));
    co_await queue_.enqueue_all(session, std::move(jobs));
}

Task<Delivery> Webhooks::send_test(auth::Company actor, EndpointId id) {
    const auto now = clock_.now();
    const auto delivery = new_delivery(id, MessageId::make(), test_type, now);
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto endpoint = co_await hold_enabled(session, actor.company, id);
        co_await session.run(
            store::insert_message(actor.company, delivery.message, test_type, test_body(id.text(), now), now));
        co_await session.run(store::insert(actor.company, delivery));
        co_await enqueue(session, actor.company, delivery, actor.who().cause());
        co_await record(session, actor, about("webhook.tested", id, endpoint.origin(), {}));
    });
    co_return delivery;
}

Task<std::vector<Delivery>> Webhooks::list_deliveries(auth::Company actor, EndpointId id, DeliveryFilter filter,
                                                      std::optional<DeliveryId> after, int limit) {
    co_await find(actor, id);
    auto result =
        co_await database_.read(db::Scope::of(actor.company), store::list(actor.company, id, filter, after, limit));
    co_return store::deliveries_in(result);
}

Task<DeliveryLog> Webhooks::find_delivery(auth::Company actor, EndpointId id, DeliveryId delivery) {
    const auto scope = db::Scope::of(actor.company);
    co_await find(actor, id);
    auto results = co_await database_.read_all(
        scope, {store::find(actor.company, delivery), store::list_attempts(actor.company, delivery)});
    DeliveryLog log{only_one(store::deliveries_in(results.at(0)), id), "", store::attempts_in(results.at(1))};
    auto body = co_await database_.read(scope, store::find_body(actor.company, log.delivery.message));
    log.body = body.only<std::string>();
    co_return log;
}

Task<Delivery> Webhooks::retry(auth::Company actor, EndpointId id, DeliveryId delivery) {
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Delivery> {
        // In this order everywhere: the delivery, its endpoint, the trail.
        auto found = co_await session.run(store::hold(actor.company, delivery));
        const auto endpoint = co_await hold_enabled(session, actor.company, id);
        const auto again = only_one(store::deliveries_in(found), id).asked_for_again(clock_.now());
        co_await session.run(store::update(actor.company, again));
        co_await enqueue(session, actor.company, again, actor.who().cause());
        co_await record(session, actor,
                        about("webhook.delivery_retried", id, endpoint.origin(),
                              trail::Changes{}.made("delivery_id", delivery.text())));
        co_return again;
    });
}

Task<int> Webhooks::replay(auth::Company actor, EndpointId id, Replay wanted) {
    if (wanted.created.empty())
        throw Problem{Kind::invalid, "webhooks.invalid_span", "The span is empty.", {{"/to", "must be after `from`"}}};
    std::size_t replayed = 0;
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto now = clock_.now();
        auto found = co_await session.run(
            store::ask_again(actor.company, id, wanted.created, wanted.succeeded_too, most_replayed + 1, now));
        const auto endpoint = co_await hold_enabled(session, actor.company, id);
        const auto deliveries = found.all<DeliveryId>();
        if (deliveries.size() > most_replayed)
            throw Problem{Kind::conflict, "webhooks.too_many_to_replay",
                          std::format("More than {} deliveries are in the span; choose a shorter one.", most_replayed)};
        const auto cause = actor.who().cause();
        std::vector<jobs::NewJob> jobs;
        for (const DeliveryId delivery : deliveries)
            jobs.push_back(job_of(actor.company, id, Ticket{delivery}, now, cause));
        co_await queue_.enqueue_all(session, std::move(jobs));
        auto changes = trail::Changes{}.made("from", clock::to_rfc3339(wanted.created.from));
        changes.made("to", clock::to_rfc3339(wanted.created.to));
        changes.made("deliveries", deliveries.size());
        co_await record(session, actor, about("webhook.replayed", id, endpoint.origin(), std::move(changes)));
        replayed = deliveries.size();
    });
    co_return static_cast<int>(replayed);
}

Task<std::int64_t> Webhooks::count_disabled_since(Instant since) {
    const auto result = co_await database_.read(db::Scope::system(), store::count_disabled_since(since));
    co_return result.only<std::int64_t>();
}

Task<void> Webhooks::forget_old() {
    const auto before = clock_.now() - kept;
    while (true) {
        const auto forgotten =
            co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<std::int64_t> {
                auto result = co_await session.run(store::forget_messages(before, forgotten_at_once));
                co_return result.affected();
            });
        if (forgotten < forgotten_at_once) co_return;
    }
}

}  // namespace mobilytics::webhooks
