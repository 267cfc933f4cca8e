#include <gtest/gtest.h>

#include <variant>

#include "src/measurements/incremental_test.hpp"
#include "src/measurements/naive_test.hpp"
#include "src/measurements/random_world_test.hpp"
#include "src/measurements/reference_rollup_test.hpp"

// The invariants of measurement.md 5, as far as the engine alone can keep them, and the engine against the
// naive reading of the text, on random worlds.
namespace mobilytics::measurements::testing {
namespace {

using Item = std::variant<Position, TestSighting, TestHeartbeat>;

std::vector<Item> items_of(const World& world) {
    std::vector<Item> items{world.positions.begin(), world.positions.end()};
    items.insert(items.end(), world.sightings.begin(), world.sightings.end());
    items.insert(items.end(), world.heartbeats.begin(), world.heartbeats.end());
    return items;
}

void add(Incremental& engine, const Item& item) {
    std::visit([&](const auto& one) { engine.add(one); }, item);
}

// From nothing, in one go.
Incremental rebuilt(const World& world) {
    Incremental engine{world, world_span};
    for (const Item& item : items_of(world)) add(engine, item);
    engine.settle();
    return engine;
}

// The first difference in words, for a failing seed.
std::string difference(const Derived& made, const Derived& wanted) {
    if (made.visits.size() != wanted.visits.size())
        return "visits: " + std::to_string(made.visits.size()) + " not " + std::to_string(wanted.visits.size());
    for (std::size_t i = 0; i < made.visits.size(); ++i)
        if (made.visits[i] != wanted.visits[i])
            return "visit at " + clock::to_rfc3339(made.visits[i].start) + " " +
                   std::string{text(made.visits[i].speed)} + " not at " + clock::to_rfc3339(wanted.visits[i].start) +
                   " " + std::string{text(wanted.visits[i].speed)};
    if (made.road_time != wanted.road_time) return "road time";
    if (made.minutes != wanted.minutes) return "minutes";
    return "";
}

void expect_naive(const Incremental& engine) {
    EXPECT_EQ(difference(engine.derived(), naive::derive(engine.world(), world_span)), "");
}

TEST(Invariants, a_rebuild_is_what_the_naive_reading_of_the_text_gives) {
    std::size_t visits = 0, parked_out = 0, unplaced = 0, unattached = 0, stopped = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(seed);
        const Incremental engine = rebuilt(random_world(seed));
        expect_naive(engine);
        for (const StoredVisit& visit : engine.derived().visits) {
            ++visits;
            parked_out += visit.parked_out;
            unattached += !visit.asset;
            unplaced += visit.asset && !visit.place;
            stopped += visit.speed == SpeedClass::parked;
        }
        if (HasFailure()) break;
    }
    // The worlds reach every kind of visit often.
    for (const std::size_t kind : {parked_out, unattached, unplaced, stopped}) EXPECT_GT(kind, visits / 100);
}

TEST(Invariants, any_order_repetition_and_batching_gives_what_a_rebuild_gives) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(1000 + seed);
        Chance chance{seed};
        std::vector<Item> items = items_of(world);
        for (int repeats = chance.up_to(50); repeats > 0; --repeats) items.push_back(chance.of(items));
        chance.shuffle(items);

        Incremental engine{world, world_span};
        const int batches = chance.of({1, 7, 40});
        for (std::size_t next = 0; next < items.size(); ++next) {
            add(engine, items[next]);
            if (chance.one_in(static_cast<int>(items.size()) / batches + 1)) engine.settle();
        }
        engine.settle();
        EXPECT_EQ(difference(engine.derived(), rebuilt(world).derived()), "");
        if (HasFailure()) break;
    }
}

TEST(Invariants, a_few_late_items_reach_as_far_as_their_effect) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(8000 + seed);
        Chance chance{seed};
        World early = world;
        const auto hold_back = [&](auto& records) {
            std::remove_reference_t<decltype(records)> held;
            for (int count = std::min(3, static_cast<int>(records.size())); count > 0; --count) {
                const auto one = records.begin() + chance.up_to(static_cast<int>(records.size()) - 1);
                held.push_back(*one);
                records.erase(one);
            }
            return held;
        };
        const auto positions = hold_back(early.positions);
        const auto sightings = hold_back(early.sightings);
        Incremental engine = rebuilt(early);
        for (const Position& late : positions) {
            engine.add(late);
            engine.settle();
        }
        for (const TestSighting& late : sightings) {
            engine.add(late);
            engine.settle();
        }
        EXPECT_EQ(difference(engine.derived(), rebuilt(world).derived()), "");
        if (HasFailure()) break;
    }
}

