#include "src/analytics/store.hpp"

#include <algorithm>
#include <stdexcept>

#include "src/analytics/queries.hpp"

namespace mobilytics::analytics::store {

namespace {

struct StandingRow {
    std::optional<std::int64_t> version;
    std::optional<Instant> opened_to;
    std::optional<Instant> dirty_from;
};

template <class Key>
struct SumsRow {
    Key key;
    double visits, ots, ots_low, ots_high, lts, unshared_visits, unshared_ots, dwell_s;
    std::vector<double> bins;
    double calibrated, placed;
    std::int64_t parked_out;
    double parked_s, crawl_s, urban_s, fast_s, minutes_expected, minutes_covered;
};

struct PieceRow {
    std::int32_t bucket;
    AssetId asset;
    double visits, ots, ots_low, ots_high, lts, unshared_visits, unshared_ots, dwell_s;
    std::vector<double> bins;
    double calibrated, placed;
    std::int64_t parked_out;
};

struct CutHourRow {
    Instant hour;
    AssetId asset;
    double parked_s, crawl_s, urban_s, fast_s, minutes_expected, minutes_covered;
};

struct UtcDayRow {
    Instant day;
    double visitors, visits, ots;
};

struct CellRow {
    std::int64_t cell;
    double visits, ots, lts, dwell_s, whole_visits;
};

struct RegionRow {
    std::string code;
    std::string name;
};

struct RangeRow {
    std::int64_t first_cell, last_cell;
    std::string code;
};

std::array<double, 9> bins_of(const std::vector<double>& stored) {
    std::array<double, 9> bins{};
    if (stored.size() != bins.size()) throw std::logic_error{"a dwell histogram has another number of bins"};
    std::ranges::copy(stored, bins.begin());
    return bins;
}

template <class Row>
Sums visit_sums_of(const Row& row) {
    Sums sums;
    sums.visits = row.visits;
    sums.ots = row.ots;
    sums.ots_low = row.ots_low;
    sums.ots_high = row.ots_high;
    sums.lts = row.lts;
    sums.unshared_visits = row.unshared_visits;
    sums.unshared_ots = row.unshared_ots;
    sums.dwell_s = row.dwell_s;
    sums.bins = bins_of(row.bins);
    sums.calibrated = row.calibrated;
    sums.placed = row.placed;
    sums.parked_out = row.parked_out;
    return sums;
}

template <class Row>
void set_time_sums(Sums& sums, const Row& row) {
    sums.parked_s = row.parked_s;
    sums.crawl_s = row.crawl_s;
    sums.urban_s = row.urban_s;
    sums.fast_s = row.fast_s;
    sums.minutes_expected = row.minutes_expected;
    sums.minutes_covered = row.minutes_covered;
}

template <class Key>
std::vector<std::pair<Key, Sums>> keyed_sums_in(const db::Result& result) {
    std::vector<std::pair<Key, Sums>> found;
    for (const auto& row : result.all<SumsRow<Key>>()) {
        auto& [key, sums] = found.emplace_back(row.key, visit_sums_of(row));
        set_time_sums(sums, row);
    }
    return found;
}

struct SpanColumns {
    std::vector<std::int32_t> buckets;
    std::vector<ids::Uuid> assets;
    std::vector<Instant> from, to;
    std::vector<double> shares;
    std::vector<std::string> formats, placements;

