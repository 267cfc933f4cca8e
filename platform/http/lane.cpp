#include "platform/http/lane.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>

#include "platform/clock/clock.hpp"
#include "platform/http/connection.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::http {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t log_bytes = 16 * 1024;

// RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::chrono::sys_seconds at) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day date{day};
    std::chrono::hh_mm_ss time{at - day};
    char text[40];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                  days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

// Fine enough that the shortest deadline is kept to a quarter of it.
milliseconds interval_for(const ServerOptions& options) {
    auto shortest =
        std::min({options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout});
    return std::clamp(shortest / 4, milliseconds{10}, milliseconds{500});
}

}  // namespace

Lane::Lane(std::shared_ptr<Serving> serving, boost::asio::any_io_executor executor)
    : serving_{std::move(serving)}, executor_{std::move(executor)}, interval_{interval_for(serving_->options)} {
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

void Lane::log_access(const Request& request, int status, std::uint64_t bytes, Time began) {
    auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
    log_ += log::line(log::form(), log::Level::info, wall_time_, "request",
                      {{"request_id", request.id},
                       {"method", name_of(request.method)},
                       {"route", request.operation ? std::string_view{request.operation->path} : "-"},
                       {"status", status},
                       {"bytes", bytes},
                       {"ms", static_cast<double>(static_cast<std::int64_t>(took * 1000)) / 1000}});
    log_ += '\n';
    if (log_.size() >= log_bytes) flush_log();
}

void Lane::flush_log() {
    log::lines(log_);
    log_.clear();
}

}  // namespace mobilytics::http
