#include "src/campaigns/entries.hpp"

#include <format>
#include <utility>

#include "platform/json/enum_names.hpp"

namespace mobilytics::campaigns {

namespace {

std::string to_text(Instant at) { return clock::to_rfc3339(at); }

std::optional<std::string> end_of(const Window& during) {
    if (during.to == clock::far_future) return std::nullopt;
    return to_text(during.to);
}

// "01234 07:00-10:00": weekdays from 0 (Monday).
std::string to_text(const std::vector<Daypart>& dayparts) {
    std::string text;
    for (const Daypart& daypart : dayparts) {
        const auto [weekdays, start, end] = campaigns::to_text(daypart);
        if (!text.empty()) text += "; ";
        for (const int weekday : weekdays) text += std::to_string(weekday);
        text += std::format(" {}-{}", start, end);
    }
    return text;
}

std::string_view what_happened(CampaignVerb verb) {
    switch (verb) {
        case CampaignVerb::book:
            return "campaign.booked";
        case CampaignVerb::launch:
            return "campaign.launched";
        case CampaignVerb::pause:
            return "campaign.paused";
        case CampaignVerb::resume:
            return "campaign.resumed";
        case CampaignVerb::finish:
            return "campaign.finished";
        case CampaignVerb::cancel:
            return "campaign.cancelled";
    }
    std::unreachable();
}

trail::Entry about(std::string_view action, const Campaign& campaign, trail::Changes changes) {
    return {.action = std::string{action},
            .resource_id = campaign.id.text(),
            .resource_label = campaign.name,
            .changes = std::move(changes)};
}

trail::Entry about(std::string_view action, const Assignment& assignment, const Campaign& campaign,
                   trail::Changes changes) {
    return {.action = std::string{action},
            .resource_id = assignment.id.text(),
            .resource_label = campaign.name,
            .changes = std::move(changes)};
}

}  // namespace

trail::Entry created(const Campaign& campaign) {
    trail::Changes changes;
    changes.made("name", campaign.name).made("advertiser", campaign.advertiser);
    changes.made("from", to_text(campaign.flight.from)).made("to", to_text(campaign.flight.to));
    changes.made("zone", campaign.zone).made("goal_impressions", campaign.goal_impressions);
    changes.made("dayparts", to_text(campaign.dayparts));
    return about("campaign.created", campaign, std::move(changes));
}

trail::Entry changed(const Campaign& before, const Campaign& after) {
    trail::Changes changes;
    changes.field("name", before.name, after.name).field("advertiser", before.advertiser, after.advertiser);
    changes.field("from", to_text(before.flight.from), to_text(after.flight.from));
    changes.field("to", to_text(before.flight.to), to_text(after.flight.to));
    changes.field("zone", before.zone, after.zone);
    changes.field("goal_impressions", before.goal_impressions, after.goal_impressions);
    changes.field("dayparts", to_text(before.dayparts), to_text(after.dayparts));
    return about("campaign.changed", after, std::move(changes));
}

trail::Entry moved(const Campaign& before, const Campaign& after, CampaignVerb verb) {
    trail::Changes changes;
    changes.field("state", std::string{json::name_of(before.state)}, std::string{json::name_of(after.state)});
    return about(what_happened(verb), after, std::move(changes));
}

trail::Entry created(const Assignment& assignment, const Campaign& campaign) {
    trail::Changes changes;
    changes.made("campaign_id", campaign.id.text()).made("face_id", assignment.face.text());
    changes.made("asset_id", assignment.asset.text()).made("share", assignment.share);
    changes.made("from", to_text(assignment.during.from)).made("to", end_of(assignment.during));
    return about("assignment.created", assignment, campaign, std::move(changes));
}

trail::Entry changed(const Assignment& before, const Assignment& after, const Campaign& campaign) {
    trail::Changes changes;
    changes.field("from", to_text(before.during.from), to_text(after.during.from));
    changes.field("to", end_of(before.during), end_of(after.during)).field("share", before.share, after.share);
    return about("assignment.changed", after, campaign, std::move(changes));
}

trail::Entry deleted(const Assignment& assignment, const Campaign& campaign) {
    trail::Changes changes;
    changes.gone("campaign_id", campaign.id.text()).gone("face_id", assignment.face.text());
    changes.gone("from", to_text(assignment.during.from)).gone("to", end_of(assignment.during));
    return about("assignment.deleted", assignment, campaign, std::move(changes));
}

}  // namespace mobilytics::campaigns
