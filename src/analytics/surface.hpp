#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "src/analytics/grid.hpp"
#include "src/analytics/outlines.hpp"

// The exposure of one campaign and window over the map, on every resolution, with what the privacy floor hides. Made
// once per version of the roll-ups; tiles, legends and region reports are cut out of it. Pure.
//
// It is made of the whole window's cells and not tile by tile, because whether a cell must be hidden depends on its
// neighbours up to the whole map (privacy.hpp).
namespace mobilytics::analytics {

struct CellSums {
    double visits = 0;
    double ots = 0;
    double lts = 0;
    double dwell_s = 0;
    double whole_visits = 0;  // before shares

    CellSums& operator+=(const CellSums& other);
    bool operator==(const CellSums&) const = default;
};

struct SurfaceCell {
    Cell cell = 0;
    CellSums sums;
    bool hidden = false;

    bool operator==(const SurfaceCell&) const = default;
};

enum class Metric { visits, ots, lts, dwell };

double value_of(const CellSums& sums, Metric metric);  // dwell: the mean in seconds

// Degrees; `east` passes 180 where the cells lie across the antimeridian, so that west < east always.
struct Bounds {
    double west = 0;
    double south = 0;
    double east = 0;
    double north = 0;
    bool operator==(const Bounds&) const = default;
};

struct Legend {
    std::vector<double> breaks;  // lower bounds of up to 7 classes of equally many cells, ascending
    std::size_t cells = 0;       // shown
    std::size_t hidden_cells = 0;
};

class Surface {
public:
    // `finest`: cells of resolution 9 in ascending order, those without a visit left out.
    Surface(std::vector<SurfaceCell> finest, CellSums unplaced, double floor);

    // Ascending.
    std::span<const SurfaceCell> level(int resolution) const;
    std::span<const SurfaceCell> cells_in(CellRange range, int resolution) const;
    // Of a cell of that level, as `level` or `cells_in` gives it.
    std::span<const WorldPoint> outline(const SurfaceCell& cell, int resolution) const;
    const CellSums& unplaced() const { return unplaced_; }
    CellSums placed() const;

    Legend legend(int resolution, Metric metric) const;
    // Of all cells, and of those that a map should show first: without a few hidden ones far from the others.
    std::optional<Bounds> bounds() const { return bounds_; }
    std::optional<Bounds> view() const { return view_; }
    std::size_t bytes() const;

private:
    static constexpr std::size_t level_count = finest_resolution - coarsest_resolution + 1;

    std::array<std::vector<SurfaceCell>, level_count> levels_;
    std::array<Outlines, level_count> outlines_;
    CellSums unplaced_;
    std::optional<Bounds> bounds_;
    std::optional<Bounds> view_;
};

}  // namespace mobilytics::analytics
