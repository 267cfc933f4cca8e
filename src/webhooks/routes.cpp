#include "platform/http/router.hpp"

#include <utility>

#include "platform/http/page.hpp"
#include "platform/http/version.hpp"
#include "src/webhooks/event_types.hpp"
#include "src/webhooks/webhooks.hpp"

// URLs of webhook endpoints and their deliveries.
namespace mobilytics::webhooks {

namespace {

using auth::May;
using auth::Permission;

struct EventTypeOut {
    std::string type;
    std::string description;
    std::vector<std::string> changed_fields;

    static constexpr json::Field about[] = {
        {.name = "changed_fields", .description = "Those of data.changes that may be in its messages."}};
};

struct WebhookIn {
    std::string url;
    std::optional<std::string> description;
    std::optional<std::vector<std::string>> event_types;
    std::optional<int> per_second;

    static constexpr json::Field about[] = {
        {.name = "url", .description = "https, to a public address, on port 443 or 8443.", .min_length = 1},
        {.name = "description", .description = "For people.", .max_length = 200},
        {.name = "event_types", .description = "Of GET /v1/webhook-event-types; null: all, also those to come."},
        {.name = "per_second",
         .description = "At most so many messages a second; null: no limit.",
         .minimum = 1,
         .maximum = 100}};
};

struct WebhookPatch {
    std::optional<std::string> url;
    std::optional<std::string> description;
    json::Change<std::vector<std::string>> event_types;
    json::Change<int> per_second;

    static constexpr json::Field about[] = {
        {.name = "url", .description = "What waits goes there too.", .min_length = 1},
        {.name = "description", .description = "For people.", .max_length = 200},
        {.name = "event_types", .description = "Of GET /v1/webhook-event-types; null: all, also those to come."},
        {.name = "per_second",
         .description = "At most so many messages a second; null: no limit.",
         .minimum = 1,
         .maximum = 100}};
};

struct WebhookOut {
    EndpointId id;
    std::string url;
    std::string description;
    std::optional<std::vector<std::string>> event_types;
    std::optional<int> per_second;
    bool enabled = true;
    std::optional<DisabledBecause> disabled_because;
    std::optional<Instant> disabled_at;
    std::optional<Instant> failing_since;
    std::optional<Instant> previous_secret_until;
    Instant created_at;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "event_types", .description = "null: all, also those to come."},
        {.name = "disabled_because",
         .description = "person: somebody disabled it; gone: it answered 410; failing: nothing got through for as long "
                        "as a message is tried."},
        {.name = "failing_since", .description = "The first failure since something got through."},
        {.name = "previous_secret_until", .description = "Until then the secret before the last rotation signs too."},
        http::version_field};
};

struct AddedWebhookOut {
    WebhookOut webhook;
    std::string secret;

    static constexpr json::Field about[] = {{.name = "secret", .description = "What its messages are signed with."}};
};

struct SecretOut {
    std::string secret;
    std::optional<Instant> previous_until;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "previous_until", .description = "Until then the secret before this one signs too."},
        {.name = "version", .description = "Of the endpoint, which a new secret makes another."}};
};

struct DeliveryOut {
    DeliveryId id;
    MessageId message_id;
    std::string type;
    DeliveryState state = DeliveryState::pending;
    int attempts = 0;
    std::optional<int> last_status;
    std::optional<Instant> next_attempt_at;
    Instant created_at;
    std::optional<Instant> ended_at;

    static constexpr json::Field about[] = {
        {.name = "message_id", .description = "Its webhook-id; the same at every attempt."},
        {.name = "last_status", .description = "What was answered last; null: nothing."},
        {.name = "next_attempt_at", .description = "While it is pending."}};
};

struct AttemptOut {
    int number = 1;
    Instant at;
    std::int64_t took_ms = 0;
    std::string url;
    std::vector<std::string> request_headers;
    std::optional<int> status;
    std::string failure;
    std::string response_body;

    static constexpr json::Field about[] = {{.name = "request_headers", .description = "Lines."},
                                            {.name = "status", .description = "null: no answer came."},
                                            {.name = "failure", .description = "Why none came."},
                                            {.name = "response_body", .description = "Its first 4096 bytes, as text."}};
};

struct DeliveryLogOut {
    DeliveryOut delivery;
    std::string body;
    std::vector<AttemptOut> attempts;

    static constexpr json::Field about[] = {{.name = "body", .description = "What is sent, byte for byte."}};
};

struct DeliveryQuery {
    std::optional<DeliveryState> state;
    std::optional<std::string> type;

    static constexpr json::Field about[] = {
        {.name = "state", .description = "Only deliveries in this state."},
        {.name = "type", .description = "Only messages of this type.", .max_length = 100}};
};

struct ReplayIn {
    Instant from;
    Instant to;
    std::optional<bool> only_failed;

