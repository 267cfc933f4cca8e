#pragma once

#include <map>
#include <set>
#include <unordered_map>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/campaigns/campaigns.hpp"
#include "src/devices/device.hpp"
#include "src/measurements/coverage.hpp"
#include "src/measurements/recordings.hpp"
#include "src/measurements/store.hpp"
#include "src/measurements/tracks.hpp"
#include "src/measurements/world.hpp"

// Derives again what the dirty marks name: tracks, then visits, then roll-ups (docs/decisions/0004). One Refresh is one
// transaction's work on one company; the front door makes it, with the world as it is in that transaction.
namespace mobilytics::measurements {

// A window cut into the parts that are derived one by one: quarters of UTC's days. The parts of a fleet come by time,
// so that an hour which many devices touched is rolled up once or twice, not once a device.
std::vector<Window> in_parts(Window span);

class Refresh {
public:
    Refresh(async::Runtime& runtime, db::Session& session, CompanyId company, const World& world,
            campaigns::Campaigns& campaigns, Instant now);

    // Takes marks until enough work is planned, does it and clears them. The number of marks taken; 0 when
    // there are none.
    Task<std::size_t> run();

    // The last words of the devices whose records were worked on, for "last seen".
    std::vector<devices::Heard> heard() const { return heard_; }

private:
    // ---- planning
    bool is_large(const DirtySpan& dirt) const;
    Task<std::vector<DirtySpan>> parts_of(DirtySpan dirt);
    void plan(DirtySpan dirt);
    void plan_rows(DirtySpan dirt);
    void plan_visits_of_asset(const ids::Uuid& asset, Window hours);
    std::vector<ids::Uuid> vehicles_of(const DirtySpan& dirt) const;

    Task<void> look_ahead();

    // ---- work
    Task<void> follow_track(store::AssetAndHour start, Instant dirty_until);
    Task<void> derive_visits();
    Task<bool> derive_visits_of(store::DeviceAndHour unit);  // whether a visit reaches in from the hour before
    Task<void> store_visits();
    Task<VisitsOfHour> visits_of(store::DeviceAndHour unit);
    Task<std::vector<Site>> sites_of(store::DeviceAndHour unit);
    Task<void> roll_up();
    Task<void> take_last_words();
    Task<void> add_rows(store::AssetAndHour unit, const std::vector<store::CountingSpan>& spans,
                        std::vector<store::AssetHour>& rows);
    Task<Minutes> minutes_of(store::AssetAndHour unit);
    Task<std::vector<store::CountingSpan>> counting_spans(Window hours);

    async::Runtime& runtime_;
    db::Session& session_;
    CompanyId company_;
    const World& world_;
    campaigns::Campaigns& campaigns_;
    Instant now_;
    Recordings recordings_;
    Tracks tracks_;

    std::map<store::AssetAndHour, Instant> dirty_tracks_;  // first hour of an asset -> dirty until
    std::map<store::DeviceAndHour, bool> dirty_visits_;    // true: sightings changed, so look left too
    std::set<store::AssetAndHour> left_behind_;            // without a device, perhaps with rows of former times
    std::set<store::AssetAndHour> dirty_rows_;
    std::set<Instant> dirty_hours_;
    store::VisitsByHour derived_;
    std::size_t derived_visits_ = 0;
    std::map<ids::Uuid, Instant> reporting_;  // device -> since when it may have said something new
    std::vector<devices::Heard> heard_;
};

}  // namespace mobilytics::measurements
