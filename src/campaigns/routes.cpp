#include "platform/http/router.hpp"

#include <utility>

#include "platform/http/page.hpp"
#include "platform/http/version.hpp"
#include "src/campaigns/campaigns.hpp"

// URLs of campaigns and their assignments.
namespace mobilytics::campaigns {

namespace {

using auth::May;
using auth::Permission;

struct DaypartBody {
    std::vector<int> weekdays;
    std::string start;
    std::string end;

    static constexpr json::Field about[] = {
        {.name = "weekdays", .description = "0 is Monday, 6 Sunday; of the day a part starts on.", .min_length = 1},
        {.name = "start",
         .description = "Wall clock in the campaign's zone, 00:00 to 23:59.",
         .pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        {.name = "end",
         .description = "Just after its last minute, 00:00 to 24:00; at or before the start it is on "
                        "the next day.",
         .pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}};
};

struct CampaignIn {
    std::string name;
    std::optional<std::string> advertiser;
    Instant from;
    Instant to;
    std::optional<std::string> zone;
    std::optional<double> goal_impressions;
    std::optional<std::vector<DaypartBody>> dayparts;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "Shown in lists.", .min_length = 1, .max_length = 200},
        {.name = "advertiser", .description = "Whose brand it is.", .max_length = 200},
        {.name = "from", .description = "The flight's first instant."},
        {.name = "to", .description = "Just after the flight's last instant; at most 10 years after `from`."},
        {.name = "zone",
         .description = "IANA time zone of dayparts and days; the company's unless given.",
         .min_length = 1},
        {.name = "goal_impressions", .description = "Opportunities to see that are aimed at."},
        {.name = "dayparts", .description = "When it counts; none means always.", .max_length = most_dayparts}};
};

struct CampaignPatch {
    std::optional<std::string> name;
    std::optional<std::string> advertiser;
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::optional<std::string> zone;
    json::Change<double> goal_impressions;
    std::optional<std::vector<DaypartBody>> dayparts;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "Shown in lists.", .min_length = 1, .max_length = 200},
        {.name = "advertiser", .description = "Whose brand it is.", .max_length = 200},
        {.name = "from", .description = "The flight's first instant."},
        {.name = "to", .description = "Just after the flight's last instant."},
        {.name = "zone", .description = "IANA time zone of dayparts and days.", .min_length = 1},
        {.name = "goal_impressions", .description = "Opportunities to see that are aimed at; null: no goal."},
        {.name = "dayparts",
         .description = "When it counts; an empty list means always.",
         .max_length = most_dayparts}};
};

struct CampaignOut {
    CampaignId id;
    std::string name;
    std::string advertiser;
    CampaignState state = CampaignState::draft;
    Instant from;
    Instant to;
    std::string zone;
    std::optional<double> goal_impressions;
    std::vector<DaypartBody> dayparts;
    int asset_count = 0;
    Instant created_at;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "advertiser", .description = "Whose brand it is; may be empty."},
        {.name = "state", .description = "For people: what counts is decided by flight, dayparts and assignments."},
        {.name = "from", .description = "The flight's first instant."},
        {.name = "to", .description = "Just after the flight's last instant."},
        {.name = "zone", .description = "IANA time zone of dayparts and days."},
        {.name = "goal_impressions", .description = "Opportunities to see that are aimed at."},
        {.name = "dayparts", .description = "When it counts; none means always."},
        {.name = "asset_count", .description = "Assets with an assignment, at any time."},
        http::version_field};
};

struct CampaignQuery {
    std::optional<CampaignState> state;
    std::optional<std::string> q;

    static constexpr json::Field about[] = {
        {.name = "state", .description = "Only campaigns in this state."},
        {.name = "q", .description = "Part of the name or advertiser, without regard to case.", .max_length = 200}};
};

struct AssignmentIn {
    FaceId face_id;
    Instant from;
    std::optional<Instant> to;
    std::optional<double> share;

    static constexpr json::Field about[] = {
        {.name = "from", .description = "From this instant on."},
        {.name = "to", .description = "Until just before this instant; without it, until the flight ends."},
        {.name = "share",
         .description = "Of the face: more than 0, at most 1, which is also what it is unless given.",
         .maximum = 1}};
};

struct AssignmentPatch {
    std::optional<Instant> from;
    json::Change<Instant> to;
    std::optional<double> share;

