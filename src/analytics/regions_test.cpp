#include "src/analytics/analytics_room_test.hpp"

#include "platform/problem/problem.hpp"

namespace mobilytics::analytics {
namespace {

using auth::Role;

class RegionsTest : public AnalyticsRoomTest {
protected:
    ImportedRegions import(std::vector<RegionShape> shapes, std::string id = "areas", std::string name = "Areas") {
        return run(analytics.import_regions(ours, std::move(id), std::move(name), "Made with care", std::move(shapes)));
    }

    std::string refusal(std::vector<RegionShape> shapes, std::string id = "areas") {
        const auto before =
            sql_value("select count(*) || ' ' || coalesce(max(revision::text), '') from analytics.region_sets");
        try {
            import(std::move(shapes), std::move(id));
        } catch (const Problem& problem) {
            EXPECT_EQ(
                sql_value("select count(*) || ' ' || coalesce(max(revision::text), '') from analytics.region_sets"),
                before);
            std::string text = problem.code();
            for (const FieldError& error : problem.errors()) text += " " + error.pointer;
            return text;
        }
        return "none";
    }

    static RegionShape shape(const std::string& code, std::string geojson) {
        return {code, "Region " + code, std::move(geojson), {}};
    }

    static std::string polygon(std::string rings) { return R"({"type":"Polygon","coordinates":[)" + rings + "]}"; }

    static std::string box(double west, double south, double east, double north) {
        return std::format("[[{0},{1}],[{2},{1}],[{2},{3}],[{0},{3}],[{0},{1}]]", west, south, east, north);
    }

    std::vector<Cell> cells_of(const std::string& code) {
        const auto text =
            sql_value(
                "select coalesce(string_agg(first_cell || ' ' || last_cell, ' ' order by first_cell), '') "
                "from analytics.region_cells where code = '" +
                code + "'")
                .value();
        std::istringstream stream{text};
        std::vector<Cell> cells;
        for (std::int64_t first = 0, last = 0; stream >> first >> last;)
            for (auto cell = static_cast<Cell>(first); cell <= static_cast<Cell>(last); cell += Cell{1} << 18U)
                if (isValidCell(cell)) cells.push_back(cell);
        return cells;
    }

    // Every cell in and around the region, judged by PostGIS.
    void expect_as_postgis_says(const std::string& code, Place middle, int rings) {
        const auto held = cells_of(code);
        const LatLng place{middle.lat * 3.14159265358979323846 / 180, middle.lon * 3.14159265358979323846 / 180};
        H3Index centre = 0;
        latLngToCell(&place, finest_resolution, &centre);
        std::int64_t size = 0;
        maxGridDiskSize(rings, &size);
        std::vector<H3Index> around(static_cast<std::size_t>(size));
        gridDisk(centre, rings, around.data());
        std::string rows;
        for (const Cell cell : around) {
            if (cell == 0) continue;
            const auto at = centre_of(cell);
            rows += std::format("{}({},st_setsrid(st_point({:.15f},{:.15f}),4326))", rows.empty() ? "" : ",",
                                static_cast<std::int64_t>(cell), at.lon, at.lat);
        }
        const auto inside =
            sql_value("select coalesce(string_agg(p.cell::text, ' ' order by p.cell), '') from (values " + rows +
                      ") p (cell, place) join analytics.regions r on r.code = '" + code +
                      "' and st_contains(r.shape, p.place)")
                .value();
        std::string found;
        for (const Cell cell : held)
            found += std::format("{}{}", found.empty() ? "" : " ", static_cast<std::int64_t>(cell));
        EXPECT_EQ(found, inside) << code;
        EXPECT_GT(held.size(), 20U) << code;
    }

