#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/devices/attachment.hpp"
#include "src/devices/device.hpp"

// What measurement needs to know of a company's devices over all time. Dated values hold from their instant until the
// next one's; each list is in the order of its instants.
namespace mobilytics::devices {

struct DatedThreshold {
    clock::Instant from;
    std::int16_t near_dbm = default_near_dbm;
    bool operator==(const DatedThreshold&) const = default;
};

struct DatedCalibration {
    clock::Instant from;
    double factor = 1;  // people per near visit, with the bounds of the estimate
    double low = 1;
    double high = 1;
    bool operator==(const DatedCalibration&) const = default;
};

struct DevicePast {
    DeviceId device;
    ModelId model;
    int interval_s = shortest_interval_s;  // expected between heartbeats
    bool disabled = false;                 // now; it does not count backwards
    std::vector<DatedThreshold> near_thresholds;
    std::vector<DatedCalibration> calibrations;
    std::vector<DatedCalibration> model_calibrations;  // for instants before the device's own first one
};

struct AttachmentPast {
    DeviceId device;
    AssetId asset;
    std::string position;
    Span during;
    bool operator==(const AttachmentPast&) const = default;
};

struct DeviceHistory {
    std::vector<DevicePast> devices;          // by id
    std::vector<AttachmentPast> attachments;  // by start, then device
};

// Which devices a company has, for accepting what they send.
using Registry = std::unordered_map<DeviceId, DeviceState>;

}  // namespace mobilytics::devices
