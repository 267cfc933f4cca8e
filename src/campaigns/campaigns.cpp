#include "src/campaigns/campaigns.hpp"

#include <format>
#include <map>
#include <utility>

#include "platform/jobs/events.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/assets/assets.hpp"
#include "src/campaigns/entries.hpp"
#include "src/campaigns/limits.hpp"
#include "src/campaigns/store.hpp"
#include "src/companies/companies.hpp"

namespace mobilytics::campaigns {

namespace {

Campaign only_one(std::vector<Campaign> found) {
    if (found.empty()) throw Problem{Kind::missing, "campaigns.not_found", "There is no such campaign."};
    return std::move(found.front());
}

Assignment only_one(std::vector<Assignment> found) {
    if (found.empty()) throw Problem{Kind::missing, "campaigns.assignment_not_found", "There is no such assignment."};
    return std::move(found.front());
}

using AssetKey = std::pair<CampaignId, AssetId>;

std::map<AssetKey, std::vector<FaceAssignment>> by_asset(const std::vector<Assignment>& assignments) {
    std::map<AssetKey, std::vector<FaceAssignment>> found;
    for (const Assignment& assignment : assignments)
        found[{assignment.campaign, assignment.asset}].push_back(
            {assignment.face.uuid, assignment.during, assignment.share});
    return found;
}

}  // namespace

Campaigns::Campaigns(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail,
                     assets::Assets& assets, companies::Companies& companies)
    : database_{database}, clock_{clock}, events_{events}, trail_{trail}, assets_{assets}, companies_{companies} {}

Task<std::vector<Campaign>> Campaigns::list(auth::Company actor, CampaignFilter filter, std::optional<CampaignId> after,
                                            int limit) {
    auto result =
        co_await database_.read(db::Scope::of(actor.company), store::list(actor.company, filter, after, limit));
    co_return store::campaigns_in(result);
}

Task<Campaign> Campaigns::find(auth::Company actor, CampaignId id) {
    auto result = co_await database_.read(db::Scope::of(actor.company), store::find(actor.company, id));
    co_return only_one(store::campaigns_in(result));
}

Task<Campaign> Campaigns::add(auth::Company actor, NewCampaign wanted) {
    if (wanted.zone.empty()) wanted.zone = co_await companies_.zone(actor.company);
    const auto campaign = Campaign::made(CampaignId::make(), std::move(wanted), clock_.now());
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        co_await session.run_all(store::insert(actor.company, campaign));
        co_await trail_.record(session, actor.company, actor.who(), created(campaign));
        // Events of one company are written one after another, so this counts what others added just now.
        const auto counted = co_await session.run(store::count_campaigns(actor.company, most_campaigns + 1));
        if (counted.only<std::int64_t>() > most_campaigns)
            throw Problem{Kind::conflict, "campaigns.too_many",
                          std::format("A company has at most {} campaigns.", most_campaigns)};
    });
    co_return campaign;
}

Task<Campaign> Campaigns::change(auth::Company actor, CampaignId id, CampaignChange change, ExpectVersion expect) {
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Campaign> {
        const auto before = co_await hold(session, actor.company, id);
        expect(std::to_string(before.version));
        auto after = before.changed(change);
        co_await session.run_all(store::update(actor.company, after));
        co_await publish(session, actor, id, std::nullopt, difference(before, after));
        co_await trail_.record(session, actor.company, actor.who(), changed(before, after));
        co_return after;
    });
}

Task<Campaign> Campaigns::move(auth::Company actor, CampaignId id, CampaignVerb verb, ExpectVersion expect) {
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto before = co_await hold(session, actor.company, id);
        expect(std::to_string(before.version));
        auto campaign = before;
        campaign.state = next_state(campaign.state, verb);
        ++campaign.version;
        co_await session.run_all(store::update(actor.company, campaign));
        if (verb == CampaignVerb::finish || verb == CampaignVerb::cancel)
            co_await release_faces(session, actor, campaign);
        co_await trail_.record(session, actor.company, actor.who(), moved(before, campaign, verb));
    });
    co_return co_await find(actor, id);
}

