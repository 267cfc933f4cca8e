#include "platform/http/metrics_route.hpp"

#include <boost/asio/ip/address.hpp>

#include "platform/crypto/digest.hpp"
#include "platform/http/router.hpp"

namespace mobilytics::http {

namespace {

bool is_of_this_machine(const Request& request) {
    boost::system::error_code no_address;
    const auto address = boost::asio::ip::make_address(request.peer, no_address);
    if (no_address || !address.is_loopback()) return false;
    // A proxy beside us is of this machine too, but those whom it speaks for are not.
    for (std::string_view trace_of_proxy : {"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"})
        if (request.header(trace_of_proxy)) return false;
    return true;
}

void require_access(const Request& request, const std::string& token) {
    if (token.empty()) {
        if (is_of_this_machine(request)) return;
        throw Problem{Kind::forbidden, "http.metrics_local_only",
                      "Metrics are for programs of this machine, unless the setting metrics.token names a token."};
    }
    const auto given = request.bearer();
    if (!given || !crypto::equal_in_constant_time(*given, token))
        throw Problem{Kind::unauthenticated, "http.metrics_token", "Send the setting metrics.token as bearer."};
}

}  // namespace

void add_metrics_route(Router& router, metrics::Registry& registry, std::string token) {
    router.group("platform")
        .get("/metrics",
             {.id = "platform.metrics",
              .summary = "Metrics of this process",
              .answer_type = "text/plain",
              .hidden = true},
             [&registry, token = std::move(token)](const Request& request) -> Task<Raw> {
                 require_access(request, token);
                 auto text = co_await registry.text();
                 co_return Raw{.content_type = std::string{metrics::text_type}, .body = std::move(text)};
             });
}

}  // namespace mobilytics::http
