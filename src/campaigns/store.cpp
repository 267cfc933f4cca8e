#include "src/campaigns/store.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "src/campaigns/campaigns.hpp"
#include "src/campaigns/queries.hpp"

namespace mobilytics::campaigns::store {

namespace {

using std::chrono::minutes;

db::TimeRange range_of(const Window& window) {
    if (window.to == clock::far_future) return {window.from, std::nullopt};
    return {window.from, window.to};
}

Window window_of(const db::TimeRange& range) { return {range.from, range.to.value_or(clock::far_future)}; }

// A flight always ends, so its end is never meant as "open", whatever instant it is.
db::TimeRange range_of_flight(const Window& flight) { return {flight.from, flight.to}; }

struct CampaignRow {
    CampaignId id;
    std::string name;
    std::string advertiser;
    std::string state;
    db::TimeRange flight;
    std::string zone;
    std::optional<double> goal_impressions;
    std::int32_t version;
    Instant created_at;
    std::int64_t asset_count;
    std::optional<std::vector<std::int16_t>> weekdays;
    std::optional<std::int16_t> start_minute;
    std::optional<std::int16_t> end_minute;
};

struct AssignmentRow {
    AssignmentId id;
    CampaignId campaign;
    FaceId face;
    AssetId asset;
    db::TimeRange during;
    double share;
};

struct StoredFlight {
    CampaignId campaign;
    db::TimeRange flight;
    std::string zone;
    std::optional<std::vector<std::int16_t>> weekdays;
    std::optional<std::int16_t> start_minute;
    std::optional<std::int16_t> end_minute;
};

template <class Row>
void add_daypart(std::vector<Daypart>& dayparts, const Row& row) {
    if (!row.weekdays) return;
    Daypart daypart{{}, minutes{row.start_minute.value()}, minutes{row.end_minute.value()}};
    for (const std::int16_t weekday : *row.weekdays) daypart.weekdays.set(static_cast<std::size_t>(weekday));
    dayparts.push_back(daypart);
}

Campaign campaign_of(CampaignRow& row) {
    return {.id = row.id,
            .name = std::move(row.name),
            .advertiser = std::move(row.advertiser),
            .state = json::value_named<CampaignState>(row.state).value(),  // kept to these by a check constraint
            .flight = window_of(row.flight),
            .zone = std::move(row.zone),
            .goal_impressions = row.goal_impressions,
            .dayparts = {},
            .asset_count = static_cast<int>(row.asset_count),
            .version = row.version,
            .created_at = row.created_at};
}

void add_dayparts(std::vector<db::Statement>& statements, CompanyId company, const Campaign& campaign) {
    std::int16_t ordinal = 0;
    for (const Daypart& daypart : campaign.dayparts) {
        std::vector<std::int16_t> weekdays;
        for (std::int16_t weekday = 0; weekday < 7; ++weekday)
            if (daypart.weekdays.test(static_cast<std::size_t>(weekday))) weekdays.push_back(weekday);
        statements.push_back(db::bind(sql::insert_daypart, company, campaign.id, ordinal, weekdays,
                                      static_cast<std::int16_t>(daypart.start.count()),
                                      static_cast<std::int16_t>(daypart.end.count())));
        ++ordinal;
    }
}

}  // namespace

std::vector<db::Statement> insert(CompanyId company, const Campaign& campaign) {
    std::vector<db::Statement> statements{
        db::bind(sql::insert_campaign, company, campaign.id, campaign.name, campaign.advertiser,
                 json::name_of(campaign.state), range_of_flight(campaign.flight), campaign.zone,
                 campaign.goal_impressions, std::int32_t{campaign.version}, campaign.created_at)};
    add_dayparts(statements, company, campaign);
    return statements;
}

std::vector<db::Statement> update(CompanyId company, const Campaign& campaign) {
    std::vector<db::Statement> statements{
        db::bind(sql::update_campaign, company, campaign.id, campaign.name, campaign.advertiser,
                 json::name_of(campaign.state), range_of_flight(campaign.flight), campaign.zone,
                 campaign.goal_impressions, std::int32_t{campaign.version}),
        db::bind(sql::delete_dayparts, company, campaign.id)};
    add_dayparts(statements, company, campaign);
    return statements;
}

db::Statement touch(CompanyId company, CampaignId id) { return db::bind(sql::touch_campaign, company, id); }

db::Statement hold(CompanyId company, CampaignId id) { return db::bind(sql::hold_campaign, company, id); }

db::Statement find(CompanyId company, CampaignId id) { return db::bind(sql::find_campaign, company, id); }

db::Statement list(CompanyId company, const CampaignFilter& filter, std::optional<CampaignId> after, int limit) {
    std::optional<std::string> state;
    if (filter.state) state = json::name_of(*filter.state);
    return db::bind(sql::list_campaigns, company, state, filter.q, after, std::int64_t{limit});
}

std::vector<Campaign> campaigns_in(const db::Result& result) {
    std::vector<Campaign> campaigns;
    for (CampaignRow& row : result.all<CampaignRow>()) {
        if (campaigns.empty() || campaigns.back().id != row.id) campaigns.push_back(campaign_of(row));
        add_daypart(campaigns.back().dayparts, row);
    }
    return campaigns;
}

db::Statement book_face(CompanyId company, FaceId face) { return db::bind(sql::book_face, company, face); }

db::Statement hold_face(CompanyId company, FaceId face) { return db::bind(sql::hold_face, company, face); }

db::Statement insert(CompanyId company, const Assignment& assignment, Instant now) {
    return db::bind(sql::insert_assignment, company, assignment.id, assignment.campaign, assignment.face,
                    assignment.asset, range_of(assignment.during), assignment.share, now);
}

db::Statement update(CompanyId company, const Assignment& assignment) {
    return db::bind(sql::update_assignment, company, assignment.id, range_of(assignment.during), assignment.share);
}

db::Statement remove(CompanyId company, AssignmentId id) { return db::bind(sql::delete_assignment, company, id); }

db::Statement find_assignment(CompanyId company, AssignmentId id) {
    return db::bind(sql::find_assignment, company, id);
}

db::Statement list_assignments(CompanyId company, CampaignId campaign, std::optional<AssignmentId> after, int limit) {
    return db::bind(sql::list_assignments, company, campaign, after, std::int64_t{limit});
}

db::Statement booked_beside(CompanyId company, const Assignment& assignment) {
    return db::bind(sql::booked_of_face, company, assignment.face, range_of(assignment.during), assignment.id);
}

db::Statement drop_later_assignments(CompanyId company, CampaignId campaign, Instant now) {
    return db::bind(sql::drop_later_assignments, company, campaign, now);
}

db::Statement end_running_assignments(CompanyId company, CampaignId campaign, Instant now) {
    return db::bind(sql::end_running_assignments, company, campaign, now);
}

std::vector<Assignment> assignments_in(const db::Result& result) {
    std::vector<Assignment> assignments;
    for (const AssignmentRow& row : result.all<AssignmentRow>())
        assignments.push_back({row.id, row.campaign, row.face, row.asset, window_of(row.during), row.share});
    return assignments;
}

db::Statement flights_within(CompanyId company, Window window) {
    return db::bind(sql::flights_within, company, range_of(window));
}

std::vector<FlightRow> flights_in(const db::Result& result) {
    std::vector<FlightRow> flights;
    for (const StoredFlight& row : result.all<StoredFlight>()) {
        if (flights.empty() || flights.back().campaign != row.campaign)
            flights.push_back({row.campaign, Flight{window_of(row.flight), &clock::Zone::named(row.zone), {}}});
        add_daypart(flights.back().flight.dayparts, row);
    }
    return flights;
}

db::Statement assignments_within(CompanyId company, Window window) {
    return db::bind(sql::assignments_within, company, range_of(window));
}

db::Statement count_campaigns(CompanyId company, std::int64_t up_to) {
    return db::bind(sql::count_campaigns, company, up_to);
}

}  // namespace mobilytics::campaigns::store