    static constexpr json::Field about[] = {
        {.name = "from", .description = "Of when the deliveries were made."},
        {.name = "to", .description = "Just after the last of them."},
        {.name = "only_failed",
         .description = "true, which is also what it is unless given: those that failed or were cancelled; false: also "
                        "those that succeeded."}};
};

struct ReplayOut {
    int deliveries = 0;
};

SecretOut to_out(Secret secret) {
    return {std::move(secret.text), secret.previous_until, std::to_string(secret.version)};
}

WebhookOut to_out(Endpoint endpoint) {
    return {endpoint.id,
            std::move(endpoint.url),
            std::move(endpoint.description),
            std::move(endpoint.event_types),
            endpoint.per_second,
            endpoint.enabled,
            endpoint.disabled_because,
            endpoint.disabled_at,
            endpoint.failing_since,
            endpoint.previous_until,
            endpoint.created_at,
            std::to_string(endpoint.version)};
}

DeliveryOut to_out(const Delivery& delivery) {
    return {delivery.id,          delivery.message,         delivery.type,       delivery.state,   delivery.attempts,
            delivery.last_status, delivery.next_attempt_at, delivery.created_at, delivery.ended_at};
}

AttemptOut to_out(Attempt attempt) {
    return {attempt.number,
            attempt.at,
            attempt.took.count(),
            std::move(attempt.url),
            std::move(attempt.request_headers),
            attempt.status,
            std::move(attempt.failure),
            std::move(attempt.response_body)};
}

DeliveryLogOut to_out(DeliveryLog log) {
    DeliveryLogOut out{to_out(log.delivery), std::move(log.body), {}};
    for (Attempt& attempt : log.attempts) out.attempts.push_back(to_out(std::move(attempt)));
    return out;
}

EndpointChange to_noun(WebhookPatch in) {
    EndpointChange change{std::move(in.url), std::move(in.description), {}, {}};
    if (in.event_types.given) change.event_types.emplace(std::move(in.event_types.value));
    if (in.per_second.given) change.per_second.emplace(in.per_second.value);
    return change;
}

void add_reading(http::Group& group, Webhooks& webhooks) {
    group.get("/v1/webhook-event-types",
              {.id = "webhooks.list_event_types", .summary = "What webhooks can tell of, by name"},
              [](May<Permission::webhooks_read>, http::Paging paging) -> Task<http::Page<EventTypeOut>> {
                  const auto after = paging.after<std::string>();
                  std::vector<EventTypeOut> found;
                  for (const EventType& type : event_types())
                      if (!after || type.type > std::get<0>(*after))
                          found.push_back({std::string{type.type},
                                           std::string{type.description},
                                           {type.fields.begin(), type.fields.end()}});
                  co_return http::page_of(
                      paging, std::move(found), [](EventTypeOut type) { return type; },
                      [](const EventTypeOut& type) { return http::encode_cursor(type.type); });
              });

    group.get("/v1/webhooks", {.id = "webhooks.list", .summary = "Webhook endpoints, newest first"},
              [&webhooks](May<Permission::webhooks_read> actor, http::Paging paging) -> Task<http::Page<WebhookOut>> {
                  auto found = co_await webhooks.list(actor, paging.after_one<EndpointId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](Endpoint endpoint) { return to_out(std::move(endpoint)); },
                      [](const Endpoint& endpoint) { return http::encode_cursor(endpoint.id); });
              });

    group.get("/v1/webhooks/{id}", {.id = "webhooks.get", .summary = "One webhook endpoint"},
              [&webhooks](May<Permission::webhooks_read> actor, EndpointId id) -> Task<http::Tagged<WebhookOut>> {
                  co_return http::tagged(to_out(co_await webhooks.find(actor, id)));
              });
}

void add_managing(http::Group& group, Webhooks& webhooks) {
    group.post("/v1/webhooks",
               {.id = "webhooks.add",
                .summary = "Add a webhook endpoint",
                .description = "Messages are signed by Standard Webhooks 1.0 with the secret in the answer."},
               [&webhooks](May<Permission::webhooks_manage> actor,
                           http::Body<WebhookIn> body) -> Task<http::Created<AddedWebhookOut>> {
                   auto added = co_await webhooks.add(
                       actor, NewEndpoint{std::move(body->url), std::move(body->description).value_or(""),
                                          std::move(body->event_types), body->per_second});
                   auto location = "/v1/webhooks/" + added.endpoint.id.text();
                   co_return http::Created<AddedWebhookOut>{
                       {to_out(std::move(added.endpoint)), std::move(added.secret)}, std::move(location)};
               });

    group.patch("/v1/webhooks/{id}", {.id = "webhooks.change", .summary = "Edit a webhook endpoint"},
                [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id, http::IfMatch seen,
                            http::Body<WebhookPatch> body) -> Task<http::Tagged<WebhookOut>> {
                    auto endpoint =
                        co_await webhooks.change(actor, id, to_noun(std::move(*body)), http::expecting(seen));
                    co_return http::tagged(to_out(std::move(endpoint)));
                });

    group.remove("/v1/webhooks/{id}",
                 {.id = "webhooks.delete", .summary = "Delete a webhook endpoint; what waits for it is not sent"},
                 [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id,
                             http::IfMatch seen) -> Task<http::NoContent> {
                     co_await webhooks.remove(actor, id, http::expecting(seen));
                     co_return http::NoContent{};
                 });

    group.post("/v1/webhooks/{id}/enable",
               {.id = "webhooks.enable", .summary = "Tell an endpoint of what happens from now on"},
               [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id,
                           http::IfMatch seen) -> Task<http::Tagged<WebhookOut>> {
                   auto endpoint = co_await webhooks.enable(actor, id, http::expecting(seen));
                   co_return http::tagged(to_out(std::move(endpoint)));
               });

    group.post("/v1/webhooks/{id}/disable",
               {.id = "webhooks.disable", .summary = "Tell an endpoint of nothing any more; what waits is cancelled"},
               [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id,
                           http::IfMatch seen) -> Task<http::Tagged<WebhookOut>> {
                   auto endpoint = co_await webhooks.disable(actor, id, http::expecting(seen));
                   co_return http::tagged(to_out(std::move(endpoint)));
               });
}

