#pragma once

#include <array>
#include <chrono>
#include <unordered_map>

#include "platform/http/request.hpp"
#include "platform/metrics/metrics.hpp"

namespace mobilytics::http {

// How many requests, and how long each took, by method, route template and class of status. The path itself is never a
// label: clients choose it. Of one thread, so that finding a series takes no lock; the threads' series are the same.
class RequestMetrics {
public:
    explicit RequestMetrics(metrics::Registry* registry) : registry_{registry} {}

    void count(const Request& request, int status, std::chrono::steady_clock::duration took);

private:
    static constexpr std::size_t methods = 7, classes = 6;
    using Series = std::array<std::array<metrics::Histogram, classes>, methods>;

    metrics::Histogram made(const Request& request, std::size_t status_class);

    metrics::Registry* registry_;
    std::unordered_map<const Operation*, Series> series_;
};

}  // namespace mobilytics::http
