#include <utility>

#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "platform/http/version.hpp"
#include "src/assets/assets.hpp"

namespace mobilytics::assets {

namespace {

using auth::May;
using auth::Permission;

struct PointBody {
    double lat = 0;
    double lon = 0;

    static constexpr json::Field about[] = {
        {.name = "lat", .description = "Latitude, degrees, WGS 84.", .minimum = -90, .maximum = 90},
        {.name = "lon", .description = "Longitude, degrees, WGS 84.", .minimum = -180, .maximum = 180}};
};

struct FaceIn {
    std::string name;
    FaceFormat format = FaceFormat::truck;
    FacePlacement placement = FacePlacement::side;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "Tells the faces of one asset apart.", .min_length = 1, .max_length = 100},
        {.name = "format", .description = "What kind of medium; with the placement it decides how likely it is seen."},
        {.name = "placement", .description = "Where on the asset the face is."}};
};

struct FaceOut {
    FaceId id;
    std::string name;
    FaceFormat format = FaceFormat::truck;
    FacePlacement placement = FacePlacement::side;
};

struct AssetIn {
    AssetKind kind = AssetKind::vehicle;
    std::string name;
    std::optional<std::string> plate;
    std::optional<PointBody> point;
    std::optional<std::vector<FaceIn>> faces;

    static constexpr json::Field about[] = {
        {.name = "kind", .description = "A vehicle moves and takes its place from its devices; a billboard stands."},
        {.name = "name", .description = "Shown in lists.", .min_length = 1, .max_length = 200},
        {.name = "plate", .description = "Licence plate of a vehicle.", .min_length = 1, .max_length = 20},
        {.name = "point", .description = "Surveyed point; required for a billboard, refused for a vehicle."},
        {.name = "faces", .description = "What can be booked on it.", .max_length = most_faces}};
};

struct AssetPatch {
    std::optional<std::string> name;
    json::Change<std::string> plate;
    std::optional<PointBody> point;
    std::optional<AssetState> state;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "Shown in lists.", .min_length = 1, .max_length = 200},
        {.name = "plate",
         .description = "Licence plate of a vehicle; null when it has none.",
         .min_length = 1,
         .max_length = 20},
        {.name = "point", .description = "Surveyed point of a billboard; moving it re-does its whole history."},
        {.name = "state", .description = "A retired asset takes no new attachments and assignments."}};
};

struct AssetOut {
    AssetId id;
    AssetKind kind = AssetKind::vehicle;
    std::string name;
    std::optional<std::string> plate;
    std::optional<PointBody> point;
    AssetState state = AssetState::active;
    std::vector<FaceOut> faces;
    clock::Instant created_at;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "point", .description = "Surveyed point of a billboard; null for a vehicle."},
        {.name = "faces", .description = "In the order they were added."},
        http::version_field};
};

struct ListQuery {
    std::optional<AssetKind> kind;
    std::optional<std::string> q;

    static constexpr json::Field about[] = {
        {.name = "kind", .description = "Only vehicles or only billboards."},
        {.name = "q", .description = "Part of the name or plate, without regard to case.", .max_length = 200}};
};

FaceOut to_out(Face face) { return {face.id, std::move(face.name), face.format, face.placement}; }

AssetOut to_out(Asset asset) {
    AssetOut out{asset.id,    asset.kind, std::move(asset.name), std::move(asset.plate),       {},
                 asset.state, {},         asset.created_at,      std::to_string(asset.version)};
    if (asset.point) out.point = PointBody{asset.point->lat, asset.point->lon};
    for (Face& face : asset.faces) out.faces.push_back(to_out(std::move(face)));
    return out;
}

std::optional<Point> point_in(const std::optional<PointBody>& body) {
    return body ? std::optional{Point{body->lat, body->lon}} : std::nullopt;
}

NewFace read(FaceIn in) { return {std::move(in.name), in.format, in.placement}; }

NewAsset read(AssetIn in) {
    NewAsset wanted{in.kind, std::move(in.name), std::move(in.plate), point_in(in.point), {}};
    for (FaceIn& face : in.faces.value_or(std::vector<FaceIn>{})) wanted.faces.push_back(read(std::move(face)));
    return wanted;
}

AssetChange read(AssetPatch in) {
    AssetChange change{std::move(in.name), {}, point_in(in.point), in.state};
    if (in.plate.given) change.plate = std::move(in.plate.value);
    return change;
}

}  // namespace

void add_routes(http::Router& router, Assets& assets) {
    auto group = router.group("assets");

    group.get("/v1/assets", {.id = "assets.list", .summary = "Vehicles and billboards, newest first"},
              [&assets](May<Permission::assets_read> actor, http::Query<ListQuery> query,
                        http::Paging paging) -> Task<http::Page<AssetOut>> {
                  auto found = co_await assets.list(actor, AssetFilter{query->kind, query->q},
                                                    paging.after_one<AssetId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](Asset asset) { return to_out(std::move(asset)); },
                      [](const Asset& asset) { return http::encode_cursor(asset.id); });
              });

    group.post(
        "/v1/assets", {.id = "assets.add", .summary = "Add a vehicle or a billboard with its faces"},
        [&assets](May<Permission::assets_edit> actor, http::Body<AssetIn> body) -> Task<http::Created<AssetOut>> {
            auto asset = co_await assets.add(actor, read(std::move(*body)));
            auto location = "/v1/assets/" + asset.id.text();
            co_return http::Created<AssetOut>{to_out(std::move(asset)), std::move(location)};
        });

    group.get("/v1/assets/{id}", {.id = "assets.get", .summary = "One asset"},
              [&assets](May<Permission::assets_read> actor, AssetId id) -> Task<http::Tagged<AssetOut>> {
                  co_return http::tagged(to_out(co_await assets.find(actor, id)));
              });

    group.patch("/v1/assets/{id}", {.id = "assets.change", .summary = "Change, retire or bring back an asset"},
                [&assets](May<Permission::assets_edit> actor, AssetId id, http::IfMatch seen,
                          http::Body<AssetPatch> body) -> Task<http::Tagged<AssetOut>> {
                    auto asset = co_await assets.change(actor, id, read(std::move(*body)), http::expecting(seen));
                    co_return http::tagged(to_out(std::move(asset)));
                });

    group.post("/v1/assets/{id}/faces", {.id = "assets.add_face", .summary = "Add a face to an asset"},
               [&assets](May<Permission::assets_edit> actor, AssetId id,
                         http::Body<FaceIn> body) -> Task<http::Created<FaceOut>> {
                   auto face = co_await assets.add_face(actor, id, read(std::move(*body)));
                   co_return http::Created<FaceOut>{to_out(std::move(face)), ""};
               });
}

}  // namespace mobilytics::assets
