#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>

#include "platform/async/task.hpp"
#include "platform/http/cross_origin.hpp"
#include "platform/http/request_metrics.hpp"
#include "platform/http/server.hpp"

namespace mobilytics::http {

class Connection;

// What all connections of a server share.
struct Serving {
    async::Runtime& runtime;
    const RouteTable& routes;
    Readiness& readiness;
    ServerOptions options;
    std::shared_ptr<const StaticFiles> files;
    CrossOrigin cross_origin{options.cors_origins};
    Proxies proxies{options.trusted_proxies, options.proxy_header};
    std::unique_ptr<boost::asio::ssl::context> tls;
    std::atomic<bool> closing{false};  // answers say "Connection: close"
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> in_flight{0};
};

// The connections of one I/O thread, looked after by one timer: deadlines cost a request nothing but a store.
// Everything in it is used on that thread only.
class Lane {
public:
    using Time = std::chrono::steady_clock::time_point;

    Lane(std::shared_ptr<Serving> serving, boost::asio::any_io_executor executor);

    // Runs until stop().
    Task<void> sweep();
    void stop() { stopped_ = true; }

    std::list<Connection*>::iterator add(Connection& connection);
    void remove(std::list<Connection*>::iterator place) { connections_.erase(place); }

    // Closes what waits for a request; with `all`, everything.
    void close_connections(bool all);

    Time now() const { return now_; }                  // as of the last sweep
    const std::string& date() const { return date_; }  // of the Date header
    void count(const Request& request, int status, Time::duration took) { metrics_.count(request, status, took); }
    // `problem` is the code of a refusal.
    void log_access(const Request& request, int status, std::string_view problem, std::uint64_t bytes,
                    Time::duration took);
    void flush_log();

    Serving& serving() { return *serving_; }
    const boost::asio::any_io_executor& executor() const { return executor_; }

private:
    void read_clocks();

    std::shared_ptr<Serving> serving_;
    boost::asio::any_io_executor executor_;
    std::list<Connection*> connections_;
    RequestMetrics metrics_;
    std::chrono::milliseconds interval_;
    Time now_;
    std::int64_t second_ = 0;
    std::string date_;
    std::string wall_time_;
    std::string log_;
    bool stopped_ = false;
};

}  // namespace mobilytics::http
