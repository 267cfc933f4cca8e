#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "src/measurements/history.hpp"
#include "src/measurements/records.hpp"

// Where a vehicle was, how fast, and for how long (measurement.md 3.4, 3.5, 3.7, 3.8). Pure.
//
// A track is made hour by hour. What an hour needs of its past is a TrackState, small enough to store at
// every hour boundary: going on from it equals starting from the first fix ever. What it needs of its future
// are the fixes of the next fix_gap.
namespace mobilytics::measurements {

// Fixed for method version 1.
inline constexpr std::chrono::seconds fix_gap{300};         // longer intervals say nothing about what lies between
inline constexpr std::chrono::seconds nearest_fix_gap{60};  // how far a lone fix speaks for its surroundings
inline constexpr double teleport_mps = 60;

struct LatLon {
    double lat = 0;
    double lon = 0;

    bool operator==(const LatLon&) const = default;
};

// Haversine, in metres, on a sphere of 6,371,008.8 m.
double distance_m(LatLon one, LatLon other);

// To 1e-7 degrees, halves away from zero: the precision of every stored place.
LatLon rounded(LatLon place);

enum class SpeedClass : std::uint8_t { unknown, parked, crawl, urban, fast, static_site };

SpeedClass class_of_speed(double metres_per_second);

// "unknown", "parked", "crawl", "urban", "fast", "static".
std::string_view text(SpeedClass speed);

// One fix of an asset, whichever of its devices reported it.
struct Fix {
    Instant at;
    LatLon place;
    std::optional<double> speed_mps;  // the receiver's own report

    bool operator==(const Fix&) const = default;
};

// The fixes of an asset by time, one per instant: each position counts for the asset its device was attached
// to at the position's own time; repeats of a natural key are removed first, and of several devices at one
// instant the one whose attachment started first counts, then the lowest id.
// `attachments` are those of the asset.
std::vector<Fix> fixes_of_asset(std::span<const Position> positions, std::span<const Attachment> attachments);

// What the track from `boundary` on needs to know of the time before it. Equal states give equal tracks, so a
// correction has no effect beyond the first boundary at which the old and the new state are equal. The empty
// state is right for every boundary that has no fix in the fix_gap before it, the beginning of time included.
struct TrackState {
    std::optional<Fix> last;               // the last kept fix, while it is at most fix_gap old
    std::optional<Instant> stopped_since;  // the start of the run of parked intervals that ends with it

    bool operator==(const TrackState&) const = default;
};

struct Whereabouts {
    std::optional<LatLon> place;  // rounded; none: unplaced
    SpeedClass speed = SpeedClass::unknown;
    std::optional<Instant> stopped_since;  // set when the instant lies in a stop

    bool operator==(const Whereabouts&) const = default;
};

// Time between kept fixes at most fix_gap apart, by class.
struct RoadTime {
    clock::Milliseconds parked{};
    clock::Milliseconds crawl{};
    clock::Milliseconds urban{};
    clock::Milliseconds fast{};

    bool operator==(const RoadTime&) const = default;
};

class Track {
public:
    // Goes on from the state at a boundary with the fixes from there on, in the order fixes_of_asset gives.
    // To ask about [boundary, until) the fixes of [boundary, until + fix_gap) are needed.
    static Track extend(const TrackState& at_boundary, std::span<const Fix> fixes);

    // The fixes that are no teleports, by time; the first is the state's, where it had one.
    std::span<const Fix> kept() const { return kept_; }

    // The state at a later boundary; fixes at or after it do not enter.
    TrackState state_at(Instant boundary) const;

    // Right for instants at or after the boundary that the track goes on from.
    Whereabouts at(Instant when) const;

    // Right for windows at or after the boundary. A window inside an hour: the split at hour boundaries is
    // the caller's choice of windows.
    RoadTime road_time(Window window) const;

private:
    // The interval that ends with a kept fix, where it is at most fix_gap long.
    struct Interval {
        bool joined = false;
        SpeedClass speed = SpeedClass::unknown;
        std::optional<Instant> stopped_since;
    };

    void add(const Fix& fix);
    Whereabouts at_fix(std::size_t index) const;
    Whereabouts between(std::size_t before, Instant when) const;

    std::vector<Fix> kept_;
    std::vector<Interval> intervals_;  // intervals_[i] ends with kept_[i]
};

// The instants whose place, speed or stop can differ at once when a fix at this instant comes, goes or
// changes: from fix_gap before it to the end of its own hour, as whole hours. From there on the correction
// goes on hour by hour until old and new states are equal.
Window hours_touched_by_fix(Instant at);

}  // namespace mobilytics::measurements
