#include "src/measurements/track.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace mobilytics::measurements {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant noon{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{12}};
constexpr clock::Milliseconds moment{1};
constexpr double metres_per_degree = 6'371'008.8 * 3.14159265358979323846 / 180;

// A fix so many metres north of a point on the equator.
Fix fix(clock::Milliseconds after_noon, double north_m, std::optional<double> report = {}, double lon = 0) {
    return {noon + after_noon, {north_m / metres_per_degree, lon}, report};
}

Track track(std::vector<Fix> fixes) { return Track::extend({}, fixes); }

ids::Uuid numbered(std::uint8_t number) {
    ids::Uuid uuid;
    uuid.bytes[15] = number;
    return uuid;
}

TEST(Distance, is_haversine_on_the_mean_sphere) {
    EXPECT_NEAR(distance_m({0, 0}, {1, 0}), metres_per_degree, 1e-6);
    EXPECT_NEAR(distance_m({0, 179.5}, {0, -179.5}), metres_per_degree, 1e-6);
    EXPECT_NEAR(distance_m({90, 0}, {-90, 77}), 180 * metres_per_degree, 1e-6);
    EXPECT_EQ(distance_m({43.6, -79.4}, {43.6, -79.4}), 0);
}

TEST(SpeedClasses, hold_up_to_and_at_their_bound) {
    const auto at_kmh = [](double kmh) { return text(class_of_speed(kmh / 3.6)); };
    EXPECT_EQ(at_kmh(0), "parked");
    EXPECT_EQ(at_kmh(4.999), "parked");
    EXPECT_EQ(at_kmh(5.001), "crawl");
    EXPECT_EQ(at_kmh(19.999), "crawl");
    EXPECT_EQ(at_kmh(20.001), "urban");
    EXPECT_EQ(at_kmh(59.999), "urban");
    EXPECT_EQ(at_kmh(60.001), "fast");
    EXPECT_EQ(text(class_of_speed(12.5)), "urban");  // 45 km/h
    EXPECT_EQ(text(SpeedClass::unknown), "unknown");
    EXPECT_EQ(text(SpeedClass::static_site), "static");
}

TEST(Teleports, more_than_sixty_metres_a_second_from_the_last_kept_fix_is_dropped) {
    EXPECT_EQ(track({fix({}, 0), fix(seconds{10}, 599.999)}).kept().size(), 2U);
    EXPECT_EQ(track({fix({}, 0), fix(seconds{10}, 600.001)}).kept().size(), 1U);
    EXPECT_EQ(track({fix({}, 0), fix(moment, 0.0599)}).kept().size(), 2U);
}

