#include "platform/http/route_table.hpp"

#include <cxxabi.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <span>
#include <stdexcept>
#include <tuple>
#include <typeinfo>

#include "platform/http/date.hpp"
#include "platform/http/query_reader.hpp"
#include "platform/http/refusal.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::http {

namespace {

constexpr std::size_t most_segments = 32;

constexpr std::size_t index_of(Method method) { return static_cast<std::size_t>(method); }

std::string type_name(const std::exception& exception) {
    int status = 0;
    char* text = abi::__cxa_demangle(typeid(exception).name(), nullptr, nullptr, &status);
    std::string name = status == 0 ? text : typeid(exception).name();
    std::free(text);
    return name;
}

// Splits "/a/b" into {"a", "b"}; nothing for what is no path of ours.
bool split(std::string_view path, std::vector<std::string_view>& segments) {
    if (!path.starts_with('/')) return false;
    path.remove_prefix(1);
    while (segments.size() < most_segments) {
        auto slash = path.find('/');
        auto segment = path.substr(0, slash);
        segments.push_back(segment);
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
    return false;
}

// RFC 9745 and RFC 8594: the first is a structured date, the second one of HTTP.
void announce_end(const Operation& operation, Request& request) {
    const auto& [deprecated, sunset] = std::tie(operation.options.deprecated, operation.options.sunset);
    if (!deprecated) return;
    const auto seconds = std::chrono::sys_seconds{*deprecated}.time_since_epoch().count();
    request.answer_headers.set("Deprecation", "@" + std::to_string(seconds));
    if (sunset) request.answer_headers.set("Sunset", http_date(*sunset));
    request.answer_headers.add("Link", "</docs>; rel=\"deprecation\"; type=\"text/html\"");
}

void log_failure(const Request& request, std::string_view type, std::string_view what) {
    log::error("request failed", {{"request_id", request.id},
                                  {"trace_id", request.trace.trace_id},
                                  {"company", request.caller.company},
                                  {"user", request.caller.user},
                                  {"operation", request.operation ? request.operation->options.id : ""},
                                  {"exception", type},
                                  {"what", what}});
}

// Whoever shows what opens nothing is counted as a stranger, so that keys cannot be guessed without measure.
Task<void> let_in(const RouteTable& table, Request& request) {
    try {
        co_await table.authenticate(request);
    } catch (const Problem&) {
        request.caller.clear();
        if (table.limit) table.limit(request);
        throw;
    }
}

}  // namespace

struct RouteTable::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    // "{y}.mvt": a parameter followed by fixed text; longer texts are tried first.
    std::vector<std::pair<std::string, std::unique_ptr<Node>>> parameter;
    std::array<const Route*, 7> routes{};

    Node& child(std::string_view segment) {
        if (!segment.starts_with('{')) {
            auto& node = literal[std::string{segment}];
            if (!node) node = std::make_unique<Node>();
            return *node;
        }
        auto close = segment.find('}');
        if (close == std::string_view::npos) throw std::logic_error("a path parameter is not closed");
        std::string suffix{segment.substr(close + 1)};
        for (auto& [known, node] : parameter)
            if (known == suffix) return *node;
        parameter.emplace_back(suffix, std::make_unique<Node>());
        std::ranges::stable_sort(parameter, std::ranges::greater{},
                                 [](const auto& entry) { return entry.first.size(); });
        for (auto& [known, node] : parameter)
            if (known == suffix) return *node;
        std::abort();
    }

