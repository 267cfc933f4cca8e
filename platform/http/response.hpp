#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/http/request.hpp"

// What a handler may return. A plain struct is 200 with its JSON; the wrappers below choose another status or
// form.
namespace mobilytics::http {

// 201. `location` is the path of the new resource, or empty.
template <class T>
struct Created {
    T value;
    std::string location;
};

// 202: taken, the work comes later (or, for ingest: stored).
template <class T>
struct Accepted {
    T value;
};

struct NoContent {};

// One page of a list; next_cursor absent means that this is the last.
template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next_cursor;
};

// 200 with a strong ETag (given without quotes); If-None-Match answers 304. The tag of an editable thing is
// its version, so that the client can send it back as If-Match.
template <class T>
struct Tagged {
    T value;
    std::string etag;
};

// 200 that others may keep: what Cache-Control says.
template <class T>
struct Cached {
    T value;
    std::string cache_control;
};

// Bytes that are either owned by the answer or shared with a cache.
class Content {
public:
    Content() = default;
    Content(std::string text) : held_{std::move(text)} {}
    Content(const char* text) : held_{std::string{text}} {}
    Content(std::shared_ptr<const std::string> text) : held_{std::move(text)} {}

    std::string_view view() const {
        if (const auto* own = std::get_if<std::string>(&held_)) return *own;
        const auto& shared = std::get<std::shared_ptr<const std::string>>(held_);
        return shared ? std::string_view{*shared} : std::string_view{};
    }

private:
    std::variant<std::string, std::shared_ptr<const std::string>> held_;
};

// Any bytes. `etag` without quotes; empty: none. `content_encoding` says that the body is already compressed.
struct Raw {
    std::string content_type;
    Content body;
    std::string etag = {};
    std::string cache_control = {};
    std::string content_encoding = {};
    int status = 200;
};

// Takes the pieces of a streamed answer; returns when the piece is on its way (back-pressure). Throws when
// the client is gone, which ends the producer.
class Sink {
public:
    virtual ~Sink() = default;
    virtual Task<void> write(std::string_view piece) = 0;
};

// An answer whose length is not known beforehand. An exception of the producer cuts the connection, since the
// status is already sent.
struct Streamed {
    std::string content_type;
    std::function<Task<void>(Sink& sink)> produce;
    std::string file_name = {};  // not empty: offered as a download of this name
};

// What every handler's answer becomes. Rooms do not build it.
struct Response {
    int status = 200;
    std::string content_type = {};
    Content body = {};
    std::string etag = {};
    std::string cache_control = {};
    std::string content_encoding = {};
    bool may_compress = true;
    bool varies_by_encoding = false;
    std::function<Task<void>(Sink& sink)> produce = {};
};

}  // namespace mobilytics::http
