#include <cmath>
#include <numbers>
#include <set>
#include <tuple>

#include "platform/gzip/gzip.hpp"
#include "src/analytics/analytics_room_test.hpp"
#include "src/analytics/tile_decoder_test.hpp"

namespace mobilytics::analytics {
namespace {

using auth::Role;

class AnalyticsRoutes : public AnalyticsRoomTest {
protected:
    Scene measured() {
        clock().set(clock::from_rfc3339("2026-03-12T00:00:00Z").value());
        const auto made = scene("America/Toronto");
        insert_visits(random_visits(made, 1500, 11));
        roll_up(made);
        return made;
    }

    std::string tile_target(const Scene& made, int zoom, std::string query = "") {
        const Tile tile = tile_at(43.65, -79.38, zoom);
        return std::format("GET /v1/campaigns/{}/tiles/{}/{}/{}.mvt{}", made.campaign, zoom, tile.x, tile.y, query);
    }

    static std::map<std::string, std::string> gzip_wanted() { return {{"Accept-Encoding", "gzip, br"}}; }
};

TEST_F(AnalyticsRoutes, a_summary_answers_all_that_the_contract_names) {
    const auto made = measured();
    const auto answer = call("GET /v1/campaigns/" + made.campaign + "/summary");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("/campaign_id"), made.campaign);
    EXPECT_EQ(answer.at("/zone"), "America/Toronto");
    EXPECT_EQ(answer.at("/from"), "2026-03-08T05:00:00.000Z");
    EXPECT_EQ(answer.at("/to"), "2026-03-10T04:00:00.000Z");
    EXPECT_EQ(answer.at("/bin_edges_s"), "[0,5,15,60,120,300,900,1800,3600]");
    EXPECT_EQ(answer.items_at("/totals/bins"), 9U);
    EXPECT_EQ(answer.at("/reach/grain"), "utc_day");
    EXPECT_EQ(answer.at("/reach/days"), "3");
    EXPECT_EQ(answer.at("/road_seconds/parked"), "9400");
    EXPECT_EQ(answer.items_at("/by_asset"), 2U);
    EXPECT_EQ(answer.at("/by_asset/0/name"), "Whole");
    EXPECT_EQ(answer.at("/by_asset/0/kind"), "vehicle");
    EXPECT_EQ(answer.at("/about/source"), "mobilytics");
    EXPECT_EQ(answer.at("/about/method_version"), "1");
    EXPECT_EQ(answer.at("/about/data_version"), "7");
    EXPECT_EQ(answer.at("/about/complete_to"), "2026-03-12T00:00:00.000Z");
    const double frequency = std::stod(answer.at("/reach/mean_daily_frequency"));
    const double reach = std::stod(answer.at("/reach/mean_daily_reach"));
    EXPECT_NEAR(frequency * reach * 3,
                naive("sum(ots) filter (where not parked_out)", "2026-03-08T05:00Z", "2026-03-10T04:00Z"), 1e-6);
}

TEST_F(AnalyticsRoutes, metrics_by_hour_and_day_carry_states_and_no_false_zeros) {
    const auto made = measured();
    sql("update measurements.asset_hours set minutes_expected = 0, minutes_covered = 0 where hour = "
        "'2026-03-08T06:00Z'");
    sql("update measurements.asset_hours set visits = 0, unshared_visits = 0, minutes_covered = 0 where hour = "
        "'2026-03-08T07:00Z'");
    sql("delete from measurements.asset_hours where hour = '2026-03-08T08:00Z'");
    sql("update measurements.asset_hours set visits = 0, unshared_visits = 0, ots = 0, calibrated = 0, dwell_s = 0 "
        "where hour = '2026-03-08T09:00Z'");
    clock().set(clock::from_rfc3339("2026-03-09T20:30:00Z").value());
    const auto hours = call("GET /v1/campaigns/" + made.campaign +
                            "/metrics?grain=hour&from=2026-03-08T05:00:00Z&to=2026-03-09T22:00:00Z");
    ASSERT_EQ(hours.status, 200) << hours.body;
    EXPECT_EQ(hours.items_at("/buckets"), 41U);
    EXPECT_EQ(hours.at("/buckets/0/local"), "2026-03-08T00:00-05:00");
    EXPECT_EQ(hours.at("/buckets/2/state") + hours.at("/buckets/2/visits"), "no_datanull");
    EXPECT_EQ(hours.at("/buckets/2/minutes_expected") + hours.at("/buckets/2/minutes_covered"), "1200") << "an outage";
    EXPECT_EQ(hours.at("/buckets/3/state") + hours.at("/buckets/3/visits"), "no_datanull");
    EXPECT_EQ(hours.at("/buckets/4/state") + hours.at("/buckets/4/visits"), "measured0") << "a zero that was measured";
    EXPECT_EQ(hours.at("/buckets/4/mean_dwell_s") + hours.at("/buckets/4/ots_low"), "nullnull");
    EXPECT_EQ(hours.at("/buckets/39/state"), "pending") << "the running hour";
    EXPECT_EQ(hours.at("/buckets/39/reach"), "null");
    const auto days =
        call("GET /v1/campaigns/" + made.campaign + "/metrics?from=2026-03-08T05:00:00Z&to=2026-03-10T04:00:00Z");
    EXPECT_EQ(days.at("/grain"), "day");
    EXPECT_EQ(days.at("/buckets/0/local") + days.at("/buckets/0/state"), "2026-03-08measured");
    EXPECT_EQ(days.at("/buckets/1/state"), "pending");
    EXPECT_EQ(days.items_at("/reach_days"), 3U);
    EXPECT_EQ(days.at("/reach_days/0/utc_day") + days.at("/reach_days/0/whole"), "2026-03-08false");
    EXPECT_EQ(days.at("/reach_days/1/whole"), "true");
}

TEST_F(AnalyticsRoutes, a_day_that_is_a_utc_day_has_its_reach) {
    const auto made = scene("UTC", "2026-03-08T00:00:00Z", "2026-03-10T00:00:00Z");
    insert_visits(random_visits(made, 300, 12));
    roll_up(made);
    const auto days = call("GET /v1/campaigns/" + made.campaign + "/metrics?to=2026-03-10T00:00:00Z");
    EXPECT_EQ(days.at("/buckets/0/reach"), days.at("/reach_days/0/reach"));
    EXPECT_NE(days.at("/buckets/1/reach"), "null");
}

TEST_F(AnalyticsRoutes, tiles_hold_the_cells_and_their_sum_is_the_placed_total) {
    const auto made = measured();
    const auto answer = call(tile_target(made, 10), "", gzip_wanted());
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers.at("Content-Type"), "application/vnd.mapbox-vector-tile");
    EXPECT_EQ(answer.headers.at("Content-Encoding"), "gzip");
    const auto layer = decoded(gzip::decompress(answer.body, 1 << 20));
    EXPECT_EQ(layer.name, "exposure");
    expect_valid(layer);
    double sum = 0;
    bool hidden = false;
    for (const auto& feature : layer.features) {
        EXPECT_EQ(feature.properties.at("resolution"), "7");
        if (feature.properties.at("hidden") == "true")
            hidden = true;
        else
            sum += std::stod(feature.properties.at("visits"));
    }
    const auto placed = naive("sum(share) filter (where not parked_out and cell is not null)", "2026-03-08T05:00Z",
                              "2026-03-10T04:00Z");
    EXPECT_EQ(hidden, sum < placed - 1e-9);
    const auto plain = call(tile_target(made, 10));
    EXPECT_FALSE(plain.headers.contains("Content-Encoding")) << "a client that does not take gzip";
    EXPECT_EQ(plain.body, gzip::decompress(answer.body, 1 << 20));
}

