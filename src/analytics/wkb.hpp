#pragma once

#include <stdexcept>
#include <string_view>
#include <vector>

#include "src/analytics/grid.hpp"

// Polygons as PostGIS gives them out, and the cells in them. Pure.
namespace mobilytics::analytics {

using Ring = std::vector<Place>;  // closed: the last point is the first

struct Polygon {
    Ring outer;
    std::vector<Ring> holes;
};

class BadShape : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reads a MULTIPOLYGON in well-known binary of either byte order. Throws BadShape.
std::vector<Polygon> polygons_from_wkb(std::string_view wkb);

// The cells of resolution 9 whose centre point lies in one of the polygons, as ascending ranges: neighbours in number
// are joined. Edges are straight in degrees. Throws BadShape when they would be more than `most_cells`.
std::vector<CellRange> cells_in(const std::vector<Polygon>& polygons, std::size_t most_cells);

}  // namespace mobilytics::analytics
