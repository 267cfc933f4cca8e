#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/assets/assets.hpp"
#include "src/auth/actor.hpp"
#include "src/campaigns/campaigns.hpp"
#include "src/companies/companies.hpp"
#include "src/devices/devices.hpp"
#include "src/measurements/acceptance.hpp"
#include "src/measurements/entries.hpp"
#include "src/measurements/intake.hpp"
#include "src/measurements/world.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Events;
class Queue;
class Runner;
}  // namespace mobilytics::jobs
namespace mobilytics::trail {
class Trail;
}

namespace mobilytics::measurements {

// A device speaking for itself, or a program of the company that may send for all its devices.
struct Sender {
    CompanyId company;
    ids::Uuid id;  // device, API key or user: batch ids are unique per sender
    std::optional<DeviceId> only_device;

    static Sender from(const http::Request& request);
    static void describe(http::Operation& doc);
};

struct VehiclePosition {
    AssetId asset;
    std::string name;
    DeviceId device;
    Instant at;
    LatLon place;
    std::optional<double> speed_mps;
    std::optional<double> heading_deg;
    SpeedClass speed = SpeedClass::unknown;
    bool stale = false;  // older than five minutes
};

// Front door of the room: raw records in, visits and roll-ups out (docs: shared method, measurement.md).
class Measurements {
public:
    Measurements(async::Runtime& runtime, db::Database& database, db::Database& ingest_database, clock::Clock& clock,
                 jobs::Queue& queue, trail::Trail& trail, companies::Companies& companies, assets::Assets& assets,
                 devices::Devices& devices, campaigns::Campaigns& campaigns);

    // ---- ingest

    // What judges the items of this sender's batch. `mentioned` are the device texts of the batch, so that a device
    // registered a moment ago is known.
    Task<Acceptance> open_batch(Sender sender, std::vector<std::string> mentioned, AgeLimits limits = {});

    // Stores the batch and gives the answer to send; for a batch that was there before, its first answer. Returns after
    // the commit. Refuses: invalid "measurements.batch_differs" when the batch's id came with another body before;
    // unavailable "measurements.busy".
    Task<std::string> store_batch(BatchToStore batch);

    // The same for an import, which needs no answer: whether the batch was new.
    Task<bool> store_import(BatchToStore batch);

    // An import came to its end: what the operator is told, in the company's trail.
    Task<void> note_import(CompanyId company, Imported imported);

    // ---- reading

    // The last fix of every vehicle that has one, by name of the vehicle.
    Task<std::vector<VehiclePosition>> vehicle_positions(auth::Company actor);

    // ---- deriving; all of these may run any number of times

    // Does all work that is marked for the company, in transactions of bounded size.
    Task<void> refresh(CompanyId company);

    // One such transaction; the next is a job of its own, so that a process that stops need not wait for all of them.
    Task<void> refresh_some(CompanyId company);

    // Queues a refresh for every company with marks.
    Task<void> find_work();

    // Marks the hours that began since the last call: an asset with a device attached has rows for every hour.
    Task<void> open_hours();

    // Marks what a correction of history touches.
    Task<void> mark(CompanyId company, std::vector<DirtySpan> spans);

    // Marks all of the asset's time with a device attached: its point or its faces are others now.
    Task<void> mark_asset(CompanyId company, AssetId asset);

    // Marks everything that has raw records: what comes out equals what was there (invariant 2).
    Task<void> rebuild(CompanyId company);

    // Privacy request: removes the device's raw records of the span, and with them their visits.
    Task<void> erase(CompanyId company, DeviceId device, Window span);

    // How many marks of all companies wait for a refresh.
    Task<std::int64_t> marks_waiting();

    // Forgets batch ids older than 90 days.
    Task<void> forget_old_batches();

private:
    Task<World> world(db::Session& session, CompanyId company);
    Task<std::size_t> refresh_in(db::Session& session, CompanyId company);  // how many marks it took
    Task<void> queue_refresh(db::Session& session, CompanyId company);

    async::Runtime& runtime_;
    db::Database& database_;
    clock::Clock& clock_;
    jobs::Queue& queue_;
    trail::Trail& trail_;
    companies::Companies& companies_;
    assets::Assets& assets_;
    devices::Devices& devices_;
    campaigns::Campaigns& campaigns_;
    Intake intake_;
};

void add_routes(http::Router& router, Measurements& measurements);
void add_jobs(jobs::Runner& runner, Measurements& measurements);
void subscribe(jobs::Events& events);

}  // namespace mobilytics::measurements
