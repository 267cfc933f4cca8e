#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/ids/id.hpp"
#include "platform/trace/trace.hpp"

// What a handler may see of one HTTP request. It lives on its connection until the answer is sent: the views
// stay valid for the whole handler and no longer.
namespace mobilytics::http {

enum class Method : std::uint8_t { get, head, post, put, patch, remove, options };

std::string_view name_of(Method method);  // "DELETE" for remove
std::optional<Method> method_named(std::string_view name);

struct Header {
    std::string_view name;
    std::string_view value;
};

// Header lines to send, in order. Names are compared without case.
class AnswerHeaders {
public:
    void set(std::string_view name, std::string value);  // replaces all lines of that name
    void add(std::string_view name, std::string value);  // Set-Cookie may come more than once
    const std::vector<std::pair<std::string, std::string>>& all() const { return lines_; }
    void clear() { lines_.clear(); }

private:
    std::vector<std::pair<std::string, std::string>> lines_;
};

// Where the body's bytes come from: the connection, or text in a test. Pieces come decoded (gzip) and
// limited; an empty piece is the end. Throws Problem (too_large, malformed, timeout) as the bytes come in.
class BodySource {
public:
    virtual ~BodySource() = default;
    virtual Task<std::string_view> next() = 0;
    // The whole body in one piece; valid until the request ends.
    virtual Task<std::string_view> whole() = 0;
};

// Who asks, as printed ids for logs, limits and answers that are kept; empty where there is none. Set together with the
// principal.
struct Caller {
    ids::Uuid company_id{};  // nil: acts for no company
    std::string company;
    std::string user;  // the person, key or device
    std::string impersonator;

    void clear() {
        company_id = {};
        company.clear();
        user.clear();
        impersonator.clear();
    }
};

struct Operation;
class ParameterValues;

class Request {
public:
    Method method = Method::get;
    std::string_view target;               // as sent, "/v1/campaigns?state=live"
    std::string_view path;                 // before '?', not percent-decoded
    std::string_view query;                // after '?', raw
    std::vector<Header> headers;           // in the order sent, names as sent
    std::string id;                        // X-Request-Id, the client's when well formed, else ours
    trace::Context trace;                  // of the client's traceparent when that is valid, else begun here
    Caller caller;                         // empty until somebody is known
    std::string peer;                      // address of the other end of the connection
    bool secure = false;                   // came over TLS
    const Operation* operation = nullptr;  // the matched route's description; null before matching
    std::vector<std::string> path_values;  // decoded, in the order of the template's {names}
    BodySource* body = nullptr;
    AnswerHeaders answer_headers;  // goes out with the answer, also when it is a problem

    // The first line of that name (compared without case).
    std::optional<std::string_view> header(std::string_view name) const;
    std::optional<std::string_view> cookie(std::string_view name) const;
    // The credentials after "Authorization: Bearer ".
    std::optional<std::string_view> bearer() const;

    // Who asks, as the authentication hook found out. The platform knows no product word, hence the erased
    // type: principal<T>() is null when nobody signed in or another type was stored.
    template <class T>
    void set_principal(std::shared_ptr<const T> principal) {
        principal_ = std::move(principal);
        principal_type_ = typeid(T);
    }
    template <class T>
    const T* principal() const {
        return principal_ && principal_type_ == typeid(T) ? static_cast<const T*>(principal_.get()) : nullptr;
    }

    // Back to empty with the memory kept: a connection uses one Request for all its requests.
    void reset();

private:
    std::shared_ptr<const void> principal_;
    std::type_index principal_type_{typeid(void)};
};

bool same_header_name(std::string_view left, std::string_view right);

}  // namespace mobilytics::http
