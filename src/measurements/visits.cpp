#include "src/measurements/visits.hpp"

#include <algorithm>
#include <cstddef>

namespace mobilytics::measurements {

namespace {

bool comes_first(const Sighting& one, const Sighting& other) {
    return one.visitor != other.visitor ? one.visitor < other.visitor : one.at < other.at;
}

bool joins(const Sighting& earlier, const Sighting& later) {
    return later.visitor == earlier.visitor && later.at - earlier.at <= join_gap;
}

}  // namespace

VisitsOfHour visits_starting_in(std::span<const Sighting> sightings, Window hour, Instant loaded_until) {
    std::vector<Sighting> sorted;
    if (!std::ranges::is_sorted(sightings, comes_first)) {
        sorted.assign(sightings.begin(), sightings.end());
        std::ranges::sort(sorted, comes_first);
        sightings = sorted;
    }

    VisitsOfHour result;
    for (std::size_t next = 0; next < sightings.size();) {
        const Sighting& first = sightings[next];
        std::int16_t strongest = first.rssi_dbm;
        for (++next; next < sightings.size() && joins(sightings[next - 1], sightings[next]); ++next)
            strongest = std::max(strongest, sightings[next].rssi_dbm);
        const Instant end = sightings[next - 1].at;

        if (hour.contains(first.at)) {
            result.visits.push_back({first.visitor, first.at, end, strongest});
            // A sighting at exactly end + join_gap would still belong to it.
            result.needs_more |= end + join_gap >= loaded_until;
        } else if (first.at < hour.from && end >= hour.from) {
            result.continues_left = true;
        }
    }
    std::ranges::sort(result.visits, [](const Visit& one, const Visit& other) {
        return one.start != other.start ? one.start < other.start : one.visitor < other.visitor;
    });
    return result;
}

Window hours_touched_by_sighting(Instant at) {
    return {clock::floor_hour(at), clock::floor_hour(at + join_gap) + std::chrono::hours{1}};
}

}  // namespace mobilytics::measurements
