#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/json/schema.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::json {

// Why a text is not what a struct wants: `malformed` when it is not JSON at all, else one entry per wrong
// place.
struct ReadError {
    bool malformed = false;
    std::string detail;
    std::vector<FieldError> errors;

    // Kind malformed "http.malformed_json" or invalid "http.invalid_body".
    Problem to_problem() const;
};

// Looks for every wrong place; slow, so it runs only when something is wrong or the type has limits. An empty
// result (not malformed, no errors) means that the schema finds nothing wrong.
ReadError diagnose(std::string_view text, const Schema& schema);

// What to say when reading refused and diagnose() found nothing: the place where it stopped.
ReadError refused_at(std::string_view text, std::size_t offset);

}  // namespace mobilytics::json
