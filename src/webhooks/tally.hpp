#pragma once

#include "platform/metrics/metrics.hpp"
#include "src/webhooks/delivery.hpp"

namespace mobilytics::webhooks {

// What this process counts of what it sends; made by itself it counts nothing.
class Tally {
public:
    Tally() = default;
    explicit Tally(metrics::Registry& registry);

    void count(const Attempt& attempt) const;
    void count_ended(const Delivery& delivery) const;

private:
    metrics::Histogram succeeded_, refused_, unreachable_;  // attempts
    metrics::Counter delivered_, given_up_;
};

}  // namespace mobilytics::webhooks