TEST_F(AnalyticsRoutes, no_cell_below_the_floor_shows_a_number) {
    const auto made = measured();
    const auto layer = decoded(call(tile_target(made, 13)).body);
    int hidden = 0;
    for (const auto& feature : layer.features) {
        if (feature.properties.at("hidden") == "true") {
            ++hidden;
            EXPECT_FALSE(feature.properties.contains("visits") || feature.properties.contains("ots") ||
                         feature.properties.contains("lts") || feature.properties.contains("mean_dwell_s"));
        } else {
            EXPECT_GE(std::stod(feature.properties.at("visits")), 10);
        }
    }
    EXPECT_GT(hidden, 0);
}

TEST_F(AnalyticsRoutes, tiles_are_immutable_by_window_and_version) {
    const auto made = measured();
    const std::string window = "&from=2026-03-08T05:00:00Z&to=2026-03-09T04:00:00Z";
    EXPECT_EQ(call(tile_target(made, 12, "?v=7" + window)).headers.at("Cache-Control"),
              "private, max-age=31536000, immutable");
    EXPECT_EQ(call(tile_target(made, 12, "?v=7")).headers.at("Cache-Control"), "private, no-cache")
        << "the window is the flight, which may be edited";
    EXPECT_EQ(call(tile_target(made, 12, "?v=6")).headers.at("Cache-Control"), "private, no-cache");
    EXPECT_EQ(call(tile_target(made, 12)).headers.at("Cache-Control"), "private, no-cache");
    const auto before = call(tile_target(made, 12));
    EXPECT_FALSE(before.etag.empty());
    EXPECT_EQ(call(tile_target(made, 12)).etag, before.etag);
    sql("delete from measurements.visits where speed_class > 2");
    roll_up(made);
    const auto after = call(tile_target(made, 12, "?v=7" + window));
    EXPECT_NE(after.etag, before.etag);
    EXPECT_NE(after.body, before.body);
    EXPECT_EQ(after.headers.at("Cache-Control"), "private, no-cache") << "version 7 is gone";
}

TEST_F(AnalyticsRoutes, an_empty_tile_is_no_content) {
    const auto made = measured();
    EXPECT_EQ(call(std::format("GET /v1/campaigns/{}/tiles/8/0/0.mvt", made.campaign)).status, 204);
}

