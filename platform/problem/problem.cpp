#include "platform/problem/problem.hpp"

#include <utility>

namespace mobilytics {

Problem::Problem(Kind kind, std::string code, std::string detail, std::vector<FieldError> errors)
    : kind_{kind},
      code_{std::move(code)},
      detail_{std::move(detail)},
      errors_{std::move(errors)},
      what_{code_ + ": " + detail_} {}

int http_status(Kind kind) {
    switch (kind) {
        case Kind::invalid:
            return 422;
        case Kind::malformed:
            return 400;
        case Kind::unauthenticated:
            return 401;
        case Kind::forbidden:
            return 403;
        case Kind::missing:
            return 404;
        case Kind::method:
            return 405;
        case Kind::timeout:
            return 408;
        case Kind::conflict:
            return 409;
        case Kind::gone:
            return 410;
        case Kind::precondition:
            return 412;
        case Kind::too_large:
            return 413;
        case Kind::unsupported:
            return 415;
        case Kind::too_many:
            return 429;
        case Kind::refused_upstream:
            return 502;
        case Kind::unavailable:
            return 503;
    }
    return 500;
}

std::string_view title_of(Kind kind) {
    switch (kind) {
        case Kind::invalid:
            return "Some values are not valid";
        case Kind::malformed:
            return "The request cannot be read";
        case Kind::unauthenticated:
            return "Sign in first";
        case Kind::forbidden:
            return "Not allowed";
        case Kind::missing:
            return "Not found";
        case Kind::method:
            return "Method not allowed";
        case Kind::timeout:
            return "The request took too long";
        case Kind::conflict:
            return "Conflict with the present state";
        case Kind::gone:
            return "No longer there";
        case Kind::precondition:
            return "Changed in the meantime";
        case Kind::too_large:
            return "Too large";
        case Kind::unsupported:
            return "Media type not supported";
        case Kind::too_many:
            return "Too many requests";
        case Kind::refused_upstream:
            return "Another service refused";
        case Kind::unavailable:
            return "Not available at the moment";
    }
    return "Internal error";
}

}  // namespace mobilytics
