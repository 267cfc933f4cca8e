#pragma once

#include <span>
#include <vector>

#include "src/analytics/grid.hpp"

// Outlines of cells on the map. Pure.
namespace mobilytics::analytics {

// The corners of a cell, counter-clockwise. Longitudes run on past 180 rather than jump, so that neighbours are close.
std::vector<Place> outline_of(Cell cell);

// A point of the web mercator world, which is a square of side 1 counted from the north-west.
struct WorldPoint {
    double x = 0;
    double y = 0;
    bool operator==(const WorldPoint&) const = default;
};

// The same corners on that square; x runs past its edges rather than jump. libh3 takes microseconds for it.
std::vector<WorldPoint> world_outline_of(Cell cell);

struct TilePoint {
    int x = 0;
    int y = 0;
    bool operator==(const TilePoint&) const = default;
};

// A closed ring without its last point, clockwise as seen on the map (y down): the winding that a vector tile's outer
// ring has.
using TileRing = std::vector<TilePoint>;

// What of a cell lies in a tile and its buffer: convex, simple rings. None when it lies outside; two when a cell on the
// antimeridian shows at both edges of the world.
std::vector<TileRing> rings_in(Tile tile, std::span<const WorldPoint> outline);

}  // namespace mobilytics::analytics
