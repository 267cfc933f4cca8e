#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/operation.hpp"
#include "platform/http/request.hpp"
#include "platform/http/response.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::http {

// One route: its description and the handler with its arguments bound.
struct Route {
    Operation operation;
    std::function<Task<Response>(Request& request)> run;
};

// All routes as a tree of path segments. Filled before the server starts, read by all threads afterwards.
class RouteTable {
public:
    RouteTable();
    ~RouteTable();
    RouteTable(const RouteTable&) = delete;
    RouteTable& operator=(const RouteTable&) = delete;

    // Throws std::logic_error for a template that exists already, or an id that does.
    void add(Route route);

    struct Match {
        const Route* route = nullptr;  // null: no such path (allowed empty) or method
        std::vector<Method> allowed;   // of the path, when it exists with other methods only
    };
    // Finds the route of a raw path and puts the decoded parameters into `values`. HEAD finds GET. A path
    // with bad percent-encoding, a NUL or a dot segment matches nothing.
    Match find(Method method, std::string_view path, std::vector<std::string>& values) const;

    // Authenticates, runs the handler, and turns every exception into its problem document (`request.id` in
    // it).
    Task<Response> answer(const Route& route, Request& request) const;

    std::vector<const Operation*> all() const;  // by path, then method
    std::vector<OperationName> operations() const;

    std::function<Task<void>(Request& request)> authenticate;
    // Counts the request of a known caller against its quota; throws Problem too_many.
    std::function<void(Request& request)> limit;
    // Answers a request that carries an Idempotency-Key: by `run`, or as it was answered before.
    std::function<Task<Response>(Request& request, std::function<Task<Response>()> run)> repeat;
    std::function<std::optional<Problem>(const std::exception& failure)> translate;

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<const Route>> routes_;
};

}  // namespace mobilytics::http