TEST(Invariants, items_one_by_one_in_time_order_give_what_a_rebuild_gives) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(2000 + seed);
        std::vector<Item> items = items_of(world);
        const auto at = [](const Item& item) {
            if (const auto* sighting = std::get_if<TestSighting>(&item)) return sighting->sighting.at;
            if (const auto* position = std::get_if<Position>(&item)) return position->at;
            return std::get<TestHeartbeat>(item).at;
        };
        std::ranges::stable_sort(items, {}, at);
        Incremental engine{world, world_span};
        for (const Item& item : items) {
            add(engine, item);
            engine.settle();
        }
        EXPECT_EQ(difference(engine.derived(), rebuilt(world).derived()), "");
    }
}

TEST(Invariants, attachments_corrected_in_the_past_give_what_a_rebuild_gives) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(3000 + seed);
        Incremental engine = rebuilt(world);
        Chance chance{seed};
        std::vector<Attachment> attachments = world.attachments;
        if (chance.one_in(2)) {
            attachments = random_attachments(chance, world);
        } else if (!attachments.empty()) {
            // The start alone moves, which also decides between two fixes at one instant.
            Window& during = attachments[static_cast<std::size_t>(chance.up_to(1)) % attachments.size()].during;
            during.from = std::min(during.to - std::chrono::minutes{1}, during.from + std::chrono::minutes{1});
        }
        engine.replace_attachments(attachments);
        engine.settle();
        expect_naive(engine);
        if (HasFailure()) break;
    }
}

TEST(Invariants, settings_corrected_in_the_past_give_what_a_rebuild_gives) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(4000 + seed);
        Incremental engine = rebuilt(world);
        Chance chance{seed};
        TestDevice device = chance.of(world.devices);
        const Instant changed = random_instant(chance);
        device.calibrations.push_back({changed, {0.5, 0.25, 0.75}});
        device.near_dbm.push_back({changed, -79});
        device.expected_interval.push_back({changed, std::chrono::seconds{120}});
        engine.replace_device(device, {changed, world_span.to});
        engine.replace_parked_policies(random_policies(chance), world_span);
        engine.settle();
        expect_naive(engine);
        if (HasFailure()) break;
    }
}

TEST(Invariants, deleting_a_devices_raw_data_leaves_nothing_of_it) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(5000 + seed);
        Incremental engine = rebuilt(world);
        Chance chance{seed};
        const ids::Uuid device = chance.of(world.devices).id;
        Window gone{random_instant(chance), random_instant(chance)};
        if (gone.to < gone.from) std::swap(gone.from, gone.to);
        engine.erase(device, gone);
        engine.settle();
        expect_naive(engine);
        for (const StoredVisit& visit : engine.derived().visits)
            EXPECT_FALSE(visit.device == device && (gone.contains(visit.start) || gone.contains(visit.end)));
        if (HasFailure()) break;
    }
}

TEST(Invariants, cells_and_assets_and_the_visits_that_count_add_up_to_the_same) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(6000 + seed);
        const auto visits = rebuilt(world).derived().visits;
        std::map<std::pair<std::optional<ids::Uuid>, Instant>, std::pair<RollupRow, RollupRow>> sums;
        for (const auto& [key, row] : roll_up(world, visits)) {
            auto& [by_asset, by_cell] = sums[{key.campaign, key.hour}];
            add_row(key.by_cell ? by_cell : by_asset, row);
        }
        for (const auto& [key, sum] : sums) {
            EXPECT_TRUE(equal_rows(sum.first, sum.second, !key.first));
            if (key.first) continue;
            EXPECT_EQ(sum.first.visits, std::ranges::count_if(visits, [&](const StoredVisit& visit) {
                          return counts(visit) && clock::floor_hour(visit.start) == key.second;
                      }));
        }
    }
}

TEST(Invariants, hours_add_up_to_days) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        const World world = random_world(7000 + seed);
        const auto visits = rebuilt(world).derived().visits;
        Rollup days;
        for (const auto& [key, row] : roll_up(world, visits)) {
            RollupKey day = key;
            day.hour = clock::floor_day(key.hour);
            add_row(days[day], row);
        }
        const Rollup direct = roll_up(world, visits, std::chrono::hours{24});
        ASSERT_EQ(days.size(), direct.size());
        for (const auto& [key, row] : direct) EXPECT_TRUE(equal_rows(days.at(key), row, !key.campaign));
    }
}

}  // namespace
}  // namespace mobilytics::measurements::testing
