#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "src/measurements/exposure.hpp"
#include "src/measurements/history.hpp"
#include "src/measurements/store.hpp"

// All that deriving a company's visits and roll-ups needs to know beside the raw records, as values.
namespace mobilytics::measurements {

inline constexpr ids::Uuid all_campaigns{};  // the nil campaign of the "all" rows

struct AssetFacts {
    ids::Uuid asset;
    std::optional<LatLon> surveyed;  // a billboard's point; none: a vehicle
    // The largest factor of likelihood to see among the asset's faces, by speed class.
    std::array<double, 6> visibility{1, 1, 1, 1, 1, 1};
};

struct DeviceFacts {
    DeviceHistory history;
    std::chrono::seconds interval{60};  // expected between heartbeats
};

struct World {
    std::unordered_map<ids::Uuid, DeviceFacts> devices;
    std::map<ids::Uuid, AssetFacts> assets;
    std::unordered_map<ids::Uuid, std::array<double, 6>> face_visibility;
    std::unordered_map<ids::Uuid, std::vector<Attachment>> by_asset;
    Timeline<ParkedPolicy> parked_policies;

    bool is_vehicle(const ids::Uuid& asset) const;
    std::span<const Attachment> attachments_of_asset(const ids::Uuid& asset) const;

    // The assets that the device was on at some time of the span.
    std::vector<ids::Uuid> assets_of_device(const ids::Uuid& device, Window span) const;
    std::vector<ids::Uuid> devices_of_asset(const ids::Uuid& asset, Window span) const;

    // The parts of the span in which the asset had a device attached, joined where they touch.
    std::vector<Window> attached_windows(const ids::Uuid& asset, Window span) const;
};

// The parts of both; ascending.
std::vector<Window> intersect(std::span<const Window> windows, Window span);

}  // namespace mobilytics::measurements
