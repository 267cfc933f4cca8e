#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>

// Time as the product knows it: UTC instants cut to whole milliseconds. Nothing else reads the wall clock.
namespace mobilytics::clock {

using Milliseconds = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Milliseconds>;

// Half-open span [from, to).
struct Window {
    Instant from;
    Instant to;

    bool contains(Instant at) const { return from <= at && at < to; }
    bool empty() const { return !(from < to); }
    bool operator==(const Window&) const = default;
};

// What both cover; empty when they do not meet.
inline Window overlap(Window one, Window other) { return {std::max(one.from, other.from), std::min(one.to, other.to)}; }

// The shortest window that holds both; an empty one does not count.
inline Window hull(Window one, Window other) {
    if (one.empty()) return other;
    if (other.empty()) return one;
    return {std::min(one.from, other.from), std::max(one.to, other.to)};
}

inline constexpr Instant far_future{Milliseconds{253402300799000}};  // 9999-12-31T23:59:59Z

Instant floor_hour(Instant at);
Instant floor_day(Instant at);

// RFC 3339 in UTC with milliseconds: "2026-03-08T07:00:00.000Z".
std::string to_rfc3339(Instant at);

// Reads RFC 3339 with any offset and any number of fractional digits, which are cut (not rounded) to
// milliseconds. The error is a short sentence for people.
std::expected<Instant, std::string> from_rfc3339(std::string_view text);

// Where "now" comes from. A test or a replay of old data sets it; the product uses system().
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
public:
    Instant now() const override;
};

// Runs from a chosen instant at the pace of the machine's clock (`clock.start_at`), or stands still in tests.
class ShiftedClock final : public Clock {
public:
    explicit ShiftedClock(Instant start_at);
    Instant now() const override;

private:
    Milliseconds offset_;
};

class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant at) : at_{at} {}
    Instant now() const override { return at_.load(); }
    void set(Instant at) { at_.store(at); }

private:
    std::atomic<Instant> at_;
};

}  // namespace mobilytics::clock
