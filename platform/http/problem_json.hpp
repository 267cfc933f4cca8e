#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/problem/problem.hpp"

// Refusals as RFC 9457 application/problem+json.
namespace mobilytics::http {

struct ProblemDocument {
    int status = 500;
    std::string_view code;  // `type` is "/problems/<code>"
    std::string_view title;
    std::string_view detail;
    std::string_view instance;  // the request's id
    std::vector<FieldError> errors = {};
    std::string_view oauth_error = {};
};

std::string to_json(const ProblemDocument& document);
std::string to_problem_json(const Problem& problem, std::string_view instance);

// The code in a document that was printed here; empty for any other text.
std::string_view code_in(std::string_view document);

}  // namespace mobilytics::http
