#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "src/measurements/history.hpp"
#include "src/measurements/track.hpp"
#include "src/measurements/visits.hpp"

// A visit joined with where its device was and what it is worth: the row that is stored
// (measurement.md 2.3, 2.4, 3.3 to 3.7, 4). Pure.
namespace mobilytics::measurements {

// An H3 cell of resolution 9.
using Cell = std::uint64_t;

Cell cell_of(LatLon place);
std::string to_hex(Cell cell);

// Near or far: by the device's threshold in force at the visit's start. Only near visits are stored.
bool is_near(const Visit& visit, const DeviceHistory& history);

struct StoredVisit {
    ids::Uuid device;
    Visitor visitor{};
    Instant start;
    Instant end;
    std::int16_t strongest_dbm = 0;
    std::optional<ids::Uuid> asset;  // none: unattached, in no roll-up
    std::optional<LatLon> place;     // none: unplaced
    std::optional<Cell> cell;
    SpeedClass speed = SpeedClass::unknown;
    People people;
    bool parked_out = false;  // the company's parked policy keeps it out of every roll-up

    bool operator==(const StoredVisit&) const = default;
};

// Where an asset is: a billboard at its surveyed point, a vehicle on its track. The track must be able to
// answer for every visit that is asked about (Track::at) and must outlive this value.
class Site {
public:
    static Site billboard(const ids::Uuid& asset, LatLon surveyed);
    static Site vehicle(const ids::Uuid& asset, const Track& track);

    const ids::Uuid& asset() const { return asset_; }
    bool is_vehicle() const { return track_ != nullptr; }

    // A billboard has its point and the class static at every instant.
    Whereabouts at(Instant when) const;

private:
    Site(const ids::Uuid& asset, const Track* track, LatLon point) : asset_{asset}, track_{track}, point_{point} {}

    ids::Uuid asset_;
    const Track* track_;
    LatLon point_;
};

// The near visits among those of one device, in their order, as they are stored. `sites` holds every asset
// the device was attached to at a start; an asset that is missing there is a mistake of the caller and throws
// std::logic_error. `parked_policies` are the company's; without one in force every visit counts.
std::vector<StoredVisit> expose(std::span<const Visit> visits, const DeviceHistory& history,
                                std::span<const Site> sites, const Timeline<ParkedPolicy>& parked_policies);

// Whether a policy leaves out a visit that starts at this instant in these whereabouts.
// Unknown speed is kept.
bool leaves_out(const ParkedPolicy& policy, Instant start, const Whereabouts& where);

}  // namespace mobilytics::measurements
