#include "src/analytics/region_set.hpp"

#include <gtest/gtest.h>
#include <h3api.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <set>

#include "src/analytics/wkb.hpp"

namespace mobilytics::analytics {
namespace {

constexpr double radians = 3.14159265358979323846 / 180;

// ---- shapes

template <class T>
void put(std::string& out, T value, bool little) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    if (little != (std::endian::native == std::endian::little)) std::reverse(std::begin(bytes), std::end(bytes));
    out.append(bytes, sizeof(T));
}

void put_header(std::string& out, std::uint32_t type, bool little) {
    out += little ? '\1' : '\0';
    put(out, type, little);
}

std::string wkb_of(const std::vector<Polygon>& polygons, bool little = true) {
    std::string out;
    put_header(out, 6, little);
    put(out, static_cast<std::uint32_t>(polygons.size()), little);
    for (const Polygon& polygon : polygons) {
        put_header(out, 3, little);
        std::vector<Ring> rings{polygon.outer};
        rings.insert(rings.end(), polygon.holes.begin(), polygon.holes.end());
        put(out, static_cast<std::uint32_t>(rings.size()), little);
        for (const Ring& ring : rings) {
            put(out, static_cast<std::uint32_t>(ring.size()), little);
            for (const Place& place : ring) {
                put(out, place.lon, little);
                put(out, place.lat, little);
            }
        }
    }
    return out;
}

Ring square(double south, double west, double side) {
    return {{south, west}, {south, west + side}, {south + side, west + side}, {south + side, west}, {south, west}};
}

std::vector<Cell> listed(const std::vector<CellRange>& ranges) {
    std::vector<Cell> cells;
    for (const CellRange& range : ranges)
        for (Cell cell = range.first; cell <= range.last; cell += Cell{1} << 18U)
            if (isValidCell(cell)) cells.push_back(cell);
    return cells;
}

TEST(wkb, either_byte_order_reads_the_same) {
    const std::vector<Polygon> shapes{{square(43, -80, 0.1), {square(43.02, -79.98, 0.02)}},
                                      {square(44, -80, 0.1), {}}};
    for (const bool little : {true, false}) {
        const auto read = polygons_from_wkb(wkb_of(shapes, little));
        ASSERT_EQ(read.size(), 2U);
        EXPECT_EQ(read[0].holes.size(), 1U);
        EXPECT_EQ(read[0].outer.size(), 5U);
        EXPECT_EQ(read[1].outer[2].lat, 44.1);
        EXPECT_EQ(read[1].outer[2].lon, -79.9);
    }
}

TEST(wkb, what_is_cut_short_or_something_else_is_refused) {
    const auto good = wkb_of({{square(43, -80, 0.1), {}}});
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_THROW(polygons_from_wkb(good.substr(0, length)), BadShape) << length;
    EXPECT_THROW(polygons_from_wkb(good + "x"), BadShape);
    auto point = good;
    point[1] = 1;
    EXPECT_THROW(polygons_from_wkb(point), BadShape);
    auto endless = good;
    endless[5] = endless[6] = endless[7] = endless[8] = '\xff';
    EXPECT_THROW(polygons_from_wkb(endless), BadShape);
}

TEST(wkb, cells_are_those_whose_centre_lies_inside_and_outside_the_holes) {
    const std::vector<Polygon> shapes{{square(43.6, -79.5, 0.1), {square(43.63, -79.47, 0.03)}}};
    const auto ranges = cells_in(shapes, 1'000'000);
    const auto cells = listed(ranges);
    EXPECT_LT(ranges.size() * 2, cells.size()) << "siblings are joined";
    const std::set<Cell> held(cells.begin(), cells.end());
    // Brute force over a wider box.
    int inside = 0;
    std::mt19937 random{1};
    std::uniform_real_distribution<double> lat{43.59, 43.71}, lon{-79.51, -79.39};
    for (int i = 0; i < 40000; ++i) {
        const LatLng point{lat(random) * radians, lon(random) * radians};
        Cell cell = 0;
        latLngToCell(&point, 9, &cell);
        const auto centre = centre_of(cell);
        const auto in = [&](double south, double west, double side) {
            return centre.lat > south && centre.lat < south + side && centre.lon > west && centre.lon < west + side;
        };
        const bool wanted = in(43.6, -79.5, 0.1) && !in(43.63, -79.47, 0.03);
        inside += wanted;
        EXPECT_EQ(held.contains(cell), wanted) << cell_text(cell);
    }
    EXPECT_GT(inside, 1000);
}

TEST(wkb, shapes_that_are_too_large_are_refused_before_memory_is) {
    EXPECT_THROW(cells_in({{square(-80, -170, 150), {}}}, 20'000'000), BadShape);
}

// ---- reports

class Town {
public:
    // Cells in a row, seven to a parent are joined as they come.
    Town() {
        const LatLng place{43.65 * radians, -79.38 * radians};
        Cell centre = 0;
        latLngToCell(&place, 9, &centre);
        std::vector<H3Index> found(61);
        gridDisk(centre, 4, found.data());
        std::ranges::sort(found);
        cells = found;
    }

