#include "src/assets/assets.hpp"

#include <format>
#include <utility>

#include "platform/jobs/events.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/assets/entries.hpp"
#include "src/assets/limits.hpp"
#include "src/assets/store.hpp"

namespace mobilytics::assets {

namespace {

Asset only_one(std::vector<Asset> found) {
    if (found.empty()) throw Problem{Kind::missing, "assets.not_found", "There is no such asset."};
    return std::move(found.front());
}

}  // namespace

Assets::Assets(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail)
    : database_{database}, clock_{clock}, events_{events}, trail_{trail} {}

Task<std::vector<Asset>> Assets::list(auth::Company actor, AssetFilter filter, std::optional<AssetId> after,
                                      int limit) {
    auto result =
        co_await database_.read(db::Scope::of(actor.company), store::list(actor.company, filter, after, limit));
    co_return store::assets_in(result);
}

Task<Asset> Assets::find(auth::Company actor, AssetId id) {
    auto result = co_await database_.read(db::Scope::of(actor.company), store::find(actor.company, id));
    co_return only_one(store::assets_in(result));
}

Task<Asset> Assets::add(auth::Company actor, NewAsset wanted) {
    const auto now = clock_.now();
    const auto asset = Asset::made(AssetId::make(), std::move(wanted), now);
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        std::vector<db::Statement> statements{store::insert(actor.company, asset)};
        for (const Face& face : asset.faces) statements.push_back(store::insert_face(actor.company, face, now));
        co_await session.run_all(std::move(statements));
        co_await trail_.record(session, actor.company, actor.who(), created(asset));
        // Events of one company are written one after another, so this counts what others added just now.
        const auto counted = co_await session.run(store::count_assets(actor.company, most_assets + 1));
        if (counted.only<std::int64_t>() > most_assets)
            throw Problem{Kind::conflict, "assets.too_many",
                          std::format("A company has at most {} vehicles and billboards.", most_assets)};
    });
    co_return asset;
}

Task<Asset> Assets::change(auth::Company actor, AssetId id, AssetChange change, ExpectVersion expect) {
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Asset> {
        const auto before = co_await hold(session, actor.company, id);
        expect(std::to_string(before.version));
        auto after = before.changed(change);
        co_await session.run(store::update(actor.company, after));
        if (after.point != before.point) co_await publish_changed(session, actor, id);
        co_await trail_.record(session, actor.company, actor.who(), changed(before, after));
        co_return after;
    });
}

Task<Face> Assets::add_face(auth::Company actor, AssetId id, NewFace wanted) {
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Face> {
        auto asset = co_await hold(session, actor.company, id);
        auto face = asset.added_face(FaceId::make(), wanted);
        ++asset.version;
        std::vector<db::Statement> statements{store::update(actor.company, asset),
                                              store::insert_face(actor.company, face, clock_.now())};
        co_await session.run_all(std::move(statements));
        co_await publish_changed(session, actor, id);
        co_await trail_.record(session, actor.company, actor.who(), face_added(asset, face));
        co_return face;
    });
}

Task<Asset> Assets::hold(db::Session& session, CompanyId company, AssetId id) {
    // Read after the lock is ours: one statement with both could give faces from before it.
    co_await session.run(store::hold(company, id));
    co_return co_await find(session, company, id);
}

Task<Asset> Assets::find(db::Session& session, CompanyId company, AssetId id) {
    auto result = co_await session.run(store::find(company, id));
    co_return only_one(store::assets_in(result));
}

Task<std::vector<Asset>> Assets::all(db::Session& session, CompanyId company) {
    auto result = co_await session.run(store::all(company));
    co_return store::assets_in(result);
}

Task<std::unordered_map<AssetId, std::string>> Assets::names(CompanyId company, std::vector<AssetId> assets) {
    if (assets.empty()) co_return std::unordered_map<AssetId, std::string>{};
    auto result = co_await database_.read(db::Scope::of(company), store::names(company, std::move(assets)));
    co_return store::names_in(result);
}

Task<std::unordered_map<FaceId, BookableFace>> Assets::faces(CompanyId company, std::vector<FaceId> faces) {
    if (faces.empty()) co_return std::unordered_map<FaceId, BookableFace>{};
    auto result = co_await database_.read(db::Scope::of(company), store::faces(company, std::move(faces)));
    co_return store::faces_in(result);
}

Task<void> Assets::publish_changed(db::Session& session, auth::Company actor, AssetId asset) {
    const CompanyId company = actor.company;
    co_await events_.publish(session, company.uuid, "assets.changed",
                             std::format(R"({{"company_id":"{}","asset_id":"{}"}})", company.text(), asset.text()),
                             actor.who().cause());
}

}  // namespace mobilytics::assets
