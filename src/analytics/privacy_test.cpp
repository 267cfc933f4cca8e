#include "src/analytics/privacy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>

namespace mobilytics::analytics::privacy {
namespace {

constexpr std::uint64_t prime = 2147483647;  // exact arithmetic without fractions

std::uint64_t inverse(std::uint64_t value) {
    std::uint64_t result = 1;
    for (std::uint64_t power = prime - 2; power > 0; power >>= 1U) {
        if (power & 1U) result = result * value % prime;
        value = value * value % prime;
    }
    return result;
}

using Row = std::vector<std::uint64_t>;

// Someone who knows every published number, and which finest parts add up to it.
class Attacker {
public:
    explicit Attacker(std::size_t pieces) : pieces_{pieces} {}

    void learns(Row sum) {
        reduce(sum);
        const auto lead = leading(sum);
        if (lead == pieces_) return;
        const auto factor = inverse(sum[lead]);
        for (auto& value : sum) value = value * factor % prime;
        known_.push_back({lead, std::move(sum)});
    }

    // By additions and subtractions of what is known.
    bool can_derive(Row sum) const {
        reduce(sum);
        return leading(sum) == pieces_;
    }

private:
    void reduce(Row& sum) const {
        for (const auto& [lead, row] : known_) {
            const auto factor = sum[lead];
            for (std::size_t i = 0; factor != 0 && i < pieces_; ++i)
                sum[i] = (sum[i] + (prime - factor) * row[i]) % prime;
        }
    }

    std::size_t leading(const Row& sum) const {
        return static_cast<std::size_t>(std::ranges::find_if(sum, [](std::uint64_t value) { return value != 0; }) -
                                        sum.begin());
    }

    std::size_t pieces_;
    std::vector<std::pair<std::size_t, Row>> known_;  // in echelon form
};

// A tree as a map makes it: leaves with whole visits, each level summing groups of the next finer one.
std::vector<Level> tree_of(const std::vector<int>& leaves, const std::vector<std::vector<std::uint32_t>>& parents,
                           double share) {
    std::vector<Level> levels(parents.size());
    levels.back().parents = parents.back();
    for (const int visits : leaves) levels.back().parts.push_back({visits * share, double(visits), 1, false});
    for (std::size_t depth = levels.size() - 1; depth > 0; --depth) {
        Level& coarser = levels[depth - 1];
        coarser.parents = parents[depth - 1];
        coarser.parts.assign(coarser.parents.size(), {0, 0, 0, false});
        for (std::size_t i = 0; i < levels[depth].parts.size(); ++i) {
            Part& parent = coarser.parts[levels[depth].parents[i]];
            parent.visits += levels[depth].parts[i].visits;
            parent.whole_visits += levels[depth].parts[i].whole_visits;
            parent.pieces += levels[depth].parts[i].pieces;
        }
    }
    return levels;
}

// Random parents, coarsest level first; ascending, each used.
std::vector<std::vector<std::uint32_t>> random_parents(std::mt19937& random, std::size_t leaves, std::size_t depth) {
    std::vector<std::vector<std::uint32_t>> parents(depth);
    std::size_t count = leaves;
    for (std::size_t level = depth; level-- > 1;) {
        std::vector<std::uint32_t> of;
        std::uint32_t parent = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0 && random() % 3 == 0) ++parent;
            of.push_back(parent);
        }
        count = parent + 1;
        parents[level] = of;
    }
    parents[0].assign(count, 0);
    return parents;
}

// Which leaves lie in each part of each level.
std::vector<std::vector<Row>> leaves_of(const std::vector<Level>& levels) {
    const std::size_t leaves = levels.back().parts.size();
    std::vector<std::vector<Row>> rows(levels.size());
    for (std::size_t i = 0; i < leaves; ++i) {
        rows.back().emplace_back(leaves, 0);
        rows.back().back()[i] = 1;
    }
    for (std::size_t depth = levels.size() - 1; depth > 0; --depth) {
        rows[depth - 1].assign(levels[depth - 1].parts.size(), Row(leaves, 0));
        for (std::size_t i = 0; i < rows[depth].size(); ++i)
            for (std::size_t leaf = 0; leaf < leaves; ++leaf)
                rows[depth - 1][levels[depth].parents[i]][leaf] |= rows[depth][i][leaf];
    }
    return rows;
}

