#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/campaigns/coverage.hpp"
#include "src/campaigns/ids.hpp"

// A campaign: what is advertised, its flight and dayparts, and the states of its life. Pure values and rules. The
// enumerators' names are their text in the API and in the database.
namespace mobilytics::campaigns {

// States are for people: whether a visit counts is decided by flight, dayparts and assignments alone.
enum class CampaignState { draft, booked, live, paused, finished, cancelled };

// draft -book-> booked -launch-> live <-pause/resume-> paused; finish from live and paused; cancel from everywhere but
// finished.
enum class CampaignVerb { book, launch, pause, resume, finish, cancel };

// Throws Problem conflict "campaigns.wrong_state", saying what can be done instead.
CampaignState next_state(CampaignState state, CampaignVerb verb);

inline constexpr std::size_t most_dayparts = 50;

// A daypart as it is given: weekdays 0 (Monday) to 6, wall-clock times "22:00"; the end may be "24:00".
struct NewDaypart {
    std::vector<int> weekdays;
    std::string start;
    std::string end;
};

NewDaypart to_text(const Daypart& daypart);

struct NewCampaign {
    std::string name;
    std::string advertiser;
    Window flight;
    std::string zone;  // IANA name
    std::optional<double> goal_impressions;
    std::vector<NewDaypart> dayparts;  // none: always
};

// What an edit changes; what is not given stays.
struct CampaignChange {
    std::optional<std::string> name;
    std::optional<std::string> advertiser;
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::optional<std::string> zone;
    std::optional<std::optional<double>> goal_impressions;  // given and empty: no goal any more
    std::optional<std::vector<NewDaypart>> dayparts;
};

struct Campaign {
    CampaignId id;
    std::string name;
    std::string advertiser;  // may be empty
    CampaignState state = CampaignState::draft;
    Window flight;
    std::string zone;
    std::optional<double> goal_impressions;
    std::vector<Daypart> dayparts;
    int asset_count = 0;  // assets with an assignment, at any time
    int version = 1;      // grows with every change of the campaign or its assignments
    Instant created_at;

    // Throw Problem invalid "campaigns.invalid", with a pointer per wrong field.
    static Campaign made(CampaignId id, NewCampaign wanted, Instant now);
    // Also conflict "campaigns.wrong_state": a cancelled campaign is closed. All others can be edited, finished ones
    // too, because history can be corrected.
    Campaign changed(CampaignChange change) const;

    // Conflict "campaigns.wrong_state" for a cancelled campaign.
    void require_open() const;
};

// Where the two count differently for what is assigned to them; empty when nowhere.
Window difference(const Campaign& before, const Campaign& after);

}  // namespace mobilytics::campaigns
