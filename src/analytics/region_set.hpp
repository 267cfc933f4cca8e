#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/analytics/surface.hpp"

// Postal areas, tracts or own polygons as sets of cells, and the exposure in each. Pure.
namespace mobilytics::analytics {

struct Region {
    std::string code;
    std::string name;
};

struct RegionRange {
    CellRange cells;
    std::uint32_t region = 0;  // index into RegionSet::regions
};

struct RegionSet {
    std::string id;
    std::string name;
    std::vector<Region> regions;      // by code
    std::vector<RegionRange> ranges;  // of resolution 9; regions may overlap

    std::size_t bytes() const;
};

struct RegionFigures {
    std::string code;
    std::string name;
    std::optional<CellSums> sums;  // absent: hidden
};

struct RegionReport {
    std::vector<RegionFigures> regions;  // with a visit: shown ones by visits, then hidden ones by code
    bool elsewhere_hidden = false;
    std::optional<double> elsewhere;  // visits placed in no region; absent when hidden or none
    double placed = 0;
    double unplaced = 0;
};

// A region takes a cell by its centre point. Regions with fewer visits than the floor are hidden, and others with them
// where subtraction would give a hidden one away. Regions that overlap in a cell with visits are hidden together, for
// their difference would tell.
RegionReport region_report(const Surface& surface, const RegionSet& set, double floor);

}  // namespace mobilytics::analytics