// Where everything is hidden at the top, the total speaks for itself and nothing more can be hidden.
bool all_hidden(const Level& level) { return std::ranges::all_of(level.parts, &Part::hidden); }

TEST(privacy, a_part_below_the_floor_is_hidden_and_the_floor_itself_is_shown) {
    std::vector<Part> parts{{9, 9}, {9.5, 9.5}, {10, 10}, {11, 11}};
    hide(parts, 10);
    EXPECT_TRUE(parts[0].hidden);
    EXPECT_TRUE(parts[1].hidden);
    EXPECT_FALSE(parts[2].hidden);
    EXPECT_FALSE(parts[3].hidden);
}

TEST(privacy, a_single_hidden_part_takes_the_smallest_shown_one_with_it) {
    std::vector<Part> parts{{50, 50}, {12, 12}, {3, 3}, {12, 12}};
    hide(parts, 10);
    EXPECT_EQ((std::vector<bool>{parts[0].hidden, parts[1].hidden, parts[2].hidden, parts[3].hidden}),
              (std::vector<bool>{false, true, true, false}));
}

TEST(privacy, two_hidden_parts_that_can_only_be_one_visit_each_take_a_third) {
    std::vector<Part> parts{{1, 1}, {1, 1}, {20, 20}, {30, 30}};
    hide(parts, 10);
    EXPECT_TRUE(parts[2].hidden);
    EXPECT_FALSE(parts[3].hidden);
}

TEST(privacy, shares_do_not_blind_the_rule_to_parts_of_one_visit) {
    std::vector<Part> parts{{0.25, 1}, {0.25, 1}, {20, 80}, {30, 120}};
    hide(parts, 10);
    EXPECT_TRUE(parts[2].hidden);
}

TEST(privacy, nothing_is_hidden_where_all_parts_reach_the_floor_or_the_floor_is_one) {
    std::vector<Part> parts{{10, 10}, {200, 200}};
    hide(parts, 10);
    EXPECT_FALSE(parts[0].hidden || parts[1].hidden);
    std::vector<Part> single{{1, 1}, {2, 2}};
    hide(single, 1);
    EXPECT_FALSE(single[0].hidden || single[1].hidden);
}

TEST(privacy, a_hidden_part_hides_something_inside_so_that_its_children_do_not_add_it_up) {
    // Two coarse parts, 5 and 20; the 20 is hidden to protect the 5, and its halves would tell.
    auto levels = tree_of({5, 10, 10, 40}, {{0, 0, 0}, {0, 1, 1, 2}}, 1);
    hide(levels, 10);
    EXPECT_TRUE(levels[0].parts[0].hidden);
    EXPECT_TRUE(levels[0].parts[1].hidden);
    EXPECT_FALSE(levels[0].parts[2].hidden);
    EXPECT_TRUE(levels[1].parts[1].hidden);
    EXPECT_FALSE(levels[1].parts[2].hidden);
    EXPECT_FALSE(levels[1].parts[3].hidden);
}

