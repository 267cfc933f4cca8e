#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"
#include "src/measurements/acceptance.hpp"
#include "src/measurements/exposure.hpp"
#include "src/measurements/intake.hpp"
#include "src/measurements/track.hpp"

// The only place with this room's SQL: values to rows and back.
namespace mobilytics::measurements::store {

// ---- raw streams (ingest role)

// For each batch in order: whether it was new. Those that were not are to be left out of insert_records.
Task<std::vector<bool>> insert_batches(db::Session& session, std::vector<const BatchToStore*> batches, Instant now);
Task<void> insert_records(db::Session& session, std::vector<const BatchToStore*> batches, Instant now);

struct FirstAnswer {
    db::Bytes body_sha256;
    std::string answer;
};
db::Statement find_batch(CompanyId company, ids::Uuid sender, const std::string& batch);

// ---- dirty spans

struct DirtyMark {
    ids::Uuid id;
    DirtySpan dirt;
};
Task<void> mark(db::Session& session, CompanyId company, std::vector<DirtySpan> spans, Instant now);
Task<std::vector<DirtyMark>> oldest_marks(db::Session& session, CompanyId company, std::int32_t most);
Task<void> clear_marks(db::Session& session, CompanyId company, std::vector<ids::Uuid> marks);
db::Statement marks_waiting();
Task<std::vector<CompanyId>> companies_with_work(db::Session& session);

// ---- raw reads (through the functions that take the company from the scope)

Task<std::vector<Sighting>> sightings(db::Session& session, ids::Uuid device, Window span);
Task<std::vector<Position>> positions(db::Session& session, ids::Uuid device, Window span);
Task<std::vector<Instant>> heartbeats(db::Session& session, ids::Uuid device, Window span);
// From the device's first raw record to just after its last; empty without any.
Task<Window> raw_extent(db::Session& session, ids::Uuid device);
Task<void> forget_last_position(db::Session& session, CompanyId company, ids::Uuid device, Window span);

struct LatestReport {
    ids::Uuid device;
    std::optional<Instant> heartbeat_at;
    std::optional<std::string> firmware;
    std::optional<float> battery;
    std::optional<float> temperature;
    std::optional<std::int64_t> queue_depth;
    std::optional<Instant> fix_at;
    std::optional<double> lat;
    std::optional<double> lon;
    std::optional<float> speed_mps;
    std::optional<float> heading_deg;
};
Task<std::vector<LatestReport>> latest_reports(db::Session& session, std::vector<ids::Uuid> devices, Instant since);
Task<void> save_last_positions(db::Session& session, CompanyId company, std::vector<LatestReport> reports);

// ---- visits and tracks

struct AssetAndHour {
    ids::Uuid asset;
    Instant hour;
    auto operator<=>(const AssetAndHour&) const = default;
};

struct DeviceAndHour {
    ids::Uuid device;
    Instant hour;
    auto operator<=>(const DeviceAndHour&) const = default;
};

// The visits that start in these hours of devices, anew. The asset-hours that had some before.
using VisitsByHour = std::map<DeviceAndHour, std::vector<StoredVisit>>;
Task<std::vector<AssetAndHour>> replace_visits(db::Session& session, CompanyId company, VisitsByHour visits);
Task<std::optional<Instant>> first_start_overlapping(db::Session& session, CompanyId company, ids::Uuid device,
                                                     Window span);

struct StateAtHour {
    AssetAndHour boundary;
    TrackState state;
};
// Those that there are; the empty state is what a missing one means.
Task<std::vector<StateAtHour>> track_states(db::Session& session, CompanyId company,
                                            std::vector<AssetAndHour> boundaries);
Task<void> save_track_states(db::Session& session, CompanyId company, std::vector<StateAtHour> states);

// ---- roll-ups

// In [from, to) visits of the asset count for the campaign (nil: "all"), times share; lts = ots x factor[class].
struct CountingSpan {
    ids::Uuid campaign;
    ids::Uuid asset;
    Window during;
    double share = 1;
    std::array<double, 6> visibility{1, 1, 1, 1, 1, 1};
};

// A row to make: the asset had a device attached in this hour, in the part where the campaign counts.
struct AssetHour {
    ids::Uuid campaign;
    ids::Uuid asset;
    Instant hour;
    RoadTime road;
    double minutes_expected = 0;
    double minutes_covered = 0;
};

Task<void> replace_asset_hours(db::Session& session, CompanyId company, std::vector<AssetAndHour> touched,
                               std::vector<AssetHour> rows, std::vector<CountingSpan> spans);
Task<void> replace_cell_hours(db::Session& session, CompanyId company, std::vector<Instant> hours,
                              std::vector<CountingSpan> spans);
Task<std::vector<AssetAndHour>> asset_hours_with_rows(db::Session& session, CompanyId company,
                                                      std::vector<AssetAndHour> hours);

// Locks the company's roll-ups for this transaction.
struct Version {
    std::int64_t version = 0;
    Instant opened_to;  // hours before this have rows for every asset with a device attached
};
Task<std::optional<Instant>> first_hour_of(db::Session& session, CompanyId company, ids::Uuid asset);
Task<void> group_by_sorting(db::Session& session);
Task<Version> lock_version(db::Session& session, CompanyId company, Instant now);
Task<void> advance_opened_to(db::Session& session, CompanyId company, Instant to);
Task<void> advance_version(db::Session& session, CompanyId company, Instant now);

struct VisibilityFactor {
    std::string format;
    std::string placement;
    std::int16_t speed_class = 0;
    double factor = 1;
};
Task<std::vector<VisibilityFactor>> visibility_factors(db::Session& session);

struct LastPosition {
    ids::Uuid device;
    Instant at;
    double lat = 0;
    double lon = 0;
    std::optional<float> speed_mps;
    std::optional<float> heading_deg;
};
db::Statement last_positions(CompanyId company);

Task<void> erase_raw(db::Session& session, ids::Uuid device, Window span);
Task<void> forget_batches(db::Session& session, Instant before);
Task<std::vector<CompanyId>> companies_to_open(db::Session& session, Instant hour);

}  // namespace mobilytics::measurements::store
