#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "src/measurements/history.hpp"
#include "src/measurements/records.hpp"

// Minutes in which a sensor should have listened and minutes in which it did (measurement.md 4,
// Coverage). Pure.
namespace mobilytics::measurements {

// The minutes of one UTC hour, bit 0 the first. Several devices on an asset are the union of theirs.
struct Minutes {
    std::uint64_t expected = 0;
    std::uint64_t covered = 0;  // always among the expected

    int expected_count() const;
    int covered_count() const;

    Minutes& operator|=(const Minutes& other);
    bool operator==(const Minutes&) const = default;
};

// The minutes of one device on one asset in the hour. A minute is expected when the device is attached to the
// asset throughout it (attachments that follow each other without a break count as one); it is covered when a
// heartbeat of the device lies at its start or before, by at most the expected interval of the model in force
// then. `heartbeats` are the device's, in any order, from at least the longest interval before the hour;
// without an interval in force no minute is covered. Other devices' and other assets' attachments do not enter.
Minutes minutes_of_device(Instant hour, const ids::Uuid& device, const ids::Uuid& asset,
                          std::span<const Attachment> attachments, std::span<const Instant> heartbeats,
                          const Timeline<std::chrono::seconds>& expected_interval);

// Those of the minutes that lie wholly inside the windows: a campaign's minutes are the asset's while its
// assignment, flight and daypart hold. Windows in any order; those that touch count as one.
Minutes minutes_within(const Minutes& minutes, Instant hour, std::span<const Window> windows);

}  // namespace mobilytics::measurements