TEST(privacy, no_hidden_number_follows_from_published_ones_in_random_trees) {
    std::mt19937 random{20260308};
    int hidden_parts = 0;
    for (int round = 0; round < 4000; ++round) {
        const std::size_t leaves = 1 + random() % 24;
        const std::size_t depth = 1 + random() % 4;
        const auto parents = random_parents(random, leaves, depth);
        std::vector<int> visits(leaves);
        for (int& value : visits) value = random() % 3 == 0 ? 1 + int(random() % 9) : 1 + int(random() % 60);
        auto levels = tree_of(visits, parents, round % 3 == 0 ? 0.4 : 1);
        hide(levels, 10);
        if (all_hidden(levels[0])) continue;

        const auto rows = leaves_of(levels);
        Attacker attacker{leaves};
        attacker.learns(Row(leaves, 1));
        for (std::size_t level = 0; level < levels.size(); ++level)
            for (std::size_t i = 0; i < rows[level].size(); ++i)
                if (!levels[level].parts[i].hidden) attacker.learns(rows[level][i]);
        for (std::size_t level = 0; level < levels.size(); ++level) {
            for (std::size_t i = 0; i < rows[level].size(); ++i) {
                const Part& part = levels[level].parts[i];
                if (!part.hidden) {
                    ASSERT_GE(part.visits, 10) << "round " << round;
                    continue;
                }
                ++hidden_parts;
                ASSERT_FALSE(attacker.can_derive(rows[level][i])) << "round " << round << " level " << level;
            }
        }
    }
    EXPECT_GT(hidden_parts, 10000);
}

// Tries every world that fits what is published, knowing that each listed leaf has at least one visit.
class Enumerator {
public:
    Enumerator(const std::vector<Level>& levels, int total)
        : levels_{levels}, rows_{leaves_of(levels)}, leaves_(levels.back().parts.size()) {
        least_.resize(levels.size());
        most_.resize(levels.size());
        for (std::size_t level = 0; level < levels.size(); ++level) {
            least_[level].assign(levels[level].parts.size(), 1e9);
            most_[level].assign(levels[level].parts.size(), -1);
        }
        fill(0, total);
    }

    bool can_tell(std::size_t level, std::size_t part) const { return least_[level][part] == most_[level][part]; }

private:
    void fill(std::size_t leaf, int rest) {
        if (leaf + 1 == leaves_.size()) {
            leaves_[leaf] = rest;
            if (rest >= 1) consider();
            return;
        }
        for (int value = 1; value < rest; ++value) {
            leaves_[leaf] = value;
            fill(leaf + 1, rest - value);
        }
    }

    double value_of(const Row& row) const {
        double sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i) sum += row[i] != 0 ? leaves_[i] : 0;
        return sum;
    }

    void consider() {
        for (std::size_t level = 0; level < levels_.size(); ++level)
            for (std::size_t i = 0; i < rows_[level].size(); ++i)
                if (!levels_[level].parts[i].hidden && value_of(rows_[level][i]) != levels_[level].parts[i].visits)
                    return;
        for (std::size_t level = 0; level < levels_.size(); ++level) {
            for (std::size_t i = 0; i < rows_[level].size(); ++i) {
                least_[level][i] = std::min(least_[level][i], value_of(rows_[level][i]));
                most_[level][i] = std::max(most_[level][i], value_of(rows_[level][i]));
            }
        }
    }

    const std::vector<Level>& levels_;
    std::vector<std::vector<Row>> rows_;
    std::vector<int> leaves_;
    std::vector<std::vector<double>> least_, most_;
};

TEST(privacy, no_hidden_number_is_the_only_one_that_fits_in_small_worlds) {
    std::mt19937 random{7};
    int hidden_parts = 0;
    for (int round = 0; round < 6000; ++round) {
        const std::size_t leaves = 2 + random() % 4;
        const auto parents = random_parents(random, leaves, 1 + random() % 3);
        std::vector<int> visits(leaves);
        for (int& value : visits) value = random() % 2 == 0 ? 1 : 1 + int(random() % 5);
        auto levels = tree_of(visits, parents, 1);
        hide(levels, 3);
        if (all_hidden(levels[0])) continue;
        const Enumerator attacker{levels, std::accumulate(visits.begin(), visits.end(), 0)};
        for (std::size_t level = 0; level < levels.size(); ++level) {
            for (std::size_t i = 0; i < levels[level].parts.size(); ++i) {
                if (!levels[level].parts[i].hidden) continue;
                ++hidden_parts;
                ASSERT_FALSE(attacker.can_tell(level, i)) << "round " << round << " level " << level << " part " << i;
            }
        }
    }
    EXPECT_GT(hidden_parts, 2000);
}

}  // namespace
}  // namespace mobilytics::analytics::privacy
