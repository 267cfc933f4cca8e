#include "src/assets/asset.hpp"

#include <cmath>
#include <utility>

namespace mobilytics::assets {

namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_face_name = 100;
constexpr std::size_t longest_plate = 20;

void check_point(Faults& faults, const Point& point) {
    if (!(std::abs(point.lat) <= 90)) faults.add("/point/lat", "must be between -90 and 90 degrees");
    if (!(std::abs(point.lon) <= 180)) faults.add("/point/lon", "must be between -180 and 180 degrees");
    if (point.lat == 0 && point.lon == 0) faults.add("/point", "0, 0 is what a missing survey looks like");
}

void check_kind(Faults& faults, const Asset& asset) {
    const bool billboard = asset.kind == AssetKind::billboard;
    if (billboard && !asset.point) faults.add("/point", "a billboard needs its surveyed point");
    if (!billboard && asset.point) faults.add("/point", "a vehicle has no surveyed point");
    if (billboard && asset.plate) faults.add("/plate", "a billboard has no plate");
}

void check(Faults& faults, const Asset& asset) {
    faults.check_line("/name", asset.name, longest_name);
    if (asset.plate) faults.check_line("/plate", *asset.plate, longest_plate);
    if (asset.point) check_point(faults, *asset.point);
    check_kind(faults, asset);
}

void refuse(const Faults& faults) { faults.refuse("assets.invalid", "The asset cannot be like that; see errors."); }

Face face_of(AssetId asset, FaceId id, NewFace wanted) {
    return {id, asset, std::move(wanted.name), wanted.format, wanted.placement};
}

}  // namespace

Asset Asset::made(AssetId id, NewAsset wanted, clock::Instant now) {
    Asset asset{.id = id,
                .kind = wanted.kind,
                .name = std::move(wanted.name),
                .plate = std::move(wanted.plate),
                .point = wanted.point,
                .created_at = now,
                .faces = {}};
    Faults faults;
    check(faults, asset);
    if (wanted.faces.size() > most_faces)
        faults.add("/faces", "an asset has at most " + std::to_string(most_faces) + " faces");
    for (std::size_t index = 0; index < wanted.faces.size(); ++index) {
        faults.check_line("/faces/" + std::to_string(index) + "/name", wanted.faces[index].name, longest_face_name);
        asset.faces.push_back(face_of(id, FaceId::make(), std::move(wanted.faces[index])));
    }
    refuse(faults);
    return asset;
}

Asset Asset::changed(AssetChange change) const {
    Asset asset = *this;
    if (change.name) asset.name = std::move(*change.name);
    if (change.plate) asset.plate = std::move(*change.plate);
    if (change.point) asset.point = change.point;
    if (change.state) asset.state = *change.state;
    ++asset.version;
    Faults faults;
    check(faults, asset);
    refuse(faults);
    return asset;
}

Face Asset::added_face(FaceId face, NewFace wanted) const {
    Faults faults;
    faults.check_line("/name", wanted.name, longest_face_name);
    refuse(faults);
    if (faces.size() >= most_faces)
        throw Problem{mobilytics::Kind::conflict, "assets.too_many_faces",
                      "An asset has at most " + std::to_string(most_faces) + " faces."};
    return face_of(id, face, std::move(wanted));
}

}  // namespace mobilytics::assets
