#pragma once

#include <gtest/gtest.h>
#include <h3api.h>

#include <format>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "src/analytics/analytics.hpp"
#include "src/campaigns/campaign_room_test.hpp"

// What the tests of this room share: campaigns on trucks, visits, and roll-ups made of them by plain SQL.
namespace mobilytics::analytics {

class AnalyticsRoomTest : public campaigns::CampaignRoomTest {
protected:
    AnalyticsRoomTest() { add_routes(router(), analytics); }

    static std::string hex(const std::string& id) {
        return ids::to_hex(*ids::from_base32(id.substr(id.find('_') + 1)));
    }

    // A campaign on two trucks: all of one's left face, half of the other's rear.
    struct Scene {
        std::string campaign;
        Truck whole;
        Truck half;
    };
    Scene scene(std::string zone, std::string from = "2026-03-08T05:00:00Z", std::string to = "2026-03-10T04:00:00Z") {
        Scene made;
        const auto answer =
            call("POST /v1/campaigns",
                 std::format(R"({{"name":"Spring","zone":"{}","from":"{}","to":"{}"}})", zone, from, to));
        EXPECT_EQ(answer.status, 201) << answer.body;
        made.campaign = answer.at("/id");
        made.whole = added_truck("Whole");
        made.half = added_truck("Half");
        EXPECT_EQ(assign(made.campaign, made.whole.left, "2026-03-01T00:00:00Z").status, 201);
        EXPECT_EQ(assign(made.campaign, made.half.rear, "2026-03-01T00:00:00Z", R"(,"share":0.5)").status, 201);
        return made;
    }

    // Cells around the middle of Toronto, ascending.
    static std::vector<Cell> toronto(int rings) {
        const LatLng place{43.65 * 3.14159265358979323846 / 180, -79.38 * 3.14159265358979323846 / 180};
        H3Index centre = 0;
        latLngToCell(&place, finest_resolution, &centre);
        std::int64_t size = 0;
        maxGridDiskSize(rings, &size);
        std::vector<H3Index> cells(static_cast<std::size_t>(size));
        gridDisk(centre, rings, cells.data());
        std::ranges::sort(cells);
        return {cells.begin(), cells.end()};
    }

    struct VisitText {
        std::string company, asset, at;  // asset "null": unattached
        Cell cell = 0;                   // 0: unplaced
        std::int64_t visitor = 1;
        int dwell_s = 0;
        int speed_class = 3;
        double ots = 1;
        bool calibrated = false;
        bool parked_out = false;
    };

    void insert_visits(const std::vector<VisitText>& visits) {
        std::string rows;
        for (const VisitText& v : visits)
            rows += std::format("{}('{}','{}','{}',{},timestamptz '{}' + interval '{} s',-60,{},{},{},{},{},{},1)",
                                rows.empty() ? "" : ",", v.company, device_, v.at, v.visitor, v.at, v.dwell_s, v.asset,
                                v.cell == 0 ? "null" : std::to_string(static_cast<std::int64_t>(v.cell)), v.speed_class,
                                v.ots, v.calibrated ? std::format("{},{}", v.ots * 0.8, v.ots * 1.2) : "null,null",
                                v.parked_out);
        sql("insert into measurements.visits (company_id, device_id, started_at, visitor, ended_at, strongest_dbm, "
            "asset_id, "
            "cell, speed_class, ots, ots_low, ots_high, parked_out, method_version) values " +
            rows);
    }

    // Visits over the days around the flight, of both trucks and of none.
    std::vector<VisitText> random_visits(const Scene& scene, int count, unsigned seed) const {
        std::mt19937 random{seed};
        const auto cells = toronto(4);
        std::vector<VisitText> visits;
        for (int i = 0; i < count; ++i) {
            const auto minute = random() % (4 * 24 * 60);
            const auto kind = random() % 10;
            VisitText visit{
                .company = ids::to_hex(ours.uuid),
                .asset = kind == 0 ? "null" : std::format("'{}'", hex(kind < 6 ? scene.whole.id : scene.half.id)),
                .at = std::format("2026-03-{:02}T{:02}:{:02}:{:02}.{:03}Z", 7 + minute / 1440, minute / 60 % 24,
                                  minute % 60, random() % 60, i % 1000)};
            visit.cell = random() % 8 == 0 ? 0 : cells[random() % 12 * (random() % 5)];
            visit.visitor = static_cast<std::int64_t>(random() % 200);
            visit.dwell_s = static_cast<int>(random() % 4000);
            visit.calibrated = random() % 3 != 0;
            visit.ots = visit.calibrated ? 0.25 * static_cast<double>(1 + random() % 3) : 1;
            visit.speed_class = static_cast<int>(random() % 5);
            visit.parked_out = random() % 20 == 0;
            visits.push_back(visit);
        }
        return visits;
    }

