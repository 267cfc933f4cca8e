#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The one exception for a refusal. It is caught at two edges only: HTTP (RFC 9457) and jobs (retry or discard).
namespace mobilytics {

enum class Kind {
    invalid,           // 422: understood, but a value is wrong; see errors
    malformed,         // 400: cannot be read at all
    unauthenticated,   // 401
    forbidden,         // 403
    missing,           // 404
    method,            // 405
    timeout,           // 408
    conflict,          // 409
    gone,              // 410
    precondition,      // 412
    too_large,         // 413
    unsupported,       // 415
    too_many,          // 429
    refused_upstream,  // 502
    unavailable,       // 503
};

struct FieldError {
    std::string pointer;  // JSON pointer into the request body, or "?name" for a query parameter
    std::string detail;
};

class Problem : public std::exception {
public:
    // `code` is "<room>.<what>" and stable once published; `detail` says what happened and what to do.
    Problem(Kind kind, std::string code, std::string detail, std::vector<FieldError> errors = {});

    Kind kind() const { return kind_; }
    const std::string& code() const { return code_; }
    const std::string& detail() const { return detail_; }
    const std::vector<FieldError>& errors() const { return errors_; }
    const char* what() const noexcept override { return what_.c_str(); }

    std::optional<int> retry_after_seconds;
    // Where a token is asked for: the word of RFC 6749 section 5.2 that clients branch on.
    std::string oauth_error;

private:
    Kind kind_;
    std::string code_;
    std::string detail_;
    std::vector<FieldError> errors_;
    std::string what_;
};

int http_status(Kind kind);
std::string_view title_of(Kind kind);

}  // namespace mobilytics
