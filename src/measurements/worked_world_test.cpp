#include "src/measurements/worked_world_test.hpp"

#include <gtest/gtest.h>

#include "src/measurements/incremental_test.hpp"
#include "src/measurements/naive_test.hpp"

namespace mobilytics::measurements::testing {
namespace {

struct WorkedWorld : ::testing::Test {
    const worked::JsonWorld json = worked::read<worked::JsonWorld>("world.json");
    const worked::JsonExpected expected = worked::read<worked::JsonExpected>("expected.json");
    const World world = worked::world(json);
    const worked::Names devices{json.devices};
    const worked::Names assets{json.assets};
    const worked::Names campaigns{json.campaigns};
    const Window span{worked::instant("2026-03-07T00:00:00Z"), worked::instant("2026-03-09T00:00:00Z")};
    const Derived derived = engine();

    Derived engine() const {
        Incremental engine{world, span};
        for (const Position& one : world.positions) engine.add(one);
        for (const TestSighting& one : world.sightings) engine.add(one);
        for (const TestHeartbeat& one : world.heartbeats) engine.add(one);
        engine.settle();
        return engine.derived();
    }

    worked::JsonVisit published(const StoredVisit& visit) const {
        return {devices.name(visit.device),    to_hex(visit.visitor),     clock::to_rfc3339(visit.start),
                clock::to_rfc3339(visit.end),  assets.name(*visit.asset), visit.cell ? to_hex(*visit.cell) : "unplaced",
                std::string{text(visit.speed)}};
    }

    RollupKey key(const worked::JsonRollup& row) const {
        RollupKey key;
        key.by_cell = row.by == "cell";
        if (row.campaign != "all") key.campaign = campaigns.id(row.campaign);
        if (!key.by_cell)
            key.asset = assets.id(row.of);
        else if (row.of != "unplaced")
            key.cell = std::stoull(row.of, nullptr, 16);
        key.hour = worked::instant(row.hour);
        return key;
    }

    std::vector<worked::JsonRoadSeconds> road_seconds() const {
        std::vector<worked::JsonRoadSeconds> rows;
        for (const auto& [place, time] : derived.road_time)
            for (const auto& [name, part] :
                 {std::pair{"crawl", time.crawl}, {"fast", time.fast}, {"parked", time.parked}, {"urban", time.urban}})
                if (part.count() != 0)
                    rows.push_back({assets.name(place.first), clock::to_rfc3339(place.second), name,
                                    std::chrono::duration<double>{part}.count()});
        return rows;
    }
};

TEST_F(WorkedWorld, gives_the_expected_visits) {
    std::vector<worked::JsonVisit> visits;
    for (const StoredVisit& visit : derived.visits)
        if (counts(visit)) visits.push_back(published(visit));
    const auto by_all = [](const worked::JsonVisit& visit) {
        return std::tie(visit.start, visit.device, visit.visitor);
    };
    auto wanted = expected.visits;
    std::ranges::sort(wanted, {}, by_all);
    std::ranges::sort(visits, {}, by_all);
    ASSERT_EQ(visits.size(), wanted.size());
    for (std::size_t i = 0; i < visits.size(); ++i)
        EXPECT_EQ(visits[i], wanted[i]) << glz::write_json(visits[i]).value() << "\n"
                                        << glz::write_json(wanted[i]).value();
}

TEST_F(WorkedWorld, gives_the_expected_roll_up_rows_and_no_others) {
    Rollup rollup = roll_up(world, derived.visits);
    for (const worked::JsonRollup& row : expected.rollups) {
        SCOPED_TRACE(row.by + " " + row.campaign + " " + row.of + " " + row.hour);
        const auto found = rollup.extract(key(row));
        ASSERT_FALSE(found.empty());
        RollupRow& made = found.mapped();
        EXPECT_EQ(made.visitors.size(), row.visitors);
        const RollupRow wanted{row.visits,  row.ots,  row.ots_low,   row.ots_high,  row.lts,
                               row.dwell_s, row.bins, made.visitors, row.calibrated};
        EXPECT_TRUE(equal_rows(made, wanted, row.campaign == "all"));
    }
    EXPECT_TRUE(rollup.empty());
}

TEST_F(WorkedWorld, gives_the_expected_seconds_on_the_road) { EXPECT_EQ(road_seconds(), expected.road_seconds); }

TEST_F(WorkedWorld, gives_the_expected_quality_counts) {
    EXPECT_EQ(std::ranges::count_if(derived.visits, &StoredVisit::parked_out), expected.quality.parked_out);
    EXPECT_EQ(std::ranges::count_if(derived.visits, [](const StoredVisit& visit) { return !visit.asset; }),
              expected.quality.unattached);
}

TEST_F(WorkedWorld, gives_the_same_to_the_naive_reading_of_the_text) { EXPECT_EQ(derived, naive::derive(world, span)); }

}  // namespace
}  // namespace mobilytics::measurements::testing
