#include "src/analytics/hexagon.hpp"

#include <h3api.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

namespace mobilytics::analytics {

namespace {

constexpr double degrees = 180 / std::numbers::pi;
constexpr double low = -tile_buffer;
constexpr double high = tile_extent + tile_buffer;
constexpr double most_latitude = 89;  // web mercator runs to infinity at the poles; tiles end at 85.05

using Point = WorldPoint;  // here in units of the tile

std::int64_t turn(TilePoint a, TilePoint b, TilePoint c) {
    return std::int64_t{b.x - a.x} * (c.y - a.y) - std::int64_t{b.y - a.y} * (c.x - a.x);
}

// Keeps the part on the inner side of one edge of the square; `distance` is negative outside.
template <class Distance>
std::vector<Point> clipped(const std::vector<Point>& ring, Distance distance) {
    std::vector<Point> kept;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Point& here = ring[i];
        const Point& next = ring[(i + 1) % ring.size()];
        const double at = distance(here);
        const double then = distance(next);
        if (at >= 0) kept.push_back(here);
        if ((at < 0) == (then < 0)) continue;
        const double part = at / (at - then);
        kept.push_back({here.x + part * (next.x - here.x), here.y + part * (next.y - here.y)});
    }
    return kept;
}

std::vector<Point> clipped_to_tile(std::vector<Point> ring) {
    const auto inside = [](const Point& p) { return p.x >= low && p.x <= high && p.y >= low && p.y <= high; };
    if (std::ranges::all_of(ring, inside)) return ring;
    ring = clipped(ring, [](const Point& p) { return p.x - low; });
    ring = clipped(ring, [](const Point& p) { return high - p.x; });
    ring = clipped(ring, [](const Point& p) { return p.y - low; });
    return clipped(ring, [](const Point& p) { return high - p.y; });
}

// The convex hull of the rounded points. A hexagon is convex; its corners rounded to the grid, or a sliver cut off by
// the tile's edge, need not be, and a ring that touches itself is not valid in a tile.
TileRing rounded_hull(const std::vector<Point>& ring) {
    std::vector<TilePoint> points;
    for (const Point& p : ring)
        points.push_back({static_cast<int>(std::lround(p.x)), static_cast<int>(std::lround(p.y))});
    std::ranges::sort(points, [](TilePoint a, TilePoint b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
    points.erase(std::ranges::unique(points).begin(), points.end());
    if (points.size() < 3) return {};
    TileRing hull;
    const auto add_chain = [&](auto from, auto to) {
        const std::size_t base = hull.size();
        for (auto point = from; point != to; ++point) {
            while (hull.size() >= base + 2 && turn(hull[hull.size() - 2], hull.back(), *point) <= 0) hull.pop_back();
            hull.push_back(*point);
        }
        hull.pop_back();  // the other chain begins with it
    };
    add_chain(points.begin(), points.end());
    add_chain(points.rbegin(), points.rend());
    return hull.size() < 3 ? TileRing{} : hull;
}

}  // namespace

std::vector<Place> outline_of(Cell cell) {
    CellBoundary boundary{};
    cellToBoundary(cell, &boundary);
    std::vector<Place> corners;
    for (const LatLng& vertex : std::span{boundary.verts, static_cast<std::size_t>(boundary.numVerts)}) {
        const double lon = vertex.lng * degrees;
        const double before = corners.empty() ? lon : corners.back().lon;
        corners.push_back({vertex.lat * degrees, before + std::remainder(lon - before, 360)});
    }
    return corners;
}

std::vector<WorldPoint> world_outline_of(Cell cell) {
    std::vector<WorldPoint> outline;
    for (const Place& corner : outline_of(cell)) {
        const double lat = std::clamp(corner.lat, -most_latitude, most_latitude) / degrees;
        outline.push_back({corner.lon / 360 + 0.5, 0.5 - std::asinh(std::tan(lat)) / (2 * std::numbers::pi)});
    }
    return outline;
}

std::vector<TileRing> rings_in(Tile tile, std::span<const WorldPoint> outline) {
    const double side = std::exp2(tile.zoom) * tile_extent;
    const double left = static_cast<double>(tile.x) * tile_extent;
    const double top = static_cast<double>(tile.y) * tile_extent;
    std::vector<Point> ring;
    ring.reserve(outline.size());
    double west = high + side;
    double east = low - side;
    for (const WorldPoint& corner : outline) {
        ring.push_back({corner.x * side - left, corner.y * side - top});
        west = std::min(west, ring.back().x);
        east = std::max(east, ring.back().x);
    }
    std::vector<TileRing> found;
    const auto [north, south] = std::ranges::minmax(ring, {}, &Point::y);
    if (south.y <= low || north.y >= high) return found;
    // Only a pole's own cell goes round the world; it lies beyond every tile.
    if (east - west > side / 2) return found;
    for (const double round_the_world : {-side, 0.0, side}) {
        if (east + round_the_world <= low || west + round_the_world >= high) continue;
        auto shifted = ring;
        for (Point& point : shifted) point.x += round_the_world;
        auto hull = rounded_hull(clipped_to_tile(std::move(shifted)));
        if (!hull.empty()) found.push_back(std::move(hull));
    }
    return found;
}

}  // namespace mobilytics::analytics
