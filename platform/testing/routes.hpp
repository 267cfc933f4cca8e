#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/http/router.hpp"

// Calls the routes of a room without a socket: the real router, binding, actors and problem documents. Every answer
// is compared with what the route's description promises (status, JSON schema, the form of problems); a difference
// fails the test.
namespace mobilytics::test {

struct Answer {
    int status = 0;
    std::string body;
    std::string etag;
    std::map<std::string, std::string> headers;

    // What stands at a JSON pointer: a string without its quotes, anything else as JSON, "(absent)" for nothing.
    std::string at(std::string_view pointer) const;
    std::size_t items_at(std::string_view pointer) const;

    // "/name, /faces/0/name": where a problem says that the request is wrong.
    std::string pointers() const;
};

class Caller {
public:
    explicit Caller(const http::Router& router) : router_{router} {}

    // `target` is method and path with query: "GET /v1/assets?q=x". A body goes as JSON.
    Task<Answer> call(std::string target, std::string body = "", std::map<std::string, std::string> headers = {});

private:
    const http::Router& router_;
};

}  // namespace mobilytics::test
