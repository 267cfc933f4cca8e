#include "platform/http/cross_origin.hpp"

#include <algorithm>
#include <stdexcept>

namespace mobilytics::http {

namespace {

constexpr std::string_view request_headers =
    "Authorization, Content-Type, Content-Encoding, Idempotency-Key, If-Match, If-None-Match, X-Request-Id, "
    "traceparent";
constexpr std::string_view answer_headers =
    "Deprecation, ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, "
    "X-Request-Id";
constexpr std::string_view remembered_s = "600";

// Browsers send scheme, host and port, without anything behind them.
bool is_origin(std::string_view text) {
    for (std::string_view scheme : {"https://", "http://"}) {
        if (!text.starts_with(scheme)) continue;
        const auto rest = text.substr(scheme.size());
        return !rest.empty() && rest.find_first_of("/?#@ *,") == std::string_view::npos;
    }
    return false;
}

}  // namespace

CrossOrigin::CrossOrigin(std::vector<std::string> origins) : origins_{std::move(origins)} {
    for (const auto& origin : origins_) {
        if (origin == "*")
            any_ = true;
        else if (!is_origin(origin))
            throw std::invalid_argument{"'" + origin + "' is no origin such as https://app.example"};
    }
}

bool CrossOrigin::lists(std::string_view origin) const { return any_ || std::ranges::contains(origins_, origin); }

void CrossOrigin::allow(Request& request) const {
    if (origins_.empty()) return;
    // Caches must not give one origin's answer to another, nor that to no origin.
    if (!any_) request.answer_headers.add("Vary", "Origin");
    const auto origin = request.header("Origin");
    if (!origin || !lists(*origin)) return;
    request.answer_headers.set("Access-Control-Allow-Origin", any_ ? "*" : std::string{*origin});
    request.answer_headers.set("Access-Control-Expose-Headers", std::string{answer_headers});
}

std::optional<Response> CrossOrigin::preflight(Request& request, const std::vector<Method>& methods) const {
    if (request.method != Method::options || origins_.empty()) return std::nullopt;
    const auto origin = request.header("Origin");
    if (!origin || !request.header("Access-Control-Request-Method") || !lists(*origin)) return std::nullopt;
    std::string allowed;
    for (Method method : methods) allowed.append(allowed.empty() ? "" : ", ").append(name_of(method));
    request.answer_headers.set("Access-Control-Allow-Methods", allowed);
    request.answer_headers.set("Access-Control-Allow-Headers", std::string{request_headers});
    request.answer_headers.set("Access-Control-Max-Age", std::string{remembered_s});
    return Response{.status = 204};
}

}  // namespace mobilytics::http
