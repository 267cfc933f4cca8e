#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/json/schema.hpp"
#include "src/analytics/figures.hpp"
#include "src/analytics/report.hpp"
#include "src/analytics/surface.hpp"
#include "src/assets/asset.hpp"

// Shapes of the requests and answers of routes.cpp. Null means that there is no such number, never 0.
namespace mobilytics::analytics {

struct AboutOut {
    std::string source;
    int method_version = analytics::method_version;
    std::optional<double> calibrated_share;
    std::optional<double> placed_share;
    std::optional<double> coverage;
    double minutes_expected = 0;
    double minutes_covered = 0;
    std::int64_t unattached_visits = 0;
    std::int64_t parked_out_visits = 0;
    Instant complete_to;
    Instant final_to;
    std::string data_version;
    int privacy_floor = 0;

    static constexpr json::Field about[] = {
        {.name = "source", .description = "Who measured: sources are never added together."},
        {.name = "method_version", .description = "Version of the measurement method."},
        {.name = "calibrated_share",
         .description = "Part of the visits whose people were calibrated, 0 to 1; of the "
                        "others one visit counts as one person, without bounds. Null "
                        "without a visit."},
        {.name = "placed_share", .description = "Part of the visits whose place is known. Null without a visit."},
        {.name = "coverage",
         .description = "Minutes in which the devices were heard, of those expected. Null when none "
                        "was expected."},
        {.name = "unattached_visits",
         .description = "Visits of the company's devices in the window that were on no "
                        "vehicle or billboard; they are in no campaign."},
        {.name = "parked_out_visits", .description = "Visits that the company's parked policy leaves out."},
        {.name = "complete_to", .description = "Figures before this are up to date with all that was received."},
        {.name = "final_to", .description = "Figures before this take no late data any more."},
        {.name = "data_version", .description = "Grows with every change of the figures; `v` of map tiles."},
        {.name = "privacy_floor", .description = "Cells and regions with fewer visits are hidden."}};
};

struct MeasuresOut {
    double visits = 0;
    double ots = 0;
    std::optional<double> ots_low;
    std::optional<double> ots_high;
    double lts = 0;
    double dwell_s = 0;
    std::optional<double> mean_dwell_s;
    std::array<double, 9> bins{};
    double calibrated_visits = 0;

    static constexpr json::Field about[] = {
        {.name = "visits", .description = "Near visits, times the campaign's share of the face."},
        {.name = "ots", .description = "Opportunities to see: people, by calibration."},
        {.name = "ots_low", .description = "Lower bound of the calibrated visits' people; null without any."},
        {.name = "ots_high", .description = "Upper bound of the calibrated visits' people; null without any."},
        {.name = "lts", .description = "Likelihood to see: people times the visibility of the face."},
        {.name = "dwell_s", .description = "Sum of the visits' seconds."},
        {.name = "mean_dwell_s", .description = "Seconds per visit; null without a visit."},
        {.name = "bins", .description = "Visits by dwell; the bins begin at bin_edges_s."},
        {.name = "calibrated_visits", .description = "Visits with a calibration in force."}};
};

struct WindowQuery {
    std::optional<Instant> from;
    std::optional<Instant> to;

    static constexpr json::Field about[] = {
        {.name = "from",
         .description = "Beginning, a whole hour of UTC or of the campaign's zone. The flight's "
                        "beginning when left out."},
        {.name = "to",
         .description = "End, not included. The flight's end or that of the running hour when left out."}};
};

struct ReachOut {
    std::string grain;
    std::optional<double> mean_daily_reach;
    std::optional<double> mean_daily_frequency;
    int days = 0;

    static constexpr json::Field about[] = {
        {.name = "grain",
         .description = "Always utc_day: pseudonyms change with the UTC date, so reach cannot be added "
                        "up over days."},
        {.name = "mean_daily_reach", .description = "People reached on a day, over the days with a visit."},
        {.name = "mean_daily_frequency", .description = "People's contacts per person reached on a day."},
        {.name = "days", .description = "UTC days with a visit; the window may cut the first and last."}};
};

struct RoadOut {
    double parked = 0;
    double crawl = 0;
    double urban = 0;
    double fast = 0;
};

struct AssetOut {
    AssetId asset_id;
    std::string name;
    assets::AssetKind kind{};
    double visits = 0;
    double ots = 0;
    double lts = 0;
    std::optional<double> coverage;
};

struct SummaryOut {
    CampaignId campaign_id;
    Instant from;
    Instant to;
    std::string zone;
    MeasuresOut totals;
    ReachOut reach;
    RoadOut road_seconds;
    std::array<double, 9> bin_edges_s = analytics::bin_edges_s;
    std::vector<AssetOut> by_asset;
    AboutOut about;
};

struct SeriesQuery {
    std::optional<Grain> grain;
    std::optional<Instant> from;
    std::optional<Instant> to;

