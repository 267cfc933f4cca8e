#include "platform/http/refusal.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/http/problem_json.hpp"

namespace mobilytics::http {

namespace {

constexpr std::array<std::pair<int, std::string_view>, 37> reasons = {{{200, "OK"},
                                                                       {201, "Created"},
                                                                       {202, "Accepted"},
                                                                       {204, "No Content"},
                                                                       {206, "Partial Content"},
                                                                       {301, "Moved Permanently"},
                                                                       {302, "Found"},
                                                                       {303, "See Other"},
                                                                       {304, "Not Modified"},
                                                                       {307, "Temporary Redirect"},
                                                                       {308, "Permanent Redirect"},
                                                                       {400, "Bad Request"},
                                                                       {401, "Unauthorized"},
                                                                       {402, "Payment Required"},
                                                                       {403, "Forbidden"},
                                                                       {404, "Not Found"},
                                                                       {405, "Method Not Allowed"},
                                                                       {406, "Not Acceptable"},
                                                                       {408, "Request Timeout"},
                                                                       {409, "Conflict"},
                                                                       {410, "Gone"},
                                                                       {411, "Length Required"},
                                                                       {412, "Precondition Failed"},
                                                                       {413, "Content Too Large"},
                                                                       {414, "URI Too Long"},
                                                                       {415, "Unsupported Media Type"},
                                                                       {417, "Expectation Failed"},
                                                                       {422, "Unprocessable Content"},
                                                                       {428, "Precondition Required"},
                                                                       {429, "Too Many Requests"},
                                                                       {431, "Request Header Fields Too Large"},
                                                                       {500, "Internal Server Error"},
                                                                       {501, "Not Implemented"},
                                                                       {502, "Bad Gateway"},
                                                                       {503, "Service Unavailable"},
                                                                       {504, "Gateway Timeout"},
                                                                       {505, "HTTP Version Not Supported"}}};

Response document(int status, std::string text) {
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.cache_control = "no-store";
    response.body = std::move(text);
    return response;
}

// RFC 6749 section 5.2: a client that authenticated by Basic is answered in kind.
std::string_view challenge_of(const Problem& problem, const Request& request) {
    const auto given = request.header("Authorization").value_or("");
    const bool by_basic = !problem.oauth_error.empty() && same_header_name(given.substr(0, 6), "Basic ");
    return by_basic ? "Basic realm=\"token\"" : "Bearer";
}

}  // namespace

Response problem_response(const Problem& problem, Request& request) {
    if (problem.retry_after_seconds)
        request.answer_headers.set("Retry-After", std::to_string(*problem.retry_after_seconds));
    if (problem.kind() == Kind::unauthenticated)
        request.answer_headers.set("WWW-Authenticate", std::string{challenge_of(problem, request)});
    return document(http_status(problem.kind()), to_problem_json(problem, request.id));
}

Response failure_response(const Request& request) {
    return refusal(500, "http.internal", "The server failed at this and has noted it. Name `instance` to the support.",
                   request);
}

Response refusal(int status, std::string_view code, std::string_view detail, const Request& request) {
    return document(status, to_json({.status = status,
                                     .code = code,
                                     .title = reason_phrase(status),
                                     .detail = detail,
                                     .instance = request.id}));
}

std::string_view reason_phrase(int status) {
    auto found = std::ranges::find(reasons, status, &std::pair<int, std::string_view>::first);
    return found == reasons.end() ? "Status" : found->second;
}

}  // namespace mobilytics::http
