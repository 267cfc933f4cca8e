#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/db/database.hpp"
#include "src/analytics/figures.hpp"
#include "src/analytics/region_set.hpp"
#include "src/analytics/report.hpp"
#include "src/analytics/surface.hpp"

// The only place with this room's SQL: statements for a report, and rows turned back into figures.
namespace mobilytics::analytics::store {

// Where in a piece of a cut hour the campaign counts on an asset, with which share and whose face.
struct Span {
    int bucket = 0;
    ids::Uuid asset;
    Window during;
    double share = 1;
    std::string format;
    std::string placement;
};

// ---- statements of a report, and what their results mean

db::Statement standing(CompanyId company);
Standing standing_in(const db::Result& result, Instant now);

db::Statement bucket_sums(const Report& report);
// The number of the bucket and its sums, for buckets with rows.
std::vector<std::pair<int, Sums>> bucket_sums_in(const db::Result& result);

db::Statement asset_sums(const Report& report);
std::vector<std::pair<AssetId, Sums>> asset_sums_in(const db::Result& result);

db::Statement utc_days(const Report& report, const std::vector<Span>& spans);
std::vector<ReachDay> utc_days_in(const db::Result& result, Window window);

db::Statement unattached(const Report& report);
std::int64_t unattached_in(const db::Result& result);

// Visits in the pieces.
struct PieceSums {
    int bucket = 0;
    AssetId asset;
    Sums sums;
};
db::Statement piece_sums(CompanyId company, const std::vector<Span>& spans);
std::vector<PieceSums> piece_sums_in(const db::Result& result);

// Seconds and minutes of the cut hours, whole.
struct HourSums {
    Instant hour;
    AssetId asset;
    Sums sums;
};
db::Statement cut_hours(const Report& report);
std::vector<HourSums> cut_hours_in(const db::Result& result);

db::Statement cell_sums(const Report& report);
db::Statement piece_cells(CompanyId company, const std::vector<Span>& spans);
// Cell 0 is "unplaced".
std::vector<SurfaceCell> cells_in(const db::Result& result);

// ---- region sets

struct RegionSetRow {
    std::string id;
    std::string name;
    std::optional<std::string> attribution;
    std::int64_t regions = 0;
};
db::Statement region_sets(CompanyId company, std::optional<std::string> after, int limit);

struct RegionSetHead {
    std::string name;
    ids::Uuid revision;
};
db::Statement find_region_set(CompanyId company, const std::string& id);
db::Statement regions_of(CompanyId company, const std::string& id);
db::Statement ranges_of(CompanyId company, const std::string& id);
struct RegionShapesRow {
    ids::Uuid revision;
    std::string geojson;
};
db::Statement shapes_of(CompanyId company, const std::string& id, double tolerance_deg);
RegionSet region_set_in(std::string id, std::string name, const db::Result& regions, const db::Result& ranges);

// A shape as given: exactly one of the two.
struct GivenShape {
    std::string code;
    std::string name;
    std::optional<std::string> geojson;
    std::optional<db::Bytes> wkb;
};
// One region per code; without a shape when nothing of it was an area.
struct ReadShape {
    std::string code;
    std::string name;
    std::int32_t first_index = 0;
    std::optional<db::Bytes> wkb;
    bool is_on_earth = false;
};
Task<std::vector<ReadShape>> read_shapes(db::Session& session, std::vector<GivenShape> shapes);

struct NewRegionSet {
    std::string id;
    std::string name;
    std::optional<std::string> attribution;
    ids::Uuid revision;
    Instant imported_at;
};
struct NewRegion {
    ReadShape shape;
    std::vector<CellRange> cells;
};
Task<void> replace_region_set(db::Session& session, CompanyId company, NewRegionSet set,
                              std::vector<NewRegion> regions);

}  // namespace mobilytics::analytics::store