    static constexpr json::Field about[] = {
        {.name = "grain", .description = "By hour, or by day of the campaign's zone (default)."},
        {.name = "from", .description = "As in the summary."},
        {.name = "to", .description = "As in the summary; at most 100 days by hour, 1,100 by day."}};
};

struct BucketOut {
    Instant start;
    std::string local;
    BucketState state = BucketState::no_data;
    std::optional<double> visits;
    std::optional<double> ots;
    std::optional<double> ots_low;
    std::optional<double> ots_high;
    std::optional<double> lts;
    std::optional<double> dwell_s;
    std::optional<double> mean_dwell_s;
    std::optional<std::array<double, 9>> bins;
    std::optional<double> calibrated_visits;
    std::optional<double> reach;
    double minutes_expected = 0;
    double minutes_covered = 0;

    static constexpr json::Field about[] = {
        {.name = "local", .description = "The day, or the hour with its offset, in the campaign's zone."},
        {.name = "state",
         .description = "measured; no_data: no device was there or none was heard, so there is no "
                        "number, not even 0; pending: not all work is done, what is there may change."},
        {.name = "visits", .description = "Null without data, like all figures here."},
        {.name = "reach", .description = "Where the bucket is a whole UTC day; see reach_days."}};
};

struct ReachDayOut {
    std::string utc_day;
    double reach = 0;
    std::optional<double> frequency;
    bool whole = true;

    static constexpr json::Field about[] = {{.name = "utc_day", .description = "2026-03-08"},
                                            {.name = "whole", .description = "False where the window cuts the day."}};
};

struct SeriesOut {
    CampaignId campaign_id;
    Grain grain = Grain::day;
    std::string zone;
    std::vector<BucketOut> buckets;
    std::vector<ReachDayOut> reach_days;
    AboutOut about;
};

struct RegionsQuery {
    std::string set;
    std::optional<Instant> from;
    std::optional<Instant> to;

    static constexpr json::Field about[] = {
        {.name = "set", .description = "Id of a region set.", .min_length = 1, .max_length = 40},
        {.name = "from", .description = "As in the summary."},
        {.name = "to", .description = "As in the summary."}};
};

struct RegionSetName {
    std::string id;
    std::string name;
};

struct RegionOut {
    std::string code;
    std::string name;
    bool hidden = false;
    std::optional<double> visits;
    std::optional<double> ots;
    std::optional<double> lts;
    std::optional<double> dwell_s;
    std::optional<double> mean_dwell_s;
    std::optional<double> share_of_placed;

    static constexpr json::Field about[] = {
        {.name = "hidden", .description = "Hidden for privacy: too few visits, or hidden to protect such a region."},
        {.name = "share_of_placed", .description = "Of all visits whose place is known."}};
};

struct ElsewhereOut {
    std::optional<double> visits;
    bool hidden = false;
};

struct RegionsOut {
    CampaignId campaign_id;
    RegionSetName set;
    std::vector<RegionOut> items;
    std::optional<ElsewhereOut> elsewhere;
    double unplaced_visits = 0;
    AboutOut about;
};

struct LegendQuery {
    int z = 0;
    std::optional<Metric> metric;
    std::optional<Instant> from;
    std::optional<Instant> to;

    static constexpr json::Field about[] = {
        {.name = "z", .description = "Zoom of the map.", .minimum = 0, .maximum = largest_zoom},
        {.name = "metric", .description = "What the colours show; visits when left out. dwell: mean seconds."},
        {.name = "from", .description = "As in the summary."},
        {.name = "to", .description = "As in the summary."}};
};

struct LegendOut {
    Metric metric = Metric::visits;
    int resolution = 0;
    std::vector<double> breaks;
    std::size_t cells = 0;
    std::size_t hidden_cells = 0;
    std::optional<std::array<double, 4>> bounds;
    std::optional<std::array<double, 4>> view;
    AboutOut about;
};

struct TileQuery {
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::optional<std::int64_t> v;

    static constexpr json::Field about[] = {
        {.name = "from", .description = "As in the summary."},
        {.name = "to", .description = "As in the summary."},
        {.name = "v", .description = "data_version of an answer: while it is current the tile may be kept for good."}};
};

struct RegionSetOut {
    std::string id;
    std::string name;
    std::int64_t regions = 0;
    std::optional<std::string> attribution;
};

}  // namespace mobilytics::analytics
