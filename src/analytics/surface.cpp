#include "src/analytics/surface.hpp"

#include <algorithm>
#include <cmath>

#include "src/analytics/hexagon.hpp"
#include "src/analytics/privacy.hpp"

namespace mobilytics::analytics {

namespace {

constexpr std::size_t most_classes = 7;
constexpr std::size_t most_outlined = 20000;
constexpr double nearly_all = 0.9;  // of the visits

std::size_t index_of(int resolution) { return static_cast<std::size_t>(resolution - coarsest_resolution); }

std::vector<SurfaceCell> coarsened(const std::vector<SurfaceCell>& finer, int resolution) {
    std::vector<SurfaceCell> coarser;
    for (const SurfaceCell& cell : finer) {
        const Cell parent = parent_of(cell.cell, resolution);
        if (coarser.empty() || coarser.back().cell != parent) coarser.push_back({parent, {}, false});
        coarser.back().sums += cell.sums;
    }
    return coarser;
}

privacy::Level level_of(const std::vector<SurfaceCell>& cells) {
    privacy::Level level;
    level.parts.reserve(cells.size());
    for (const SurfaceCell& cell : cells)
        level.parts.push_back({cell.sums.visits, cell.sums.whole_visits, 1, cell.hidden});
    level.parents.assign(cells.size(), 0);
    return level;
}

// The smallest box around the points: the widest stretch of meridians without one is left out.
Bounds bounds_around(std::vector<double> longitudes, double south, double north) {
    const auto [west, east] = std::ranges::minmax(longitudes);
    if (east - west < 180) return {west, south, east, north};
    std::ranges::sort(longitudes);
    double widest = longitudes.front() + 360 - longitudes.back();
    std::size_t first = 0;
    for (std::size_t i = 1; i < longitudes.size(); ++i) {
        if (longitudes[i] - longitudes[i - 1] <= widest) continue;
        widest = longitudes[i] - longitudes[i - 1];
        first = i;
    }
    return {longitudes[first], south, longitudes[first] + 360 - widest, north};
}

std::optional<Bounds> bounds_of(std::span<const SurfaceCell> cells) {
    if (cells.empty()) return std::nullopt;
    std::vector<double> longitudes;
    double south = 90;
    double north = -90;
    for (const SurfaceCell& cell : cells) {
        for (const Place& corner : outline_of(cell.cell)) {
            longitudes.push_back(std::remainder(corner.lon, 360));
            south = std::min(south, corner.lat);
            north = std::max(north, corner.lat);
        }
    }
    return bounds_around(std::move(longitudes), south, north);
}

// Those that have a number, if together they have nearly all of it. A few hidden ones far from the others would decide
// the first view of the map and show nothing in it.
std::vector<SurfaceCell> worth_showing(std::span<const SurfaceCell> cells) {
    std::vector<SurfaceCell> shown;
    double all = 0;
    double of_shown = 0;
    for (const SurfaceCell& cell : cells) {
        all += cell.sums.visits;
        if (cell.hidden) continue;
        of_shown += cell.sums.visits;
        shown.push_back(cell);
    }
    return of_shown >= nearly_all * all ? shown : std::vector<SurfaceCell>{};
}

}  // namespace

CellSums& CellSums::operator+=(const CellSums& other) {
    visits += other.visits;
    ots += other.ots;
    lts += other.lts;
    dwell_s += other.dwell_s;
    whole_visits += other.whole_visits;
    return *this;
}

double value_of(const CellSums& sums, Metric metric) {
    switch (metric) {
        case Metric::visits:
            return sums.visits;
        case Metric::ots:
            return sums.ots;
        case Metric::lts:
            return sums.lts;
        case Metric::dwell:
            return sums.dwell_s / sums.visits;
    }
    return 0;
}

Surface::Surface(std::vector<SurfaceCell> finest, CellSums unplaced, double floor) : unplaced_{unplaced} {
    levels_.back() = std::move(finest);
    for (int resolution = finest_resolution - 1; resolution >= coarsest_resolution; --resolution)
        levels_[index_of(resolution)] = coarsened(levels_[index_of(resolution + 1)], resolution);

    std::vector<privacy::Level> tree;
    for (const auto& level : levels_) tree.push_back(level_of(level));
    for (std::size_t depth = tree.size() - 1; depth > 0; --depth) {
        const auto& parents = levels_[depth - 1];
        const int resolution = coarsest_resolution + static_cast<int>(depth) - 1;
        for (auto& part : tree[depth - 1].parts) part.pieces = 0;
        std::uint32_t parent = 0;
        for (std::size_t i = 0; i < levels_[depth].size(); ++i) {
            if (parents[parent].cell != parent_of(levels_[depth][i].cell, resolution)) ++parent;
            tree[depth].parents[i] = parent;
            tree[depth - 1].parts[parent].pieces += tree[depth].parts[i].pieces;
        }
    }
    privacy::hide(tree, floor);
    for (std::size_t depth = 0; depth < tree.size(); ++depth)
        for (std::size_t i = 0; i < tree[depth].parts.size(); ++i)
            levels_[depth][i].hidden = tree[depth].parts[i].hidden;

    for (std::size_t depth = 0; depth < levels_.size(); ++depth) outlines_[depth] = Outlines{levels_[depth].size()};

    // Outlining a cell costs microseconds; a few hundred metres more do not matter on a map of so many.
    for (int resolution = finest_resolution; resolution >= coarsest_resolution; --resolution) {
        if (level(resolution).size() > most_outlined && resolution > coarsest_resolution) continue;
        if (!bounds_) bounds_ = bounds_of(level(resolution));
        view_ = bounds_of(worth_showing(level(resolution)));
        if (view_) break;
    }
    if (!view_) view_ = bounds_;
}

std::span<const SurfaceCell> Surface::level(int resolution) const { return levels_.at(index_of(resolution)); }

std::span<const SurfaceCell> Surface::cells_in(CellRange range, int resolution) const {
    const auto& cells = levels_.at(index_of(resolution));
    const auto from = std::ranges::lower_bound(cells, range.first, {}, &SurfaceCell::cell);
    const auto to = std::ranges::upper_bound(from, cells.end(), range.last, {}, &SurfaceCell::cell);
    return {from, to};
}

std::span<const WorldPoint> Surface::outline(const SurfaceCell& cell, int resolution) const {
    const auto& cells = levels_.at(index_of(resolution));
    const auto place = static_cast<std::size_t>(&cell - cells.data());
    return outlines_[index_of(resolution)].at(place, [&cells](std::size_t i) { return cells[i].cell; });
}

CellSums Surface::placed() const {
    CellSums sum;
    for (const SurfaceCell& cell : levels_.front()) sum += cell.sums;
    return sum;
}

Legend Surface::legend(int resolution, Metric metric) const {
    Legend legend;
    std::vector<double> values;
    for (const SurfaceCell& cell : level(resolution)) {
        if (cell.hidden)
            ++legend.hidden_cells;
        else
            values.push_back(value_of(cell.sums, metric));
    }
    legend.cells = values.size();
    std::ranges::sort(values);
    for (std::size_t i = 0; i < most_classes && !values.empty(); ++i) {
        const double lower = values[i * values.size() / most_classes];
        if (legend.breaks.empty() || lower > legend.breaks.back()) legend.breaks.push_back(lower);
    }
    return legend;
}

std::size_t Surface::bytes() const {
    std::size_t bytes = sizeof *this;
    for (const auto& level : levels_) bytes += level.capacity() * sizeof(SurfaceCell);
    for (const auto& outlines : outlines_) bytes += outlines.bytes();
    return bytes;
}

}  // namespace mobilytics::analytics
