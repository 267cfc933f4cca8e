#include "src/assets/store.hpp"

#include <utility>

#include "src/assets/assets.hpp"
#include "src/assets/queries.hpp"

namespace mobilytics::assets::store {

namespace {

// The check constraints keep the texts to the enumerators' names.
template <class E>
E named(const std::string& text) {
    return json::value_named<E>(text).value();
}

std::optional<double> lat_of(const Asset& asset) {
    return asset.point ? std::optional{asset.point->lat} : std::nullopt;
}

std::optional<double> lon_of(const Asset& asset) {
    return asset.point ? std::optional{asset.point->lon} : std::nullopt;
}

struct AssetRow {
    AssetId id;
    std::string kind;
    std::string name;
    std::optional<std::string> plate;
    std::optional<double> lat;
    std::optional<double> lon;
    std::string state;
    std::int32_t version;
    clock::Instant created_at;
    std::optional<FaceId> face;
    std::optional<std::string> face_name;
    std::optional<std::string> format;
    std::optional<std::string> placement;
};

struct NameRow {
    AssetId id;
    std::string name;
};

struct FaceRow {
    FaceId id;
    AssetId asset;
    std::string name;
    std::string format;
    std::string placement;
    std::string asset_name;
    std::string asset_state;
};

Asset asset_of(AssetRow& row) {
    Asset asset{.id = row.id,
                .kind = named<AssetKind>(row.kind),
                .name = std::move(row.name),
                .plate = std::move(row.plate),
                .point = {},
                .state = named<AssetState>(row.state),
                .version = row.version,
                .created_at = row.created_at,
                .faces = {}};
    if (row.lat && row.lon) asset.point = Point{*row.lat, *row.lon};
    return asset;
}

}  // namespace

db::Statement insert(CompanyId company, const Asset& asset) {
    return db::bind(sql::insert_asset, company, asset.id, json::name_of(asset.kind), asset.name, asset.plate,
                    lat_of(asset), lon_of(asset), json::name_of(asset.state), std::int32_t{asset.version},
                    asset.created_at);
}

db::Statement update(CompanyId company, const Asset& asset) {
    return db::bind(sql::update_asset, company, asset.id, asset.name, asset.plate, lat_of(asset), lon_of(asset),
                    json::name_of(asset.state), std::int32_t{asset.version});
}

db::Statement insert_face(CompanyId company, const Face& face, clock::Instant now) {
    return db::bind(sql::insert_face, company, face.id, face.asset, face.name, json::name_of(face.format),
                    json::name_of(face.placement), now);
}

db::Statement find(CompanyId company, AssetId id) { return db::bind(sql::find_asset, company, id); }

db::Statement hold(CompanyId company, AssetId id) { return db::bind(sql::hold_asset, company, id); }

db::Statement list(CompanyId company, const AssetFilter& filter, std::optional<AssetId> after, int limit) {
    std::optional<std::string> kind;
    if (filter.kind) kind = json::name_of(*filter.kind);
    return db::bind(sql::list_assets, company, kind, filter.q, after, std::int64_t{limit});
}

db::Statement all(CompanyId company) { return db::bind(sql::all_assets, company); }

std::vector<Asset> assets_in(const db::Result& result) {
    std::vector<Asset> assets;
    for (AssetRow& row : result.all<AssetRow>()) {
        if (assets.empty() || assets.back().id != row.id) assets.push_back(asset_of(row));
        if (row.face)
            assets.back().faces.push_back({*row.face, row.id, std::move(row.face_name).value(),
                                           named<FaceFormat>(row.format.value()),
                                           named<FacePlacement>(row.placement.value())});
    }
    return assets;
}

db::Statement names(CompanyId company, std::vector<AssetId> assets) {
    return db::bind(sql::names_of_assets, company, assets);
}

std::unordered_map<AssetId, std::string> names_in(const db::Result& result) {
    std::unordered_map<AssetId, std::string> names;
    for (NameRow& row : result.all<NameRow>()) names.emplace(row.id, std::move(row.name));
    return names;
}

db::Statement faces(CompanyId company, std::vector<FaceId> faces) { return db::bind(sql::faces_by_id, company, faces); }

std::unordered_map<FaceId, BookableFace> faces_in(const db::Result& result) {
    std::unordered_map<FaceId, BookableFace> faces;
    for (FaceRow& row : result.all<FaceRow>()) {
        Face face{row.id, row.asset, std::move(row.name), named<FaceFormat>(row.format),
                  named<FacePlacement>(row.placement)};
        faces.emplace(row.id,
                      BookableFace{std::move(face), std::move(row.asset_name), named<AssetState>(row.asset_state)});
    }
    return faces;
}

db::Statement count_assets(CompanyId company, std::int64_t up_to) {
    return db::bind(sql::count_assets, company, up_to);
}

}  // namespace mobilytics::assets::store
