#include "platform/http/lane.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>

#include "platform/clock/clock.hpp"
#include "platform/http/connection.hpp"
#include "platform/http/date.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::http {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t log_bytes = 16 * 1024;

// Fine enough that the shortest deadline is kept to a quarter of it.
milliseconds interval_for(const ServerOptions& options) {
    auto shortest =
        std::min({options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout});
    return std::clamp(shortest / 4, milliseconds{10}, milliseconds{500});
}

}  // namespace

Lane::Lane(std::shared_ptr<Serving> serving, boost::asio::any_io_executor executor)
    : serving_{std::move(serving)},
      executor_{std::move(executor)},
      metrics_{serving_->options.metrics},
      interval_{interval_for(serving_->options)} {
    read_clocks();
}

void Lane::read_clocks() {
    now_ = std::chrono::steady_clock::now();
    auto wall = clock::SystemClock{}.now();
    wall_time_ = clock::to_rfc3339(wall);
    auto second = std::chrono::floor<std::chrono::seconds>(wall);
    if (second.time_since_epoch().count() == second_) return;
    second_ = second.time_since_epoch().count();
    date_ = http_date(second);
}

Task<void> Lane::sweep() {
    boost::asio::steady_timer timer{executor_};
    while (!stopped_) {
        timer.expires_after(interval_);
        co_await timer.async_wait(boost::asio::use_awaitable);
        read_clocks();
        for (Connection* connection : connections_) connection->check_deadline();
        flush_log();
    }
}

std::list<Connection*>::iterator Lane::add(Connection& connection) {
    return connections_.insert(connections_.end(), &connection);
}

void Lane::close_connections(bool all) {
    for (Connection* connection : connections_) {
        if (all)
            connection->abort();
        else
            connection->close_if_idle();
    }
}

void Lane::log_access(const Request& request, int status, std::string_view problem, std::uint64_t bytes,
                      Time::duration took) {
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    log_ += log::line(log::form(), log::Level::info, wall_time_, "request",
                      {{"request_id", request.id},
                       {"trace_id", request.trace.trace_id},
                       {"company", request.caller.company},
                       {"user", request.caller.user},
                       {"impersonator", request.caller.impersonator},
                       {"method", name_of(request.method)},
                       {"route", request.operation ? std::string_view{request.operation->path} : "-"},
                       {"status", status},
                       {"problem", problem},
                       // Of those who were refused alone: nobody else's way through the product needs it.
                       {"address", problem.empty() ? std::string_view{} : std::string_view{request.peer}},
                       {"bytes", bytes},
                       {"duration_ms", static_cast<double>(microseconds) / 1000}});
    log_ += '\n';
    if (log_.size() >= log_bytes) flush_log();
}

void Lane::flush_log() {
    log::lines(log_);
    log_.clear();
}

}  // namespace mobilytics::http
