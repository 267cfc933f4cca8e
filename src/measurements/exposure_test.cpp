#include "src/measurements/exposure.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace mobilytics::measurements {
namespace {

using std::chrono::minutes;

constexpr Instant noon{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{12}};
constexpr clock::Milliseconds moment{1};

ids::Uuid numbered(std::uint8_t number) {
    ids::Uuid uuid;
    uuid.bytes[15] = number;
    return uuid;
}

const ids::Uuid board = numbered(10);

Visit visit_at(Instant start, std::int16_t rssi = -60) { return {Visitor{1}, start, start, rssi}; }

DeviceHistory attached(Window during) {
    DeviceHistory history;
    history.device = numbered(1);
    history.attachments = {{history.device, board, during}};
    return history;
}

Timeline<ParkedPolicy> always(ParkedPolicy policy) { return Timeline<ParkedPolicy>{{{Instant{}, policy}}}; }

TEST(Exposure, a_visit_is_near_at_the_threshold_in_force_at_its_start) {
    DeviceHistory history;
    EXPECT_TRUE(is_near(visit_at(noon, -75), history));
    EXPECT_FALSE(is_near(visit_at(noon, -76), history));
    history.near_dbm = Timeline<std::int16_t>{{{noon, -70}}};
    EXPECT_TRUE(is_near(visit_at(noon - moment, -75), history));
    EXPECT_FALSE(is_near(visit_at(noon, -71), history));
    EXPECT_TRUE(is_near(visit_at(noon, -70), history));
}

TEST(Exposure, far_visits_are_left_out_and_unattached_ones_are_kept_without_a_place) {
    const DeviceHistory history = attached({noon, noon + minutes{1}});
    const std::vector<Site> sites{Site::billboard(board, {43.6426, -79.3871})};
    const std::vector visits{visit_at(noon - moment), visit_at(noon, -90), visit_at(noon), visit_at(noon + minutes{1})};
    const auto rows = expose(visits, history, sites, {});
    ASSERT_EQ(rows.size(), 3U);
    for (const std::size_t unattached : {0U, 2U}) {
        EXPECT_FALSE(rows[unattached].asset || rows[unattached].place || rows[unattached].cell);
        EXPECT_EQ(rows[unattached].speed, SpeedClass::unknown);
    }
    EXPECT_EQ(rows[1].asset, board);
    EXPECT_EQ(rows[1].start, noon);
}

TEST(Exposure, a_billboard_is_static_at_its_rounded_point_whatever_the_parked_policy) {
    const std::vector<Site> sites{Site::billboard(board, {43.64260001234, -79.38709998765})};
    const auto rows = expose(std::vector{visit_at(noon)}, attached({noon, clock::far_future}), sites,
                             always({ParkedRule::exclude, {}}));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].place, (LatLon{43.6426, -79.3871}));
    EXPECT_EQ(rows[0].speed, SpeedClass::static_site);
    EXPECT_EQ(to_hex(rows[0].cell.value()), "892b9bc460fffff");
    EXPECT_FALSE(rows[0].parked_out);
}

TEST(Exposure, an_asset_without_a_site_is_a_mistake_of_the_caller) {
    EXPECT_THROW(expose(std::vector{visit_at(noon)}, attached({noon, clock::far_future}), {}, {}), std::logic_error);
}

TEST(Exposure, each_place_has_its_own_cell) {
    const std::vector<Fix> fixes{{noon, {43.64, -79.40}, {}}, {noon + minutes{1}, {43.64, -79.36}, {}}};
    const Track track = Track::extend({}, fixes);
    const std::vector<Site> sites{Site::vehicle(board, track)};
    const std::vector visits{visit_at(noon), visit_at(noon + minutes{1}), visit_at(noon)};
    const auto rows = expose(visits, attached({noon, clock::far_future}), sites, {});
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].cell, cell_of({43.64, -79.40}));
    EXPECT_EQ(rows[1].cell, cell_of({43.64, -79.36}));
    EXPECT_EQ(rows[2], rows[0]);
    EXPECT_NE(rows[0].cell, rows[1].cell);
}

TEST(ParkedPolicies, count_keeps_all_exclude_drops_parked_and_cap_drops_what_starts_later_into_a_stop) {
    const Whereabouts stopped{LatLon{}, SpeedClass::parked, noon};
    const Whereabouts reported_parked{LatLon{}, SpeedClass::parked, std::nullopt};
    const Whereabouts crawling{LatLon{}, SpeedClass::crawl, std::nullopt};
    const Whereabouts unknown{};
    const ParkedPolicy count{}, exclude{ParkedRule::exclude, {}}, cap{ParkedRule::cap, minutes{10}};

    EXPECT_FALSE(leaves_out(count, noon + minutes{60}, stopped));
    for (const Whereabouts& parked : {stopped, reported_parked}) EXPECT_TRUE(leaves_out(exclude, noon, parked));
    for (const Whereabouts& moving : {crawling, unknown}) EXPECT_FALSE(leaves_out(exclude, noon, moving));
    EXPECT_FALSE(leaves_out(cap, noon + minutes{10}, stopped));
    EXPECT_TRUE(leaves_out(cap, noon + minutes{10} + moment, stopped));
    for (const Whereabouts& other : {reported_parked, crawling, unknown})
        EXPECT_FALSE(leaves_out(cap, noon + minutes{60}, other));
}

TEST(ParkedPolicies, the_one_in_force_at_the_start_counts) {
    const std::vector<Fix> fixes{{noon, {43.6, -79.4}, {}}, {noon + minutes{1}, {43.6, -79.4}, {}}};
    const Track track = Track::extend({}, fixes);
    const std::vector<Site> sites{Site::vehicle(board, track)};
    const Timeline<ParkedPolicy> policies{{{noon + minutes{1}, {ParkedRule::exclude, {}}}}};
    const auto rows = expose(std::vector{visit_at(noon), visit_at(noon + minutes{1})},
                             attached({noon, clock::far_future}), sites, policies);
    EXPECT_FALSE(rows.at(0).parked_out);
    EXPECT_TRUE(rows.at(1).parked_out);
}

}  // namespace
}  // namespace mobilytics::measurements
