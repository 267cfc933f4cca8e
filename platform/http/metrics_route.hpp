#pragma once

#include <string>

#include "platform/metrics/metrics.hpp"

namespace mobilytics::http {

class Router;

// GET /metrics for Prometheus. With a token: whoever sends it as bearer. Without one: programs of this machine, as far
// as no proxy passed the request on.
void add_metrics_route(Router& router, metrics::Registry& registry, std::string token);

}  // namespace mobilytics::http
