#include "src/analytics/region_set.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "src/analytics/privacy.hpp"

namespace mobilytics::analytics {

namespace {

constexpr std::uint32_t nowhere = 0xFFFFFFFF;

// Regions joined by the cells they share; each group has one representative.
class Groups {
public:
    explicit Groups(std::size_t regions) : leader_(regions) { std::iota(leader_.begin(), leader_.end(), 0U); }

    std::uint32_t of(std::uint32_t region) {
        while (leader_[region] != region) region = leader_[region] = leader_[leader_[region]];
        return region;
    }

    void join(std::uint32_t one, std::uint32_t other) { leader_[of(one)] = of(other); }

private:
    std::vector<std::uint32_t> leader_;
};

struct Tally {
    std::vector<CellSums> regions;
    std::vector<std::uint32_t> region_of_cell;  // the first found, or nowhere
    Groups groups;
};

Tally tally(std::span<const SurfaceCell> cells, const Surface& surface, const RegionSet& set) {
    Tally tally{std::vector<CellSums>(set.regions.size()), std::vector<std::uint32_t>(cells.size(), nowhere),
                Groups{set.regions.size()}};
    for (const RegionRange& range : set.ranges) {
        const auto inside = surface.cells_in(range.cells, finest_resolution);
        auto index = static_cast<std::size_t>(inside.data() - cells.data());
        for (const SurfaceCell& cell : inside) {
            tally.regions[range.region] += cell.sums;
            auto& holder = tally.region_of_cell[index++];
            if (holder == nowhere)
                holder = range.region;
            else
                tally.groups.join(holder, range.region);
        }
    }
    return tally;
}

// Parts of the placed total: one per group of regions, then what lies elsewhere.
struct Parts {
    std::vector<privacy::Part> parts;
    std::vector<std::uint32_t> part_of_group;
    std::size_t elsewhere = 0;
    bool has_elsewhere = false;
};

Parts parts_of(std::span<const SurfaceCell> cells, Tally& tally, double floor) {
    Parts made;
    made.part_of_group.assign(tally.regions.size(), nowhere);
    privacy::Part elsewhere;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        privacy::Part* part = &elsewhere;
        if (tally.region_of_cell[i] != nowhere) {
            auto& index = made.part_of_group[tally.groups.of(tally.region_of_cell[i])];
            if (index == nowhere) {
                index = static_cast<std::uint32_t>(made.parts.size());
                made.parts.emplace_back();
            }
            part = &made.parts[index];
        }
        part->visits += cells[i].sums.visits;
        part->whole_visits += cells[i].sums.whole_visits;
    }
    for (std::uint32_t region = 0; region < tally.regions.size(); ++region) {
        const auto index = made.part_of_group[tally.groups.of(region)];
        if (index != nowhere && tally.regions[region].visits < floor && tally.regions[region].visits > 0)
            made.parts[index].hidden = true;
    }
    made.has_elsewhere = elsewhere.visits > 0;
    made.elsewhere = made.parts.size();
    if (made.has_elsewhere) made.parts.push_back(elsewhere);
    privacy::hide(made.parts, floor);
    return made;
}

}  // namespace

std::size_t RegionSet::bytes() const {
    std::size_t bytes = sizeof *this + ranges.capacity() * sizeof(RegionRange);
    for (const Region& region : regions) bytes += sizeof region + region.code.size() + region.name.size();
    return bytes;
}

RegionReport region_report(const Surface& surface, const RegionSet& set, double floor) {
    const auto cells = surface.level(finest_resolution);
    auto sums = tally(cells, surface, set);
    const auto parts = parts_of(cells, sums, floor);
    RegionReport report;
    report.placed = surface.placed().visits;
    report.unplaced = surface.unplaced().visits;
    for (std::uint32_t region = 0; region < set.regions.size(); ++region) {
        if (!(sums.regions[region].visits > 0)) continue;
        RegionFigures figures{set.regions[region].code, set.regions[region].name, {}};
        if (!parts.parts[parts.part_of_group[sums.groups.of(region)]].hidden) figures.sums = sums.regions[region];
        report.regions.push_back(std::move(figures));
    }
    std::ranges::sort(report.regions, {}, [](const RegionFigures& figures) {
        return std::tuple{!figures.sums, figures.sums ? -figures.sums->visits : 0, figures.code};
    });
    if (parts.has_elsewhere) {
        const auto& elsewhere = parts.parts[parts.elsewhere];
        report.elsewhere_hidden = elsewhere.hidden;
        if (!elsewhere.hidden) report.elsewhere = elsewhere.visits;
    }
    return report;
}

}  // namespace mobilytics::analytics
