#include <h3api.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <format>
#include <fstream>
#include <iostream>
#include <numbers>
#include <random>
#include <vector>

#include "db/migrations.hpp"
#include "platform/db/blocking.hpp"
#include "platform/testing/cluster.hpp"
#include "src/analytics/heat_tile.hpp"
#include "src/analytics/hexagon.hpp"
#include "src/analytics/mvt.hpp"

// W9: a heat-map tile made in C++ beside ST_AsMVT of the same cells in PostgreSQL, in CPU seconds of the process that
// does the work (getrusage here, /proc/PID/schedstat of the backend). Pairs are interleaved; the median of their ratios
// counts, and a pair in which the host took more than 5 % of the machine away is left out.
//
//   tile_bench [cells of resolution 9, default 5000] [pairs, default 7]
//
// Each line it prints is one comparison, in JSON. "encoded": cells already summed, on both sides; PostGIS even has the
// hexagons ready in a table with a GiST index. "cold": from hourly rows of one day; ours reads all cells once (SQL),
// builds the surface with its privacy, and cuts the tiles; PostGIS joins, sums and encodes what lies in each tile
// alone, without any privacy and without gzip.
namespace mobilytics::analytics {
namespace {

constexpr double degrees = 180 / std::numbers::pi;
constexpr Place middle{43.65, -79.38};
constexpr int repeats = 20;
constexpr std::uint32_t view_columns = 4;
constexpr std::uint32_t view_rows = 3;
constexpr const char* company = "01958000-0000-7000-8000-000000000001";
constexpr const char* campaign = "01958000-0000-7000-8000-000000000002";

double own_cpu() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](timeval time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double cpu_of(const std::string& pid) {
    std::ifstream file{"/proc/" + pid + "/schedstat"};
    double nanoseconds = 0;
    if (!(file >> nanoseconds)) throw std::runtime_error{"the kernel gives no schedstat for " + pid};
    return nanoseconds / 1e9;
}

struct MachineTime {
    double all = 0;
    double stolen = 0;

    static MachineTime now() {
        std::ifstream file{"/proc/stat"};
        std::string name;
        MachineTime time;
        file >> name;
        double value = 0;
        for (int column = 0; column < 8 && file >> value; ++column) {
            time.all += value;
            if (column == 7) time.stolen = value;
        }
        return time;
    }
};

Tile tile_at(Place place, int zoom) {
    const double side = std::exp2(zoom);
    const double y = 0.5 - std::asinh(std::tan(place.lat / degrees)) / (2 * std::numbers::pi);
    return {zoom, static_cast<std::uint32_t>((place.lon / 360 + 0.5) * side), static_cast<std::uint32_t>(y * side)};
}

std::vector<Cell> cells_around(Place place, std::size_t count) {
    const LatLng at{place.lat / degrees, place.lon / degrees};
    H3Index centre = 0;
    latLngToCell(&at, finest_resolution, &centre);
    int rings = 0;
    std::int64_t size = 0;
    for (; static_cast<std::size_t>(size) < count; ++rings) maxGridDiskSize(rings, &size);
    std::vector<H3Index> cells(static_cast<std::size_t>(size));
    gridDisk(centre, rings - 1, cells.data());
    cells.resize(count);
    std::ranges::sort(cells);
    return {cells.begin(), cells.end()};
}

std::string outline_text(Cell cell) {
    std::string text;
    const auto outline = outline_of(cell);
    for (std::size_t i = 0; i <= outline.size(); ++i) {
        const Place& corner = outline[i % outline.size()];
        text += std::format("{}{:.9f} {:.9f}", i == 0 ? "" : ",", corner.lon, corner.lat);
    }
    return "POLYGON((" + text + "))";
}

class Bench {
public:
    explicit Bench(std::size_t count)
        : database_{test::TestCluster::instance().create_database(db::migrations)},
          postgres_{test::TestCluster::instance().conninfo(embedded::Role::superuser, database_)},
          cells_{cells_around(middle, count)} {
        postgres_.script("set jit = off");
        pid_ = postgres_.value("select pg_backend_pid()").value();
        fill();
    }
    ~Bench() { test::TestCluster::instance().drop_database(database_); }

    void run(int zoom, int pairs) {
        const Tile tile = tile_at(middle, zoom);
        const int resolution = resolution_of_zoom(zoom);
        const Surface surface{read_cells(), {}, 10};
        const auto encode = [&] {
            ExposureLayer layer;
            for (const auto& range : covering(tile, resolution))
                for (const auto& cell : surface.cells_in(range, resolution))
                    if (const auto rings = rings_in(tile, surface.outline(cell, resolution)); !rings.empty())
                        layer.add(cell, rings, false);
            return layer;
        };
        const std::string theirs = summed(tile, resolution);
        // One may keep a cell that only touches the tile's edge, the other not.
        const auto found = postgres_.value("select count(*) from (" + theirs + ") t").value();
        if (std::abs(std::stod(found) / static_cast<double>(encode().cells()) - 1) > 0.02)
            throw std::runtime_error{std::format("{} cells here, {} in PostGIS", encode().cells(), found)};
        const auto tile_of = [](const std::string& rows) {
            return std::format("select length(st_asmvt(t, 'exposure', 4096, 'geom')) from ({}) t", rows);
        };
        shown_ = std::format(R"("zoom":{},"cells":{},"bytes":{})", zoom, encode().cells(), encode().encode().size());
        const auto ready = [&] { postgres_.run(tile_of(theirs)); };
        compare("encoded", pairs, [&] { return encode().encode().size(); }, false, ready);
        compare(
            "encoded, and gzip on our side", pairs, [&] { return heat_tile(surface, tile).gzip.size(); }, false, ready);
        // What a person looks at: tiles that share the surface.
        std::vector<Tile> view;
        std::string rows;
        for (std::uint32_t column = 0; column < view_columns; ++column)
            for (std::uint32_t row = 0; row < view_rows; ++row) {
                view.push_back({zoom, tile.x + column - view_columns / 2, tile.y + row - view_rows / 2});
                rows += tile_of(hourly(view.back(), resolution)) + ";";
            }
        compare(
            "a view of 12 tiles, cold, and gzip on our side", pairs,
            [&] {
                const Surface read{read_cells(), {}, 10};
                std::size_t bytes = 0;
                for (const Tile& one : view) bytes += heat_tile(read, one).gzip.size();
                return bytes;
            },
            true, [&] { postgres_.script(rows); });
    }

private:
    void fill() {
        std::mt19937 random{1};
        std::string cells, outlines;
        std::vector<Cell> outlined;
        for (const Cell cell : cells_) {
            cells += std::format("{}({},{},{},{})", cells.empty() ? "" : ",", static_cast<std::int64_t>(cell),
                                 static_cast<std::int64_t>(parent_of(cell, 8)),
                                 static_cast<std::int64_t>(parent_of(cell, 7)), 10 + random() % 200);
            for (const int resolution : {9, 8, 7}) outlined.push_back(parent_of(cell, resolution));
        }
        std::ranges::sort(outlined);
        outlined.erase(std::ranges::unique(outlined).begin(), outlined.end());
        for (const Cell cell : outlined)
            outlines +=
                std::format("{}({},{},st_transform(st_geomfromtext('{}',4326),3857))", outlines.empty() ? "" : ",",
                            static_cast<std::int64_t>(cell), resolution_of(cell), outline_text(cell));
        postgres_.script(
            "create table cells (cell bigint primary key, p8 bigint, p7 bigint, visits double precision);"
            "insert into cells values " +
            cells);
        postgres_.script(
            "create table hexes (cell bigint primary key, resolution integer, geom geometry(Polygon, 3857));"
            "insert into hexes values " +
            outlines + "; create index on hexes using gist (geom);");
        postgres_.script(
            std::format("insert into measurements.cell_hours select '{}', '{}', '2026-03-08T00:00Z'::timestamptz + h * "
                        "interval '1 hour', cell, "
                        "visits / 24, visits / 48, visits / 72, visits / 48, visits / 30, visits / 24, visits * 2, "
                        "array_fill(0::double precision, "
                        "array[9]), hll_empty(12, 5), 0, 'mobilytics', 1 from cells, generate_series(0, 23) h",
                        company, campaign));
        postgres_.script(
            "create table sums as select resolution, cell, sum(visits) as visits, sum(visits) / 2 as ots, "
            "sum(visits) / 3 as lts, sum(visits) * 48 as dwell_s from (select v.resolution, v.cell, c.visits from "
            "cells c, "
            "lateral (values (9, c.cell), (8, c.p8), (7, c.p7)) v (resolution, cell)) of group by 1, 2; "
            "create unique index on sums (cell); analyze");
    }

    static std::string properties() {
        return "to_hex(h.cell) as cell, h.resolution, false as hidden, s.visits, s.ots, s.lts, s.dwell_s / s.visits as "
               "mean_dwell_s";
    }

    static std::string summed(Tile tile, int resolution) {
        return std::format(
            "select {}, st_asmvtgeom(h.geom, st_tileenvelope({},{},{}), 4096, 64, true) as geom from hexes h "
            "join sums s on s.cell = h.cell and s.resolution = h.resolution "
            "where h.resolution = {} and h.geom && st_tileenvelope({},{},{}, margin => 0.015625)",
            properties(), tile.zoom, tile.x, tile.y, resolution, tile.zoom, tile.x, tile.y);
    }

    static std::string hourly(Tile tile, int resolution) {
        const std::string of = resolution == 9 ? "c.cell" : std::format("c.p{}", resolution);
        return std::format(
            "select {}, st_asmvtgeom(h.geom, st_tileenvelope({},{},{}), 4096, 64, true) as geom from hexes h join ("
            "select {} as cell, sum(r.visits) as visits, sum(r.ots) as ots, sum(r.lts) as lts, sum(r.dwell_s) as "
            "dwell_s "
            "from hexes x join cells c on {} = x.cell join measurements.cell_hours r on r.company_id = '{}' and "
            "r.campaign_id = '{}' "
            "and r.cell = c.cell and r.hour >= '2026-03-08T00:00Z' and r.hour < '2026-03-09T00:00Z' "
            "where x.resolution = {} and x.geom && st_tileenvelope({},{},{}, margin => 0.015625) group by 1) s on "
            "s.cell = h.cell "
            "where h.resolution = {}",
            properties(), tile.zoom, tile.x, tile.y, of, of, company, campaign, resolution, tile.zoom, tile.x, tile.y,
            resolution);
    }

    std::vector<SurfaceCell> read_cells() {
        std::vector<SurfaceCell> found;
        for (const auto& row : postgres_.run(std::format("select cell, sum(visits), sum(ots), sum(lts), sum(dwell_s), "
                                                         "sum(unshared_visits) from measurements.cell_hours "
                                                         "where company_id = '{}' and campaign_id = '{}' and hour >= "
                                                         "'2026-03-08T00:00Z' and hour < '2026-03-09T00:00Z' "
                                                         "group by cell order by cell",
                                                         company, campaign)))
            found.push_back(
                {static_cast<Cell>(std::stoll(*row[0])),
                 {std::stod(*row[1]), std::stod(*row[2]), std::stod(*row[3]), std::stod(*row[4]), std::stod(*row[5])},
                 false});
        return found;
    }

    // Seconds of CPU for one tile: here, and of the backend where our way asks it too.
    template <class Work, class Theirs>
    void compare(const std::string& name, int pairs, Work work, bool asks_backend, Theirs their_work) {
        std::vector<double> ratios, ours, theirs;
        int dropped = 0;
        work();
        their_work();
        for (int pair = 0; pair < pairs; ++pair) {
            const auto before = MachineTime::now();
            const double own = own_cpu();
            const double backend = cpu_of(pid_);
            for (int i = 0; i < repeats; ++i) work();
            const double spent = own_cpu() - own + (asks_backend ? cpu_of(pid_) - backend : 0);
            const double start = cpu_of(pid_);
            for (int i = 0; i < repeats; ++i) their_work();
            const double postgis = cpu_of(pid_) - start;
            const auto after = MachineTime::now();
            if (after.stolen - before.stolen > 0.05 * (after.all - before.all)) {
                ++dropped;
                continue;
            }
            ours.push_back(spent / repeats);
            theirs.push_back(postgis / repeats);
            ratios.push_back(spent / postgis);
        }
        if (ratios.empty()) throw std::runtime_error{"the host took more than 5 % of the machine in each pair"};
        const auto [least, most] = std::ranges::minmax(ratios);
        std::cout << std::format(R"({{{},"what":"{}","ours_ms":{:.4f},"postgis_ms":{:.4f},)"
                                 R"("ratio":{{"median":{:.4f},"least":{:.4f},"most":{:.4f}}},"dropped":{}}})",
                                 shown_, name, 1e3 * median(ours), 1e3 * median(theirs), median(ratios), least, most,
                                 dropped)
                  << '\n';
    }

    static double median(std::vector<double> values) {
        std::ranges::sort(values);
        return values[values.size() / 2];
    }

    std::string database_;
    db::Blocking postgres_;
    std::vector<Cell> cells_;
    std::string pid_;
    std::string shown_;  // what of the comparison is the same for all of a tile
};

}  // namespace
}  // namespace mobilytics::analytics

int main(int argc, char** argv) {
    const std::size_t cells = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 5000;
    const int pairs = argc > 2 ? std::atoi(argv[2]) : 7;
    {
        mobilytics::analytics::Bench bench{cells};
        for (const int zoom : {10, 12, 13}) bench.run(zoom, pairs);
    }
    mobilytics::test::TestCluster::instance().stop();
}
