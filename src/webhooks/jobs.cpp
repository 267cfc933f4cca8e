#include "platform/jobs/jobs.hpp"

#include "platform/json/json.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/webhooks/webhooks.hpp"

namespace mobilytics::webhooks {

namespace {

// Most of an attempt is waiting for somebody else's server, which takes no thread; so there are many places, and they
// are none of other jobs'.
constexpr int attempts_at_once = 64;

struct TicketBody {
    DeliveryId delivery_id;
    bool has_slot = false;
};

Ticket ticket_of(const jobs::Job& job) {
    const auto body = json::read<TicketBody>(job.payload);
    if (!body) throw Problem{Kind::malformed, "webhooks.bad_job", "The payload of a delivery cannot be read."};
    return {body->delivery_id, body->has_slot};
}

}  // namespace

void add_jobs(jobs::Runner& runner, Webhooks& webhooks) {
    runner.on("webhooks.deliver", [&webhooks](jobs::Job job) { return webhooks.deliver(job, ticket_of(job)); },
              {.own_places = attempts_at_once});
    runner.every(std::chrono::hours{24}, "webhooks.forget_old",
                 [&webhooks](jobs::Job) { return webhooks.forget_old(); });
}

void subscribe(trail::Trail& trail, Webhooks& webhooks) {
    trail.subscribe([&webhooks](db::Session& session, const trail::Recorded& event) -> Task<void> {
        co_await webhooks.tell(session, event);
    });
}

}  // namespace mobilytics::webhooks
