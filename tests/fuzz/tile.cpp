// Any tile "z/x/y" with cells at any places ("lat lon" pairs behind it): valid geometry that stays within the tile's
// buffer, as an independent decoder reads it.
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

#include "platform/gzip/gzip.hpp"
#include "platform/http/query_reader.hpp"
#include "src/analytics/heat_tile.hpp"
#include "src/analytics/tile_decoder_test.hpp"
#include "tests/fuzz/holds.hpp"

namespace {

using namespace mobilytics;
using namespace mobilytics::analytics;
using fuzz::holds;

constexpr std::size_t most_cells = 200;

// As a route reads them.
std::optional<Tile> tile_of(std::string_view text) {
    Tile tile;
    const auto first = text.find('/');
    const auto second = text.find('/', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
    if (!http::parse_text(text.substr(0, first), tile.zoom).empty()) return std::nullopt;
    if (!http::parse_text(text.substr(first + 1, second - first - 1), tile.x).empty()) return std::nullopt;
    if (!http::parse_text(text.substr(second + 1), tile.y).empty()) return std::nullopt;
    return tile.is_valid() ? std::optional{tile} : std::nullopt;
}

std::vector<SurfaceCell> cells_of(std::istream& in) {
    std::map<Cell, SurfaceCell> found;
    double lat = 0;
    double lon = 0;
    while (found.size() < most_cells && in >> lat >> lon) {
        if (!(std::abs(lat) <= 90 && std::abs(lon) <= 180)) continue;
        const Cell cell = cell_at(lat, lon, finest_resolution);
        found[cell] = {cell, {20, 6, 5, 300, 20}, false};
    }
    std::vector<SurfaceCell> cells;
    for (auto& [_, cell] : found) cells.push_back(cell);
    return cells;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    // The decoder's expectations throw, so that a broken one ends the process.
    GTEST_FLAG_SET(throw_on_failure, true);
    std::istringstream in{std::string{fuzz::text_of(data, size)}};
    std::string word;
    in >> word;
    const auto tile = tile_of(word);
    if (!tile) return 0;
    const Surface surface{cells_of(in), {}, 10};
    const auto made = heat_tile(surface, *tile);
    if (made.gzip.empty()) return 0;
    const auto layer = decoded(gzip::decompress(made.gzip, 1U << 24U));
    holds(layer.features.size() == made.cells, "a feature for each cell");
    expect_valid(layer);
    return 0;
}
