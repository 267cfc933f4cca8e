#include "src/analytics/grid.hpp"

#include <array>
#include <random>
#include <set>

#include "src/analytics/tile_decoder_test.hpp"

namespace mobilytics::analytics {
namespace {

TEST(grid, descendants_are_the_range_that_libh3_lists) {
    std::mt19937 random{11};
    std::uniform_real_distribution<double> lat{-85, 85}, lon{-180, 180};
    for (int round = 0; round < 300; ++round) {
        const int coarse = 3 + static_cast<int>(random() % 6);
        const int fine = coarse + static_cast<int>(random() % static_cast<unsigned>(10 - coarse));
        const Cell cell = cell_at(lat(random), lon(random), coarse);
        std::int64_t size = 0;
        cellToChildrenSize(cell, fine, &size);
        if (size > 20000) continue;
        std::vector<H3Index> children(static_cast<std::size_t>(size));
        cellToChildren(cell, fine, children.data());
        const auto range = descendants_of(cell, fine);
        EXPECT_EQ(std::ranges::min(children), range.first);
        EXPECT_EQ(std::ranges::max(children), range.last);
        for (const Cell child : children) EXPECT_EQ(parent_of(child, coarse), cell);
    }
}

TEST(grid, nothing_in_a_cell_reaches_beyond_the_circle_that_covering_assumes) {
    std::mt19937 random{5};
    std::uniform_real_distribution<double> lat{-89, 89}, lon{-180, 180};
    for (int round = 0; round < 200; ++round) {
        const int coarse = static_cast<int>(random() % 7);
        Cell cell = cell_at(lat(random), lon(random), coarse);
        if (round % 10 == 0) {
            std::vector<H3Index> pentagons(12);
            getPentagons(coarse, pentagons.data());
            cell = pentagons[random() % 12];
        }
        double edge_km = 0;
        getHexagonEdgeLengthAvgKm(coarse, &edge_km);
        LatLng centre{};
        cellToLatLng(cell, &centre);
        std::int64_t size = 0;
        cellToChildrenSize(cell, coarse + 3, &size);
        std::vector<H3Index> children(static_cast<std::size_t>(size));
        cellToChildren(cell, coarse + 3, children.data());
        for (const Cell child : children) {
            CellBoundary boundary{};
            cellToBoundary(child, &boundary);
            for (int i = 0; i < boundary.numVerts; ++i)
                ASSERT_LT(greatCircleDistanceKm(&centre, &boundary.verts[i]), 1.6 * edge_km);
        }
    }
}

TEST(grid, ranges_of_a_tile_hold_every_cell_that_reaches_into_it) {
    std::mt19937 random{3};
    std::uniform_real_distribution<double> lat{-84, 84}, lon{-180, 180};
    for (int round = 0; round < 400; ++round) {
        const int zoom = 3 + static_cast<int>(random() % 14);
        const Tile tile = round % 8 == 0 ? tile_at(lat(random), round % 16 == 0 ? -179.99 : 179.99, zoom)
                                         : tile_at(lat(random), lon(random), zoom);
        const int resolution = resolution_of_zoom(zoom);
        const auto ranges = covering(tile, resolution);
        for (std::size_t i = 1; i < ranges.size(); ++i) ASSERT_LT(ranges[i - 1].last, ranges[i].first);
        // Brute force: a grid of points over the tile, and the neighbours of their cells.
        std::set<Cell> touched;
        for (int i = 0; i <= 24; ++i) {
            for (int j = 0; j <= 24; ++j) {
                const double side = std::exp2(zoom);
                const double world_y = (tile.y + j / 24.0) / side;
                const double point_lat = std::atan(std::sinh(std::numbers::pi * (1 - 2 * world_y))) * degrees;
                std::array<H3Index, 7> near{};
                gridDisk(cell_at(point_lat, (tile.x + i / 24.0) / side * 360 - 180, resolution), 1, near.data());
                touched.insert(near.begin(), near.end());
            }
        }
        for (const Cell cell : touched) {
            if (cell == 0 || rings_in(tile, world_outline_of(cell)).empty()) continue;
            EXPECT_TRUE(std::ranges::any_of(ranges, [&](CellRange range) { return range.contains(cell); }))
                << zoom << ' ' << cell_text(cell);
            EXPECT_TRUE(TileBounds::of(tile).may_hold(cell));
        }
        EXPECT_LT(ranges.size(), zoom > 3 ? 1500U : 6000U);
    }
}

TEST(grid, zooms_show_the_resolutions_of_the_contract) {
    std::vector<int> shown;
    for (int zoom = 0; zoom <= 14; ++zoom) shown.push_back(resolution_of_zoom(zoom));
    EXPECT_EQ(shown, (std::vector{3, 3, 3, 3, 3, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9}));
}

TEST(grid, tiles_outside_the_pyramid_are_not_valid) {
    EXPECT_TRUE((Tile{0, 0, 0}).is_valid());
    EXPECT_TRUE((Tile{22, 4194303, 4194303}).is_valid());
    EXPECT_FALSE((Tile{0, 1, 0}).is_valid());
    EXPECT_FALSE((Tile{5, 0, 32}).is_valid());
    EXPECT_FALSE((Tile{23, 0, 0}).is_valid());
    EXPECT_FALSE((Tile{-1, 0, 0}).is_valid());
}

}  // namespace
}  // namespace mobilytics::analytics
