#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/http/bind.hpp"
#include "platform/http/operation.hpp"
#include "platform/http/parameters.hpp"
#include "platform/http/request.hpp"
#include "platform/http/response.hpp"
#include "platform/http/route_table.hpp"
#include "platform/metrics/metrics.hpp"

// A room's routes.cpp includes this and nothing else of http. A handler names what it needs by parameter
// types: actors, path parameters, Query, Body, Paging, RawBody, BodyStream, IfMatch, Request&. It is checked
// in that order (401/403 before 404 before 422), and the body is read only after the actor is known.
namespace mobilytics::http {

class Group;

class Router {
public:
    // Runs before every handler that takes an actor; finds out who asks and stores it by
    // Request::set_principal. It throws only for credentials that are wrong; none at all is the actor type's
    // to judge.
    void authenticate_with(std::function<Task<void>(Request& request)> hook) { table_.authenticate = std::move(hook); }

    // Runs behind it, for those who are known. Throws Problem too_many.
    void limit_with(std::function<void(Request& request)> hook) { table_.limit = std::move(hook); }

    // Stands around handlers of operations that take an Idempotency-Key, when a request has one.
    void repeat_with(std::function<Task<Response>(Request& request, std::function<Task<Response>()> run)> hook) {
        table_.repeat = std::move(hook);
    }

    // What exceptions of other parts mean to a client (a lost database: unavailable); without an answer they
    // are 500.
    void translate_with(std::function<std::optional<Problem>(const std::exception& failure)> translation) {
        table_.translate = std::move(translation);
    }

    // Where rooms count what only they know. Before their routes are added; without it they count nowhere.
    void count_in(metrics::Registry& registry) { registry_ = &registry; }
    metrics::Counter counter(const std::string& name, const std::string& help, const metrics::Labels& labels) {
        return registry_ ? registry_->counter(name, help, labels) : metrics::Counter{};
    }

    // Routes of one room; the name becomes their tag in OpenAPI.
    Group group(std::string name);

    // For openapi(), the server and tests.
    RouteTable& table() { return table_; }
    const RouteTable& table() const { return table_; }
    std::vector<OperationName> operations() const { return table_.operations(); }

private:
    RouteTable table_;
    metrics::Registry* registry_ = nullptr;
};

class Group {
public:
    Group(RouteTable& table, std::string name) : table_{&table}, name_{std::move(name)} {}

    // Path templates: "/v1/campaigns/{id}", "/v1/tiles/{z}/{x}/{y}.mvt". A literal segment beats a parameter.
    template <class F>
    void get(std::string path, RouteOptions options, F handler) {
        add(Method::get, std::move(path), std::move(options), std::move(handler));
    }
    template <class F>
    void post(std::string path, RouteOptions options, F handler) {
        add(Method::post, std::move(path), std::move(options), std::move(handler));
    }
    template <class F>
    void put(std::string path, RouteOptions options, F handler) {
        add(Method::put, std::move(path), std::move(options), std::move(handler));
    }
    template <class F>
    void patch(std::string path, RouteOptions options, F handler) {
        add(Method::patch, std::move(path), std::move(options), std::move(handler));
    }
    template <class F>
    void remove(std::string path, RouteOptions options, F handler) {
        add(Method::remove, std::move(path), std::move(options), std::move(handler));
    }

private:
    template <class F>
    void add(Method method, std::string path, RouteOptions options, F handler) {
        Operation operation;
        operation.method = method;
        operation.path = std::move(path);
        operation.group = name_;
        operation.options = std::move(options);
        table_->add(bind::make_route(std::move(operation), std::move(handler)));
    }

    RouteTable* table_;
    std::string name_;
};

inline Group Router::group(std::string name) { return Group{table_, std::move(name)}; }

}  // namespace mobilytics::http
