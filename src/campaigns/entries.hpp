#pragma once

#include <string>

#include "platform/trail/trail.hpp"
#include "src/campaigns/assignment.hpp"
#include "src/campaigns/campaign.hpp"

// What the trail says of a change to a campaign or to what is assigned to it. Pure.
namespace mobilytics::campaigns {

trail::Entry created(const Campaign& campaign);
trail::Entry changed(const Campaign& before, const Campaign& after);
trail::Entry moved(const Campaign& before, const Campaign& after, CampaignVerb verb);

// The label is the name of the campaign.
trail::Entry created(const Assignment& assignment, const Campaign& campaign);
trail::Entry changed(const Assignment& before, const Assignment& after, const Campaign& campaign);
trail::Entry deleted(const Assignment& assignment, const Campaign& campaign);

}  // namespace mobilytics::campaigns
