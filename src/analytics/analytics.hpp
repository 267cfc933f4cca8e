#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/analytics/cache.hpp"
#include "src/analytics/figures.hpp"
#include "src/analytics/region_set.hpp"
#include "src/analytics/report.hpp"
#include "src/analytics/runner.hpp"
#include "src/analytics/surface.hpp"
#include "src/assets/assets.hpp"
#include "src/auth/actor.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::trail {
class Trail;
}
namespace mobilytics::companies {
class Companies;
}

namespace mobilytics::analytics {

// What every answer says about itself (measurement.md 4).
struct About {
    std::optional<double> calibrated_share;
    std::optional<double> placed_share;
    std::optional<double> coverage;
    double minutes_expected = 0;
    double minutes_covered = 0;
    std::int64_t unattached_visits = 0;  // of the company in the window: on no asset, so in no campaign
    std::int64_t parked_out_visits = 0;
    Instant complete_to;
    Instant final_to;
    std::int64_t data_version = 0;
    int privacy_floor = 0;
};

struct AssetFigures {
    AssetId asset;
    std::string name;
    assets::AssetKind kind{};
    Sums sums;
};

struct Summary {
    Report report;
    Sums totals;
    Reach reach;
    std::vector<AssetFigures> by_asset;  // most visits first
    About about;
};

struct SeriesBucket {
    Bucket bucket;
    BucketState state = BucketState::no_data;
    Sums sums;
    std::optional<double> reach;  // where the bucket is a whole UTC day with a visit
};

struct Series {
    Report report;
    std::vector<SeriesBucket> buckets;
    std::vector<ReachDay> days;
    About about;
};

struct Regions {
    Report report;
    std::string set_id;
    std::string set_name;
    RegionReport figures;
    About about;
};

struct MapLegend {
    Report report;
    Metric metric = Metric::visits;
    int resolution = 0;
    Legend legend;
    std::optional<Bounds> bounds;
    std::optional<Bounds> view;
    About about;
};

struct MapTile {
    std::shared_ptr<const std::string> gzip;  // empty text: nothing here
    std::string tag;                          // changes whenever the tile may
    bool is_immutable = false;                // the version that was asked for is this one, for good
};

struct RegionSetEntry {
    std::string id;
    std::string name;
    std::int64_t regions = 0;
    std::optional<std::string> attribution;
};

// Outlines of a set's regions for a map: GeoJSON, simplified to about 50 metres.
struct RegionShapes {
    std::shared_ptr<const std::string> gzip;
    std::string tag;  // changes with every import
};

// A region to import: its outline as GeoJSON geometry or as well-known binary, in WGS 84 degrees.
struct RegionShape {
    std::string code;
    std::string name;
    std::optional<std::string> geojson;
    std::optional<std::string> wkb;
};

struct ImportedRegions {
    std::size_t regions = 0;
    std::size_t without_cells = 0;  // smaller than a cell: no centre point lies in them
};

// Front door of the room: what was measured, as people and programs read it. It writes nothing but region sets. A
// campaign of another company does not exist here: missing "campaigns.not_found". A window that cannot be reported is
// refused with invalid "analytics.bad_window" (report.hpp).
class Analytics {
public:
    // Reports are read from `reporting_database`, whose role can do nothing else; sets of regions live in the other.
    Analytics(async::Runtime& runtime, db::Database& database, db::Database& reporting_database,
              const clock::Clock& clock, trail::Trail& trail, companies::Companies& companies, assets::Assets& assets,
              campaigns::Campaigns& campaigns);

    // Totals of the window, and each asset's part.
    Task<Summary> summary(auth::Company actor, CampaignId campaign, Asked asked);

    // The same by hour or by day of the campaign's zone.
    Task<Series> series(auth::Company actor, CampaignId campaign, Asked asked);

    // Exposure by region of a set, with the company's privacy floor. Missing "analytics.no_region_set".
    Task<Regions> regions(auth::Company actor, CampaignId campaign, std::string set, Asked asked);

    // Classes of the heat map for the resolution of a zoom, and where its cells are.
    Task<MapLegend> legend(auth::Company actor, CampaignId campaign, int zoom, Metric metric, Asked asked);

    // One tile of the heat map. `version` is the data_version of an earlier answer. Invalid "analytics.bad_tile" for a
    // tile that the pyramid does not have.
    Task<MapTile> tile(auth::Company actor, CampaignId campaign, Tile tile, Asked asked,
                       std::optional<std::int64_t> version);

    // By id, those after the given one.
    Task<std::vector<RegionSetEntry>> region_sets(auth::Company actor, std::optional<std::string> after, int limit);

    // Missing "analytics.no_region_set".
    Task<RegionShapes> region_shapes(auth::Company actor, std::string set);

    // Makes a region set, or replaces all of it, in one transaction: running it twice changes nothing. A region takes
    // the cells whose centre point lies in it; shapes with one code are one region. For the importer and tests, which
    // act for the company themselves. Refuses: invalid "analytics.bad_regions", naming the shapes by their index.
    Task<ImportedRegions> import_regions(CompanyId company, std::string set_id, std::string name,
                                         std::optional<std::string> attribution, std::vector<RegionShape> shapes);

private:
    struct HeldSurface {
        Surface surface;
        std::int64_t version = 0;
        std::size_t bytes() const { return surface.bytes(); }
    };
    struct HeldTile {
        std::shared_ptr<const std::string> gzip;
        std::int64_t version = 0;
        std::size_t bytes() const { return sizeof *this + gzip->size(); }
    };

    Task<Report> report(auth::Company actor, CampaignId campaign, Asked asked);
    Task<std::shared_ptr<const HeldSurface>> surface(Report report, int floor, std::int64_t version);
    struct HeldShapes {
        std::string gzip;
        std::size_t bytes() const { return sizeof *this + gzip.size(); }
    };

    Task<std::shared_ptr<const RegionSet>> region_set(CompanyId company, std::string id);

    async::Runtime& runtime_;
    db::Database& database_;
    db::Database& reporting_database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    companies::Companies& companies_;
    assets::Assets& assets_;
    campaigns::Campaigns& campaigns_;
    Runner runner_;
    Cache<HeldSurface> surfaces_;
    Cache<HeldTile> tiles_;
    Cache<RegionSet> region_sets_;
    Cache<HeldShapes> region_shapes_;
};

void add_routes(http::Router& router, Analytics& analytics);

}  // namespace mobilytics::analytics
