#include "src/webhooks/tally.hpp"

#include <vector>

namespace mobilytics::webhooks {

namespace {

const std::vector<double> bounds = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30};

metrics::Histogram attempts(metrics::Registry& registry, const char* outcome) {
    return registry.histogram("webhooks_attempt_seconds", "How long attempts to deliver a webhook took, in seconds.",
                              {{"outcome", outcome}}, bounds);
}

metrics::Counter deliveries(metrics::Registry& registry, const char* outcome) {
    return registry.counter("webhooks_deliveries_total", "Deliveries of webhooks that were tried to their end.",
                            {{"outcome", outcome}});
}

}  // namespace

Tally::Tally(metrics::Registry& registry)
    : succeeded_{attempts(registry, "succeeded")},
      refused_{attempts(registry, "refused")},
      unreachable_{attempts(registry, "unreachable")},
      delivered_{deliveries(registry, "succeeded")},
      given_up_{deliveries(registry, "failed")} {}

void Tally::count(const Attempt& attempt) const {
    const auto& of = is_success(attempt) ? succeeded_ : attempt.status ? refused_ : unreachable_;
    of.observe(std::chrono::duration<double>{attempt.took}.count());
}

void Tally::count_ended(const Delivery& delivery) const {
    if (delivery.state == DeliveryState::succeeded) delivered_.add();
    if (delivery.state == DeliveryState::failed) given_up_.add();
}

}  // namespace mobilytics::webhooks
