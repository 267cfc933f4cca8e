#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "platform/http/request.hpp"
#include "platform/http/response.hpp"
#include "platform/problem/problem.hpp"

// Answers that no handler gave: problems, and refusals of HTTP itself.
namespace mobilytics::http {

// The other end went away; nobody is left to answer.
class ConnectionLost : public std::exception {
public:
    const char* what() const noexcept override { return "the connection was lost"; }
};

// The problem as application/problem+json, with Retry-After and WWW-Authenticate where they belong.
Response problem_response(const Problem& problem, Request& request);

// 500 without text: what went wrong is in the log under the request's id.
Response failure_response(const Request& request);

// Statuses that a Problem's kind does not name: 414, 431, 501, 505.
Response refusal(int status, std::string_view code, std::string_view detail, const Request& request);

std::string_view reason_phrase(int status);

}  // namespace mobilytics::http
