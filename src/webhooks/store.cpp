#include "src/webhooks/store.hpp"

#include <utility>

#include "platform/json/enum_names.hpp"
#include "src/webhooks/queries.hpp"
#include "src/webhooks/webhooks.hpp"

namespace mobilytics::webhooks::store {

namespace {

struct EndpointRow {
    EndpointId id;
    std::string url;
    std::string description;
    std::optional<std::vector<std::string>> event_types;
    std::optional<std::int32_t> per_second;
    bool enabled;
    std::optional<std::string> disabled_because;
    std::optional<Instant> disabled_at;
    std::optional<Instant> failing_since;
    std::optional<Instant> previous_until;
    std::int32_t version;
    Instant created_at;
};

struct DeliveryRow {
    DeliveryId id;
    EndpointId endpoint;
    MessageId message;
    std::string type;
    std::string state;
    std::int32_t attempts;
    std::int32_t round;
    std::optional<Instant> round_began_at;
    std::optional<Instant> next_attempt_at;
    std::optional<std::int32_t> last_status;
    Instant created_at;
    std::optional<Instant> ended_at;
};

struct AttemptRow {
    std::int32_t number;
    Instant at;
    std::int32_t took_ms;
    std::optional<std::int32_t> status;
    std::string failure;
    std::string url;
    std::vector<std::string> request_headers;
    std::string response_body;
};

std::optional<std::string> text_of(std::optional<DisabledBecause> why) {
    if (!why) return std::nullopt;
    return std::string{json::name_of(*why)};
}

std::optional<std::string> text_of(std::optional<DeliveryState> state) {
    if (!state) return std::nullopt;
    return std::string{json::name_of(*state)};
}

// The names are kept to these by check constraints.
std::optional<DisabledBecause> why_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    return json::value_named<DisabledBecause>(*text).value();
}

Endpoint endpoint_of(EndpointRow& row) {
    return {.id = row.id,
            .url = std::move(row.url),
            .description = std::move(row.description),
            .event_types = std::move(row.event_types),
            .per_second = row.per_second,
            .enabled = row.enabled,
            .disabled_because = why_of(row.disabled_because),
            .disabled_at = row.disabled_at,
            .failing_since = row.failing_since,
            .previous_until = row.previous_until,
            .version = row.version,
            .created_at = row.created_at};
}

Delivery delivery_of(DeliveryRow& row) {
    return {.id = row.id,
            .endpoint = row.endpoint,
            .message = row.message,
            .type = std::move(row.type),
            .state = json::value_named<DeliveryState>(row.state).value(),
            .attempts = row.attempts,
            .round = row.round,
            .round_began_at = row.round_began_at,
            .next_attempt_at = row.next_attempt_at,
            .last_status = row.last_status,
            .created_at = row.created_at,
            .ended_at = row.ended_at};
}

}  // namespace

db::Statement insert(CompanyId company, const Endpoint& endpoint, const db::Bytes& secret) {
    return db::bind(sql::insert_endpoint, company, endpoint.id, endpoint.url, endpoint.description,
                    endpoint.event_types, endpoint.per_second, secret, std::int32_t{endpoint.version},
                    endpoint.created_at);
}

db::Statement count_disabled_since(Instant since) { return db::bind(sql::count_disabled_since, since); }

db::Statement count_endpoints(CompanyId company) { return db::bind(sql::count_endpoints, company); }

db::Statement update(CompanyId company, const Endpoint& endpoint) {
    return db::bind(sql::update_endpoint, company, endpoint.id, endpoint.url, endpoint.description,
                    endpoint.event_types, endpoint.per_second, endpoint.enabled, text_of(endpoint.disabled_because),
                    endpoint.disabled_at, endpoint.failing_since, std::int32_t{endpoint.version});
}

db::Statement remove(CompanyId company, EndpointId id) { return db::bind(sql::delete_endpoint, company, id); }

db::Statement find(CompanyId company, EndpointId id) { return db::bind(sql::find_endpoint, company, id); }

db::Statement hold(CompanyId company, EndpointId id) { return db::bind(sql::hold_endpoint, company, id); }

db::Statement list(CompanyId company, std::optional<EndpointId> after, int limit) {
    return db::bind(sql::list_endpoints, company, after, std::int64_t{limit});
}

db::Statement endpoints_for(CompanyId company, std::string_view type) {
    return db::bind(sql::endpoints_for, company, type);
}

