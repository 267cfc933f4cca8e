#pragma once

#include <optional>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"
#include "src/campaigns/assignment.hpp"
#include "src/campaigns/campaign.hpp"

namespace mobilytics::campaigns {
struct CampaignFilter;
}

// Rows of the room. Verbs give statements, for a transaction or for one read; the rest turns results back into nouns.
namespace mobilytics::campaigns::store {

std::vector<db::Statement> insert(CompanyId company, const Campaign& campaign);
std::vector<db::Statement> update(CompanyId company, const Campaign& campaign);  // with its dayparts
db::Statement count_campaigns(CompanyId company, std::int64_t up_to);
db::Statement touch(CompanyId company, CampaignId id);
db::Statement hold(CompanyId company, CampaignId id);
db::Statement find(CompanyId company, CampaignId id);
db::Statement list(CompanyId company, const CampaignFilter& filter, std::optional<CampaignId> after, int limit);
std::vector<Campaign> campaigns_in(const db::Result& result);

db::Statement book_face(CompanyId company, FaceId face);
db::Statement hold_face(CompanyId company, FaceId face);
db::Statement insert(CompanyId company, const Assignment& assignment, Instant now);
db::Statement update(CompanyId company, const Assignment& assignment);
db::Statement remove(CompanyId company, AssignmentId id);
db::Statement find_assignment(CompanyId company, AssignmentId id);
db::Statement list_assignments(CompanyId company, CampaignId campaign, std::optional<AssignmentId> after, int limit);
// The other assignments of the same face in that span.
db::Statement booked_beside(CompanyId company, const Assignment& assignment);
db::Statement drop_later_assignments(CompanyId company, CampaignId campaign, Instant now);
db::Statement end_running_assignments(CompanyId company, CampaignId campaign, Instant now);
std::vector<Assignment> assignments_in(const db::Result& result);

// What coverage.hpp needs of one campaign.
struct FlightRow {
    CampaignId campaign;
    Flight flight;
};
db::Statement flights_within(CompanyId company, Window window);
std::vector<FlightRow> flights_in(const db::Result& result);
db::Statement assignments_within(CompanyId company, Window window);

}  // namespace mobilytics::campaigns::store
