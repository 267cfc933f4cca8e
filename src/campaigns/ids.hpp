#pragma once

#include "platform/ids/id.hpp"

namespace mobilytics {

struct CampaignTag {
    static constexpr std::string_view prefix = "cmp";
};
using CampaignId = ids::Id<CampaignTag>;

struct AssignmentTag {
    static constexpr std::string_view prefix = "asg";
};
using AssignmentId = ids::Id<AssignmentTag>;

}  // namespace mobilytics
