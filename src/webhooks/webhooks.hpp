#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/outbound/sender.hpp"
#include "src/auth/actor.hpp"
#include "src/webhooks/delivery.hpp"
#include "src/webhooks/endpoint.hpp"
#include "src/webhooks/tally.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::trail {
class Trail;
struct Entry;
struct Recorded;
}  // namespace mobilytics::trail

namespace mobilytics::webhooks {

// Given the version of what is about to be changed; throws when the caller has seen another.
using ExpectVersion = std::function<void(std::string_view version)>;

// The way out. The product posts through outbound::Sender, which guards where to.
struct Outside {
    std::function<Task<outbound::Sent>(outbound::Post post)> post;
    UrlCheck wrong_with;
};

struct Secret {
    std::string text;                       // "whsec_..."
    std::optional<Instant> previous_until;  // until then the one before it signs too
    std::int64_t version = 0;               // of its endpoint
};

struct AddedEndpoint {
    Endpoint endpoint;
    std::string secret;
};

struct DeliveryFilter {
    std::optional<DeliveryState> state;
    std::optional<std::string> type;
};

struct DeliveryLog {
    Delivery delivery;
    std::string body;               // what is sent, byte for byte
    std::vector<Attempt> attempts;  // in order
};

struct Replay {
    clock::Window created;
    bool succeeded_too = false;
};

// Of one attempt, as the job carries it.
struct Ticket {
    DeliveryId delivery;
    bool has_slot = false;  // its turn in the endpoint's pace has come
};

// Front door of the room. What belongs to another company does not exist here: missing "webhooks.not_found",
// "webhooks.delivery_not_found".
class Webhooks {
public:
    Webhooks(db::Database& database, const clock::Clock& clock, jobs::Queue& queue, trail::Trail& trail,
             crypto::Sealer sealer, Outside outside, Tally tally = {});

    // ---- for people and programs of a company; the routes name the permission ----

    Task<std::vector<Endpoint>> list(auth::Company actor, std::optional<EndpointId> after, int limit);  // newest first
    Task<Endpoint> find(auth::Company actor, EndpointId id);

    // Enabled at once. Refuses: invalid "webhooks.invalid", conflict "webhooks.too_many".
    Task<AddedEndpoint> add(auth::Company actor, NewEndpoint wanted);
    // `expect` is given the version about to be changed. What waits goes to the new URL. Refuses: "webhooks.invalid".
    Task<Endpoint> change(auth::Company actor, EndpointId id, EndpointChange change, ExpectVersion expect);
    // What is on its way to it is not sent any more.
    Task<void> remove(auth::Company actor, EndpointId id, ExpectVersion expect);
    // Doing either twice is no error. What happened while it was disabled was not kept for it.
    Task<Endpoint> enable(auth::Company actor, EndpointId id, ExpectVersion expect);
    Task<Endpoint> disable(auth::Company actor, EndpointId id, ExpectVersion expect);

    Task<Secret> secret(auth::Company actor, EndpointId id);
    // The secret until now signs for another 24 hours; one before it no longer does.
    Task<Secret> rotate_secret(auth::Company actor, EndpointId id, ExpectVersion expect);

    // A message of type webhook.test to this endpoint alone. Refuses: conflict "webhooks.disabled".
    Task<Delivery> send_test(auth::Company actor, EndpointId id);

    Task<std::vector<Delivery>> list_deliveries(auth::Company actor, EndpointId id, DeliveryFilter filter,
                                                std::optional<DeliveryId> after, int limit);  // newest first
    Task<DeliveryLog> find_delivery(auth::Company actor, EndpointId id, DeliveryId delivery);
    // Sends it again now, with all retries; one that waits only comes sooner. Refuses: conflict "webhooks.disabled".
    Task<Delivery> retry(auth::Company actor, EndpointId id, DeliveryId delivery);
    // The same for all that ended and were made within a span; how many. Refuses: invalid "webhooks.invalid_span",
    // conflict "webhooks.disabled", "webhooks.too_many_to_replay".
    Task<int> replay(auth::Company actor, EndpointId id, Replay wanted);

    // ---- what starts by itself ----

    // In the transaction of the event: a message, and a delivery and its job for each endpoint that wants it.
    Task<void> tell(db::Session& session, trail::Recorded event);

    // One attempt. Run twice, it may send twice, under the same id; what came of it is written once.
    Task<void> deliver(jobs::Job job, Ticket ticket);

    // Endpoints of all companies that the product disabled since then, and that nobody has enabled again.
    Task<std::int64_t> count_disabled_since(Instant since);

    // Messages older than 30 days go, with all that is known of their deliveries.
    Task<void> forget_old();

    // For the command line, after secrets.key changed: what a former key sealed is sealed anew.
    Task<crypto::Renewal> reseal();

private:
    struct Outgoing;

    Task<Endpoint> hold(db::Session& session, CompanyId company, EndpointId id);
    Task<Endpoint> hold_enabled(db::Session& session, CompanyId company, EndpointId id);
    Task<Endpoint> move(auth::Company actor, EndpointId id, std::function<Endpoint(const Endpoint&)> step,
                        std::string action, ExpectVersion expect);
    Task<void> record(db::Session& session, auth::Company actor, trail::Entry entry);
    Task<void> enqueue(db::Session& session, CompanyId company, const Delivery& delivery, trace::Cause cause);
    jobs::NewJob job_of(CompanyId company, EndpointId endpoint, Ticket ticket, Instant run_at,
                        trace::Cause cause) const;
    Task<std::optional<Outgoing>> prepare(jobs::Job job, Ticket ticket);
    Task<bool> waits_for_slot(db::Session& session, jobs::Job job, Ticket ticket, EndpointId endpoint, int per_second);
    Task<void> cancel(db::Session& session, CompanyId company, DeliveryId id);
    Task<void> settle(jobs::Job job, DeliveryId id, Attempt attempt, std::optional<std::chrono::seconds> retry_after);
    Task<void> judge_endpoint(db::Session& session, const jobs::Job& job, const Delivery& delivery,
                              const Attempt& attempt);
    Task<void> give_up(db::Session& session, const jobs::Job& job, Endpoint endpoint, DisabledBecause why);
    std::string open(CompanyId company, EndpointId id, const db::Bytes& sealed) const;
    db::Bytes seal(CompanyId company, EndpointId id, const std::string& secret) const;

    db::Database& database_;
    const clock::Clock& clock_;
    jobs::Queue& queue_;
    trail::Trail& trail_;
    crypto::Sealer sealer_;
    Outside outside_;
    const Tally tally_;
};

void add_routes(http::Router& router, Webhooks& webhooks);
void add_jobs(jobs::Runner& runner, Webhooks& webhooks);
// Every event of the trail from now on.
void subscribe(trail::Trail& trail, Webhooks& webhooks);

}  // namespace mobilytics::webhooks
