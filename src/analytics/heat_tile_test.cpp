#include "src/analytics/heat_tile.hpp"

#include <random>
#include <set>

#include "platform/gzip/gzip.hpp"
#include "src/analytics/mvt.hpp"
#include "src/analytics/tile_decoder_test.hpp"

namespace mobilytics::analytics {
namespace {

TEST(heat_tile, says_for_each_cell_what_the_contract_promises) {
    const Surface surface{disk(43.65, -79.38, 1), {}, 10};
    const auto tile = heat_tile(surface, tile_at(43.65, -79.38, 13));
    const auto layer = decoded(gzip::decompress(tile.gzip, 1 << 20));
    EXPECT_EQ(layer.name, "exposure");
    EXPECT_EQ(layer.version, 2U);
    EXPECT_EQ(layer.extent, 4096U);
    ASSERT_EQ(layer.features.size(), 7U);
    const auto& properties = layer.features.front().properties;
    EXPECT_EQ(properties.at("cell"), cell_text(surface.level(9).front().cell));
    EXPECT_EQ(properties.at("resolution"), "9");
    EXPECT_EQ(properties.at("hidden"), "false");
    EXPECT_EQ(properties.at("visits"), "12");
    EXPECT_EQ(properties.at("ots"), "4");
    EXPECT_EQ(properties.at("lts"), std::to_string(12 * 0.7));
    EXPECT_EQ(properties.at("mean_dwell_s"), "40");
    EXPECT_EQ(properties.size(), 7U);
    expect_valid(layer);
}

TEST(heat_tile, a_hidden_cell_is_drawn_without_its_numbers) {
    auto cells = disk(43.65, -79.38, 1);
    cells[2].sums = {3, 3, 3, 90, 3};
    const Surface surface{cells, {}, 10};
    const auto layer = decoded(gzip::decompress(heat_tile(surface, tile_at(43.65, -79.38, 13)).gzip, 1 << 20));
    int hidden = 0;
    for (const Feature& feature : layer.features) {
        if (feature.properties.at("hidden") == "false") continue;
        ++hidden;
        EXPECT_EQ(feature.properties.size(), 3U);
        EXPECT_TRUE(feature.properties.contains("cell") && feature.properties.contains("resolution"));
    }
    EXPECT_EQ(hidden, 2) << "its neighbour is hidden with it";
}

TEST(heat_tile, rings_are_valid_on_every_zoom_and_keep_the_area_of_the_cells) {
    const Surface surface{disk(43.65, -79.38, 40), {}, 10};
    for (int zoom = 0; zoom <= 22; ++zoom) {
        const Tile tile = tile_at(43.65, -79.38, zoom);
        const auto made = heat_tile(surface, tile);
        const auto layer = decoded(gzip::decompress(made.gzip, 1 << 22));
        ASSERT_FALSE(layer.features.empty()) << zoom;
        EXPECT_EQ(layer.features.size(), made.cells);
        EXPECT_EQ(made.resolution, resolution_of_zoom(zoom));
        expect_valid(layer);
        for (const Feature& feature : layer.features) {
            Cell cell = 0;
            stringToH3(feature.properties.at("cell").c_str(), &cell);
            const bool cut = std::ranges::any_of(feature.rings[0], [](auto p) {
                return p.first <= -tile_buffer || p.second <= -tile_buffer || p.first >= tile_extent + tile_buffer ||
                       p.second >= tile_extent + tile_buffer;
            });
            if (cut) continue;
            const double area = true_area(tile, cell);
            EXPECT_NEAR(static_cast<double>(twice_area(feature.rings[0])) / 2, area, 0.02 * area + 4 * std::sqrt(area));
        }
    }
}

TEST(heat_tile, deep_inside_a_cell_the_whole_tile_is_filled) {
    const Surface surface{disk(43.65, -79.38, 3), {}, 10};
    const auto centre = centre_of(cell_at(43.65, -79.38, 9));
    const auto layer = decoded(gzip::decompress(heat_tile(surface, tile_at(centre.lat, centre.lon, 21)).gzip, 1 << 20));
    ASSERT_EQ(layer.features.size(), 1U);
    const long side = tile_extent + 2 * tile_buffer;
    EXPECT_EQ(twice_area(layer.features[0].rings[0]), 2 * side * side);
}

TEST(heat_tile, neighbouring_tiles_share_the_cells_on_their_border_and_lose_none) {
    const Surface surface{disk(43.65, -79.38, 12), {}, 10};
    for (const int zoom : {13, 15}) {
        const Tile middle = tile_at(43.65, -79.38, zoom);
        std::set<std::string> seen;
        const auto reach = static_cast<int>(std::exp2(zoom - 12));
        for (int dx = -reach; dx <= reach; ++dx) {
            for (int dy = -reach; dy <= reach; ++dy) {
                const Tile tile{zoom, middle.x + static_cast<std::uint32_t>(dx),
                                middle.y + static_cast<std::uint32_t>(dy)};
                const auto made = heat_tile(surface, tile);
                if (made.gzip.empty()) continue;
                for (const auto& feature : decoded(gzip::decompress(made.gzip, 1 << 20)).features)
                    seen.insert(feature.properties.at("cell"));
            }
        }
        EXPECT_EQ(seen.size(), surface.level(9).size());
    }
}

TEST(heat_tile, a_cell_across_the_antimeridian_shows_at_both_edges_of_the_world) {
    // A coarse cell whose outline crosses 180 degrees.
    Cell across = 0;
    for (double lat = -20; lat < 20 && across == 0; lat += 0.05) {
        const Cell cell = cell_at(lat, 180, 3);
        const auto outline = outline_of(cell);
        const auto [west, east] = std::ranges::minmax(outline, {}, &Place::lon);
        EXPECT_LT(east.lon - west.lon, 5) << "longitudes run on";
        const double inside = std::min(std::abs(std::abs(west.lon) - 180), std::abs(std::abs(east.lon) - 180));
        if (inside > 0.3) across = cell;
    }
    ASSERT_NE(across, 0U);
    const auto rings = rings_in({0, 0, 0}, world_outline_of(across));
    ASSERT_EQ(rings.size(), 2U);
    for (const auto& ring : rings) {
        const auto [west, east] = std::ranges::minmax(ring, {}, &TilePoint::x);
        EXPECT_LT(east.x - west.x, 60);
        EXPECT_TRUE(east.x <= 60 || west.x >= tile_extent - 60);
    }
    EXPECT_EQ(rings_in(tile_at(centre_of(across).lat, 179.99, 5), world_outline_of(across)).size(), 1U);
    EXPECT_EQ(rings_in(tile_at(centre_of(across).lat, -179.99, 5), world_outline_of(across)).size(), 1U);
    EXPECT_TRUE(rings_in(tile_at(centre_of(across).lat, 0, 5), world_outline_of(across)).empty());
}

TEST(heat_tile, no_cell_of_a_coarse_resolution_is_invalid_anywhere_on_earth) {
    for (int base = 0; base < 122; ++base) {
        std::vector<H3Index> bases(122);
        getRes0Cells(bases.data());
        std::vector<H3Index> cells(343);
        cellToChildren(bases[static_cast<std::size_t>(base)], 3, cells.data());
        ExposureLayer layer;
        for (const Cell cell : cells) {
            if (cell == 0) continue;
            const auto rings = rings_in({0, 0, 0}, world_outline_of(cell));
            if (!rings.empty()) layer.add({cell, {1, 1, 1, 1, 1}, false}, rings, false);
        }
        expect_valid(decoded(layer.encode()));
    }
}

// One cell of resolution 9 in each of the coarser cells, with visits that do not repeat.
Surface scattered(std::vector<H3Index> coarse) {
    std::mt19937 random{4};
    std::uniform_real_distribution<double> value{10, 100000};
    std::vector<SurfaceCell> cells;
    for (const Cell parent : coarse) {
        Cell child = 0;
        cellToCenterChild(parent, 9, &child);
        cells.push_back({child, {value(random), value(random), value(random), value(random), 1e6}, false});
    }
    std::ranges::sort(cells, {}, &SurfaceCell::cell);
    return {cells, {}, 10};
}

std::vector<H3Index> children_of(const std::vector<H3Index>& parents, int resolution) {
    std::vector<H3Index> found;
    for (const Cell parent : parents) {
        std::int64_t size = 0;
        cellToChildrenSize(parent, resolution, &size);
        std::vector<H3Index> children(static_cast<std::size_t>(size));
        cellToChildren(parent, resolution, children.data());
        found.insert(found.end(), children.begin(), children.end());
    }
    return found;
}

void expect_coarsened(const HeatTile& made, int resolution) {
    EXPECT_TRUE(made.coarsened);
    EXPECT_EQ(made.resolution, resolution);
    EXPECT_LE(made.cells, most_cells_a_tile);
    EXPECT_LE(made.gzip.size(), most_bytes_a_tile);
    const auto layer = decoded(gzip::decompress(made.gzip, 1 << 24));
    EXPECT_EQ(layer.features.size(), made.cells);
    expect_valid(layer);
    for (const auto& feature : layer.features) {
        EXPECT_EQ(feature.properties.at("resolution"), std::to_string(resolution));
        EXPECT_EQ(feature.properties.at("coarsened"), "true");
    }
}

TEST(heat_tile, more_bytes_than_a_tile_may_have_become_coarser_cells_that_say_so) {
    std::vector<H3Index> around(19);
    gridDisk(cell_at(12, 22, 1), 2, around.data());
    const auto made = heat_tile(scattered(children_of(around, 5)), tile_at(12, 22, 5));
    EXPECT_GT(made.cells, 500U);
    expect_coarsened(made, 4);
}

TEST(heat_tile, more_cells_than_a_tile_may_have_become_coarser_cells_that_say_so) {
    std::vector<H3Index> bases(122);
    getRes0Cells(bases.data());
    const auto surface = scattered(children_of(bases, 3));
    ASSERT_GT(surface.level(3).size(), 4 * most_cells_a_tile);
    const auto made = heat_tile(surface, {0, 0, 0});
    EXPECT_GT(made.cells, 4000U);
    EXPECT_EQ(made.resolution, 2);
    EXPECT_LE(made.cells, most_cells_a_tile);
}

TEST(heat_tile, the_same_surface_gives_the_same_bytes) {
    const auto cells = disk(43.65, -79.38, 10);
    const Tile tile = tile_at(43.65, -79.38, 12);
    EXPECT_EQ(heat_tile(Surface{cells, {}, 10}, tile).gzip, heat_tile(Surface{cells, {}, 10}, tile).gzip);
}

TEST(heat_tile, where_nothing_is_there_is_no_tile) {
    const Surface surface{disk(43.65, -79.38, 2), {}, 10};
    EXPECT_TRUE(heat_tile(surface, tile_at(-30, 20, 8)).gzip.empty());
    EXPECT_TRUE(heat_tile(Surface{{}, {}, 10}, Tile{0, 0, 0}).gzip.empty());
}

}  // namespace
}  // namespace mobilytics::analytics