    // What the campaign counts, by instant: a view that everything else is recomputed from.
    void define_counted(const Scene& scene) {
        sql(std::format(
            "create or replace view public.counted as select v.*, s.share, v.ots * coalesce(f.factor, 1) as lts, "
            "extract(epoch from ended_at - started_at)::double precision as dwell_s from measurements.visits v "
            "join (values ('{}'::uuid, 1.0::double precision, 'left'), ('{}'::uuid, 0.5, 'rear')) s (asset_id, share, "
            "placement) "
            "on s.asset_id = v.asset_id "
            "join campaigns.campaigns c on c.campaign_id = '{}' and c.company_id = v.company_id and c.flight @> "
            "v.started_at "
            "left join measurements.visibility f on f.version = 1 and f.format = 'truck' and f.placement = s.placement "
            "and "
            "f.speed_class = v.speed_class",
            hex(scene.whole.id), hex(scene.half.id), hex(scene.campaign)));
    }

    // Roll-up rows as measurement.md 4 says, by SQL that shares nothing with the product's. Each truck has a device on
    // it in the flight's hours, heard for 50 of 60 minutes.
    void roll_up(const Scene& scene) {
        define_counted(scene);
        const std::string measures =
            "sum(share) filter (where not parked_out), sum(ots*share) filter (where not parked_out), "
            "sum(coalesce(ots_low,0)*share) filter (where not parked_out), sum(coalesce(ots_high,0)*share) filter "
            "(where not parked_out), "
            "sum(lts*share) filter (where not parked_out), count(*) filter (where not parked_out)";
        std::string bins;
        for (std::size_t bin = 0; bin < bin_edges_s.size(); ++bin)
            bins += std::format(
                "{}coalesce(sum(share) filter (where not parked_out and dwell_s >= {} and dwell_s < {}), 0)",
                bin == 0 ? "" : ",", bin_edges_s[bin], bin + 1 < bin_edges_s.size() ? bin_edges_s[bin + 1] : 1e9);
        const std::string hour = "date_trunc('hour', started_at, 'UTC')";
        const std::string sketch =
            "coalesce(hll_add_agg(hll_hash_bigint(visitor), 12, 5) filter (where not parked_out), hll_empty(12, 5))";
        const std::string calibrated = "sum(share) filter (where not parked_out and ots_low is not null)";
        sql("delete from measurements.asset_hours; delete from measurements.cell_hours; delete from "
            "measurements.unattached_hours;");
        sql(
            std::format("insert into measurements.asset_hours select '{0}', '{1}', h.hour, a.asset, coalesce(visits, "
                        "0), coalesce(ots, 0), "
                        "coalesce(low, 0), coalesce(high, 0), coalesce(lts, 0), coalesce(whole, 0), "
                        "coalesce(whole_ots, 0), coalesce(dwell, 0), "
                        "coalesce(bins, array_fill(0::double precision, array[9])), coalesce(sketch, hll_empty(12, "
                        "5)), coalesce(calibrated, 0), "
                        "coalesce(placed, 0), coalesce(parked_out, 0), 100, 200, 300, 400, 60, 50, 'mobilytics', 1 "
                        "from campaigns.campaigns c cross join generate_series(date_trunc('hour', lower(c.flight), "
                        "'UTC'), upper(c.flight) - interval '1 ms', '1 hour') h (hour) "
                        "cross join (values ('{2}'::uuid), ('{3}'::uuid)) a (asset) left join ("
                        "select {4} as hour, asset_id, {5} , sum(ots) filter (where not parked_out), "
                        "sum(dwell_s*share) filter (where not parked_out), "
                        "array[{6}], {7}, {8}, sum(share) filter (where not parked_out and cell is not null), count(*) "
                        "filter (where parked_out) "
                        "from public.counted where company_id = '{0}' group by 1, 2) r (hour, asset_id, visits, ots, "
                        "low, high, lts, whole, whole_ots, dwell, "
                        "bins, sketch, calibrated, placed, parked_out) on r.hour = h.hour and r.asset_id = a.asset "
                        "where c.campaign_id = '{1}'",
                        ids::to_hex(ours.uuid), hex(scene.campaign), hex(scene.whole.id), hex(scene.half.id), hour,
                        measures, bins, sketch, calibrated));
        sql(
            std::format("insert into measurements.cell_hours select company_id, '{0}', {1}, coalesce(cell, 0), {2}, "
                        "sum(dwell_s*share), array[{3}], "
                        "{4}, coalesce({5}, 0), 'mobilytics', 1 from public.counted where not parked_out group by "
                        "company_id, {1}, coalesce(cell, 0)",
                        hex(scene.campaign), hour, measures, bins, sketch, calibrated));
        sql(std::format(
            "insert into measurements.unattached_hours select company_id, {}, count(*) from measurements.visits "
            "where asset_id is null group by 1, 2",
            hour));
        sql(
            std::format("insert into measurements.versions values ('{}', 7, now(), '2026-03-20') "
                        "on conflict (company_id) do update set version = measurements.versions.version + 1",
                        ids::to_hex(ours.uuid)));
    }

    // A number of the naive recomputation over [from, to).
    double naive(const std::string& what, const std::string& from, const std::string& to) {
        return std::stod(
            sql_value(std::format("select coalesce({}, 0) from public.counted where started_at >= '{}' and "
                                  "started_at < '{}'",
                                  what, from, to))
                .value());
    }

    std::string device_ = "01958000-0000-7000-8000-000000000001";
    Analytics analytics{runtime(), database(), reporting_database(), clock(), trail(), companies, assets, campaigns};
};

}  // namespace mobilytics::analytics