    static constexpr json::Field about[] = {
        {.name = "from", .description = "From this instant on."},
        {.name = "to", .description = "Until just before this instant; null: until the flight ends."},
        {.name = "share", .description = "Of the face: more than 0, at most 1.", .maximum = 1}};
};

struct AssignmentOut {
    AssignmentId id;
    CampaignId campaign_id;
    FaceId face_id;
    std::string face_name;
    AssetId asset_id;
    std::string asset_name;
    Instant from;
    std::optional<Instant> to;
    double share = 1;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "to", .description = "Just after its last instant; null: until the flight ends."},
        {.name = "share", .description = "Of the face, more than 0 and at most 1."},
        http::version_field};
};

CampaignOut to_out(Campaign campaign) {
    CampaignOut out{campaign.id,
                    std::move(campaign.name),
                    std::move(campaign.advertiser),
                    campaign.state,
                    campaign.flight.from,
                    campaign.flight.to,
                    std::move(campaign.zone),
                    campaign.goal_impressions,
                    {},
                    campaign.asset_count,
                    campaign.created_at,
                    std::to_string(campaign.version)};
    for (const Daypart& daypart : campaign.dayparts) {
        auto text = to_text(daypart);
        out.dayparts.push_back({std::move(text.weekdays), std::move(text.start), std::move(text.end)});
    }
    return out;
}

AssignmentOut to_out(NamedAssignment named) {
    const Assignment& assignment = named.assignment;
    AssignmentOut out{assignment.id,    assignment.campaign,         assignment.face,        std::move(named.face_name),
                      assignment.asset, std::move(named.asset_name), assignment.during.from, std::nullopt,
                      assignment.share, assignment.version()};
    if (assignment.during.to != clock::far_future) out.to = assignment.during.to;
    return out;
}

std::vector<NewDaypart> to_nouns(std::vector<DaypartBody> dayparts) {
    std::vector<NewDaypart> nouns;
    for (DaypartBody& daypart : dayparts)
        nouns.push_back({std::move(daypart.weekdays), std::move(daypart.start), std::move(daypart.end)});
    return nouns;
}

NewCampaign to_noun(CampaignIn in) {
    return {std::move(in.name),     std::move(in.advertiser).value_or(""),
            Window{in.from, in.to}, std::move(in.zone).value_or(""),
            in.goal_impressions,    to_nouns(std::move(in.dayparts).value_or(std::vector<DaypartBody>{}))};
}

CampaignChange to_noun(CampaignPatch in) {
    CampaignChange change{std::move(in.name), std::move(in.advertiser), in.from, in.to, std::move(in.zone), {}, {}};
    if (in.goal_impressions.given) change.goal_impressions = in.goal_impressions.value;
    if (in.dayparts) change.dayparts = to_nouns(std::move(*in.dayparts));
    return change;
}

AssignmentChange to_noun(AssignmentPatch in) {
    AssignmentChange change{in.from, {}, in.share};
    if (in.to.given) change.to = in.to.value.value_or(clock::far_future);
    return change;
}

void add_campaign_routes(http::Group& group, Campaigns& campaigns) {
    group.get("/v1/campaigns", {.id = "campaigns.list", .summary = "Campaigns, newest first"},
              [&campaigns](May<Permission::campaigns_read> actor, http::Query<CampaignQuery> query,
                           http::Paging paging) -> Task<http::Page<CampaignOut>> {
                  auto found = co_await campaigns.list(actor, CampaignFilter{query->state, query->q},
                                                       paging.after_one<CampaignId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](Campaign campaign) { return to_out(std::move(campaign)); },
                      [](const Campaign& campaign) { return http::encode_cursor(campaign.id); });
              });

    group.post("/v1/campaigns", {.id = "campaigns.add", .summary = "Plan a campaign"},
               [&campaigns](May<Permission::campaigns_edit> actor,
                            http::Body<CampaignIn> body) -> Task<http::Created<CampaignOut>> {
                   auto campaign = co_await campaigns.add(actor, to_noun(std::move(*body)));
                   auto location = "/v1/campaigns/" + campaign.id.text();
                   co_return http::Created<CampaignOut>{to_out(std::move(campaign)), std::move(location)};
               });

    group.get("/v1/campaigns/{id}", {.id = "campaigns.get", .summary = "One campaign"},
              [&campaigns](May<Permission::campaigns_read> actor, CampaignId id) -> Task<http::Tagged<CampaignOut>> {
                  co_return http::tagged(to_out(co_await campaigns.find(actor, id)));
              });

    group.patch(
        "/v1/campaigns/{id}",
        {.id = "campaigns.change",
         .summary = "Edit a campaign",
         .description = "In every state but cancelled; what was counted is counted again where the edit touches "
                        "it."},
        [&campaigns](May<Permission::campaigns_edit> actor, CampaignId id, http::IfMatch seen,
                     http::Body<CampaignPatch> body) -> Task<http::Tagged<CampaignOut>> {
            auto campaign = co_await campaigns.change(actor, id, to_noun(std::move(*body)), http::expecting(seen));
            co_return http::tagged(to_out(std::move(campaign)));
        });
}

