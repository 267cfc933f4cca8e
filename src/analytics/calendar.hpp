#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/clock/zone.hpp"

// Hours and local days of a window. Pure.
namespace mobilytics::analytics {

using clock::Instant;
using clock::Window;

// A stretch of the window with the label people know it by: "2026-03-08" or "2026-03-08T01:00-05:00".
struct Bucket {
    Window span;
    std::string local;

    bool operator==(const Bucket&) const = default;
};

// One bucket per UTC hour, the first and last cut by the window.
std::vector<Bucket> hours_of(Window window, const clock::Zone& zone);

// One bucket per day of the zone: 23, 24 or 25 hours, or less where the window cuts it. A day that a zone skipped
// has no bucket.
std::vector<Bucket> days_of(Window window, const clock::Zone& zone);

// Whether an instant is a whole hour of UTC or of the zone's wall clock: where a report may begin and end.
bool is_whole_hour(Instant at, const clock::Zone& zone);

Instant ceil_hour(Instant at);

// A part of a UTC hour that lies in one bucket.
struct Piece {
    int bucket = 0;
    Window span;

    bool operator==(const Piece&) const = default;
};

// The UTC hours in which some bucket begins or ends: roll-ups cannot be divided, so these hours are taken from the
// visits' own instants, piece by piece. None in a zone whose offset is a whole hour.
struct CutHours {
    std::vector<Instant> hours;  // ascending
    std::vector<Piece> pieces;   // in time order

    bool operator==(const CutHours&) const = default;
};
CutHours cut_hours_of(const std::vector<Bucket>& buckets);

}  // namespace mobilytics::analytics
