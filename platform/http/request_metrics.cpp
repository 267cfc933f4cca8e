#include "platform/http/request_metrics.hpp"

#include <algorithm>
#include <string>

#include "platform/http/operation.hpp"

namespace mobilytics::http {

namespace {

// Those of OpenTelemetry's http.server.request.duration, in seconds.
const std::vector<double> bounds = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10};

}  // namespace

void RequestMetrics::count(const Request& request, int status, std::chrono::steady_clock::duration took) {
    if (registry_ == nullptr) return;
    const auto status_class = static_cast<std::size_t>(std::clamp(status / 100, 1, 5));
    auto& series = series_[request.operation][static_cast<std::size_t>(request.method)][status_class];
    if (!series) series = made(request, status_class);
    series.observe(std::chrono::duration<double>{took}.count());
}

metrics::Histogram RequestMetrics::made(const Request& request, std::size_t status_class) {
    return registry_->histogram("http_server_request_duration_seconds",
                                "From the first byte of a request to the last byte of its answer, in seconds.",
                                {{"method", std::string{name_of(request.method)}},
                                 {"route", request.operation ? request.operation->path : "-"},
                                 {"status", std::to_string(status_class) + "xx"}},
                                bounds);
}

}  // namespace mobilytics::http