Task<std::vector<NamedAssignment>> Campaigns::list_assignments(auth::Company actor, CampaignId id,
                                                               std::optional<AssignmentId> after, int limit) {
    auto results = co_await database_.read_all(
        db::Scope::of(actor.company),
        {store::find(actor.company, id), store::list_assignments(actor.company, id, after, limit)});
    only_one(store::campaigns_in(results.at(0)));
    co_return co_await named(actor.company, store::assignments_in(results.at(1)));
}

Task<NamedAssignment> Campaigns::assign(auth::Company actor, CampaignId id, NewAssignment wanted) {
    const auto faces = co_await assets_.faces(actor.company, {wanted.face});
    const auto face = faces.find(wanted.face);
    if (face == faces.end()) throw Problem{Kind::missing, "assets.face_not_found", "There is no such face."};
    const auto assignment = Assignment::made(AssignmentId::make(), id, face->second.face.asset, wanted);

    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        // Always in this order, here and below: the campaign, the asset, the face.
        const auto campaign = co_await hold(session, actor.company, id);
        campaign.require_open();
        const auto asset = co_await assets_.hold(session, actor.company, assignment.asset);
        if (asset.state == assets::AssetState::retired)
            throw Problem{Kind::conflict, "campaigns.asset_retired",
                          "The asset is retired; make it active again to book its faces."};
        co_await hold_face(session, actor.company, assignment.face);
        co_await require_free(session, actor.company, assignment, face->second.face.name);
        co_await session.run(store::insert(actor.company, assignment, clock_.now()));
        co_await session.run(store::touch(actor.company, id));
        co_await publish(session, actor, id, assignment.asset, overlap(assignment.during, campaign.flight));
        co_await trail_.record(session, actor.company, actor.who(), created(assignment, campaign));
    });
    co_return NamedAssignment{assignment, face->second.face.name, face->second.asset_name};
}

Task<NamedAssignment> Campaigns::correct_assignment(auth::Company actor, AssignmentId id, AssignmentChange change,
                                                    ExpectVersion expect) {
    auto found = co_await database_.read(db::Scope::of(actor.company), store::find_assignment(actor.company, id));
    auto answer = co_await named(actor.company, only_one(store::assignments_in(found)));
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto campaign = co_await hold(session, actor.company, answer.assignment.campaign);
        co_await hold_face(session, actor.company, answer.assignment.face);
        const auto before = co_await find_assignment(session, actor.company, id);
        expect(before.version());
        const auto after = before.changed(change);
        co_await require_free(session, actor.company, after, answer.face_name);
        co_await session.run(store::update(actor.company, after));
        co_await session.run(store::touch(actor.company, campaign.id));
        co_await publish(session, actor, campaign.id, before.asset,
                         hull(overlap(before.during, campaign.flight), overlap(after.during, campaign.flight)));
        co_await trail_.record(session, actor.company, actor.who(), changed(before, after, campaign));
        answer.assignment = after;
    });
    co_return answer;
}

Task<void> Campaigns::delete_assignment(auth::Company actor, AssignmentId id, ExpectVersion expect) {
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto seen = co_await find_assignment(session, actor.company, id);
        const auto campaign = co_await hold(session, actor.company, seen.campaign);
        const auto before = co_await find_assignment(session, actor.company, id);
        expect(before.version());
        co_await session.run(store::remove(actor.company, id));
        co_await session.run(store::touch(actor.company, campaign.id));
        co_await publish(session, actor, campaign.id, before.asset, overlap(before.during, campaign.flight));
        co_await trail_.record(session, actor.company, actor.who(), deleted(before, campaign));
    });
}

