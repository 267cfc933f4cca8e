#include "src/analytics/analytics.hpp"

#include <algorithm>
#include <format>

#include "platform/gzip/gzip.hpp"
#include "platform/problem/problem.hpp"
#include "src/analytics/heat_tile.hpp"
#include "src/analytics/store.hpp"
#include "src/assets/assets.hpp"
#include "src/campaigns/campaigns.hpp"
#include "src/companies/companies.hpp"

namespace mobilytics::analytics {

namespace {

constexpr std::size_t surface_bytes = 256UL << 20U;
constexpr std::size_t tile_bytes = 64UL << 20U;
constexpr std::size_t region_set_bytes = 64UL << 20U;
constexpr std::size_t region_shapes_bytes = 16UL << 20U;
constexpr double outline_tolerance_deg = 0.0005;

std::string key_of(const Report& report, int floor, std::int64_t version) {
    return std::format("{} {} {} {} {} {}", ids::to_hex(report.company.uuid), ids::to_hex(report.campaign.uuid),
                       report.window.from.time_since_epoch().count(), report.window.to.time_since_epoch().count(),
                       floor, version);
}

std::vector<AssetFigures> named(const Figures& figures, std::vector<assets::Asset> all) {
    std::vector<AssetFigures> found;
    for (assets::Asset& asset : all) {
        const auto sums = figures.assets.find(asset.id);
        if (sums != figures.assets.end()) found.push_back({asset.id, std::move(asset.name), asset.kind, sums->second});
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, [](const AssetFigures& one) { return one.sums.visits; });
    return found;
}

About about(const Figures& figures, int floor) {
    const Sums& total = figures.total;
    return {total.calibrated_share(),
            total.placed_share(),
            total.coverage(),
            total.minutes_expected,
            total.minutes_covered,
            figures.unattached_visits,
            total.parked_out,
            figures.standing.complete_to,
            figures.standing.final_to,
            figures.standing.version,
            floor};
}

// Reach is a UTC day's; a bucket has one only where it is that day.
std::optional<double> reach_of(const Bucket& bucket, const std::vector<ReachDay>& days) {
    const auto day = std::ranges::find(days, bucket.span.from, &ReachDay::day);
    if (day == days.end() || bucket.span.to != day->day + std::chrono::days{1}) return std::nullopt;
    return day->reach;
}

Problem no_region_set() { return {Kind::missing, "analytics.no_region_set", "There is no such region set."}; }

Task<store::RegionSetHead> region_set_head(db::Database& database, CompanyId company, std::string id) {
    const auto result = co_await database.read(db::Scope::of(company), store::find_region_set(company, id));
    auto head = result.first<store::RegionSetHead>();
    if (!head) throw no_region_set();
    co_return *std::move(head);
}

std::string key_of(CompanyId company, const store::RegionSetHead& head) {
    return std::format("{} {}", ids::to_hex(company.uuid), ids::to_hex(head.revision));
}

}  // namespace

Analytics::Analytics(async::Runtime& runtime, db::Database& database, db::Database& reporting_database,
                     const clock::Clock& clock, trail::Trail& trail, companies::Companies& companies,
                     assets::Assets& assets, campaigns::Campaigns& campaigns)
    : runtime_{runtime},
      database_{database},
      reporting_database_{reporting_database},
      clock_{clock},
      trail_{trail},
      companies_{companies},
      assets_{assets},
      campaigns_{campaigns},
      runner_{reporting_database, clock, campaigns, assets},
      surfaces_{surface_bytes},
      tiles_{tile_bytes},
      region_sets_{region_set_bytes},
      region_shapes_{region_shapes_bytes} {}

Task<Report> Analytics::report(auth::Company actor, CampaignId campaign, Asked asked) {
    auto found = co_await campaigns_.find(actor, campaign);
    co_return Report::of({actor.company, campaign, found.flight, std::move(found.zone)}, asked, clock_.now());
}

Task<Summary> Analytics::summary(auth::Company actor, CampaignId campaign, Asked asked) {
    auto wanted = co_await report(actor, campaign, {asked.from, asked.to});
    const auto figures = co_await runner_.figures_by_asset(wanted);
    const int floor = co_await companies_.privacy_floor(actor.company);
    auto all = co_await reporting_database_.transaction(
        db::Scope::of(actor.company),
        [&](db::Session& session) -> Task<std::vector<assets::Asset>> { return assets_.all(session, actor.company); });
    co_return Summary{std::move(wanted), figures.total, reach_over(figures.days), named(figures, std::move(all)),
                      about(figures, floor)};
}

Task<Series> Analytics::series(auth::Company actor, CampaignId campaign, Asked asked) {
    if (!asked.grain) asked.grain = Grain::day;
    auto wanted = co_await report(actor, campaign, asked);
    auto figures = co_await runner_.figures(wanted);
    const int floor = co_await companies_.privacy_floor(actor.company);
    Series series{wanted, {}, std::move(figures.days), about(figures, floor)};
    for (std::size_t i = 0; i < wanted.buckets.size(); ++i) {
        const Bucket& bucket = wanted.buckets[i];
        const Sums& sums = figures.buckets[i];
        series.buckets.push_back(
            {bucket, state_of(bucket, sums, series.about.complete_to), sums, reach_of(bucket, series.days)});
    }
    co_return series;
}

Task<Regions> Analytics::regions(auth::Company actor, CampaignId campaign, std::string set, Asked asked) {
    auto wanted = co_await report(actor, campaign, {asked.from, asked.to});
    const auto regions = co_await region_set(actor.company, set);
    const auto figures = co_await runner_.figures(wanted);
    const int floor = co_await companies_.privacy_floor(actor.company);
    const auto held = co_await surface(wanted, floor, figures.standing.version);
    auto found = co_await runtime_.in_background(
        [held, regions, floor] { return region_report(held->surface, *regions, floor); });
    co_return Regions{std::move(wanted), regions->id, regions->name, std::move(found), about(figures, floor)};
}

Task<MapLegend> Analytics::legend(auth::Company actor, CampaignId campaign, int zoom, Metric metric, Asked asked) {
    auto wanted = co_await report(actor, campaign, {asked.from, asked.to});
    const auto figures = co_await runner_.figures(wanted);
    const int floor = co_await companies_.privacy_floor(actor.company);
    const auto held = co_await surface(wanted, floor, figures.standing.version);
    const int resolution = resolution_of_zoom(zoom);
    auto found = co_await runtime_.in_background(
        [held, resolution, metric] { return held->surface.legend(resolution, metric); });
    co_return MapLegend{
        std::move(wanted),    metric, resolution, std::move(found), held->surface.bounds(), held->surface.view(),
        about(figures, floor)};
}

Task<MapTile> Analytics::tile(auth::Company actor, CampaignId campaign, Tile tile, Asked asked,
                              std::optional<std::int64_t> version) {
    if (!tile.is_valid())
        throw Problem{Kind::invalid, "analytics.bad_tile",
                      std::format("There is no tile {}/{}/{}.", tile.zoom, tile.x, tile.y)};
    const auto wanted = co_await report(actor, campaign, {asked.from, asked.to});
    const int floor = co_await companies_.privacy_floor(actor.company);
    const auto current = (co_await runner_.standing(actor.company)).version;
    auto key = std::format("{} {} {} {}", key_of(wanted, floor, current), tile.zoom, tile.x, tile.y);
    const auto held = co_await tiles_.get(key, [&]() -> Task<Cache<HeldTile>::Made> {
        const auto from = co_await surface(wanted, floor, current);
        auto gzip = co_await runtime_.in_background([from, tile] { return heat_tile(from->surface, tile).gzip; });
        auto made =
            std::make_shared<const HeldTile>(std::make_shared<const std::string>(std::move(gzip)), from->version);
        co_return Cache<HeldTile>::Made{made, made->version == current};
    });
    co_return MapTile{held->gzip,
                      std::format("{}-{}-{}-{}", held->version, floor, wanted.window.from.time_since_epoch().count(),
                                  wanted.window.to.time_since_epoch().count()),
                      held->version == version && asked.from && asked.to};
}

Task<std::shared_ptr<const Analytics::HeldSurface>> Analytics::surface(Report report, int floor, std::int64_t version) {
    using Made = Cache<HeldSurface>::Made;
    co_return co_await surfaces_.get(key_of(report, floor, version), [&]() -> Task<Made> {
        auto cells = co_await runner_.cells(report);
        auto made = co_await runtime_.in_background([&cells, floor] {
            return std::make_shared<const HeldSurface>(Surface{std::move(cells.placed), cells.unplaced, double(floor)},
                                                       cells.version);
        });
        co_return Made{made, made->version == version};
    });
}

Task<std::vector<RegionSetEntry>> Analytics::region_sets(auth::Company actor, std::optional<std::string> after,
                                                         int limit) {
    const auto result = co_await reporting_database_.read(db::Scope::of(actor.company),
                                                          store::region_sets(actor.company, std::move(after), limit));
    std::vector<RegionSetEntry> found;
    for (auto& row : result.all<store::RegionSetRow>())
        found.push_back({std::move(row.id), std::move(row.name), row.regions, std::move(row.attribution)});
    co_return found;
}

Task<RegionShapes> Analytics::region_shapes(auth::Company actor, std::string set) {
    const auto head = co_await region_set_head(reporting_database_, actor.company, set);
    const auto held = co_await region_shapes_.get(key_of(actor.company, head), [&]() -> Task<Cache<HeldShapes>::Made> {
        const auto result = co_await reporting_database_.read(
            db::Scope::of(actor.company), store::shapes_of(actor.company, set, outline_tolerance_deg));
        const auto row = result.first<store::RegionShapesRow>();
        if (!row) throw no_region_set();
        auto text = co_await runtime_.in_background([&] { return gzip::compress(row->geojson); });
        auto shapes = std::make_shared<const HeldShapes>(std::move(text));
        co_return Cache<HeldShapes>::Made{shapes, row->revision == head.revision};
    });
    co_return RegionShapes{{held, &held->gzip}, ids::to_hex(head.revision)};
}

Task<std::shared_ptr<const RegionSet>> Analytics::region_set(CompanyId company, std::string id) {
    const auto scope = db::Scope::of(company);
    const auto head = co_await region_set_head(reporting_database_, company, id);
    co_return co_await region_sets_.get(key_of(company, head), [&]() -> Task<Cache<RegionSet>::Made> {
        // A set that is replaced between the two statements shows in its head, which is then not the one of the key.
        const auto read = co_await reporting_database_.read_all(
            scope,
            {store::regions_of(company, id), store::ranges_of(company, id), store::find_region_set(company, id)});
        const auto after = read[2].first<store::RegionSetHead>();
        auto set = std::make_shared<const RegionSet>(store::region_set_in(id, head.name, read[0], read[1]));
        co_return Cache<RegionSet>::Made{set, after && after->revision == head.revision};
    });
}

}  // namespace mobilytics::analytics