    explicit SpanColumns(const std::vector<Span>& spans) {
        for (const Span& span : spans) {
            buckets.push_back(span.bucket);
            assets.push_back(span.asset);
            from.push_back(span.during.from);
            to.push_back(span.during.to);
            shares.push_back(span.share);
            formats.push_back(span.format);
            placements.push_back(span.placement);
        }
    }
};

}  // namespace

db::Statement standing(CompanyId company) { return db::bind(sql::find_standing, company); }

Standing standing_in(const db::Result& result, Instant now) {
    const auto row = result.only<StandingRow>();
    return Standing::of(row.version, row.opened_to, row.dirty_from, now);
}

db::Statement bucket_sums(const Report& report) {
    std::vector<Instant> starts;
    // The hour a bucket begins in is its own: those that it shares with another are cut and left out.
    for (const Bucket& bucket : report.buckets) starts.push_back(clock::floor_hour(bucket.span.from));
    const auto hours = report.hours();
    return db::bind(sql::bucket_sums, report.company, report.campaign, hours.from, hours.to, report.cut.hours, starts);
}

std::vector<std::pair<int, Sums>> bucket_sums_in(const db::Result& result) {
    return keyed_sums_in<std::int32_t>(result);
}

db::Statement asset_sums(const Report& report) {
    const auto hours = report.hours();
    return db::bind(sql::asset_sums, report.company, report.campaign, hours.from, hours.to, report.cut.hours);
}

std::vector<std::pair<AssetId, Sums>> asset_sums_in(const db::Result& result) { return keyed_sums_in<AssetId>(result); }

db::Statement utc_days(const Report& report, const std::vector<Span>& spans) {
    const auto hours = report.hours();
    const SpanColumns s{spans};
    return db::bind(sql::utc_day_sums, report.company, report.campaign, hours.from, hours.to, report.cut.hours,
                    s.assets, s.from, s.to);
}

std::vector<ReachDay> utc_days_in(const db::Result& result, Window window) {
    std::vector<ReachDay> days;
    for (const auto& row : result.all<UtcDayRow>())
        days.push_back(ReachDay::of(row.day, row.visitors, row.visits, row.ots, window));
    return days;
}

db::Statement unattached(const Report& report) {
    std::vector<Instant> from, to;
    for (const Piece& piece : report.cut.pieces) {
        from.push_back(piece.span.from);
        to.push_back(piece.span.to);
    }
    const auto hours = report.hours();
    return db::bind(sql::unattached_visits, report.company, hours.from, hours.to, report.cut.hours, from, to);
}

std::int64_t unattached_in(const db::Result& result) { return result.only<std::int64_t>(); }

db::Statement piece_sums(CompanyId company, const std::vector<Span>& spans) {
    const SpanColumns s{spans};
    return db::bind(sql::piece_sums, company, s.buckets, s.assets, s.from, s.to, s.shares, s.formats, s.placements);
}

std::vector<PieceSums> piece_sums_in(const db::Result& result) {
    std::vector<PieceSums> found;
    for (const auto& row : result.all<PieceRow>()) found.push_back({row.bucket, row.asset, visit_sums_of(row)});
    return found;
}

db::Statement cut_hours(const Report& report) {
    return db::bind(sql::cut_hour_rows, report.company, report.campaign, report.cut.hours);
}

std::vector<HourSums> cut_hours_in(const db::Result& result) {
    std::vector<HourSums> found;
    for (const auto& row : result.all<CutHourRow>())
        set_time_sums(found.emplace_back(row.hour, row.asset, Sums{}).sums, row);
    return found;
}

db::Statement cell_sums(const Report& report) {
    const auto hours = report.hours();
    return db::bind(sql::cell_sums, report.company, report.campaign, hours.from, hours.to, report.cut.hours);
}

db::Statement piece_cells(CompanyId company, const std::vector<Span>& spans) {
    const SpanColumns s{spans};
    return db::bind(sql::piece_cells, company, s.assets, s.from, s.to, s.shares, s.formats, s.placements);
}

std::vector<SurfaceCell> cells_in(const db::Result& result) {
    std::vector<SurfaceCell> cells;
    for (const auto& row : result.all<CellRow>())
        cells.push_back(
            {static_cast<Cell>(row.cell), {row.visits, row.ots, row.lts, row.dwell_s, row.whole_visits}, false});
    return cells;
}

db::Statement region_sets(CompanyId company, std::optional<std::string> after, int limit) {
    return db::bind(sql::list_region_sets, company, after, std::int64_t{limit});
}

db::Statement find_region_set(CompanyId company, const std::string& id) {
    return db::bind(sql::find_region_set, company, id);
}

db::Statement regions_of(CompanyId company, const std::string& id) {
    return db::bind(sql::regions_of_set, company, id);
}

db::Statement ranges_of(CompanyId company, const std::string& id) { return db::bind(sql::ranges_of_set, company, id); }

db::Statement shapes_of(CompanyId company, const std::string& id, double tolerance_deg) {
    return db::bind(sql::shapes_of_set, company, id, tolerance_deg);
}

RegionSet region_set_in(std::string id, std::string name, const db::Result& regions, const db::Result& ranges) {
    RegionSet set{std::move(id), std::move(name), {}, {}};
    for (auto& row : regions.all<RegionRow>()) set.regions.push_back({std::move(row.code), std::move(row.name)});
    // The database may order text otherwise than bytes do.
    std::ranges::sort(set.regions, {}, &Region::code);
    for (const auto& row : ranges.all<RangeRow>()) {
        const auto region = std::ranges::lower_bound(set.regions, row.code, {}, &Region::code);
        set.ranges.push_back({{static_cast<Cell>(row.first_cell), static_cast<Cell>(row.last_cell)},
                              static_cast<std::uint32_t>(region - set.regions.begin())});
    }
    return set;
}

Task<std::vector<ReadShape>> read_shapes(db::Session& session, std::vector<GivenShape> shapes) {
    std::vector<std::string> codes, names;
    std::vector<std::optional<std::string>> geojson;
    std::vector<std::optional<db::Bytes>> wkb;
    for (GivenShape& shape : shapes) {
        codes.push_back(std::move(shape.code));
        names.push_back(std::move(shape.name));
        geojson.push_back(std::move(shape.geojson));
        wkb.push_back(std::move(shape.wkb));
    }
    co_return co_await session.many<ReadShape>(sql::read_shapes, codes, names, geojson, wkb);
}

Task<void> replace_region_set(db::Session& session, CompanyId company, NewRegionSet set,
                              std::vector<NewRegion> regions) {
    co_await session.exec(sql::put_region_set, company, set.id, set.name, set.attribution, set.revision,
                          set.imported_at);
    co_await session.exec(sql::clear_regions, company, set.id);
    std::vector<std::string> codes, names, codes_of_ranges;
    std::vector<db::Bytes> shapes;
    std::vector<std::int64_t> first, last;
    for (NewRegion& region : regions) {
        for (const CellRange& range : region.cells) {
            codes_of_ranges.push_back(region.shape.code);
            first.push_back(static_cast<std::int64_t>(range.first));
            last.push_back(static_cast<std::int64_t>(range.last));
        }
        codes.push_back(std::move(region.shape.code));
        names.push_back(std::move(region.shape.name));
        shapes.push_back(std::move(region.shape.wkb).value());
    }
    co_await session.exec(sql::insert_regions, company, set.id, codes, names, shapes);
    co_await session.exec(sql::insert_region_cells, company, set.id, codes_of_ranges, first, last);
}

}  // namespace mobilytics::analytics::store
