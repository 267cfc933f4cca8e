#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "src/measurements/records.hpp"

// From sightings to visits (measurement.md 2.1 to 2.3). Pure.
namespace mobilytics::measurements {

// Fixed for method version 1: a longer silence between two sightings starts a new visit.
inline constexpr std::chrono::seconds join_gap{300};

struct Visit {
    Visitor visitor{};
    Instant start;  // first sighting
    Instant end;    // last sighting; equal to start when there was only one
    std::int16_t strongest_dbm = 0;

    bool operator==(const Visit&) const = default;
};

struct VisitsOfHour {
    std::vector<Visit> visits;  // near and far, by start, then visitor
    bool needs_more = false;
    bool continues_left = false;
};

// Every visit of one device that starts in the hour (any window of at least join_gap will do). The sightings
// may come in any order and with repeats. They must hold all of the device's sightings from hour.from -
// join_gap up to loaded_until; older or newer ones do no harm.
//
// needs_more: a visit of the hour may go on at or after loaded_until; load further and ask again.
// continues_left: a visitor seen in the hour is in a visit that started before it. After a change of
// sightings in this hour the earlier hour has to be redone as well, and so on until this is false.
VisitsOfHour visits_starting_in(std::span<const Sighting> sightings, Window hour, Instant loaded_until);

// The whole hours whose starting visits can change when a sighting at this instant is added or removed, save
// for visits that started earlier and reach it: those are found by going left while continues_left holds. On
// a removal that walk uses the sightings as they were before it.
Window hours_touched_by_sighting(Instant at);

}  // namespace mobilytics::measurements
