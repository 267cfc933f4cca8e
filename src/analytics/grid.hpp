#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"

// The H3 grid as the heat map uses it (measurement.md 3.6): cells of resolution 9 in storage, coarser ones on coarser
// maps. Pure. Cells of one resolution are ordered as numbers, and the descendants of a cell are a contiguous range.
namespace mobilytics::analytics {

using Cell = std::uint64_t;

inline constexpr int finest_resolution = 9;
inline constexpr int coarsest_resolution = 2;
inline constexpr int largest_zoom = 22;

// A tile of the web mercator pyramid, counted from the north-west.
struct Tile {
    int zoom = 0;
    std::uint32_t x = 0;
    std::uint32_t y = 0;

    bool is_valid() const;
    bool operator==(const Tile&) const = default;
};

// Which resolution a zoom shows: 3 up to zoom 4, 5 up to 6, 6 up to 8, 7 up to 10, 8 up to 12, then 9.
int resolution_of_zoom(int zoom);

struct CellRange {
    Cell first = 0;
    Cell last = 0;  // included

    bool contains(Cell cell) const { return first <= cell && cell <= last; }
    bool operator==(const CellRange&) const = default;
};

Cell parent_of(Cell cell, int resolution);
CellRange descendants_of(Cell cell, int resolution);
int resolution_of(Cell cell);
std::string cell_text(Cell cell);

// Degrees.
struct Place {
    double lat = 0;
    double lon = 0;
};
Place centre_of(Cell cell);

// Tile coordinates: 4096 units a side, and what lies up to 64 beyond an edge is drawn too, so that outlines on the
// edge come out whole.
inline constexpr int tile_extent = 4096;
inline constexpr int tile_buffer = 64;

// Bounds of a tile with its buffer; `half_width` reaches from the middle meridian to either side, 180 for everywhere.
struct TileBounds {
    double south = 0;
    double north = 0;
    double middle = 0;
    double half_width = 0;

    static TileBounds of(Tile tile);
    // False only when neither the cell nor anything inside it can reach into the tile.
    bool may_hold(Cell cell) const;
};

// Ranges of cells of a resolution that together hold every cell reaching into the tile, and some more around it.
// Ascending and apart.
std::vector<CellRange> covering(Tile tile, int resolution);

}  // namespace mobilytics::analytics
