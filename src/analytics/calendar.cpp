#include "src/analytics/calendar.hpp"

#include <algorithm>
#include <format>

namespace mobilytics::analytics {

namespace {

using std::chrono::hours;

std::string local_hour(Instant at, const clock::Zone& zone) {
    const auto offset = std::chrono::duration_cast<std::chrono::minutes>(zone.at(at).offset).count();
    const auto distance = offset < 0 ? -offset : offset;
    constexpr std::size_t to_the_minute = 16;
    const auto local = clock::to_rfc3339(Instant{zone.local(at).time_since_epoch()}).substr(0, to_the_minute);
    return std::format("{}{}{:02}:{:02}", local, offset < 0 ? '-' : '+', distance / 60, distance % 60);
}

}  // namespace

Instant ceil_hour(Instant at) { return std::chrono::ceil<hours>(at); }

std::vector<Bucket> hours_of(Window window, const clock::Zone& zone) {
    std::vector<Bucket> found;
    for (Instant from = window.from; from < window.to;) {
        const Instant to = std::min<Instant>(clock::floor_hour(from) + hours{1}, window.to);
        found.push_back({{from, to}, local_hour(from, zone)});
        from = to;
    }
    return found;
}

std::vector<Bucket> days_of(Window window, const clock::Zone& zone) {
    std::vector<Bucket> found;
    auto day = std::chrono::floor<std::chrono::days>(zone.local(window.from));
    for (Instant from = window.from; from < window.to; day += std::chrono::days{1}) {
        const Instant to = std::min(zone.first_at(day + std::chrono::days{1}), window.to);
        if (!(from < to)) continue;
        found.push_back({{from, to}, std::format("{:%F}", day)});
        from = to;
    }
    return found;
}

bool is_whole_hour(Instant at, const clock::Zone& zone) {
    if (clock::floor_hour(at) == at) return true;
    const auto local = zone.local(at);
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
