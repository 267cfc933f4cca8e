#pragma once

#include <bitset>
#include <chrono>
#include <span>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/clock/zone.hpp"
#include "platform/ids/id.hpp"

// When a campaign counts, and with which share of an asset (measurement.md 3.2, 3.3). Pure:
// no clock, no database.
namespace mobilytics::campaigns {

using clock::Instant;
using clock::Window;

// Local wall-clock time [start, end) from midnight, on the weekdays (bit 0 Monday) it starts on. An end at or
// before the start lies on the next day.
struct Daypart {
    std::bitset<7> weekdays;
    std::chrono::minutes start{0};      // 00:00 to 23:59
    std::chrono::minutes end{24 * 60};  // 00:00 to 24:00
};

struct Flight {
    Window during;
    const clock::Zone* zone = nullptr;  // used only with dayparts, and never null then
    std::vector<Daypart> dayparts;      // none means always
};

// The parts of `within` in which the campaign counts: inside its flight, and at instants whose wall clock in
// the campaign's zone is in a daypart. A local time that a clock change skips never comes, one that it
// repeats counts both times. Ascending, apart from each other by at least an instant.
std::vector<Window> counting_windows(const Flight& flight, Window within);

// A face of one asset given to the campaign; an open end is clock::far_future.
struct FaceAssignment {
    ids::Uuid face;
    Window during;
    double share = 1;
};

// During this window the campaign counts on the asset with this share, taken from this face.
struct Slice {
    Window during;
    ids::Uuid face;
    double share = 1;

    bool operator==(const Slice&) const = default;
};

// The windows in which a campaign counts, cut by its assignments to the faces of one asset: at each instant
// the largest share among the faces assigned then counts (of equal shares the lowest face id). Ascending and
// as few as possible. `counting` as counting_windows gives it.
std::vector<Slice> slices_of_asset(std::span<const Window> counting, std::span<const FaceAssignment> assignments);

}  // namespace mobilytics::campaigns
