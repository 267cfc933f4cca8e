#include "src/analytics/surface.hpp"

#include <random>

#include "src/analytics/tile_decoder_test.hpp"

namespace mobilytics::analytics {
namespace {

TEST(surface, every_level_adds_up_to_the_same_total) {
    std::mt19937 random{9};
    auto cells = disk(48.42, -123.36, 30);
    for (auto& cell : cells) {
        const auto visits = static_cast<double>(1 + random() % 30);
        cell.sums = CellSums{visits, 2, 3, 4, visits};
    }
    const Surface surface{cells, {5, 5, 5, 5, 5}, 10};
    const auto total = surface.placed();
    for (int resolution = coarsest_resolution; resolution <= finest_resolution; ++resolution) {
        CellSums sum;
        for (const auto& cell : surface.level(resolution)) sum += cell.sums;
        EXPECT_DOUBLE_EQ(sum.visits, total.visits);
        EXPECT_DOUBLE_EQ(sum.dwell_s, total.dwell_s);
        EXPECT_TRUE(std::ranges::is_sorted(surface.level(resolution), {}, &SurfaceCell::cell));
    }
    EXPECT_EQ(surface.unplaced().visits, 5);
}

TEST(surface, a_shown_cell_never_stands_over_exactly_one_hidden_one) {
    std::mt19937 random{21};
    auto cells = disk(43.65, -79.38, 25);
    for (auto& cell : cells) {
        const auto visits = static_cast<double>(random() % 4 == 0 ? 1 + random() % 9 : 10 + random() % 90);
        cell.sums = {visits, visits, visits, visits, visits};
    }
    const Surface surface{cells, {}, 10};
    for (int resolution = coarsest_resolution; resolution < finest_resolution; ++resolution) {
        for (const auto& parent : surface.level(resolution)) {
            const auto children = surface.cells_in(descendants_of(parent.cell, resolution + 1), resolution + 1);
            const auto hidden = std::ranges::count_if(children, &SurfaceCell::hidden);
            if (parent.hidden)
                EXPECT_GE(hidden, 1);
            else
                EXPECT_NE(hidden, 1) << cell_text(parent.cell);
        }
    }
}

TEST(surface, a_legend_has_classes_of_shown_cells_in_ascending_order) {
    auto cells = disk(43.65, -79.38, 8);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double visits = 10 + static_cast<double>(i);
        cells[i].sums = {visits, visits / 2, visits, visits * 7, visits};
    }
    const Surface surface{cells, {}, 10};
    const auto legend = surface.legend(9, Metric::visits);
    EXPECT_EQ(legend.cells, cells.size());
    EXPECT_EQ(legend.hidden_cells, 0U);
    ASSERT_EQ(legend.breaks.size(), 7U);
    EXPECT_EQ(legend.breaks.front(), 10);
    EXPECT_TRUE(std::ranges::is_sorted(legend.breaks));
    EXPECT_EQ(surface.legend(9, Metric::ots).breaks.front(), 5);
    EXPECT_EQ(surface.legend(9, Metric::dwell).breaks, std::vector{7.0});
    EXPECT_TRUE((Surface{{}, {}, 10}).legend(9, Metric::visits).breaks.empty());
}

TEST(surface, bounds_enclose_the_cells_and_run_on_across_the_antimeridian) {
    const auto toronto = Surface{disk(43.65, -79.38, 2), {}, 10}.bounds();
    ASSERT_TRUE(toronto);
    EXPECT_LT(toronto->west, -79.38);
    EXPECT_GT(toronto->east, -79.38);
    EXPECT_LT(toronto->north - toronto->south, 0.05);
    auto fiji = disk(-17, 179.999, 3);
    const auto across = Surface{fiji, {}, 10}.bounds();
    ASSERT_TRUE(across);
    EXPECT_LT(across->west, 180);
    EXPECT_GT(across->east, 180);
    EXPECT_LT(across->east - across->west, 0.1);
    EXPECT_FALSE((Surface{{}, {}, 10}).bounds());
}

TEST(surface, a_cell_that_is_hidden_everywhere_does_not_widen_the_view) {
    auto cells = disk(43.65, -79.38, 2);
    for (auto& cell : cells) cell.sums = {.visits = 100, .whole_visits = 100};
    const auto alone = Surface{cells, {}, 10}.view();
    auto far = disk(44.4, -79.7, 0);
    far.front().sums = {.visits = 3, .whole_visits = 3};
    auto both = cells;
    both.insert(both.end(), far.begin(), far.end());
    std::ranges::sort(both, {}, &SurfaceCell::cell);
    const Surface surface{both, {}, 10};
    ASSERT_TRUE(alone && surface.view() && surface.bounds());
    EXPECT_EQ(surface.view()->north, alone->north);
    EXPECT_EQ(surface.view()->west, alone->west);
    EXPECT_GT(surface.bounds()->north, 44);
    EXPECT_TRUE((Surface{far, {}, 10}).view()) << "nothing is shown, and the map goes there all the same";
}

TEST(surface, keeps_the_outline_of_every_cell_whichever_is_asked_for_first) {
    const Surface surface{disk(43.65, -79.38, 12), {}, 10};
    for (int resolution = coarsest_resolution; resolution <= finest_resolution; ++resolution) {
        const auto cells = surface.level(resolution);
        for (std::size_t i = cells.size(); i-- > 0;)
            EXPECT_TRUE(std::ranges::equal(surface.outline(cells[i], resolution), world_outline_of(cells[i].cell)));
    }
}

}  // namespace
}  // namespace mobilytics::analytics
