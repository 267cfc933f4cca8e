#include <utility>

#include "platform/gzip/gzip.hpp"
#include "platform/http/media_type.hpp"
#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "src/analytics/analytics.hpp"
#include "src/analytics/answers.hpp"

// URLs of reports and the heat map.
namespace mobilytics::analytics {

namespace {

using auth::May;
using auth::Permission;

constexpr std::size_t most_plain_bytes = 64UL << 20U;
constexpr std::string_view tile_type = "application/vnd.mapbox-vector-tile";

AboutOut printed(const About& about) {
    return {"mobilytics",          method_version,          about.calibrated_share,
            about.placed_share,    about.coverage,          about.minutes_expected,
            about.minutes_covered, about.unattached_visits, about.parked_out_visits,
            about.complete_to,     about.final_to,          std::to_string(about.data_version),
            about.privacy_floor};
}

MeasuresOut printed(const Sums& sums) {
    return {sums.visits,         sums.ots,  sums.low(),     sums.high(), sums.lts, sums.dwell_s,
            sums.mean_dwell_s(), sums.bins, sums.calibrated};
}

SummaryOut printed(Summary summary) {
    const Sums& total = summary.totals;
    SummaryOut out{
        .campaign_id = summary.report.campaign,
        .from = summary.report.window.from,
        .to = summary.report.window.to,
        .zone = summary.report.zone,
        .totals = printed(total),
        .reach = {"utc_day", summary.reach.mean_daily_reach, summary.reach.mean_daily_frequency, summary.reach.days},
        .road_seconds = {total.parked_s, total.crawl_s, total.urban_s, total.fast_s},
        .by_asset = {},
        .about = printed(summary.about)};
    for (AssetFigures& one : summary.by_asset)
        out.by_asset.push_back({one.asset, std::move(one.name), one.kind, one.sums.visits, one.sums.ots, one.sums.lts,
                                one.sums.coverage()});
    return out;
}

BucketOut printed(const SeriesBucket& one) {
    BucketOut out{.start = one.bucket.span.from,
                  .local = one.bucket.local,
                  .state = one.state,
                  .reach = one.reach,
                  .minutes_expected = one.sums.minutes_expected,
                  .minutes_covered = one.sums.minutes_covered};
    if (!has_data(one.sums)) return out;
    out.visits = one.sums.visits;
    out.ots = one.sums.ots;
    out.ots_low = one.sums.low();
    out.ots_high = one.sums.high();
    out.lts = one.sums.lts;
    out.dwell_s = one.sums.dwell_s;
    out.mean_dwell_s = one.sums.mean_dwell_s();
    out.bins = one.sums.bins;
    out.calibrated_visits = one.sums.calibrated;
    return out;
}

SeriesOut printed(const Series& series) {
    SeriesOut out{series.report.campaign, series.report.grain.value_or(Grain::day), series.report.zone, {}, {},
                  printed(series.about)};
    for (const SeriesBucket& one : series.buckets) out.buckets.push_back(printed(one));
    for (const ReachDay& day : series.days)
        out.reach_days.push_back({clock::to_rfc3339(day.day).substr(0, 10), day.reach, day.frequency(), day.whole});
    return out;
}

RegionsOut printed(Regions regions) {
    const RegionReport& figures = regions.figures;
    RegionsOut out{regions.report.campaign, {regions.set_id, regions.set_name}, {}, {}, figures.unplaced,
                   printed(regions.about)};
    for (const RegionFigures& region : figures.regions) {
        RegionOut item{.code = region.code, .name = region.name, .hidden = !region.sums};
        if (region.sums) {
            item.visits = region.sums->visits;
            item.ots = region.sums->ots;
            item.lts = region.sums->lts;
            item.dwell_s = region.sums->dwell_s;
            item.mean_dwell_s = region.sums->dwell_s / region.sums->visits;
            item.share_of_placed = region.sums->visits / figures.placed;
        }
        out.items.push_back(std::move(item));
    }
    if (figures.elsewhere || figures.elsewhere_hidden)
        out.elsewhere = ElsewhereOut{figures.elsewhere, figures.elsewhere_hidden};
    return out;
}

LegendOut printed(MapLegend legend) {
    LegendOut out{.metric = legend.metric,
                  .resolution = legend.resolution,
                  .breaks = std::move(legend.legend.breaks),
                  .cells = legend.legend.cells,
                  .hidden_cells = legend.legend.hidden_cells,
                  .about = printed(legend.about)};
    const auto corners = [](const Bounds& of) { return std::array{of.west, of.south, of.east, of.north}; };
    out.bounds = legend.bounds.transform(corners);
    out.view = legend.view.transform(corners);
    return out;
}

// What is kept compressed, for whoever takes it so and for whoever does not.
http::Raw printed(std::string content_type, const std::shared_ptr<const std::string>& gzip, std::string tag,
                  const http::Request& request) {
    http::Raw raw{.content_type = std::move(content_type),
                  .body = gzip,
                  .etag = std::move(tag),
                  .cache_control = "private, no-cache",
                  .content_encoding = "gzip"};
    if (http::chosen_encoding(request.header("Accept-Encoding").value_or(""), true, false) != http::Encoding::gzip) {
        raw.content_encoding.clear();
        raw.body = gzip::decompress(*gzip, most_plain_bytes);
    }
    return raw;
}

http::Raw printed(const MapTile& tile, const http::Request& request) {
    http::Raw raw{.content_type = std::string{tile_type}, .body = tile.gzip, .etag = tile.tag, .status = 204};
    if (!tile.gzip->empty()) raw = printed(raw.content_type, tile.gzip, tile.tag, request);
    raw.cache_control = tile.is_immutable ? "private, max-age=31536000, immutable" : "private, no-cache";
    return raw;
}

void add_region_set_routes(http::Group& group, Analytics& analytics) {
    group.get(
        "/v1/region-sets", {.id = "analytics.region_sets", .summary = "Region sets of the company"},
        [&analytics](May<Permission::analytics_read> actor, http::Paging paging) -> Task<http::Page<RegionSetOut>> {
            std::optional<std::string> after;
            if (auto key = paging.after<std::string>()) after = std::get<0>(*key);
            auto found = co_await analytics.region_sets(actor, std::move(after), http::rows_wanted(paging));
            co_return http::page_of(
                paging, std::move(found),
                [](RegionSetEntry set) {
                    return RegionSetOut{std::move(set.id), std::move(set.name), set.regions,
                                        std::move(set.attribution)};
                },
                [](const RegionSetEntry& set) { return http::encode_cursor(set.id); });
        });

    group.get(
        "/v1/region-sets/{id}/shapes",
        {.id = "analytics.region_shapes",
         .summary = "Outlines of a set's regions, for a map",
         .description = "A GeoJSON FeatureCollection in WGS 84, simplified to about 50 metres so that neighbours "
                        "keep a common edge. Each feature has the properties code and name.",
         .answer_type = "application/geo+json",
         .other_answers = {304}},
        [&analytics](May<Permission::analytics_read> actor, std::string id, http::Request& request) -> Task<http::Raw> {
            const auto shapes = co_await analytics.region_shapes(actor, std::move(id));
            co_return printed("application/geo+json", shapes.gzip, shapes.tag, request);
        });
}

}  // namespace

void add_routes(http::Router& router, Analytics& analytics) {
    auto group = router.group("analytics");

    group.get("/v1/campaigns/{id}/summary",
              {.id = "analytics.summary", .summary = "What a campaign reached in a window"},
              [&analytics](May<Permission::analytics_read> actor, CampaignId id,
                           http::Query<WindowQuery> query) -> Task<SummaryOut> {
                  co_return printed(co_await analytics.summary(actor, id, {query->from, query->to}));
              });

    group.get("/v1/campaigns/{id}/metrics",
              {.id = "analytics.metrics", .summary = "A campaign by hour, or by day of its zone"},
              [&analytics](May<Permission::analytics_read> actor, CampaignId id,
                           http::Query<SeriesQuery> query) -> Task<SeriesOut> {
                  co_return printed(co_await analytics.series(actor, id, {query->from, query->to, query->grain}));
              });

    group.get("/v1/campaigns/{id}/regions",
              {.id = "analytics.regions",
               .summary = "A campaign by region",
               .description = "Regions without a visit are left out. Figures of regions with few visits are hidden."},
              [&analytics](May<Permission::analytics_read> actor, CampaignId id,
                           http::Query<RegionsQuery> query) -> Task<RegionsOut> {
                  co_return printed(co_await analytics.regions(actor, id, query->set, {query->from, query->to}));
              });

    group.get("/v1/campaigns/{id}/legend",
              {.id = "analytics.legend",
               .summary = "Classes and bounds of a campaign's heat map",
               .description =
                   "bounds: west, south, east, north of all cells, in degrees. view: the same of what a map should "
                   "show first, without a few hidden cells far from the others. Both null without cells."},
              [&analytics](May<Permission::analytics_read> actor, CampaignId id,
                           http::Query<LegendQuery> query) -> Task<LegendOut> {
                  co_return printed(co_await analytics.legend(
                      actor, id, query->z, query->metric.value_or(Metric::visits), {query->from, query->to}));
              });

    group.get(
        "/v1/campaigns/{id}/tiles/{z}/{x}/{y}.mvt",
        {.id = "analytics.tile",
         .summary = "A tile of a campaign's heat map",
         .description = "Layer \"exposure\": polygons of H3 cells with cell, resolution, hidden, and unless hidden "
                        "visits, ots, lts, mean_dwell_s; coarsened where the tile's cells would be too many. 204 "
                        "when there is nothing.",
         .answer_type = std::string{tile_type},
         .other_answers = {204, 304}},
        [&analytics](May<Permission::analytics_read> actor, CampaignId id, int z, std::uint32_t x, std::uint32_t y,
                     http::Query<TileQuery> query, http::Request& request) -> Task<http::Raw> {
            const auto tile = co_await analytics.tile(actor, id, {z, x, y}, {query->from, query->to}, query->v);
            co_return printed(tile, request);
        });
    add_region_set_routes(group, analytics);
}

}  // namespace mobilytics::analytics