std::vector<Endpoint> endpoints_in(const db::Result& result) {
    std::vector<Endpoint> endpoints;
    for (EndpointRow& row : result.all<EndpointRow>()) endpoints.push_back(endpoint_of(row));
    return endpoints;
}

db::Statement find_secret(CompanyId company, EndpointId id) { return db::bind(sql::find_secret, company, id); }

db::Statement rotate_secret(CompanyId company, EndpointId id, const db::Bytes& secret, Instant previous_until) {
    return db::bind(sql::rotate_secret, company, id, secret, previous_until);
}

db::Statement hold_secrets(Instant now) { return db::bind(sql::hold_secrets, now); }

db::Statement put_secrets(const HeldSecrets& secrets) {
    return db::bind(sql::put_secrets, secrets.company, secrets.endpoint, secrets.secret, secrets.previous);
}

db::Statement insert_message(CompanyId company, MessageId id, std::string_view type, std::string_view body,
                             Instant now) {
    return db::bind(sql::insert_message, company, id, type, body, now);
}

db::Statement insert(CompanyId company, const Delivery& delivery) {
    return db::bind(sql::insert_delivery, company, delivery.id, delivery.endpoint, delivery.message, delivery.type,
                    delivery.created_at);
}

db::Statement update(CompanyId company, const Delivery& delivery) {
    return db::bind(sql::update_delivery, company, delivery.id, json::name_of(delivery.state),
                    std::int32_t{delivery.attempts}, std::int32_t{delivery.round}, delivery.round_began_at,
                    delivery.next_attempt_at, delivery.last_status, delivery.ended_at);
}

db::Statement find(CompanyId company, DeliveryId id) { return db::bind(sql::find_delivery, company, id); }

db::Statement hold(CompanyId company, DeliveryId id) { return db::bind(sql::hold_delivery, company, id); }

db::Statement list(CompanyId company, EndpointId endpoint, const DeliveryFilter& filter,
                   std::optional<DeliveryId> after, int limit) {
    return db::bind(sql::list_deliveries, company, endpoint, text_of(filter.state), filter.type, after,
                    std::int64_t{limit});
}

std::vector<Delivery> deliveries_in(const db::Result& result) {
    std::vector<Delivery> deliveries;
    for (DeliveryRow& row : result.all<DeliveryRow>()) deliveries.push_back(delivery_of(row));
    return deliveries;
}

db::Statement find_body(CompanyId company, MessageId id) { return db::bind(sql::find_body, company, id); }

db::Statement insert(CompanyId company, DeliveryId delivery, const Attempt& attempt) {
    return db::bind(sql::insert_attempt, company, delivery, std::int32_t{attempt.number}, attempt.at,
                    static_cast<std::int32_t>(attempt.took.count()), attempt.status, attempt.failure, attempt.url,
                    attempt.request_headers, attempt.response_body);
}

db::Statement list_attempts(CompanyId company, DeliveryId delivery) {
    return db::bind(sql::list_attempts, company, delivery);
}

std::vector<Attempt> attempts_in(const db::Result& result) {
    std::vector<Attempt> attempts;
    for (AttemptRow& row : result.all<AttemptRow>())
        attempts.push_back({.number = row.number,
                            .at = row.at,
                            .took = std::chrono::milliseconds{row.took_ms},
                            .status = row.status,
                            .failure = std::move(row.failure),
                            .url = std::move(row.url),
                            .request_headers = std::move(row.request_headers),
                            .response_body = std::move(row.response_body)});
    return attempts;
}

db::Statement prepare(CompanyId company, DeliveryId id) { return db::bind(sql::prepare_attempt, company, id); }

db::Statement reserve_slot(CompanyId company, EndpointId id, Instant now, int per_second) {
    return db::bind(sql::reserve_slot, company, id, now, 1.0 / per_second);
}

db::Statement note_success(CompanyId company, EndpointId id) { return db::bind(sql::note_success, company, id); }

db::Statement note_failure(CompanyId company, EndpointId id, Instant at) {
    return db::bind(sql::note_failure, company, id, at);
}

db::Statement ask_again(CompanyId company, EndpointId id, const clock::Window& created, bool succeeded_too, int limit,
                        Instant now) {
    return db::bind(sql::ask_again, company, id, created.from, created.to, succeeded_too, std::int64_t{limit}, now);
}

db::Statement forget_messages(Instant before, int limit) {
    return db::bind(sql::forget_messages, before, std::int64_t{limit});
}

}  // namespace mobilytics::webhooks::store
