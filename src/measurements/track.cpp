#include "src/measurements/track.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mobilytics::measurements {

namespace {

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

double in_seconds(clock::Milliseconds span) { return std::chrono::duration<double>{span}.count(); }

LatLon interpolated(const Fix& before, const Fix& after, Instant when) {
    const double share = in_seconds(when - before.at) / in_seconds(after.at - before.at);
    double turn = after.place.lon - before.place.lon;
    if (turn > 180) turn -= 360;
    if (turn < -180) turn += 360;
    double lon = before.place.lon + turn * share;
    if (lon > 180) lon -= 360;
    if (lon < -180) lon += 360;
    return {before.place.lat + (after.place.lat - before.place.lat) * share, lon};
}

SpeedClass reported_class(const Fix& fix) {
    return fix.speed_mps ? class_of_speed(*fix.speed_mps) : SpeedClass::unknown;
}

struct AttachedFix {
    Fix fix;
    Instant attached_from;
    ids::Uuid device;
};

}  // namespace

double distance_m(LatLon one, LatLon other) {
    constexpr double earth_radius_m = 6'371'008.8;
    const double north = std::sin(radians(other.lat - one.lat) / 2);
    const double east = std::sin(radians(other.lon - one.lon) / 2);
    const double haversine = north * north + std::cos(radians(one.lat)) * std::cos(radians(other.lat)) * east * east;
    return 2 * earth_radius_m * std::asin(std::sqrt(std::min(haversine, 1.0)));
}

LatLon rounded(LatLon place) { return {std::round(place.lat * 1e7) / 1e7, std::round(place.lon * 1e7) / 1e7}; }

SpeedClass class_of_speed(double metres_per_second) {
    const double kilometres_per_hour = metres_per_second * 3.6;
    if (kilometres_per_hour <= 5) return SpeedClass::parked;
    if (kilometres_per_hour <= 20) return SpeedClass::crawl;
    if (kilometres_per_hour <= 60) return SpeedClass::urban;
    return SpeedClass::fast;
}

std::string_view text(SpeedClass speed) {
    switch (speed) {
        case SpeedClass::parked:
            return "parked";
        case SpeedClass::crawl:
            return "crawl";
        case SpeedClass::urban:
            return "urban";
        case SpeedClass::fast:
            return "fast";
        case SpeedClass::static_site:
            return "static";
        case SpeedClass::unknown:
            break;
    }
    return "unknown";
}

std::vector<Fix> fixes_of_asset(std::span<const Position> positions, std::span<const Attachment> attachments) {
    std::vector<Position> attached;
    for (const Position& position : positions)
        if (attachment_at(attachments, position.device, position.at)) attached.push_back(position);
    keep_one_per_key(attached);

    std::vector<AttachedFix> ranked;
    ranked.reserve(attached.size());
    for (const Position& position : attached) {
        const Attachment* attachment = attachment_at(attachments, position.device, position.at);
        ranked.push_back({{position.at, {position.lat, position.lon}, position.speed_mps},
                          attachment->during.from,
                          position.device});
    }
    std::ranges::sort(ranked, {},
                      [](const AttachedFix& one) { return std::tuple{one.fix.at, one.attached_from, one.device}; });

    std::vector<Fix> fixes;
    fixes.reserve(ranked.size());
    for (const AttachedFix& one : ranked)
        if (fixes.empty() || fixes.back().at != one.fix.at) fixes.push_back(one.fix);
    return fixes;
}

Track Track::extend(const TrackState& at_boundary, std::span<const Fix> fixes) {
    Track track;
    track.kept_.reserve(fixes.size() + 1);
    track.intervals_.reserve(fixes.size() + 1);
    if (at_boundary.last) {
        track.kept_.push_back(*at_boundary.last);
        track.intervals_.push_back({.stopped_since = at_boundary.stopped_since});
    }
    for (const Fix& fix : fixes) track.add(fix);
    return track;
}

void Track::add(const Fix& fix) {
    Interval interval;
    if (!kept_.empty() && fix.at - kept_.back().at <= fix_gap) {
        const Fix& last = kept_.back();
        const double speed_mps = distance_m(last.place, fix.place) / in_seconds(fix.at - last.at);
        if (speed_mps > teleport_mps) return;
        interval.joined = true;
        interval.speed = class_of_speed(speed_mps);
        if (interval.speed == SpeedClass::parked)
            interval.stopped_since = intervals_.back().stopped_since.value_or(last.at);
    }
    kept_.push_back(fix);
    intervals_.push_back(interval);
}

TrackState Track::state_at(Instant boundary) const {
    const auto after = std::ranges::lower_bound(kept_, boundary, {}, &Fix::at);
    if (after == kept_.begin()) return {};
    const auto last = std::prev(after);
    if (boundary - last->at > fix_gap) return {};
    return {*last, intervals_[static_cast<std::size_t>(last - kept_.begin())].stopped_since};
}

Whereabouts Track::at(Instant when) const {
    const auto following = std::ranges::upper_bound(kept_, when, {}, &Fix::at);
    const auto after = static_cast<std::size_t>(following - kept_.begin());
    if (after == 0) {
        if (kept_.empty() || kept_.front().at - when > nearest_fix_gap) return {};
        return {rounded(kept_.front().place), reported_class(kept_.front()), std::nullopt};
    }
    return kept_[after - 1].at == when ? at_fix(after - 1) : between(after - 1, when);
}

Whereabouts Track::at_fix(std::size_t index) const {
    const Fix& fix = kept_[index];
    const LatLon place = rounded(fix.place);
    for (const std::size_t ending : {index + 1, index})
        if (ending < intervals_.size() && intervals_[ending].joined)
            return {place, intervals_[ending].speed, intervals_[ending].stopped_since};
    return {place, reported_class(fix), std::nullopt};
}

Whereabouts Track::between(std::size_t before, Instant when) const {
    const std::size_t after = before + 1;
    if (after < kept_.size() && intervals_[after].joined)
        return {rounded(interpolated(kept_[before], kept_[after], when)), intervals_[after].speed,
                intervals_[after].stopped_since};

    const Fix* nearest = &kept_[before];
    clock::Milliseconds away = when - nearest->at;
    if (after < kept_.size() && kept_[after].at - when < away) {
        nearest = &kept_[after];
        away = nearest->at - when;
    }
    if (away > nearest_fix_gap) return {};
    return {rounded(nearest->place), reported_class(*nearest), std::nullopt};
}

RoadTime Track::road_time(Window window) const {
    RoadTime time;
    const auto first = std::ranges::upper_bound(kept_, window.from, {}, &Fix::at);
    for (auto ending = static_cast<std::size_t>(first - kept_.begin()); ending < kept_.size(); ++ending) {
        if (ending == 0) continue;
        const Instant start = kept_[ending - 1].at;
        if (start >= window.to) break;
        if (!intervals_[ending].joined) continue;
        const auto part = std::min(kept_[ending].at, window.to) - std::max(start, window.from);
        switch (intervals_[ending].speed) {
            case SpeedClass::parked:
                time.parked += part;
                break;
            case SpeedClass::crawl:
                time.crawl += part;
                break;
            case SpeedClass::urban:
                time.urban += part;
                break;
            case SpeedClass::fast:
                time.fast += part;
                break;
            case SpeedClass::unknown:
            case SpeedClass::static_site:
                break;
        }
    }
    return time;
}

Window hours_touched_by_fix(Instant at) {
    return {clock::floor_hour(at - fix_gap), clock::floor_hour(at) + std::chrono::hours{1}};
}

}  // namespace mobilytics::measurements
