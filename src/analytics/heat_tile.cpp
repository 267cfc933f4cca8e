#include "src/analytics/heat_tile.hpp"

#include <optional>

#include "platform/gzip/gzip.hpp"
#include "src/analytics/hexagon.hpp"
#include "src/analytics/mvt.hpp"

namespace mobilytics::analytics {

namespace {

// Nothing when there are more cells than a tile may hold.
std::optional<ExposureLayer> layer_of(const Surface& surface, Tile tile, int resolution, bool coarsened) {
    ExposureLayer layer;
    for (const CellRange& range : covering(tile, resolution)) {
        for (const SurfaceCell& cell : surface.cells_in(range, resolution)) {
            const auto rings = rings_in(tile, surface.outline(cell, resolution));
            if (rings.empty()) continue;
            if (layer.cells() == most_cells_a_tile) return std::nullopt;
            layer.add(cell, rings, coarsened);
        }
    }
    return layer;
}

}  // namespace

HeatTile heat_tile(const Surface& surface, Tile tile) {
    const int wanted = resolution_of_zoom(tile.zoom);
    for (int resolution = wanted;; --resolution) {
        const bool coarsened = resolution < wanted;
        const auto layer = layer_of(surface, tile, resolution, coarsened);
        if (!layer && resolution > coarsest_resolution) continue;
        if (!layer || layer->cells() == 0) return {{}, 0, resolution, coarsened};
        HeatTile made{gzip::compress(layer->encode()), layer->cells(), resolution, coarsened};
        if (made.gzip.size() <= most_bytes_a_tile || resolution == coarsest_resolution) return made;
    }
}

}  // namespace mobilytics::analytics