void add_verb(http::Group& group, Campaigns& campaigns, CampaignVerb verb, std::string summary) {
    const std::string name{json::name_of(verb)};
    group.post("/v1/campaigns/{id}/" + name, {.id = "campaigns." + name, .summary = std::move(summary)},
               [&campaigns, verb](May<Permission::campaigns_edit> actor, CampaignId id,
                                  http::IfMatch seen) -> Task<http::Tagged<CampaignOut>> {
                   auto campaign = co_await campaigns.move(actor, id, verb, http::expecting(seen));
                   co_return http::tagged(to_out(std::move(campaign)));
               });
}

void add_assignment_routes(http::Group& group, Campaigns& campaigns) {
    group.get("/v1/campaigns/{id}/assignments",
              {.id = "campaigns.list_assignments", .summary = "Faces given to a campaign, newest first"},
              [&campaigns](May<Permission::campaigns_read> actor, CampaignId id,
                           http::Paging paging) -> Task<http::Page<AssignmentOut>> {
                  auto found = co_await campaigns.list_assignments(actor, id, paging.after_one<AssignmentId>(),
                                                                   http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](NamedAssignment named) { return to_out(std::move(named)); },
                      [](const NamedAssignment& named) { return http::encode_cursor(named.assignment.id); });
              });

    group.post("/v1/campaigns/{id}/assignments",
               {.id = "campaigns.assign",
                .summary = "Give a face, or a share of it, to a campaign",
                .description = "The shares of one face never exceed 1 at any instant."},
               [&campaigns](May<Permission::campaigns_edit> actor, CampaignId id,
                            http::Body<AssignmentIn> body) -> Task<http::Created<AssignmentOut>> {
                   NewAssignment wanted{body->face_id, Window{body->from, body->to.value_or(clock::far_future)},
                                        body->share.value_or(1)};
                   auto assigned = co_await campaigns.assign(actor, id, wanted);
                   co_return http::Created<AssignmentOut>{to_out(std::move(assigned)), ""};
               });

    group.patch(
        "/v1/assignments/{id}", {.id = "assignments.correct", .summary = "Change an assignment's ends or share"},
        [&campaigns](May<Permission::campaigns_edit> actor, AssignmentId id, http::IfMatch seen,
                     http::Body<AssignmentPatch> body) -> Task<http::Tagged<AssignmentOut>> {
            auto corrected =
                co_await campaigns.correct_assignment(actor, id, to_noun(std::move(*body)), http::expecting(seen));
            co_return http::tagged(to_out(std::move(corrected)));
        });

    group.remove("/v1/assignments/{id}", {.id = "assignments.delete", .summary = "Delete an assignment that never was"},
                 [&campaigns](May<Permission::campaigns_edit> actor, AssignmentId id,
                              http::IfMatch seen) -> Task<http::NoContent> {
                     co_await campaigns.delete_assignment(actor, id, http::expecting(seen));
                     co_return http::NoContent{};
                 });
}

}  // namespace

void add_routes(http::Router& router, Campaigns& campaigns) {
    auto group = router.group("campaigns");
    add_campaign_routes(group, campaigns);
    add_verb(group, campaigns, CampaignVerb::book, "A draft becomes booked");
    add_verb(group, campaigns, CampaignVerb::launch, "A booked campaign goes live");
    add_verb(group, campaigns, CampaignVerb::pause, "A live campaign pauses");
    add_verb(group, campaigns, CampaignVerb::resume, "A paused campaign is live again");
    add_verb(group, campaigns, CampaignVerb::finish,
             "A live or paused campaign is over; its faces are free from now on");
    add_verb(group, campaigns, CampaignVerb::cancel, "Call a campaign off; its faces are free from now on");
    add_assignment_routes(group, campaigns);
}

}  // namespace mobilytics::campaigns
