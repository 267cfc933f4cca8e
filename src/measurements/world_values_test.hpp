#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/measurements/coverage.hpp"
#include "src/measurements/exposure.hpp"

// Everything the published numbers follow from, as plain values, for the tests of the engine.
namespace mobilytics::measurements::testing {

inline constexpr std::chrono::hours one_hour{1};

struct TestDevice {
    ids::Uuid id;
    std::vector<Dated<std::int16_t>> near_dbm{};
    std::vector<Dated<Calibration>> calibrations{};
    std::vector<Dated<Calibration>> model_calibrations{};
    std::vector<Dated<std::chrono::seconds>> expected_interval{};
};

struct TestFace {
    ids::Uuid id;
    std::string format;
    std::string placement;
};

struct TestAsset {
    ids::Uuid id;
    std::optional<LatLon> point{};  // a billboard has one
    std::vector<TestFace> faces{};
};

struct TestDaypart {
    std::set<unsigned> weekdays;  // Monday is 0
    std::chrono::minutes start{};
    std::chrono::minutes end{};
};

struct TestCampaign {
    ids::Uuid id;
    Window flight;
    std::string zone;
    std::vector<TestDaypart> dayparts;
};

struct TestAssignment {
    ids::Uuid campaign;
    ids::Uuid face;
    Window during;
    double share = 1;
};

struct TestVisibility {
    std::string format;
    std::string placement;
    std::string speed;
    double value = 1;
};

struct TestSighting {
    ids::Uuid device;
    Sighting sighting;
};

struct TestHeartbeat {
    ids::Uuid device;
    Instant at;
};

struct World {
    std::vector<TestDevice> devices;
    std::vector<TestAsset> assets;
    std::vector<Attachment> attachments;
    std::vector<TestCampaign> campaigns;
    std::vector<TestAssignment> assignments;
    std::vector<TestVisibility> visibility;
    std::vector<Dated<ParkedPolicy>> parked_policies;

    std::vector<Position> positions;
    std::vector<TestSighting> sightings;
    std::vector<TestHeartbeat> heartbeats;
};

// What the engine keeps of a world, in an order that makes equal results compare equal. Hours without
// anything are left out.
struct Derived {
    std::vector<StoredVisit> visits;  // near ones, attached or not
    std::map<std::pair<ids::Uuid, Instant>, RoadTime> road_time;
    std::map<std::pair<ids::Uuid, Instant>, std::pair<std::uint64_t, std::uint64_t>> minutes;

    bool operator==(const Derived&) const = default;
};

inline bool in_order(const StoredVisit& one, const StoredVisit& other) {
    return std::tie(one.start, one.device, one.visitor) < std::tie(other.start, other.device, other.visitor);
}

}  // namespace mobilytics::measurements::testing