Task<std::vector<Coverage>> Campaigns::coverage(db::Session& session, CompanyId company, Window window) {
    auto results =
        co_await session.run_all({store::flights_within(company, window), store::assignments_within(company, window)});
    const auto assigned = by_asset(store::assignments_in(results.at(1)));
    std::vector<Coverage> coverage;
    for (const store::FlightRow& row : store::flights_in(results.at(0))) {
        const auto counting = counting_windows(row.flight, window);
        for (auto asset = assigned.lower_bound({row.campaign, AssetId{}});
             asset != assigned.end() && asset->first.first == row.campaign; ++asset)
            for (const Slice& slice : slices_of_asset(counting, asset->second))
                coverage.push_back({row.campaign, asset->first.second, slice.during.from, slice.during.to, slice.share,
                                    FaceId{slice.face}});
    }
    co_return coverage;
}

Task<Campaign> Campaigns::hold(db::Session& session, CompanyId company, CampaignId id) {
    // Read after the lock is ours: one statement with both could give dayparts from before it.
    co_await session.run(store::hold(company, id));
    auto result = co_await session.run(store::find(company, id));
    co_return only_one(store::campaigns_in(result));
}

Task<void> Campaigns::hold_face(db::Session& session, CompanyId company, FaceId face) {
    co_await session.run(store::book_face(company, face));
    co_await session.run(store::hold_face(company, face));
}

Task<void> Campaigns::require_free(db::Session& session, CompanyId company, Assignment wanted, std::string face_name) {
    auto result = co_await session.run(store::booked_beside(company, wanted));
    const auto booked = store::assignments_in(result);
    campaigns::require_free(booked, wanted, face_name);
}

Task<Assignment> Campaigns::find_assignment(db::Session& session, CompanyId company, AssignmentId id) {
    auto result = co_await session.run(store::find_assignment(company, id));
    co_return only_one(store::assignments_in(result));
}

Task<void> Campaigns::release_faces(db::Session& session, auth::Company actor, Campaign campaign) {
    const CompanyId company = actor.company;
    const auto now = clock_.now();
    auto dropped = co_await session.run(store::drop_later_assignments(company, campaign.id, now));
    auto ended = co_await session.run(store::end_running_assignments(company, campaign.id, now));
    if (dropped.affected() + ended.affected() == 0) co_return;
    co_await publish(session, actor, campaign.id, std::nullopt, overlap(campaign.flight, {now, clock::far_future}));
}

Task<void> Campaigns::publish(db::Session& session, auth::Company actor, CampaignId campaign,
                              std::optional<AssetId> asset, Window touched) {
    if (touched.empty()) co_return;
    const CompanyId company = actor.company;
    co_await events_.publish(
        session, company.uuid, "campaigns.coverage_changed",
        std::format(R"({{"company_id":"{}","campaign_id":"{}","asset_id":{},"from":"{}","to":"{}"}})", company.text(),
                    campaign.text(), asset ? '"' + asset->text() + '"' : "null", clock::to_rfc3339(touched.from),
                    clock::to_rfc3339(touched.to)),
        actor.who().cause());
}

Task<std::vector<NamedAssignment>> Campaigns::named(CompanyId company, std::vector<Assignment> assignments) {
    std::vector<FaceId> wanted;
    for (const Assignment& assignment : assignments) wanted.push_back(assignment.face);
    const auto faces = co_await assets_.faces(company, std::move(wanted));
    std::vector<NamedAssignment> result;
    for (const Assignment& assignment : assignments) {
        const auto& face = faces.at(assignment.face);
        result.push_back({assignment, face.face.name, face.asset_name});
    }
    co_return result;
}

Task<NamedAssignment> Campaigns::named(CompanyId company, Assignment assignment) {
    std::vector<Assignment> one{assignment};
    auto result = co_await named(company, std::move(one));
    co_return std::move(result.front());
}

}  // namespace mobilytics::campaigns
