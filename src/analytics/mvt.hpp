#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "src/analytics/hexagon.hpp"
#include "src/analytics/surface.hpp"

// Mapbox Vector Tiles 2.1 of cells, written with protozero. Pure.
namespace mobilytics::analytics {

// One layer "exposure" of polygons with the properties
//   cell (string), resolution (int), hidden (bool), coarsened (true, only where a coarser cell stands for finer ones
//   that would have been too many), and unless hidden: visits, ots, lts, mean_dwell_s.
// The same cells in the same order give the same bytes.
class ExposureLayer {
public:
    // `rings` as rings_in gives them; not empty.
    void add(const SurfaceCell& cell, const std::vector<TileRing>& rings, bool coarsened);

    std::size_t cells() const { return cells_; }

    // The tile; empty text when nothing was added.
    std::string encode() const;

private:
    // A whole number takes fewer bytes than a double; equal values are stored once.
    using Value = std::variant<bool, std::int64_t, double, std::string>;

    enum Key : std::uint32_t { cell, resolution, hidden, coarsened, visits, ots, lts, mean_dwell_s };

    std::uint32_t index_of(Value value);
    static Value number(double value);

    std::string features_;
    std::vector<Value> values_;
    std::map<Value, std::uint32_t> indices_;
    std::size_t cells_ = 0;
};

}  // namespace mobilytics::analytics
