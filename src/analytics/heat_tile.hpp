#pragma once

#include <cstddef>
#include <string>

#include "src/analytics/grid.hpp"
#include "src/analytics/surface.hpp"

// One tile of the heat map, cut out of a surface. Pure.
namespace mobilytics::analytics {

inline constexpr std::size_t most_cells_a_tile = 8000;
inline constexpr std::size_t most_bytes_a_tile = 100'000;  // as sent, gzip

struct HeatTile {
    std::string gzip;  // empty: nothing here
    std::size_t cells = 0;
    int resolution = 0;
    bool coarsened = false;
};

// The cells of the zoom's resolution; where they are too many or too large, of the next coarser one, and so on, which
// the features then say (`coarsened`).
HeatTile heat_tile(const Surface& surface, Tile tile);

}  // namespace mobilytics::analytics
