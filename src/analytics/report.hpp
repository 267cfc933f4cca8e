#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/analytics/calendar.hpp"
#include "src/auth/ids.hpp"
#include "src/campaigns/ids.hpp"

// What is asked for, as a value: a campaign's figures in a window, in whole or by hour or day. Pure.
namespace mobilytics::analytics {

enum class Grain { hour, day };

// The longest windows: a hundred days of hours, three years of days and of totals.
inline constexpr std::chrono::days longest_by_hour{100};
inline constexpr std::chrono::days longest{1100};

struct Asked {
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::optional<Grain> grain = {};  // absent: one total
};

// What a report needs to know of its campaign.
struct Subject {
    CompanyId company;
    CampaignId campaign;
    Window flight;
    std::string zone;
};

struct Report {
    CompanyId company;
    CampaignId campaign;
    std::string zone;
    Window window;
    std::optional<Grain> grain;
    std::vector<Bucket> buckets;
    CutHours cut;

    // The window left open is the flight's, up to the end of the running hour, and at most as long as the grain allows.
    // Throws Problem invalid "analytics.bad_window": an end at or before the beginning, too long for the grain, or an
    // edge that is a whole hour neither of UTC nor of the campaign's zone.
    static Report of(Subject subject, Asked asked, Instant now);

    // The UTC hours that the window touches.
    Window hours() const;
};

}  // namespace mobilytics::analytics
