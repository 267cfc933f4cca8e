#include "platform/db/wire.hpp"

#include <format>
#include <stdexcept>

namespace mobilytics::db {

namespace {

// PostgreSQL counts from 2000-01-01, and its timestamps end before the year 294277.
constexpr std::int64_t epoch_ms = 946684800000;
constexpr std::int64_t earliest_us = -211813488000000000;
constexpr std::int64_t latest_us = 9223371331200000000;
constexpr std::chrono::sys_days epoch_day{std::chrono::year{2000} / 1 / 1};

constexpr std::uint8_t range_empty = 0x01, range_from_included = 0x02, range_to_included = 0x04,
                       range_from_unbounded = 0x08, range_to_unbounded = 0x10;

}  // namespace

namespace wire {

void wrong_type(std::uint32_t found, std::string_view wanted) {
    throw std::logic_error{std::format("a column of type oid {} was read as {}", found, wanted)};
}

void wrong_size(std::size_t found, std::string_view wanted) {
    throw std::logic_error{std::format("a value of {} bytes was read as {}", found, wanted)};
}

std::int64_t to_postgres_time(clock::Instant at) {
    if (at == clock::Instant::max()) return std::numeric_limits<std::int64_t>::max();  // 'infinity'
    if (at == clock::Instant::min()) return std::numeric_limits<std::int64_t>::min();  // '-infinity'
    std::int64_t ms = at.time_since_epoch().count();
    if (ms < earliest_us / 1000 + epoch_ms || ms > (latest_us - 1) / 1000 + epoch_ms)
        throw std::out_of_range{std::format("instant {} ms is outside PostgreSQL's calendar", ms)};
    return (ms - epoch_ms) * 1000;
}

clock::Instant from_postgres_time(std::int64_t microseconds) {
    if (microseconds == std::numeric_limits<std::int64_t>::max()) return clock::Instant::max();
    if (microseconds == std::numeric_limits<std::int64_t>::min()) return clock::Instant::min();
    auto whole = std::chrono::floor<clock::Milliseconds>(std::chrono::microseconds{microseconds});
    return clock::Instant{whole + clock::Milliseconds{epoch_ms}};
}

}  // namespace wire

std::string Wire<std::string>::read(std::string_view bytes, std::uint32_t column) {
    switch (column) {
        case oid::untyped:
        case oid::text:
        case oid::varchar:
        case oid::bpchar:
        case oid::name:
        case oid::json:
        case oid::unknown:
            return std::string{bytes};
        case oid::jsonb:
            return Wire<Json>::read(bytes, column).text;
        default:
            break;
    }
    if (column < oid::first_of_users) wire::wrong_type(column, "text");
    return std::string{bytes};  // an enum's label, or an extension's text
}

Bytes Wire<Bytes>::read(std::string_view bytes, std::uint32_t column) {
    // Types of extensions (hll) are opaque bytes to us; the built-in ones have their own reader.
    if (column < oid::first_of_users) wire::expect(column, oid, "bytea");
    const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
    return Bytes{first, first + bytes.size()};
}

void Wire<std::chrono::year_month_day>::write(std::string& out, std::chrono::year_month_day value) {
    if (!value.ok()) throw std::out_of_range{"no such day in the calendar"};
    wire::put(out, static_cast<std::int32_t>((std::chrono::sys_days{value} - epoch_day).count()));
}

std::chrono::year_month_day Wire<std::chrono::year_month_day>::read(std::string_view bytes, std::uint32_t column) {
    wire::expect(column, oid, "date");
    auto days = wire::get<std::int32_t>(bytes);
    // std::chrono ends with the year 32767, PostgreSQL goes on; 'infinity' has no counterpart at all.
    constexpr std::int32_t limit = 11'000'000;
    if (days > limit || days < -limit) throw std::out_of_range{"a date outside the calendar of the program"};
    return std::chrono::year_month_day{epoch_day + std::chrono::days{days}};
}

void Wire<TimeRange>::write(std::string& out, const TimeRange& value) {
    bool from_unbounded = value.from == clock::Instant::min();
    std::uint8_t flags = range_from_included;
    if (from_unbounded) flags = range_from_unbounded;
    if (!value.to) flags |= range_to_unbounded;
    out.push_back(static_cast<char>(flags));
    if (!from_unbounded) wire::put_sized(out, [&] { Wire<clock::Instant>::write(out, value.from); });
    if (value.to) wire::put_sized(out, [&] { Wire<clock::Instant>::write(out, *value.to); });
}

TimeRange Wire<TimeRange>::read(std::string_view bytes, std::uint32_t column) {
    wire::expect(column, oid, "tstzrange");
    auto flags = static_cast<std::uint8_t>(wire::get<char>(bytes));
    if (flags & range_empty) return {};
    bool from_unbounded = (flags & range_from_unbounded) != 0;
    if ((!from_unbounded && !(flags & range_from_included)) || (flags & range_to_included))
        throw std::logic_error{"only half-open ranges [from, to) can be read"};
    TimeRange range{clock::Instant::min(), std::nullopt};
    std::size_t at = 1;
    if (!from_unbounded) {
        range.from = wire::from_postgres_time(wire::get<std::int64_t>(bytes, at + 4));
        at += 12;
    }
    if (!(flags & range_to_unbounded)) range.to = wire::from_postgres_time(wire::get<std::int64_t>(bytes, at + 4));
    return range;
}

Json Wire<Json>::read(std::string_view bytes, std::uint32_t column) {
    if (column == oid::json) return Json{std::string{bytes}};
    wire::expect(column, oid, "jsonb");
    if (bytes.empty() || bytes.front() != '\1') wire::wrong_size(bytes.size(), "jsonb version 1");
    return Json{std::string{bytes.substr(1)}};
}

}  // namespace mobilytics::db
