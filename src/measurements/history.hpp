#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "src/measurements/records.hpp"

// Dated values and which of them is in force at an instant (measurement.md 2.3, 2.4, 3.1, 3.7). Pure.
namespace mobilytics::measurements {

template <class Value>
struct Dated {
    Instant from;
    Value value;

    bool operator==(const Dated&) const = default;
};

// A value that changes at known instants; each holds from its instant until the next one's. Of two records
// for the same instant the one given later wins, so the store gives them in the order they were recorded.
template <class Value>
class Timeline {
public:
    Timeline() = default;
    explicit Timeline(std::vector<Dated<Value>> changes) : changes_{std::move(changes)} {
        std::ranges::stable_sort(changes_, {}, &Dated<Value>::from);
    }

    // Nothing before the first record.
    std::optional<Value> at(Instant when) const {
        const auto after = std::ranges::upper_bound(changes_, when, {}, &Dated<Value>::from);
        if (after == changes_.begin()) return std::nullopt;
        return std::prev(after)->value;
    }

private:
    std::vector<Dated<Value>> changes_;
};

// People per near visit, with the bounds of the estimate.
struct Calibration {
    double factor = 1;
    double low = 1;
    double high = 1;

    bool operator==(const Calibration&) const = default;
};

enum class ParkedRule : std::uint8_t { count, exclude, cap };

struct ParkedPolicy {
    ParkedRule rule = ParkedRule::count;
    std::chrono::minutes limit{10};  // for cap: how far into a stop visits still count

    bool operator==(const ParkedPolicy&) const = default;
};

// A device on an asset during [from, to); an open end is clock::far_future.
struct Attachment {
    ids::Uuid device;
    ids::Uuid asset;
    Window during;

    bool operator==(const Attachment&) const = default;
};

// The attachment of a device that holds at an instant, or null: a device is never on two assets at once.
const Attachment* attachment_at(std::span<const Attachment> attachments, const ids::Uuid& device, Instant when);

inline constexpr std::int16_t default_near_dbm = -75;

// What is known of one device over time. Whatever has no record in force takes the method's default.
struct DeviceHistory {
    ids::Uuid device;
    Timeline<std::int16_t> near_dbm;
    Timeline<Calibration> calibrations;
    Timeline<Calibration> model_calibrations;
    std::vector<Attachment> attachments;  // its own, on any asset
};

struct People {
    double ots = 1;
    std::optional<double> low;
    std::optional<double> high;
    bool calibrated = false;

    bool operator==(const People&) const = default;
};

// People per near visit that starts at this instant: by the device's calibration, else its model's, else one
// person, uncalibrated and without bounds.
People people_per_visit(const DeviceHistory& history, Instant start);

}  // namespace mobilytics::measurements
