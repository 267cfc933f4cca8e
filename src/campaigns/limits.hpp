#pragma once

#include <cstdint>

namespace mobilytics::campaigns {

// Campaigns of one company: so many that none has them, and few enough for every list and page.
inline constexpr std::int64_t most_campaigns = 20'000;

}  // namespace mobilytics::campaigns
