#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/assets/ids.hpp"
#include "src/auth/actor.hpp"
#include "src/campaigns/assignment.hpp"
#include "src/campaigns/campaign.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Events;
}
namespace mobilytics::trail {
class Trail;
}
namespace mobilytics::assets {
class Assets;
}
namespace mobilytics::companies {
class Companies;
}

namespace mobilytics::campaigns {

// Given the version of what is about to be changed; throws when the caller has seen another.
using ExpectVersion = std::function<void(std::string_view version)>;

struct CampaignFilter {
    std::optional<CampaignState> state;
    std::optional<std::string> q;  // part of the name or advertiser, without regard to case
};

struct NamedAssignment {
    Assignment assignment;
    std::string face_name;
    std::string asset_name;
};

// During [from, to) the campaign counts on the asset with this share, taken from this face.
struct Coverage {
    CampaignId campaign;
    AssetId asset;
    Instant from;
    Instant to;
    double share = 1;
    FaceId face;
    bool operator==(const Coverage&) const = default;
};

// Front door of the room. What belongs to another company does not exist here: missing "campaigns.not_found",
// "campaigns.assignment_not_found", "assets.face_not_found".
//
// Publishes, in the transaction of the change; times are RFC 3339:
//   campaigns.coverage_changed {"company_id","campaign_id","asset_id","from","to"}  within [from, to) visits may count
//                              otherwise; null: of any asset
//                              for the campaign: its flight, dayparts, zone or assignments are others now
class Campaigns {
public:
    Campaigns(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail,
              assets::Assets& assets, companies::Companies& companies);

    // ---- for people and programs of a company; the routes name the permission ----

    Task<std::vector<Campaign>> list(auth::Company actor, CampaignFilter filter, std::optional<CampaignId> after,
                                     int limit);  // newest first
    Task<Campaign> find(auth::Company actor, CampaignId id);

    // A draft. An empty zone means the company's. Refuses: invalid "campaigns.invalid".
    Task<Campaign> add(auth::Company actor, NewCampaign wanted);

    // In every state but cancelled, since history can be corrected. `expect` is given the version about to be changed.
    // Refuses: invalid "campaigns.invalid", conflict "campaigns.wrong_state".
    Task<Campaign> change(auth::Company actor, CampaignId id, CampaignChange change, ExpectVersion expect);

    // Takes the campaign to its next state; conflict "campaigns.wrong_state" where there is no such step. Finishing
    // and cancelling end what is still assigned at this moment, so that the faces are free for others; what was
    // counted until then stays.
    Task<Campaign> move(auth::Company actor, CampaignId id, CampaignVerb verb, ExpectVersion expect);

    Task<std::vector<NamedAssignment>> list_assignments(auth::Company actor, CampaignId id,
                                                        std::optional<AssignmentId> after,
                                                        int limit);  // newest first

    // Gives a face, or a share of it, to the campaign. The shares of one face never exceed 1 at any instant, whoever
    // asks at the same time: conflict "campaigns.shares_exceed_one", saying when and how much is free. Refuses also:
    // invalid "campaigns.invalid_assignment", conflict "campaigns.asset_retired", "campaigns.wrong_state" (cancelled).
    Task<NamedAssignment> assign(auth::Company actor, CampaignId id, NewAssignment wanted);
    // Its ends and share, in any state of the campaign. Refuses as assign does.
    Task<NamedAssignment> correct_assignment(auth::Company actor, AssignmentId id, AssignmentChange change,
                                             ExpectVersion expect);
    // It never was.
    Task<void> delete_assignment(auth::Company actor, AssignmentId id, ExpectVersion expect);

    // ---- for measurement ----

    // When which campaign counts on which asset, within the window and as this transaction sees it: flight, dayparts
    // and assignments, never the state (measurement.md 3.2, 3.3). By campaign, asset and time; intervals of one
    // campaign and asset do not overlap.
    Task<std::vector<Coverage>> coverage(db::Session& session, CompanyId company, Window window);

private:
    Task<Campaign> hold(db::Session& session, CompanyId company, CampaignId id);
    Task<void> hold_face(db::Session& session, CompanyId company, FaceId face);
    Task<void> require_free(db::Session& session, CompanyId company, Assignment wanted, std::string face_name);
    Task<Assignment> find_assignment(db::Session& session, CompanyId company, AssignmentId id);
    Task<void> release_faces(db::Session& session, auth::Company actor, Campaign campaign);
    Task<void> publish(db::Session& session, auth::Company actor, CampaignId campaign, std::optional<AssetId> asset,
                       Window touched);
    Task<std::vector<NamedAssignment>> named(CompanyId company, std::vector<Assignment> assignments);
    Task<NamedAssignment> named(CompanyId company, Assignment assignment);

    db::Database& database_;
    const clock::Clock& clock_;
    jobs::Events& events_;
    trail::Trail& trail_;
    assets::Assets& assets_;
    companies::Companies& companies_;
};

void add_routes(http::Router& router, Campaigns& campaigns);

}  // namespace mobilytics::campaigns
