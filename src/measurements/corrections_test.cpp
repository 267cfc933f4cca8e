#include <gtest/gtest.h>

#include "src/measurements/incremental_test.hpp"
#include "src/measurements/naive_test.hpp"
#include "src/measurements/random_world_test.hpp"

// How far a correction has to be followed, in worlds small enough to see why.
namespace mobilytics::measurements::testing {
namespace {

void expect_naive(const Incremental& engine) { EXPECT_EQ(engine.derived(), naive::derive(engine.world(), world_span)); }

// One device on one vehicle, without raw records.
World quiet_world() {
    World world;
    world.devices = {TestDevice{numbered(1), {}, {}, {}, {}}};
    world.assets = {{numbered(50), std::nullopt, {}}};
    world.attachments = {{numbered(1), numbered(50), world_span}};
    return world;
}

TEST(Corrections, a_late_fix_before_the_hour_moves_the_visits_after_it) {
    Incremental engine{quiet_world(), world_span};
    const Instant hour = world_span.from + one_hour;
    const auto fix = [&](int seconds, double lat) {
        return Position{numbered(1), hour + std::chrono::seconds{seconds}, lat, -79.4, {}, {}, {}};
    };
    for (const auto& one : {fix(-120, 43.600), fix(120, 43.604)}) engine.add(one);
    engine.add(TestSighting{numbered(1), {hour + std::chrono::seconds{60}, Visitor{1}, -60}});
    engine.settle();
    ASSERT_EQ(engine.derived().visits.at(0).place, (LatLon{43.603, -79.4}));

    engine.add(fix(-60, 43.598));
    engine.settle();
    EXPECT_EQ(engine.derived().visits.at(0).place, (LatLon{43.602, -79.4}));
    expect_naive(engine);
}

TEST(Corrections, a_stop_that_turns_out_to_be_longer_leaves_out_visits_hours_later) {
    World world = quiet_world();
    world.parked_policies = {{Instant{}, {ParkedRule::cap, std::chrono::minutes{60}}}};
    Incremental engine{world, world_span};
    const Instant missing = world_span.from + std::chrono::minutes{40};
    const auto standing_at = [&](Instant at) { engine.add(Position{numbered(1), at, 43.6, -79.4, {}, {}, {}}); };
    for (Instant at = world_span.from; at < world_span.from + 4 * one_hour; at += std::chrono::minutes{4})
        if (at != missing) standing_at(at);
    engine.add(TestSighting{numbered(1), {missing + std::chrono::minutes{62}, Visitor{1}, -60}});
    engine.settle();
    ASSERT_FALSE(engine.derived().visits.at(0).parked_out);

    const int before = engine.hours_redone();
    standing_at(missing);
    engine.settle();
    EXPECT_TRUE(engine.derived().visits.at(0).parked_out);
    EXPECT_GE(engine.hours_redone() - before, 4);
    expect_naive(engine);
}

TEST(Corrections, deleting_the_end_of_a_visit_that_began_hours_before_shortens_it) {
    Incremental engine{quiet_world(), world_span};
    const Instant start = world_span.from + std::chrono::minutes{50};
    for (int minutes = 0; minutes <= 160; minutes += 5)
        engine.add(TestSighting{numbered(1), {start + std::chrono::minutes{minutes}, Visitor{1}, -60}});
    engine.settle();
    ASSERT_EQ(engine.derived().visits.size(), 1U);

    // Nothing is left in the hours that lose sightings, so only what was there before tells of the visit.
    engine.erase(numbered(1), {start + std::chrono::minutes{66}, world_span.to});
    engine.settle();
    ASSERT_EQ(engine.derived().visits.size(), 1U);
    EXPECT_EQ(engine.derived().visits[0].end, start + std::chrono::minutes{65});
    expect_naive(engine);
}

TEST(Corrections, a_late_fix_is_followed_only_until_the_tracks_agree) {
    Incremental engine{quiet_world(), world_span};
    for (Instant at = world_span.from; at < world_span.to; at += std::chrono::minutes{1})
        engine.add(Position{numbered(1), at, 43.6, -79.4, {}, {}, {}});
    engine.settle();

    const int before = engine.hours_redone();
    engine.add(Position{numbered(1),
                        world_span.from + std::chrono::minutes{90} + std::chrono::seconds{5},
                        43.60001,
                        -79.4,
                        {},
                        {},
                        {}});
    engine.settle();
    EXPECT_EQ(engine.hours_redone() - before, 1);
    expect_naive(engine);
}

}  // namespace
}  // namespace mobilytics::measurements::testing
