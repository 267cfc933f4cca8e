#include "platform/basemap/routes.hpp"

#include <format>
#include <utility>
#include <vector>

#include "platform/gzip/gzip.hpp"
#include "platform/http/media_type.hpp"
#include "platform/http/router.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::basemap {

namespace {

constexpr std::size_t most_plain_bytes = 16UL << 20U;

struct VectorLayer {
    std::string id;
};

// Of the file's own metadata only this is of use; there is much more in it.
struct Metadata {
    std::vector<VectorLayer> vector_layers;
    std::optional<std::string> attribution;
};

struct BasemapOut {
    bool available = false;
    int minzoom = 0;
    int maxzoom = 0;
    std::vector<std::string> layers;
    std::optional<std::string> attribution;
    std::optional<std::array<double, 4>> bounds;
    std::optional<std::string> version;

    static constexpr json::Field about[] = {
        {.name = "available", .description = "Whether tiles are served; without, everything else is empty."},
        {.name = "layers", .description = "Names of the vector layers."},
        {.name = "attribution", .description = "To be shown on the map."},
        {.name = "bounds", .description = "West, south, east, north, in degrees."},
        {.name = "version", .description = "Changes with the file; `v` of tiles."}};
};

struct TileQuery {
    std::optional<std::string> v;

    static constexpr json::Field about[] = {
        {.name = "v", .description = "Version of the map: while it is current the tile may be kept for good."}};
};

BasemapOut printed(const Archive* archive) {
    if (!archive) return {};
    const Description& description = archive->description();
    Metadata metadata;
    // What cannot be read there is only missing from the description.
    if (!description.metadata.empty() &&
        glz::read<glz::opts{.error_on_unknown_keys = false}>(metadata, description.metadata))
        metadata = {};
    BasemapOut out{true, description.min_zoom, description.max_zoom, {}, {}, description.bounds, description.version};
    for (VectorLayer& layer : metadata.vector_layers) out.layers.push_back(std::move(layer.id));
    if (!description.attribution.empty())
        out.attribution = description.attribution;
    else
        out.attribution = std::move(metadata.attribution);
    return out;
}

http::Raw stored(const Archive& archive, Tile tile, const TileQuery& query, const http::Request& request) {
    const Description& description = archive.description();
    http::Raw raw{.content_type = description.content_type,
                  .body = "",
                  .etag = std::format("{}-{}-{}-{}", description.version, tile.zoom, tile.x, tile.y),
                  .cache_control =
                      query.v == description.version ? "public, max-age=31536000, immutable" : "public, max-age=86400"};
    auto bytes = archive.read(tile);
    if (!bytes || bytes->empty()) {
        raw.status = 204;
    } else if (!gzip::is_gzip(*bytes)) {
        raw.body = std::move(*bytes);
    } else if (http::chosen_encoding(request.header("Accept-Encoding").value_or(""), true, false) ==
               http::Encoding::gzip) {
        raw.body = std::move(*bytes);
        raw.content_encoding = "gzip";
    } else {
        raw.body = gzip::decompress(*bytes, most_plain_bytes);
    }
    return raw;
}

}  // namespace

void add_routes(http::Router& router, std::shared_ptr<const Archive> archive) {
    auto group = router.group("basemap");
    group.get("/v1/basemap", {.id = "basemap.get", .summary = "The map beneath"},
              [archive, out = printed(archive.get())]() -> Task<BasemapOut> { co_return out; });
    group.get("/tiles/base/{z}/{x}/{y}",
              // Many, and nearly for nothing: a person who moves the map must not use up what strangers have.
              {.id = "basemap.tile",
               .summary = "A tile of the map beneath",
               .description = "As the file holds it. 204 where it has no tile.",
               .answer_type = archive ? archive->description().content_type : "application/vnd.mapbox-vector-tile",
               .other_answers = {204, 304},
               .self_regulated = true},
              [archive](int z, std::uint32_t x, std::uint32_t y, http::Query<TileQuery> query,
                        http::Request& request) -> Task<http::Raw> {
                  if (!archive)
                      throw Problem{Kind::missing, "basemap.none", "No base map is configured (basemap.file)."};
                  const Tile tile{z, x, y};
                  if (!tile.is_valid())
                      throw Problem{Kind::invalid, "basemap.bad_tile",
                                    std::format("There is no tile {}/{}/{}.", z, x, y)};
                  co_return stored(*archive, tile, *query, request);
              });
}

}  // namespace mobilytics::basemap
