#pragma once

#include <map>
#include <set>

#include "platform/async/task.hpp"
#include "src/measurements/recordings.hpp"
#include "src/measurements/store.hpp"
#include "src/measurements/world.hpp"

// The tracks of a company's vehicles in one refresh, hour by hour, and the states that join them.
namespace mobilytics::measurements {

class Tracks {
public:
    Tracks(db::Session& session, CompanyId company, const World& world, Recordings& recordings);

    // Reads the states of these asset-hours and of those after them, which are then at hand.
    Task<void> expect(std::set<store::AssetAndHour> hours);

    Task<const Track*> of(store::AssetAndHour unit);
    bool made(store::AssetAndHour unit) const { return tracks_.contains(unit); }

    // The track of this hour anew; whether its end differs from what it was, so that the next hour must follow.
    Task<bool> changes_after(store::AssetAndHour unit);

    Task<void> save();

private:
    Task<TrackState> state_at(store::AssetAndHour boundary);
    Task<std::vector<Fix>> fixes_of(ids::Uuid asset, Window span);

    db::Session& session_;
    CompanyId company_;
    const World& world_;
    Recordings& recordings_;
    std::map<store::AssetAndHour, TrackState> states_;
    std::set<store::AssetAndHour> changed_;
    std::map<store::AssetAndHour, Track> tracks_;
};

}  // namespace mobilytics::measurements