TEST_F(AnalyticsRoutes, a_legend_has_classes_and_bounds_of_what_the_map_shows) {
    const auto made = measured();
    const auto legend = call("GET /v1/campaigns/" + made.campaign + "/legend?z=13&metric=ots");
    ASSERT_EQ(legend.status, 200) << legend.body;
    EXPECT_EQ(legend.at("/metric"), "ots");
    EXPECT_EQ(legend.at("/resolution"), "9");
    EXPECT_LE(legend.items_at("/breaks"), 7U);
    EXPECT_GT(std::stoi(legend.at("/cells")), 0);
    EXPECT_GT(std::stoi(legend.at("/hidden_cells")), 0);
    EXPECT_NEAR(std::stod(legend.at("/bounds/0")), -79.38, 0.1);
    EXPECT_GT(std::stod(legend.at("/bounds/3")), std::stod(legend.at("/bounds/1")));
    const auto nothing = call("GET /v1/campaigns/" + scene("UTC").campaign + "/legend?z=13");
    EXPECT_EQ(nothing.at("/bounds") + nothing.at("/breaks") + nothing.at("/cells"), "null[]0");
}

TEST_F(AnalyticsRoutes, what_cannot_be_asked_is_refused_by_name) {
    const auto made = measured();
    const auto path = "GET /v1/campaigns/" + made.campaign;
    struct Row {
        std::string target, outcome, pointers;
    };
    for (const Row& row : {
             Row{path + "/summary?from=2026-03-08T05:30:00Z", "422 analytics.bad_window", "?from"},
             Row{path + "/summary?from=2026-03-09T00:00:00Z&to=2026-03-08T00:00:00Z", "422 analytics.bad_window",
                 "?to"},
             Row{path + "/summary?from=yesterday", "422 http.invalid_query", "?from"},
             Row{path + "/summary?until=2026-03-08T05:00:00Z", "422 http.invalid_query", "?until"},
             Row{path + "/metrics?grain=week", "422 http.invalid_query", "?grain"},
             Row{path + "/metrics?grain=hour&from=2025-01-01T00:00:00Z&to=2026-03-08T00:00:00Z",
                 "422 analytics.bad_window", "?from"},
             Row{path + "/regions", "422 http.invalid_query", "?set"},
             Row{path + "/regions?set=none", "404 analytics.no_region_set", ""},
             Row{path + "/legend", "422 http.invalid_query", "?z"},
             Row{path + "/legend?z=23", "422 http.invalid_query", "?z"},
             Row{path + "/legend?z=3&metric=people", "422 http.invalid_query", "?metric"},
             Row{path + "/tiles/3/8/0.mvt", "422 analytics.bad_tile", ""},
             Row{path + "/tiles/23/0/0.mvt", "422 analytics.bad_tile", ""},
             Row{path + "/tiles/-1/0/0.mvt", "422 analytics.bad_tile", ""},
             Row{path + "/tiles/3/8/0.mvt?v=new", "422 http.invalid_query", "?v"},
             Row{path + "/tiles/3/x/0.mvt", "404 http.not_found", ""},
             Row{path + "/tiles/3/1/-1.mvt", "404 http.not_found", ""},
             Row{"GET /v1/region-sets?cursor=x", "422 http.bad_cursor", "?cursor"},
         }) {
        EXPECT_EQ(refusal(row.target), row.outcome) << row.target;
        EXPECT_EQ(call(row.target).pointers(), row.pointers) << row.target;
    }
}

TEST_F(AnalyticsRoutes, each_role_reads_what_it_may) {
    const auto made = measured();
    const auto path = "GET /v1/campaigns/" + made.campaign;
    for (const auto& [role, reads] : {std::tuple{Role::owner, true},
                                      {Role::manager, true},
                                      {Role::analyst, true},
                                      {Role::viewer, true},
                                      {Role::installer, false}}) {
        as(role);
        for (const auto& target :
             {path + "/summary", path + "/metrics", path + "/legend?z=4", path + "/tiles/0/0/0.mvt"})
            EXPECT_EQ(outcome(target), reads ? "200" : "403 auth.not_permitted") << to_string(role) << " " << target;
        EXPECT_EQ(outcome("GET /v1/region-sets"), reads ? "200" : "403 auth.not_permitted");
    }
    as_nobody();
    EXPECT_EQ(outcome(path + "/summary"), "401 auth.not_signed_in");
    as_staff();
    EXPECT_EQ(outcome(path + "/tiles/0/0/0.mvt"), "403 auth.no_company");
}

TEST_F(AnalyticsRoutes, another_companys_campaign_does_not_exist) {
    const auto made = measured();
    const auto path = "GET /v1/campaigns/" + made.campaign;
    call(path + "/tiles/0/0/0.mvt");  // also not from a cache
    as(Role::owner, theirs);
    for (const auto& target : {path + "/summary", path + "/metrics?grain=hour", path + "/regions?set=areas",
                               path + "/legend?z=4", path + "/tiles/0/0/0.mvt"})
        EXPECT_EQ(refusal(target), "404 campaigns.not_found") << target;
}

}  // namespace
}  // namespace mobilytics::analytics