    // Literal before parameter at every step; goes back when a branch leads nowhere.
    const Node* find(std::span<const std::string_view> segments, std::size_t slot, std::vector<std::string>& values,
                     std::vector<Method>& allowed) const {
        if (segments.empty()) {
            if (routes[slot] || (slot == index_of(Method::head) && routes[index_of(Method::get)])) return this;
            for (std::size_t i = 0; i < routes.size(); ++i)
                if (routes[i]) allowed.push_back(static_cast<Method>(i));
            return nullptr;
        }
        auto decoded = percent_decoded(segments[0], false);
        if (!decoded || *decoded == "." || *decoded == "..") return nullptr;
        if (auto found = literal.find(*decoded); found != literal.end())
            if (const Node* node = found->second->find(segments.subspan(1), slot, values, allowed)) return node;
        for (const auto& [suffix, child] : parameter) {
            if (decoded->size() <= suffix.size() || !decoded->ends_with(suffix)) continue;
            values.push_back(decoded->substr(0, decoded->size() - suffix.size()));
            if (const Node* node = child->find(segments.subspan(1), slot, values, allowed)) return node;
            values.pop_back();
        }
        return nullptr;
    }
};

RouteTable::RouteTable() : root_{std::make_unique<Node>()} {}
RouteTable::~RouteTable() = default;

void RouteTable::add(Route route) {
    const auto& operation = route.operation;
    for (const auto& known : routes_)
        if (known->operation.options.id == operation.options.id)
            throw std::logic_error("two operations are called " + operation.options.id);
    std::vector<std::string_view> segments;
    if (!split(operation.path, segments)) throw std::logic_error(operation.path + " is not a path");
    Node* node = root_.get();
    for (auto segment : segments) node = &node->child(segment);
    auto& place = node->routes[index_of(operation.method)];
    if (place) throw std::logic_error(operation.path + " exists twice");
    routes_.push_back(std::make_unique<const Route>(std::move(route)));
    place = routes_.back().get();
}

RouteTable::Match RouteTable::find(Method method, std::string_view path, std::vector<std::string>& values) const {
    Match match;
    std::vector<std::string_view> segments;
    segments.reserve(8);
    if (!split(path, segments)) return match;
    auto slot = index_of(method);
    if (const Node* node = root_->find(segments, slot, values, match.allowed)) {
        match.route = node->routes[slot] ? node->routes[slot] : node->routes[index_of(Method::get)];
        return match;
    }
    if (std::ranges::contains(match.allowed, Method::get)) match.allowed.push_back(Method::head);
    std::ranges::sort(match.allowed);
    auto [first, last] = std::ranges::unique(match.allowed);
    match.allowed.erase(first, last);
    return match;
}

Task<Response> RouteTable::answer(const Route& route, Request& request) const {
    request.operation = &route.operation;
    try {
        if (route.operation.has_actor && authenticate) co_await let_in(*this, request);
        if (limit && !route.operation.options.self_regulated) limit(request);
        announce_end(route.operation, request);
        if (repeat && route.operation.takes_key && request.header("Idempotency-Key")) {
            std::function<Task<Response>()> run = [&route, &request] { return route.run(request); };
            co_return co_await repeat(request, std::move(run));
        }
        co_return co_await route.run(request);
    } catch (const Problem& problem) {
        co_return problem_response(problem, request);
    } catch (const ConnectionLost&) {
        throw;
    } catch (const std::exception& exception) {
        if (auto problem = translate ? translate(exception) : std::nullopt)
            co_return problem_response(*problem, request);
        log_failure(request, type_name(exception), exception.what());
    } catch (...) {
        log_failure(request, "unknown", "thrown value is no exception");
    }
    request.answer_headers.clear();
    co_return failure_response(request);
}

std::vector<const Operation*> RouteTable::all() const {
    std::vector<const Operation*> operations;
    for (const auto& route : routes_) operations.push_back(&route->operation);
    std::ranges::sort(operations, [](const Operation* left, const Operation* right) {
        return std::tie(left->path, left->method) < std::tie(right->path, right->method);
    });
    return operations;
}

std::vector<OperationName> RouteTable::operations() const {
    std::vector<OperationName> names;
    for (const Operation* operation : all())
        names.push_back({operation->method, operation->path, operation->options.id, operation->permission});
    return names;
}

}  // namespace mobilytics::http
