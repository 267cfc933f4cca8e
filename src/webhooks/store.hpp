#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"
#include "src/webhooks/delivery.hpp"
#include "src/webhooks/endpoint.hpp"

namespace mobilytics::webhooks {
struct DeliveryFilter;
}

// Rows of the room. Verbs give statements, for a transaction or for one read; the rest turns results back into nouns.
// Secrets are sealed before they come here and opened after.
namespace mobilytics::webhooks::store {

db::Statement insert(CompanyId company, const Endpoint& endpoint, const db::Bytes& secret);
db::Statement count_endpoints(CompanyId company);
db::Statement count_disabled_since(Instant since);
db::Statement update(CompanyId company, const Endpoint& endpoint);
db::Statement remove(CompanyId company, EndpointId id);
db::Statement find(CompanyId company, EndpointId id);
db::Statement hold(CompanyId company, EndpointId id);
db::Statement list(CompanyId company, std::optional<EndpointId> after, int limit);
db::Statement endpoints_for(CompanyId company, std::string_view type);
std::vector<Endpoint> endpoints_in(const db::Result& result);

struct SealedSecret {
    db::Bytes secret;
    std::optional<Instant> previous_until;
};
db::Statement find_secret(CompanyId company, EndpointId id);
db::Statement rotate_secret(CompanyId company, EndpointId id, const db::Bytes& secret, Instant previous_until);

struct HeldSecrets {
    CompanyId company;
    EndpointId endpoint;
    db::Bytes secret;
    std::optional<db::Bytes> previous;
};
db::Statement hold_secrets(Instant now);
db::Statement put_secrets(const HeldSecrets& secrets);

db::Statement insert_message(CompanyId company, MessageId id, std::string_view type, std::string_view body,
                             Instant now);
db::Statement insert(CompanyId company, const Delivery& delivery);
db::Statement update(CompanyId company, const Delivery& delivery);
db::Statement find(CompanyId company, DeliveryId id);
db::Statement hold(CompanyId company, DeliveryId id);
db::Statement list(CompanyId company, EndpointId endpoint, const DeliveryFilter& filter,
                   std::optional<DeliveryId> after, int limit);
std::vector<Delivery> deliveries_in(const db::Result& result);
db::Statement find_body(CompanyId company, MessageId id);

db::Statement insert(CompanyId company, DeliveryId delivery, const Attempt& attempt);
db::Statement list_attempts(CompanyId company, DeliveryId delivery);
std::vector<Attempt> attempts_in(const db::Result& result);

// What an attempt needs; the endpoint's part is absent once it was deleted.
struct Prepared {
    std::string state;
    std::int32_t attempts;
    EndpointId endpoint;
    MessageId message;
    std::string body;
    std::optional<bool> enabled;
    std::optional<std::string> url;
    std::optional<std::int32_t> per_second;
    std::optional<db::Bytes> secret;
    std::optional<db::Bytes> previous_secret;
    std::optional<Instant> previous_until;
};
db::Statement prepare(CompanyId company, DeliveryId id);
db::Statement reserve_slot(CompanyId company, EndpointId id, Instant now, int per_second);
db::Statement note_success(CompanyId company, EndpointId id);
db::Statement note_failure(CompanyId company, EndpointId id, Instant at);

db::Statement ask_again(CompanyId company, EndpointId id, const clock::Window& created, bool succeeded_too, int limit,
                        Instant now);
db::Statement forget_messages(Instant before, int limit);

}  // namespace mobilytics::webhooks::store
