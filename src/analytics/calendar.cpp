#include "src/analytics/calendar.hpp"

#include <algorithm>
#include <format>

namespace mobilytics::analytics {

namespace {

using std::chrono::hours;
using std::chrono::time_zone;

constexpr hours most_ahead{26};  // no zone's clock runs further ahead of UTC

std::string local_hour(Instant at, const time_zone& zone) {
    const auto info = zone.get_info(at);
    const auto local = std::chrono::floor<std::chrono::minutes>(at + info.offset);
    const auto offset = std::chrono::duration_cast<std::chrono::minutes>(info.offset).count();
    const auto distance = offset < 0 ? -offset : offset;
    return std::format("{:%FT%R}{}{:02}:{:02}", local, offset < 0 ? '-' : '+', distance / 60, distance % 60);
}

// The first instant of a local day: the first at which the wall clock shows it. Where midnight is skipped the day begins
// with the change; where it comes twice, with the first. (to_sys of GCC 14 is wrong where a zone skips a whole day.)
Instant start_of(std::chrono::local_days day, const time_zone& zone) {
    const std::chrono::sys_seconds as_utc{std::chrono::seconds{day.time_since_epoch()}};
    for (auto info = zone.get_info(as_utc - most_ahead);; info = zone.get_info(info.end)) {
        const auto reached = std::max(info.begin, as_utc - info.offset);
        if (reached < info.end) return reached;
    }
}

}  // namespace

const time_zone& zone_named(std::string_view iana) { return *std::chrono::locate_zone(iana); }

Instant ceil_hour(Instant at) { return std::chrono::ceil<hours>(at); }

std::vector<Bucket> hours_of(Window window, const time_zone& zone) {
    std::vector<Bucket> found;
    for (Instant from = window.from; from < window.to;) {
        const Instant to = std::min<Instant>(clock::floor_hour(from) + hours{1}, window.to);
        found.push_back({{from, to}, local_hour(from, zone)});
        from = to;
    }
    return found;
}

std::vector<Bucket> days_of(Window window, const time_zone& zone) {
    std::vector<Bucket> found;
    auto day = std::chrono::floor<std::chrono::days>(zone.to_local(window.from));
    for (Instant from = window.from; from < window.to; day += std::chrono::days{1}) {
        const Instant to = std::min(start_of(day + std::chrono::days{1}, zone), window.to);
        if (!(from < to)) continue;
        found.push_back({{from, to}, std::format("{:%F}", day)});
        from = to;
    }
    return found;
}

bool is_whole_hour(Instant at, const time_zone& zone) {
    if (clock::floor_hour(at) == at) return true;
    const auto local = zone.to_local(at);
    return std::chrono::floor<hours>(local) == local;
}

CutHours cut_hours_of(const std::vector<Bucket>& buckets) {
    CutHours cut;
    const auto add_hour = [&](Instant at) {
        const Instant hour = clock::floor_hour(at);
        if (hour != at && (cut.hours.empty() || cut.hours.back() != hour)) cut.hours.push_back(hour);
    };
    for (const Bucket& bucket : buckets) {
        add_hour(bucket.span.from);
        add_hour(bucket.span.to);
    }
    int index = 0;
    for (const Bucket& bucket : buckets) {
        const auto add_piece = [&](Instant hour) {
            const Window piece{std::max(hour, bucket.span.from), std::min<Instant>(hour + hours{1}, bucket.span.to)};
            if (piece.empty() || (!cut.pieces.empty() && cut.pieces.back().span == piece)) return;
            cut.pieces.push_back({index, piece});
        };
        if (clock::floor_hour(bucket.span.from) != bucket.span.from) add_piece(clock::floor_hour(bucket.span.from));
        if (clock::floor_hour(bucket.span.to) != bucket.span.to) add_piece(clock::floor_hour(bucket.span.to));
        ++index;
    }
    return cut;
}

}  // namespace mobilytics::analytics
