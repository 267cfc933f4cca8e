#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/http/request.hpp"
#include "platform/http/response.hpp"

namespace mobilytics::http {

// CORS: which other sites' pages may read our answers in a browser (https://fetch.spec.whatwg.org/#http-cors-protocol).
// They bring an API key of their own: credentials that a browser adds by itself are never allowed.
class CrossOrigin {
public:
    // Throws std::invalid_argument for what is no origin ("https://app.example:8443") and not "*".
    explicit CrossOrigin(std::vector<std::string> origins);

    // Adds to the answer what lets the page read it, if its origin is listed.
    void allow(Request& request) const;

    // The answer to a browser that asks beforehand, about a path that has these methods. Null: it does not ask that.
    std::optional<Response> preflight(Request& request, const std::vector<Method>& methods) const;

private:
    bool lists(std::string_view origin) const;

    std::vector<std::string> origins_;
    bool any_ = false;
};

}  // namespace mobilytics::http
