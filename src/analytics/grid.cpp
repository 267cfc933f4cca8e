#include "src/analytics/grid.hpp"

#include <h3api.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <numbers>

namespace mobilytics::analytics {

namespace {

constexpr double degrees = 180 / std::numbers::pi;
constexpr int digit_bits = 3;
constexpr int most_digits = 15;
constexpr int resolution_shift = 52;

// The bits of the digits of resolutions (from, to]; H3 keeps coarser digits in higher bits.
constexpr Cell digit_mask(int from, int to) {
    const auto width = static_cast<unsigned>((to - from) * digit_bits);
    return ((Cell{1} << width) - 1) << static_cast<unsigned>((most_digits - to) * digit_bits);
}

constexpr Cell with_resolution(Cell cell, int resolution) {
    return (cell & ~(Cell{15} << resolution_shift)) | static_cast<Cell>(resolution) << resolution_shift;
}

constexpr double earth_radius_km = 6371.007180918475;  // libh3's

// Average edges in radians.
const std::array<double, 16>& edges() {
    static const auto values = [] {
        std::array<double, 16> made{};
        for (int resolution = 0; resolution < 16; ++resolution) {
            double edge_km = 0;
            getHexagonEdgeLengthAvgKm(resolution, &edge_km);
            made[static_cast<std::size_t>(resolution)] = edge_km / earth_radius_km;
        }
        return made;
    }();
    return values;
}

double edge_of(int resolution) { return edges()[static_cast<std::size_t>(resolution)]; }

// A cell and all that lies in it fit in a circle of so many average edges around its centre: cells differ in size, and
// descendants stick out of their ancestor.
constexpr double reach_in_edges = 1.6;

// Rings of cells around one lie at least so many average edges apart where cells are smallest.
constexpr double ring_in_edges = 1.3;

double latitude_at(double world_y) { return std::atan(std::sinh(std::numbers::pi * (1 - 2 * world_y))) * degrees; }

// From the middle of the tile to its farthest point, in radians. The parallels of a tile bulge away from the middle, so
// their middles count too.
double radius_of(const TileBounds& bounds, const LatLng& middle) {
    double farthest = 0;
    for (const double lat : {bounds.south, bounds.north}) {
        for (const double lon : {bounds.middle - bounds.half_width, bounds.middle}) {
            const LatLng point{lat / degrees, lon / degrees};
            farthest = std::max(farthest, greatCircleDistanceRads(&middle, &point));
        }
    }
    return farthest;
}

}  // namespace

bool Tile::is_valid() const {
    if (zoom < 0 || zoom > largest_zoom) return false;
    const auto side = std::uint32_t{1} << static_cast<unsigned>(zoom);
    return x < side && y < side;
}

int resolution_of_zoom(int zoom) {
    if (zoom <= 4) return 3;
    if (zoom <= 6) return 5;
    if (zoom <= 8) return 6;
    if (zoom <= 10) return 7;
    return zoom <= 12 ? 8 : 9;
}

int resolution_of(Cell cell) { return static_cast<int>(cell >> resolution_shift & 15); }

Cell parent_of(Cell cell, int resolution) {
    return with_resolution(cell, resolution) | digit_mask(resolution, resolution_of(cell));
}

CellRange descendants_of(Cell cell, int resolution) {
    const Cell below = digit_mask(resolution_of(cell), resolution);
    const Cell base = with_resolution(cell, resolution) & ~below;
    // Digits run from 0 to 6.
    Cell sixes = 0;
    for (int digit = 0; digit < most_digits; ++digit) sixes |= Cell{6} << static_cast<unsigned>(digit * digit_bits);
    return {base, base | (sixes & below)};
}

std::string cell_text(Cell cell) { return std::format("{:x}", cell); }

Place centre_of(Cell cell) {
    LatLng centre{};
    cellToLatLng(cell, &centre);
    return {centre.lat * degrees, centre.lng * degrees};
}

TileBounds TileBounds::of(Tile tile) {
    const double side = std::exp2(tile.zoom);
    const double margin = static_cast<double>(tile_buffer) / tile_extent;
    TileBounds bounds;
    bounds.north = latitude_at((tile.y - margin) / side);
    bounds.south = latitude_at((tile.y + 1 + margin) / side);
    bounds.middle = (tile.x + 0.5) / side * 360 - 180;
    bounds.half_width = std::min(180.0, (0.5 + margin) / side * 360);
    return bounds;
}

bool TileBounds::may_hold(Cell cell) const {
    LatLng centre{};
    cellToLatLng(cell, &centre);
    const double radius = reach_in_edges * edge_of(resolution_of(cell));
    const double lat = centre.lat * degrees;
    const double reach = radius * degrees;
    if (lat + reach < south || lat - reach > north) return false;
    if (std::abs(lat) + reach >= 90) return true;  // the circle holds a pole and so every meridian
    const double across = std::asin(std::min(1.0, std::sin(radius) / std::cos(centre.lat))) * degrees;
    const double apart = std::abs(std::remainder(centre.lng * degrees - middle, 360));
    return apart <= half_width + across;
}

std::vector<CellRange> covering(Tile tile, int resolution) {
    // On the coarsest zooms a tile is no small part of the sphere, and all there is few cells.
    if (tile.zoom < 4 || resolution == 0) return {{0, ~Cell{0}}};
    const auto bounds = TileBounds::of(tile);
    const LatLng middle{(bounds.south + bounds.north) / 2 / degrees, bounds.middle / degrees};
    const int cover_resolution = resolution - 1;
    const double edge = edge_of(cover_resolution);
    const auto rings =
        static_cast<int>(std::ceil((radius_of(bounds, middle) + reach_in_edges * edge) / (ring_in_edges * edge)));
    H3Index centre = 0;
    latLngToCell(&middle, cover_resolution, &centre);
    std::int64_t size = 0;
    maxGridDiskSize(rings, &size);
    std::vector<H3Index> cells(static_cast<std::size_t>(size));
    gridDisk(centre, rings, cells.data());
    std::ranges::sort(cells);
    std::vector<CellRange> found;
    for (const Cell cell : cells)
        if (cell != 0 && bounds.may_hold(cell)) found.push_back(descendants_of(cell, resolution));
    return found;
}

}  // namespace mobilytics::analytics