void add_secrets(http::Group& group, Webhooks& webhooks) {
    group.get("/v1/webhooks/{id}/secret",
              {.id = "webhooks.secret", .summary = "What an endpoint's messages are signed with"},
              [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id) -> Task<http::Tagged<SecretOut>> {
                  auto secret = co_await webhooks.secret(actor, id);
                  co_return http::tagged(to_out(std::move(secret)));
              });

    group.post("/v1/webhooks/{id}/secret/rotate",
               {.id = "webhooks.rotate_secret",
                .summary = "Give an endpoint a new secret",
                .description = "The one until now signs for another 24 hours beside it."},
               [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id,
                           http::IfMatch seen) -> Task<http::Tagged<SecretOut>> {
                   auto secret = co_await webhooks.rotate_secret(actor, id, http::expecting(seen));
                   co_return http::tagged(to_out(std::move(secret)));
               });
}

void add_deliveries(http::Group& group, Webhooks& webhooks) {
    group.post("/v1/webhooks/{id}/test",
               {.id = "webhooks.test", .summary = "Send an endpoint a message of type webhook.test"},
               [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id) -> Task<http::Accepted<DeliveryOut>> {
                   co_return http::Accepted<DeliveryOut>{to_out(co_await webhooks.send_test(actor, id))};
               });

    group.post("/v1/webhooks/{id}/replay",
               {.id = "webhooks.replay",
                .summary = "Send again what was made within a span",
                .description = "At most 5000 deliveries; they keep their ids."},
               [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id,
                           http::Body<ReplayIn> body) -> Task<http::Accepted<ReplayOut>> {
                   const Replay wanted{{body->from, body->to}, !body->only_failed.value_or(true)};
                   co_return http::Accepted<ReplayOut>{{co_await webhooks.replay(actor, id, wanted)}};
               });

    group.get("/v1/webhooks/{id}/deliveries",
              {.id = "webhooks.list_deliveries", .summary = "Deliveries of the last 30 days, newest first"},
              [&webhooks](May<Permission::webhooks_read> actor, EndpointId id, http::Query<DeliveryQuery> query,
                          http::Paging paging) -> Task<http::Page<DeliveryOut>> {
                  auto found =
                      co_await webhooks.list_deliveries(actor, id, DeliveryFilter{query->state, query->type},
                                                        paging.after_one<DeliveryId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](const Delivery& delivery) { return to_out(delivery); },
                      [](const Delivery& delivery) { return http::encode_cursor(delivery.id); });
              });

    group.get(
        "/v1/webhooks/{id}/deliveries/{delivery_id}",
        {.id = "webhooks.get_delivery", .summary = "A delivery with its body and every attempt"},
        [&webhooks](May<Permission::webhooks_read> actor, EndpointId id, DeliveryId delivery) -> Task<DeliveryLogOut> {
            co_return to_out(co_await webhooks.find_delivery(actor, id, delivery));
        });

    group.post("/v1/webhooks/{id}/deliveries/{delivery_id}/retry",
               {.id = "webhooks.retry",
                .summary = "Send a delivery again now",
                .description = "With all retries when it had ended; one that waits only comes sooner."},
               [&webhooks](May<Permission::webhooks_manage> actor, EndpointId id,
                           DeliveryId delivery) -> Task<http::Accepted<DeliveryOut>> {
                   co_return http::Accepted<DeliveryOut>{to_out(co_await webhooks.retry(actor, id, delivery))};
               });
}

}  // namespace

void add_routes(http::Router& router, Webhooks& webhooks) {
    auto group = router.group("webhooks");
    add_reading(group, webhooks);
    add_managing(group, webhooks);
    add_secrets(group, webhooks);
    add_deliveries(group, webhooks);
}

}  // namespace mobilytics::webhooks
