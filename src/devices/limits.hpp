#pragma once

#include <cstdint>

namespace mobilytics::devices {

// Devices of one company: so many that none has them, and few enough for every list and page.
inline constexpr std::int64_t most_devices = 20'000;

}  // namespace mobilytics::devices