    Scene visited(const std::vector<std::pair<Cell, int>>& visits) {
        clock().set(clock::from_rfc3339("2026-03-12T00:00:00Z").value());
        const auto made = scene("America/Toronto");
        std::vector<VisitText> rows;
        for (const auto& [cell, count] : visits)
            for (int i = 0; i < count; ++i)
                rows.push_back({.company = ids::to_hex(ours.uuid),
                                .asset = std::format("'{}'", hex(made.whole.id)),
                                .at = "2026-03-08T12:00:00Z",
                                .cell = cell,
                                .visitor = static_cast<std::int64_t>(rows.size()),
                                .dwell_s = 30});
        insert_visits(rows);
        roll_up(made);
        return made;
    }

    // A box that holds the cell's centre and no other's.
    static std::string around(Cell cell) {
        const auto at = centre_of(cell);
        return polygon(box(at.lon - 0.0002, at.lat - 0.0002, at.lon + 0.0002, at.lat + 0.0002));
    }
};

TEST_F(RegionsTest, cells_are_those_whose_centre_postgis_finds_inside_odd_shapes) {
    import(
        {shape("hole", polygon(box(-79.45, 43.62, -79.35, 43.70) + "," + box(-79.42, 43.64, -79.38, 43.68))),
         shape("star",
               polygon("[[-79.40,43.62],[-79.39,43.66],[-79.35,43.65],[-79.385,43.672],[-79.36,43.70],"
                       "[-79.40,43.68],[-79.44,43.70],[-79.415,43.672],[-79.45,43.65],[-79.41,43.66],[-79.40,43.62]]")),
         shape("parts", R"({"type":"MultiPolygon","coordinates":[[)" + box(-79.45, 43.62, -79.41, 43.66) + "],[" +
                            box(-79.39, 43.66, -79.36, 43.70) + "," + box(-79.38, 43.67, -79.37, 43.69) + "]]}"),
         // A bow tie, which is not valid as it is given.
         shape("bow", polygon("[[-79.45,43.62],[-79.35,43.70],[-79.35,43.62],[-79.45,43.70],[-79.45,43.62]]"))});
    for (const auto* code : {"hole", "star", "parts", "bow"}) expect_as_postgis_says(code, {43.66, -79.40}, 30);
}

TEST_F(RegionsTest, an_import_can_be_repeated_and_replaces_the_whole_set) {
    const auto first = import({shape("A", polygon(box(-79.45, 43.62, -79.40, 43.66))),
                               shape("B", polygon(box(-79.40, 43.62, -79.35, 43.66)))});
    EXPECT_EQ(first.regions, 2U);
    const auto rows =
        "select string_agg(code || first_cell || last_cell, ',' order by code, first_cell) from analytics.region_cells";
    const auto before = sql_value(rows);
    import({shape("A", polygon(box(-79.45, 43.62, -79.40, 43.66))),
            shape("B", polygon(box(-79.40, 43.62, -79.35, 43.66)))});
    EXPECT_EQ(sql_value(rows), before);
    import({shape("C", polygon(box(-79.45, 43.62, -79.40, 43.66)))});
    EXPECT_EQ(sql_value("select string_agg(code, ',') from analytics.regions"), "C");
    EXPECT_EQ(sql_value("select count(distinct code) from analytics.region_cells"), "1");
    EXPECT_EQ(
        call("GET /v1/region-sets").body,
        R"({"items":[{"id":"areas","name":"Areas","regions":1,"attribution":"Made with care"}],"next_cursor":null})");
}

TEST_F(RegionsTest, shapes_of_one_code_are_one_region_and_small_ones_are_counted) {
    const auto made = import({shape("A", polygon(box(-79.45, 43.62, -79.42, 43.64))),
                              shape("A", polygon(box(-79.42, 43.62, -79.40, 43.64))),
                              shape("tiny", polygon(box(-79.4, 43.6, -79.399999, 43.600001)))});
    EXPECT_EQ(made.regions, 2U);
    EXPECT_EQ(made.without_cells, 1U);
    expect_as_postgis_says("A", {43.63, -79.425}, 15);
}

TEST_F(RegionsTest, well_known_binary_does_as_well) {
    const auto hex_text =
        sql_value("select encode(st_asbinary(st_makeenvelope(-79.45, 43.62, -79.40, 43.66, 4326)), 'hex')").value();
    std::string wkb;
    for (std::size_t i = 0; i < hex_text.size(); i += 2)
        wkb += static_cast<char>(std::stoi(hex_text.substr(i, 2), nullptr, 16));
    import({{"A", "Region A", {}, wkb}});
    expect_as_postgis_says("A", {43.64, -79.425}, 20);
}

TEST_F(RegionsTest, what_cannot_be_used_is_refused_and_leaves_nothing) {
    const auto good = shape("A", polygon(box(-79.45, 43.62, -79.40, 43.66)));
    EXPECT_EQ(refusal({}), "analytics.bad_regions /shapes");
    EXPECT_EQ(refusal({good}, "No"), "analytics.bad_regions /set_id");
    EXPECT_EQ(refusal({good, {"B", "", {}, {}}}), "analytics.bad_regions /shapes/1/name /shapes/1");
    EXPECT_EQ(refusal({good, shape("B", R"({"type":"Point","coordinates":[-79,43]})")}),
              "analytics.bad_regions /shapes/1");
    EXPECT_EQ(refusal({good, shape("B", polygon(box(170, 10, 190, 20)))}), "analytics.bad_regions /shapes/1");
    EXPECT_EQ(refusal({good, shape("B", "not json")}), "analytics.bad_regions");
    EXPECT_EQ(refusal({good, {"B", "B", {}, "not binary"}}), "analytics.bad_regions");
    EXPECT_EQ(refusal({good, shape("B", polygon(box(-170, -60, 170, 60)))}), "analytics.bad_regions /shapes/1");
}

TEST_F(RegionsTest, a_report_lists_regions_with_visits_and_hides_small_ones_with_a_second) {
    const auto cells = toronto(6);
    const auto made = visited({{cells[0], 40}, {cells[20], 4}, {cells[40], 25}, {cells[60], 60}, {0, 3}});
    import({shape("A", around(cells[0])), shape("B", around(cells[20])), shape("C", around(cells[40])),
            shape("E", around(cells[100]))});
    const auto answer = call("GET /v1/campaigns/" + made.campaign + "/regions?set=areas");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.at("/set/name"), "Areas");
    EXPECT_EQ(answer.items_at("/items"), 3U);
    EXPECT_EQ(answer.at("/items/0/code") + answer.at("/items/0/visits"), "A40");
    EXPECT_EQ(answer.at("/items/0/mean_dwell_s"), "30");
    EXPECT_EQ(answer.at("/items/0/share_of_placed").substr(0, 6), "0.3100");
    EXPECT_EQ(answer.at("/items/1/code") + answer.at("/items/1/hidden") + answer.at("/items/1/visits"), "Btruenull");
    EXPECT_EQ(answer.at("/items/2/code") + answer.at("/items/2/hidden") + answer.at("/items/2/visits"), "Ctruenull");
    EXPECT_EQ(answer.at("/elsewhere/visits"), "60");
    EXPECT_EQ(answer.at("/unplaced_visits"), "3");
    EXPECT_EQ(answer.at("/about/privacy_floor"), "10");
    EXPECT_EQ(call("GET /v1/campaigns/" + made.campaign + "/summary").at("/totals/visits"), "132")
        << "totals keep what is hidden";
}

TEST_F(RegionsTest, a_replaced_set_is_reported_at_once) {
    const auto cells = toronto(6);
    const auto made = visited({{cells[0], 40}, {cells[20], 14}});
    import({shape("A", around(cells[0]))});
    const auto target = "GET /v1/campaigns/" + made.campaign + "/regions?set=areas";
    EXPECT_EQ(call(target).at("/items/0/code"), "A");
    import({shape("B", around(cells[20]))});
    EXPECT_EQ(call(target).at("/items/0/code") + call(target).at("/items/0/visits"), "B14");
}

TEST_F(RegionsTest, a_set_of_another_company_does_not_exist) {
    const auto cells = toronto(6);
    const auto made = visited({{cells[0], 40}});
    run(analytics.import_regions(theirs, "areas", "Theirs", {}, {shape("A", around(cells[0]))}));
    EXPECT_EQ(outcome("GET /v1/campaigns/" + made.campaign + "/regions?set=areas"), "404 analytics.no_region_set");
    EXPECT_EQ(call("GET /v1/region-sets").items_at("/items"), 0U);
}

TEST_F(RegionsTest, outlines_are_simple_and_neighbours_keep_a_common_edge) {
    // A border that trembles by five metres, from south to north.
    std::string up, down;
    for (int i = 0; i <= 200; ++i) {
        const auto point = std::format("[{:.6f},{:.6f}]", -79.40 + (i % 2) * 0.00005, 43.62 + i * 0.0002);
        up += point + ",";
        down = point + "," + down;
    }
    import({shape("A", polygon("[[-79.45,43.62]," + up + "[-79.45,43.66],[-79.45,43.62]]")),
            shape("B", polygon("[[-79.35,43.66]," + down + "[-79.35,43.62],[-79.35,43.66]]"))});
    const auto answer = call("GET /v1/region-sets/areas/shapes");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers.at("Content-Type"), "application/geo+json");
    EXPECT_EQ(answer.at("/features/0/properties/code") + answer.at("/features/1/properties/name"), "ARegion B");
    const auto drawn = [&](std::string_view figure) {
        return std::stod(sql_value(std::format("select {} from (select st_geomfromgeojson(feature ->> 'geometry') as g "
                                               "from json_array_elements('{}'::json -> 'features') feature) drawn",
                                               figure, answer.body))
                             .value());
    };
    EXPECT_LT(drawn("sum(st_npoints(g))"), 40);
    EXPECT_NEAR(drawn("sum(st_area(g))"), 0.1 * 0.04, 1e-9) << "no overlap";
    EXPECT_NEAR(drawn("st_area(st_union(g))"), 0.1 * 0.04, 1e-9) << "no gap";
}

