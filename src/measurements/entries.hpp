#pragma once

#include <cstdint>
#include <string>

#include "platform/clock/clock.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/ids.hpp"
#include "src/devices/ids.hpp"

// What the trail says of raw records as a whole: what devices deliver by themselves is no event. Pure.
namespace mobilytics::measurements {

// Records of one file: how many were read, stored, there before, and refused.
struct Imported {
    std::string stream;  // "positions", "sightings"
    std::int64_t read = 0;
    std::int64_t stored = 0;
    std::int64_t repeated = 0;
    std::int64_t refused = 0;
};

trail::Entry imported(const Imported& counts);
trail::Entry rebuilt(CompanyId company);
trail::Entry erased(DeviceId device, const clock::Window& span);

}  // namespace mobilytics::measurements