    Surface surface(const std::vector<double>& visits, double unplaced = 0) const {
        std::vector<SurfaceCell> made;
        for (std::size_t i = 0; i < visits.size(); ++i)
            if (visits[i] > 0)
                made.push_back({cells[i], {visits[i], visits[i] / 2, visits[i], visits[i] * 10, visits[i]}, false});
        return {made, {unplaced, 0, 0, 0, unplaced}, 10};
    }

    // Each region is a list of indices into the cells.
    RegionSet regions(const std::vector<std::vector<std::size_t>>& of) const {
        RegionSet set{"test", "Test", {}, {}};
        for (const auto& indices : of) {
            const auto region = static_cast<std::uint32_t>(set.regions.size());
            set.regions.push_back({std::string(1, static_cast<char>('A' + region)), "Region"});
            for (const auto i : indices) set.ranges.push_back({{cells[i], cells[i]}, region});
        }
        return set;
    }

    std::vector<Cell> cells;
};

const RegionFigures& region(const RegionReport& report, std::string_view code) {
    return *std::ranges::find(report.regions, code, &RegionFigures::code);
}

TEST(region_report, adds_up_cells_by_region_and_keeps_the_rest_elsewhere) {
    const Town town;
    const auto report = region_report(town.surface({20, 30, 40, 0, 50}, 7), town.regions({{0, 1}, {2}, {3}}), 10);
    ASSERT_EQ(report.regions.size(), 2U) << "a region without a visit is not listed";
    EXPECT_EQ(report.regions[0].code, "A");
    EXPECT_EQ(region(report, "A").sums->visits, 50);
    EXPECT_EQ(region(report, "B").sums->visits, 40);
    EXPECT_EQ(report.elsewhere, 50);
    EXPECT_FALSE(report.elsewhere_hidden);
    EXPECT_EQ(report.placed, 140);
    EXPECT_EQ(report.unplaced, 7);
}

TEST(region_report, a_small_region_is_hidden_and_the_smallest_other_part_with_it) {
    const Town town;
    const auto report = region_report(town.surface({5, 30, 40, 50}), town.regions({{0}, {1}, {2}, {3}}), 10);
    EXPECT_FALSE(region(report, "A").sums);
    EXPECT_FALSE(region(report, "B").sums);
    EXPECT_TRUE(region(report, "C").sums);
    EXPECT_EQ(report.regions[2].code, "A") << "hidden ones come last, by code, so that their order tells nothing";
}

TEST(region_report, elsewhere_is_a_part_like_the_others) {
    const Town town;
    const auto small_rest = region_report(town.surface({25, 30, 4}), town.regions({{0}, {1}}), 10);
    EXPECT_TRUE(small_rest.elsewhere_hidden);
    EXPECT_FALSE(small_rest.elsewhere);
    EXPECT_FALSE(region(small_rest, "A").sums) << "else the rest would be the total less the regions";
    const auto small_region = region_report(town.surface({5, 60, 40}), town.regions({{0}, {1}}), 10);
    EXPECT_TRUE(small_region.elsewhere_hidden);
    EXPECT_TRUE(region(small_region, "B").sums);
}

TEST(region_report, regions_that_overlap_are_hidden_together) {
    const Town town;
    // A holds B: A less B would be the five visits of C.
    const auto report = region_report(town.surface({30, 5, 100, 90}), town.regions({{0, 1}, {0}, {1}, {2}, {3}}), 10);
    EXPECT_FALSE(region(report, "A").sums);
    EXPECT_FALSE(region(report, "B").sums);
    EXPECT_FALSE(region(report, "C").sums);
    EXPECT_FALSE(region(report, "E").sums) << "and the smallest of the rest, for all three are the total less the rest";
    EXPECT_TRUE(region(report, "D").sums);
}

TEST(region_report, nothing_hidden_can_be_found_by_subtraction) {
    const Town town;
    std::mt19937 random{77};
    int hidden_reports = 0;
    for (int round = 0; round < 2000; ++round) {
        std::vector<double> visits(town.cells.size());
        for (double& value : visits) value = random() % 2 == 0 ? 0 : static_cast<double>(random() % 25);
        std::vector<std::vector<std::size_t>> of(1 + random() % 12);
        for (std::size_t cell = 0; cell < visits.size(); ++cell)
            if (const auto chosen = random() % (of.size() + 1); chosen < of.size()) of[chosen].push_back(cell);
        const auto report = region_report(town.surface(visits), town.regions(of), 10);
        double known = 0;
        int hidden = report.elsewhere_hidden ? 1 : 0;
        for (const auto& figures : report.regions) {
            if (!figures.sums)
                ++hidden;
            else
                known += figures.sums->visits;
        }
        known += report.elsewhere.value_or(0);
        const bool anything_shown = known > 0;
        if (hidden > 0) ++hidden_reports;
        if (hidden == 0) {
            EXPECT_DOUBLE_EQ(known, report.placed);
        } else if (anything_shown) {
            EXPECT_NE(hidden, 1) << round;
            EXPECT_GT(report.placed - known, hidden) << "each could only be one";
        }
    }
    EXPECT_GT(hidden_reports, 500);
}

}  // namespace
}  // namespace mobilytics::analytics