TEST(Teleports, a_chain_of_them_is_dropped_until_300_seconds_have_passed) {
    const Track jumped =
        track({fix({}, 0), fix(seconds{60}, 50'000), fix(seconds{120}, 50'001), fix(seconds{300}, 50'000),
               fix(seconds{300} + moment, 50'000), fix(seconds{301}, 50'001)});
    ASSERT_EQ(jumped.kept().size(), 3U);
    EXPECT_EQ(jumped.kept()[1].at, noon + seconds{300} + moment);
    // It starts anew there: no interval leads across.
    EXPECT_EQ(jumped.at(noon + seconds{150}), Whereabouts{});
    EXPECT_EQ(jumped.road_time({noon, noon + minutes{60}}).parked, clock::Milliseconds{999});
}

TEST(Teleports, what_comes_back_is_kept_again) {
    EXPECT_EQ(track({fix({}, 0), fix(seconds{30}, 90'000), fix(seconds{60}, 100)}).kept().size(), 2U);
}

TEST(Places, lie_between_fixes_at_most_300_seconds_apart) {
    const Track near = track({fix({}, 0), fix(seconds{300}, 3000)});
    EXPECT_EQ(near.at(noon + seconds{100}).place, rounded({1000 / metres_per_degree, 0}));
    const Track far = track({fix({}, 0), fix(seconds{300} + moment, 3000)});
    EXPECT_EQ(far.at(noon + seconds{100}).place, std::nullopt);
}

TEST(Places, a_fix_at_the_very_instant_is_the_place_to_1e_7_degrees) {
    const Track one = track({{noon, {43.123456749, -79.987654351}, {}}});
    EXPECT_EQ(one.at(noon).place, (LatLon{43.1234567, -79.9876544}));
}

TEST(Places, the_nearest_fix_counts_within_60_seconds_and_of_two_the_earlier) {
    const Track apart = track({fix({}, 0, 1.0), fix(seconds{400}, 50, 10.0)});
    EXPECT_EQ(apart.at(noon - seconds{60}).place, rounded(apart.kept()[0].place));
    EXPECT_EQ(apart.at(noon - seconds{60} - moment), Whereabouts{});
    EXPECT_EQ(apart.at(noon + seconds{60}).speed, SpeedClass::parked);
    EXPECT_EQ(apart.at(noon + seconds{60} + moment), Whereabouts{});
    EXPECT_EQ(apart.at(noon + seconds{340}).speed, SpeedClass::urban);
    EXPECT_EQ(apart.at(noon + seconds{340} - moment), Whereabouts{});
    EXPECT_EQ(track({}).at(noon), Whereabouts{});
}

TEST(Places, a_tie_between_two_fixes_needs_a_long_gap_and_so_stays_unplaced) {
    // Within 60 s of both sides of a gap the interval is at most 120 s, which interpolates instead.
    const Track pair = track({fix({}, 0), fix(seconds{120}, 120)});
    EXPECT_EQ(pair.at(noon + seconds{60}).place, rounded({60 / metres_per_degree, 0}));
}

TEST(Places, cross_the_antimeridian_the_short_way_both_ways) {
    const Track east = track({fix({}, 0, {}, 179.99), fix(seconds{60}, 0, {}, -179.98)});
    EXPECT_NEAR(east.at(noon + seconds{10}).place->lon, 179.995, 1e-7);
    EXPECT_NEAR(east.at(noon + seconds{40}).place->lon, -179.99, 1e-7);
    const Track west = track({fix({}, 0, {}, -179.99), fix(seconds{60}, 0, {}, 179.98)});
    EXPECT_NEAR(west.at(noon + seconds{10}).place->lon, -179.995, 1e-7);
    EXPECT_NEAR(west.at(noon + seconds{40}).place->lon, 179.99, 1e-7);
}

TEST(Speeds, at_a_fix_the_interval_after_it_counts_then_the_one_before_then_its_report) {
    const Track road = track({fix({}, 0, 0.0), fix(seconds{100}, 1000, 0.0), fix(seconds{200}, 1000, 30.0),
                              fix(seconds{600}, 1000, 30.0), fix(seconds{1000}, 1000)});
    EXPECT_EQ(road.at(noon).speed, SpeedClass::urban);
    EXPECT_EQ(road.at(noon + seconds{50}).speed, SpeedClass::urban);
    EXPECT_EQ(road.at(noon + seconds{100}).speed, SpeedClass::parked);
    EXPECT_EQ(road.at(noon + seconds{200}).speed, SpeedClass::parked);
    EXPECT_EQ(road.at(noon + seconds{200} + moment).speed, SpeedClass::fast);
    EXPECT_EQ(road.at(noon + seconds{600}).speed, SpeedClass::fast);
    EXPECT_EQ(road.at(noon + seconds{1000}).speed, SpeedClass::unknown);
    EXPECT_TRUE(road.at(noon + seconds{1000}).place);
}

TEST(Stops, begin_with_their_first_interval_and_end_with_another_class_or_a_long_gap) {
    const Track road =
        track({fix({}, 0), fix(seconds{60}, 600), fix(seconds{120}, 601), fix(seconds{180}, 602),
               fix(seconds{240}, 1200), fix(seconds{300}, 1200), fix(seconds{601}, 1200), fix(seconds{660}, 1200)});
    const auto since = [&](int second) { return road.at(noon + seconds{second}).stopped_since; };
    EXPECT_EQ(since(59), std::nullopt);
    EXPECT_EQ(since(60), noon + seconds{60});
    EXPECT_EQ(since(179), noon + seconds{60});
    EXPECT_EQ(since(180), std::nullopt);  // at a fix the interval after it counts, and that one moves
    EXPECT_EQ(since(240), noon + seconds{240});
    EXPECT_EQ(since(300), noon + seconds{240});
    EXPECT_EQ(since(301), std::nullopt);
    EXPECT_EQ(since(601), noon + seconds{601});
    EXPECT_EQ(since(660), noon + seconds{601});
}

TEST(RoadTime, is_split_at_the_windows_asked_for_and_keeps_every_millisecond) {
    const Track road = track({fix(minutes{58}, 0), fix(minutes{61}, 1800), fix(minutes{62}, 1801)});
    const Instant one = noon + minutes{60};
    EXPECT_EQ(road.road_time({noon, one}), (RoadTime{{}, {}, minutes{2}, {}}));
    EXPECT_EQ(road.road_time({one, one + minutes{60}}), (RoadTime{minutes{1}, {}, minutes{1}, {}}));
    EXPECT_EQ(road.road_time({one + seconds{30}, one + seconds{30} + moment}).urban, moment);
    EXPECT_EQ(road.road_time({one + minutes{30}, one + minutes{60}}), RoadTime{});
}

TEST(TrackStates, are_empty_after_more_than_300_seconds_without_a_kept_fix) {
    const Track one = track({fix({}, 0, 3.0)});
    EXPECT_EQ(one.state_at(noon), TrackState{});
    EXPECT_EQ(one.state_at(noon + moment), (TrackState{fix({}, 0, 3.0), std::nullopt}));
    EXPECT_EQ(one.state_at(noon + seconds{300}).last, fix({}, 0, 3.0));
    EXPECT_EQ(one.state_at(noon + seconds{300} + moment), TrackState{});
}

TEST(TrackStates, going_on_from_one_is_the_same_as_starting_from_the_beginning) {
    const std::vector<Fix> fixes{fix(minutes{50}, 0),      fix(minutes{52}, 5),  fix(minutes{57}, 9),
                                 fix(minutes{59}, 99'999), fix(minutes{62}, 10), fix(minutes{63}, 11)};
    const Track whole = track(fixes);
    const Instant boundary = noon + minutes{60};
    const TrackState state = whole.state_at(boundary);
    EXPECT_EQ(state, (TrackState{fixes[2], fixes[0].at}));
    const Track rest = Track::extend(state, std::span{fixes}.subspan(4));
    for (Instant when = boundary; when < boundary + minutes{6}; when += seconds{10})
        EXPECT_EQ(rest.at(when), whole.at(when));
    EXPECT_EQ(rest.at(boundary).stopped_since, fixes[0].at);
    EXPECT_EQ(rest.state_at(boundary + minutes{5}), whole.state_at(boundary + minutes{5}));
    EXPECT_EQ(rest.road_time({boundary, boundary + minutes{60}}), whole.road_time({boundary, boundary + minutes{60}}));
}

TEST(TrackStates, a_fix_touches_what_lies_up_to_300_seconds_before_it) {
    const Instant one = noon + minutes{60};
    EXPECT_EQ(hours_touched_by_fix(one + seconds{300}), (Window{one, one + minutes{60}}));
    EXPECT_EQ(hours_touched_by_fix(one + seconds{300} - moment), (Window{noon, one + minutes{60}}));
    EXPECT_EQ(hours_touched_by_fix(one - moment), (Window{noon, one}));
}

TEST(FixesOfAsset, at_one_instant_the_attachment_that_started_first_wins_then_the_lowest_device) {
    const ids::Uuid asset = numbered(9);
    const auto attached = [&](std::uint8_t device, Instant from) {
        return Attachment{numbered(device), asset, {from, clock::far_future}};
    };
    const std::vector<Position> positions{{numbered(3), noon, 3, 0, {}, {}, 1.0},
                                          {numbered(2), noon, 2, 0, {}, {}, 9.0},
                                          {numbered(1), noon, 1, 0, {}, {}, {}},
                                          {numbered(4), noon, 4, 0, {}, {}, 1.0}};
    const auto kept_lat = [&](const std::vector<Attachment>& attachments) {
        const auto fixes = fixes_of_asset(positions, attachments);
        return fixes.size() == 1 ? fixes[0].place.lat : -1;
    };
    EXPECT_EQ(kept_lat({attached(1, noon), attached(2, noon - moment), attached(3, noon - moment)}), 2);
    EXPECT_EQ(kept_lat({attached(3, noon), attached(1, noon), attached(2, noon)}), 1);
    EXPECT_EQ(kept_lat({attached(1, noon + moment), attached(3, noon)}), 3);
    EXPECT_EQ(kept_lat({}), -1);
}

TEST(FixesOfAsset, a_repeat_of_a_key_is_settled_before_devices_are_compared_and_ends_are_exclusive) {
    const std::vector<Attachment> attachments{{numbered(1), numbered(9), {noon, noon + minutes{1}}}};
    const std::vector<Position> positions{{numbered(1), noon + minutes{1}, 5, 0, {}, {}, 1.0},
                                          {numbered(1), noon, 2, 0, 7.0, {}, {}},
                                          {numbered(1), noon, 3, 0, 8.0, {}, 4.0}};
    EXPECT_EQ(fixes_of_asset(positions, attachments), (std::vector<Fix>{{noon, {3, 0}, 8.0}}));
}

}  // namespace
}  // namespace mobilytics::measurements