TEST_F(RegionsTest, outlines_are_read_again_when_the_set_is_another) {
    const auto target = "GET /v1/region-sets/areas/shapes";
    EXPECT_EQ(outcome(target), "404 analytics.no_region_set");
    import({shape("A", polygon(box(-79.45, 43.62, -79.40, 43.66)))});
    const auto tag = call(target).etag;
    EXPECT_EQ(call(target).etag, tag);
    import({shape("B", polygon(box(-79.45, 43.62, -79.40, 43.66)))});
    const auto changed = call(target);
    EXPECT_NE(changed.etag, tag);
    EXPECT_EQ(changed.at("/features/0/properties/code"), "B");
    as(Role::owner, theirs);
    EXPECT_EQ(outcome(target), "404 analytics.no_region_set");
    as(Role::installer);
    EXPECT_EQ(outcome(target), "403 auth.not_permitted");
}

TEST_F(RegionsTest, sets_are_listed_page_by_page) {
    for (const auto* id : {"c", "a", "b"}) import({shape("A", polygon(box(-79.45, 43.62, -79.44, 43.63)))}, id, id);
    const auto first = call("GET /v1/region-sets?limit=2");
    EXPECT_EQ(first.at("/items/0/id") + first.at("/items/1/id"), "ab");
    const auto second = call("GET /v1/region-sets?limit=2&cursor=" + first.at("/next_cursor"));
    EXPECT_EQ(second.at("/items/0/id"), "c");
    EXPECT_EQ(second.at("/next_cursor"), "null");
}

}  // namespace
}  // namespace mobilytics::analytics
