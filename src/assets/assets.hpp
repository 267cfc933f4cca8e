#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/assets/asset.hpp"
#include "src/auth/actor.hpp"

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

// Given the version of what is about to be changed; throws when the caller has seen another.
using ExpectVersion = std::function<void(std::string_view version)>;

struct AssetFilter {
    std::optional<AssetKind> kind;
    std::optional<std::string> q;  // part of the name or plate, without regard to case
};

// A face with what a booking or a list needs to know of its asset.
struct BookableFace {
    Face face;
    std::string asset_name;
    AssetState asset_state = AssetState::active;
};

// Front door of the room. An asset of another company does not exist here: missing "assets.not_found".
//
// Publishes, in the transaction of the change:
//   assets.changed {"company_id","asset_id"}  its surveyed point or its faces are others now, so everything that was
//                                             derived from them, at any time, may differ
class Assets {
public:
    Assets(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail);

    // ---- for people and programs of a company; the routes name the permission ----

    // Newest first, at most `limit`, those after the given one.
    Task<std::vector<Asset>> list(auth::Company actor, AssetFilter filter, std::optional<AssetId> after, int limit);
    Task<Asset> find(auth::Company actor, AssetId id);

    // Refuses with invalid "assets.invalid": a billboard without its point, a vehicle with one, a wrong name.
    Task<Asset> add(auth::Company actor, NewAsset wanted);

    // Name, plate, point and state. A retired asset takes no new attachments and assignments; those it has go on
    // until they are ended, and its history stays.
    Task<Asset> change(auth::Company actor, AssetId id, AssetChange change, ExpectVersion expect);

    Task<Face> add_face(auth::Company actor, AssetId id, NewFace wanted);

    // ---- for other rooms, within their transaction ----

    // The asset, kept from changing until the transaction ends, so that what is decided about it stays true.
    Task<Asset> hold(db::Session& session, CompanyId company, AssetId id);

    Task<Asset> find(db::Session& session, CompanyId company, AssetId id);

    // Every asset of the company with its faces, by id; retired ones too, for their history counts.
    Task<std::vector<Asset>> all(db::Session& session, CompanyId company);

    // What is not the company's is not in the answer.
    Task<std::unordered_map<AssetId, std::string>> names(CompanyId company, std::vector<AssetId> assets);
    Task<std::unordered_map<FaceId, BookableFace>> faces(CompanyId company, std::vector<FaceId> faces);

private:
    Task<void> publish_changed(db::Session& session, auth::Company actor, AssetId asset);

    db::Database& database_;
    const clock::Clock& clock_;
    jobs::Events& events_;
    trail::Trail& trail_;
};

void add_routes(http::Router& router, Assets& assets);

}  // namespace mobilytics::assets
