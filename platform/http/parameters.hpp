#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/async/task.hpp"
#include "platform/http/cursor.hpp"
#include "platform/http/operation.hpp"
#include "platform/http/request.hpp"

// What a handler may ask for beside an actor and path parameters. Any number, in any order.
namespace mobilytics::http {

// The query string as a struct of strings, numbers, bool, enums, Instant, Id, or std::optional or std::vector
// (comma-separated) of those. A member that is not optional is required. Unknown names are refused (422,
// pointer "?name").
template <class T>
struct Query {
    T value;
    const T* operator->() const { return &value; }
    const T& operator*() const { return value; }
};

// A JSON body (application/json) as a struct. 400 not JSON or empty, 415 another type, 422 with errors[].
template <class T>
struct Body {
    T value;
    T* operator->() { return &value; }
    const T* operator->() const { return &value; }
    T& operator*() { return value; }
    const T& operator*() const { return value; }
};

// A body as a form (application/x-www-form-urlencoded) or as JSON, for protocols that ask for a form. The struct is as
// for Query. Names of a form that it does not have are ignored, as OAuth says; one that comes twice is refused (422).
template <class T>
struct FormBody {
    T value;
    const T* operator->() const { return &value; }
    const T& operator*() const { return value; }
};

// `limit` (1..200, default 50) and `cursor` of a list.
struct Paging {
    int limit = 50;
    std::optional<std::string> cursor;

    // The sort key to go on after; throws Problem invalid for a cursor that is not ours.
    template <class... Parts>
    std::optional<std::tuple<Parts...>> after() const {
        if (!cursor) return std::nullopt;
        return decode_cursor<Parts...>(*cursor);
    }

    // The same for a list that is sorted by one thing, most often an id.
    template <class Part>
    std::optional<Part> after_one() const {
        return after<Part>().transform([](const std::tuple<Part>& key) { return std::get<0>(key); });
    }
};

// The whole body as text, decoded, of one of the route's body_types. Valid until the handler returns.
struct RawBody {
    std::string_view content_type;  // without parameters, lower case
    std::string_view text;
};

// The body piece by piece, for uploads larger than memory should hold. An empty piece is the end.
class BodyStream {
public:
    BodyStream(std::string type, BodySource& source) : content_type{std::move(type)}, source_{&source} {}
    std::string content_type;
    Task<std::string_view> next() { return source_->next(); }

private:
    BodySource* source_;
};

// If-Match of an edit. require() throws Problem precondition "http.changed_meanwhile" when the client sent a
// tag that is not `current` (without quotes); a request without If-Match passes.
struct IfMatch {
    std::optional<std::string> tags;
    void require(std::string_view current) const;
};

}  // namespace mobilytics::http
