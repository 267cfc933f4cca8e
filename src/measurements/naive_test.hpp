#pragma once

#include <cmath>
#include <cstdlib>
#include <string>

#include <h3api.h>

#include "src/measurements/world_values_test.hpp"

// measurement.md 2 to 4 once more, straight from its text and as slow as that makes it: it shares value types
// with the engine and not one function. The tests compare the two on random worlds.
namespace mobilytics::measurements::testing::naive {

template <class Value>
std::optional<Value> in_force(const std::vector<Dated<Value>>& records, Instant when) {
    const Dated<Value>* newest = nullptr;
    for (const auto& record : records)
        if (record.from <= when && (newest == nullptr || record.from >= newest->from)) newest = &record;
    if (newest == nullptr) return std::nullopt;
    return newest->value;
}

inline const Attachment* attached(const World& world, const ids::Uuid& device, Instant when) {
    for (const Attachment& attachment : world.attachments)
        if (attachment.device == device && attachment.during.from <= when && when < attachment.during.to)
            return &attachment;
    return nullptr;
}

inline double seconds(clock::Milliseconds span) { return static_cast<double>(span.count()) / 1000; }

inline double metres(LatLon a, LatLon b) {
    const double degree = std::acos(-1.0) / 180;
    const double s =
        std::pow(std::sin((b.lat - a.lat) * degree / 2), 2) +
        std::cos(a.lat * degree) * std::cos(b.lat * degree) * std::pow(std::sin((b.lon - a.lon) * degree / 2), 2);
    return 6371008.8 * 2 * std::atan2(std::sqrt(s), std::sqrt(1 - s));
}

inline SpeedClass speed_class(double metres_per_second) {
    const double kmh = metres_per_second * 3.6;
    return kmh <= 5    ? SpeedClass::parked
           : kmh <= 20 ? SpeedClass::crawl
           : kmh <= 60 ? SpeedClass::urban
                       : SpeedClass::fast;
}

// "the smallest accuracy_m, then lat, lon, speed, heading, each with a missing value last"
inline bool beats(const Position& a, const Position& b) {
    const auto missing_last = [](std::optional<double> x, std::optional<double> y) {
        if (x && y) return *x < *y ? -1 : (*x > *y ? 1 : 0);
        return x ? -1 : (y ? 1 : 0);
    };
    for (const int order :
         {missing_last(a.accuracy_m, b.accuracy_m), missing_last(a.lat, b.lat), missing_last(a.lon, b.lon),
          missing_last(a.speed_mps, b.speed_mps), missing_last(a.heading_deg, b.heading_deg)})
        if (order != 0) return order < 0;
    return false;
}

// Whether of two positions of one asset at one instant the first is the one to keep.
inline bool outranks(const World& world, const Position& a, const Position& b) {
    if (a.device == b.device) return beats(a, b);
    const Instant from_a = attached(world, a.device, a.at)->during.from;
    const Instant from_b = attached(world, b.device, b.at)->during.from;
    return from_a != from_b ? from_a < from_b : a.device < b.device;
}

inline std::vector<Position> kept_fixes(const World& world, const ids::Uuid& asset) {
    std::map<Instant, Position> by_time;
    for (const Position& position : world.positions) {
        const Attachment* attachment = attached(world, position.device, position.at);
        if (attachment == nullptr || attachment->asset != asset) continue;
        const auto [there, fresh] = by_time.try_emplace(position.at, position);
        if (!fresh && outranks(world, position, there->second)) there->second = position;
    }
    std::vector<Position> kept;
    for (const auto& [at, fix] : by_time) {
        if (!kept.empty() && at - kept.back().at <= std::chrono::seconds{300} &&
            metres({kept.back().lat, kept.back().lon}, {fix.lat, fix.lon}) / seconds(at - kept.back().at) > 60)
            continue;
        kept.push_back(fix);
    }
    return kept;
}

struct Span {
    Position before;
    Position after;
    SpeedClass speed = SpeedClass::unknown;
};

// The intervals of at most 300 s between neighbouring kept fixes.
inline std::vector<Span> spans(const std::vector<Position>& kept) {
    std::vector<Span> result;
    for (std::size_t i = 1; i < kept.size(); ++i) {
        const Position& a = kept[i - 1];
        const Position& b = kept[i];
        if (b.at - a.at <= std::chrono::seconds{300})
            result.push_back({a, b, speed_class(metres({a.lat, a.lon}, {b.lat, b.lon}) / seconds(b.at - a.at))});
    }
    return result;
}

inline LatLon round7(double lat, double lon) { return {std::round(lat * 1e7) / 1e7, std::round(lon * 1e7) / 1e7}; }

inline SpeedClass report_of(const Position& fix) {
    return fix.speed_mps ? speed_class(*fix.speed_mps) : SpeedClass::unknown;
}

// When the stop began that holds this span.
inline Instant stop_began(const std::vector<Span>& all, const Span& span) {
    Instant began = span.before.at;
    for (bool more = true; more;) {
        more = false;
        for (const Span& earlier : all) {
            if (earlier.after.at != began || earlier.speed != SpeedClass::parked) continue;
            began = earlier.before.at;
            more = true;
        }
    }
    return began;
}

inline Whereabouts on_track(const std::vector<Position>& kept, Instant when) {
    const std::vector<Span> all = spans(kept);
    const Position* at_it = nullptr;
    const Position* nearest = nullptr;
    for (const Position& fix : kept) {
        if (fix.at == when) at_it = &fix;
        const auto away = std::chrono::abs(fix.at - when);
        if (away <= std::chrono::seconds{60} && (nearest == nullptr || away < std::chrono::abs(nearest->at - when)))
            nearest = &fix;
    }
    const Span* holds = nullptr;  // of two spans that meet at a fix, the later
    for (const Span& span : all)
        if (span.before.at <= when && when <= span.after.at) holds = &span;

    Whereabouts where;
    if (at_it != nullptr) {
        where.place = round7(at_it->lat, at_it->lon);
    } else if (holds != nullptr) {
        const double part = seconds(when - holds->before.at) / seconds(holds->after.at - holds->before.at);
        double east = holds->after.lon - holds->before.lon;
        if (std::abs(east) > 180) east -= std::copysign(360, east);
        double lon = holds->before.lon + east * part;
        if (std::abs(lon) > 180) lon -= std::copysign(360, lon);
        where.place = round7(holds->before.lat + (holds->after.lat - holds->before.lat) * part, lon);
    } else if (nearest != nullptr) {
        where.place = round7(nearest->lat, nearest->lon);
    }
    if (holds != nullptr) {
        where.speed = holds->speed;
        if (holds->speed == SpeedClass::parked) where.stopped_since = stop_began(all, *holds);
    } else if (at_it != nullptr) {
        where.speed = report_of(*at_it);
    } else if (nearest != nullptr) {
        where.speed = report_of(*nearest);
    }
    return where;
}

inline StoredVisit row_of(const World& world, const TestDevice& device, const Visit& visit) {
    StoredVisit row;
    row.device = device.id;
    row.visitor = visit.visitor;
    row.start = visit.start;
    row.end = visit.end;
    row.strongest_dbm = visit.strongest_dbm;
    auto calibration = in_force(device.calibrations, visit.start);
    if (!calibration) calibration = in_force(device.model_calibrations, visit.start);
    if (calibration) row.people = {calibration->factor, calibration->low, calibration->high, true};

    const Attachment* attachment = attached(world, device.id, visit.start);
    if (attachment == nullptr) return row;
    row.asset = attachment->asset;
    Whereabouts where;
    for (const TestAsset& asset : world.assets) {
        if (asset.id != attachment->asset) continue;
        if (asset.point)
            where = {round7(asset.point->lat, asset.point->lon), SpeedClass::static_site, std::nullopt};
        else
            where = on_track(kept_fixes(world, asset.id), visit.start);
    }
    row.place = where.place;
    row.speed = where.speed;
    if (row.place) {
        const LatLng radians{degsToRads(row.place->lat), degsToRads(row.place->lon)};
        H3Index cell = 0;
        if (latLngToCell(&radians, 9, &cell) != E_SUCCESS) std::abort();
        row.cell = cell;
    }
    const auto policy = in_force(world.parked_policies, visit.start);
    if (policy && policy->rule == ParkedRule::exclude) row.parked_out = row.speed == SpeedClass::parked;
    if (policy && policy->rule == ParkedRule::cap)
        row.parked_out = where.stopped_since && visit.start > *where.stopped_since + policy->limit;
    return row;
}

inline void add_near_visits(const World& world, const TestDevice& device, Visitor visitor,
                            std::vector<StoredVisit>& rows) {
    std::map<Instant, int> strongest_at;
    for (const TestSighting& one : world.sightings) {
        if (one.device != device.id || one.sighting.visitor != visitor) continue;
        const auto [there, fresh] = strongest_at.try_emplace(one.sighting.at, one.sighting.rssi_dbm);
        if (!fresh) there->second = std::max<int>(there->second, one.sighting.rssi_dbm);
    }
    for (const auto& [start, first_rssi] : strongest_at) {
        Instant end = start;
        int strongest = first_rssi;
        bool is_start = true;
        for (const auto& [at, rssi] : strongest_at) {
            if (at < start && start - at <= std::chrono::seconds{300}) is_start = false;
            if (at <= end || at - end > std::chrono::seconds{300}) continue;
            end = at;
            strongest = std::max(strongest, rssi);
        }
        if (!is_start || strongest < in_force(device.near_dbm, start).value_or(-75)) continue;
        rows.push_back(row_of(world, device, {visitor, start, end, static_cast<std::int16_t>(strongest)}));
    }
}

inline std::vector<StoredVisit> visits(const World& world) {
    std::vector<StoredVisit> rows;
    for (const TestDevice& device : world.devices) {
        std::set<Visitor> visitors;
        for (const TestSighting& one : world.sightings)
            if (one.device == device.id) visitors.insert(one.sighting.visitor);
        for (const Visitor visitor : visitors) add_near_visits(world, device, visitor, rows);
    }
    std::ranges::sort(rows, in_order);
    return rows;
}

inline RoadTime road_time(const World& world, const ids::Uuid& asset, Instant hour) {
    RoadTime time;
    for (const Span& span : spans(kept_fixes(world, asset))) {
        const auto part = std::min(span.after.at, hour + one_hour) - std::max(span.before.at, hour);
        if (part <= clock::Milliseconds{0}) continue;
        if (span.speed == SpeedClass::parked) time.parked += part;
        if (span.speed == SpeedClass::crawl) time.crawl += part;
        if (span.speed == SpeedClass::urban) time.urban += part;
        if (span.speed == SpeedClass::fast) time.fast += part;
    }
    return time;
}

inline bool is_attached(const World& world, const ids::Uuid& device, const ids::Uuid& asset, Instant when) {
    const Attachment* attachment = attached(world, device, when);
    return attachment != nullptr && attachment->asset == asset;
}

inline std::pair<std::uint64_t, std::uint64_t> minutes(const World& world, const ids::Uuid& asset, Instant hour) {
    std::uint64_t expected = 0;
    std::uint64_t covered = 0;
    for (int minute = 0; minute < 60; ++minute) {
        const Instant start = hour + std::chrono::minutes{minute};
        for (const TestDevice& device : world.devices) {
            bool throughout = is_attached(world, device.id, asset, start);
            for (const Attachment& one : world.attachments)  // it can only be broken off where an attachment ends
                if (one.device == device.id && one.during.to > start && one.during.to < start + std::chrono::minutes{1})
                    throughout = throughout && is_attached(world, device.id, asset, one.during.to);
            if (!throughout) continue;
            expected |= std::uint64_t{1} << minute;
            const auto interval = in_force(device.expected_interval, start);
            for (const TestHeartbeat& beat : world.heartbeats)
                if (beat.device == device.id && interval && beat.at <= start && start <= beat.at + *interval)
                    covered |= std::uint64_t{1} << minute;
        }
    }
    return {expected, covered};
}

// Everything of the world's hours in the window.
inline Derived derive(const World& world, Window window) {
    Derived derived;
    derived.visits = visits(world);
    for (const TestAsset& asset : world.assets) {
        for (Instant hour = window.from; hour < window.to; hour += one_hour) {
            if (!asset.point)
                if (const RoadTime time = road_time(world, asset.id, hour); time != RoadTime{})
                    derived.road_time[{asset.id, hour}] = time;
            if (const auto bits = minutes(world, asset.id, hour); bits.first != 0)
                derived.minutes[{asset.id, hour}] = bits;
        }
    }
    return derived;
}

}  // namespace mobilytics::measurements::testing::naive
