#pragma once

#include <algorithm>
#include <functional>

#include "src/measurements/world_values_test.hpp"

// A small model of how the product drives the engine: raw records arrive in any order, dirty keys are noted,
// and device-hours and asset-hours are redone from checkpoints until nothing is dirty.
namespace mobilytics::measurements::testing {

class Incremental {
public:
    using Key = std::pair<ids::Uuid, Instant>;

    // Devices, assets, attachments and settings of the world, without its raw records. `span`: the hours, all
    // of them past, that records may fall in.
    Incremental(World world, Window span) : world_{std::move(world)}, span_{span} {
        world_.positions.clear();
        world_.sightings.clear();
        world_.heartbeats.clear();
        for (const TestAsset& asset : world_.assets) touch_minutes(asset.id, span_);
    }

    const World& world() const { return world_; }
    int hours_redone() const { return hours_redone_; }

    void add(const Position& position) {
        world_.positions.push_back(position);
        touch_position(position);
    }

    void add(const TestSighting& sighting) {
        world_.sightings.push_back(sighting);
        touch_sighting(sighting);
    }

    void add(const TestHeartbeat& heartbeat) {
        world_.heartbeats.push_back(heartbeat);
        touch_heartbeat(heartbeat);
    }

    // A privacy request: everything a device sent in the window goes.
    void erase(const ids::Uuid& device, Window window) {
        const auto gone = [&](const ids::Uuid& of, Instant at) { return of == device && window.contains(at); };
        for (const TestSighting& one : world_.sightings) {
            if (!gone(one.device, one.sighting.at)) continue;
            touch_sighting(one);
            Instant hour = clock::floor_hour(one.sighting.at);
            while (visits_of(device, hour).continues_left) dirty_visits_.insert({hour -= one_hour, device});
        }
        for (const Position& one : world_.positions)
            if (gone(one.device, one.at)) touch_position(one);
        for (const TestHeartbeat& one : world_.heartbeats)
            if (gone(one.device, one.at)) touch_heartbeat(one);
        std::erase_if(world_.sightings, [&](const TestSighting& one) { return gone(one.device, one.sighting.at); });
        std::erase_if(world_.positions, [&](const Position& one) { return gone(one.device, one.at); });
        std::erase_if(world_.heartbeats, [&](const TestHeartbeat& one) { return gone(one.device, one.at); });
    }

    // The whole of the old and of the new attachment is touched, not only where they differ: which of two
    // fixes at an instant is kept depends on when the attachments started.
    void replace_attachments(std::vector<Attachment> attachments) {
        for (const auto* side : {&world_.attachments, &attachments})
            for (const Attachment& one : *side)
                if (std::ranges::count(world_.attachments, one) != std::ranges::count(attachments, one))
                    touch_attachment(one);
        world_.attachments = std::move(attachments);
    }

    // A calibration, threshold or expected interval of a device, changed from an instant on.
    void replace_device(const TestDevice& device, Window changed) {
        *std::ranges::find(world_.devices, device.id, &TestDevice::id) = device;
        for_hours(changed, [&](Instant hour) { dirty_visits_.insert({hour, device.id}); });
        for (const TestAsset& asset : world_.assets) touch_minutes(asset.id, changed);
    }

    void replace_parked_policies(std::vector<Dated<ParkedPolicy>> policies, Window changed) {
        world_.parked_policies = std::move(policies);
        for_hours(changed, [&](Instant hour) {
            for (const TestDevice& device : world_.devices) dirty_visits_.insert({hour, device.id});
        });
    }

    // Redoes what is dirty: tracks first and forwards, then visits backwards.
    void settle() {
        while (!dirty_tracks_.empty()) redo_track(dirty_tracks_.extract(dirty_tracks_.begin()).value());
        while (!dirty_visits_.empty()) redo_visits(dirty_visits_.extract(std::prev(dirty_visits_.end())).value());
        while (!dirty_minutes_.empty()) redo_minutes(dirty_minutes_.extract(dirty_minutes_.begin()).value());
    }

    Derived derived() const {
        Derived derived;
        for (const auto& [key, rows] : visits_) derived.visits.insert(derived.visits.end(), rows.begin(), rows.end());
        std::ranges::sort(derived.visits, in_order);
        derived.road_time = road_time_;
        derived.minutes = minutes_;
        return derived;
    }

private:
    static void for_hours(Window window, const std::function<void(Instant)>& act) {
        for (Instant hour = clock::floor_hour(window.from); hour < window.to; hour += one_hour) act(hour);
    }

    void touch_sighting(const TestSighting& one) {
        for_hours(hours_touched_by_sighting(one.sighting.at),
                  [&](Instant hour) { dirty_visits_.insert({hour, one.device}); });
    }

    void touch_position(const Position& one) {
        const Attachment* attachment = attachment_at(world_.attachments, one.device, one.at);
        if (attachment != nullptr) touch_track(attachment->asset, one.at);
    }

    void touch_track(const ids::Uuid& asset, Instant at) {
        for_hours(hours_touched_by_fix(at), [&](Instant hour) { dirty_tracks_.insert({asset, hour}); });
    }

    void touch_minutes(const ids::Uuid& asset, Window window) {
        const Window part = overlap(window, span_);
        for_hours(part, [&](Instant hour) { dirty_minutes_.insert({asset, hour}); });
    }

    void touch_heartbeat(const TestHeartbeat& one) {
        for (const TestAsset& asset : world_.assets) touch_minutes(asset.id, {one.at, one.at + 2 * one_hour});
    }

    void touch_attachment(const Attachment& one) {
        const Window part = overlap(one.during, span_);
        touch_minutes(one.asset, part);
        for_hours(part, [&](Instant hour) {
            dirty_visits_.insert({hour, one.device});
            touch_track(one.asset, std::max(hour, one.during.from));
        });
    }

    std::vector<Attachment> attachments_of_asset(const ids::Uuid& asset) const {
        std::vector<Attachment> own;
        std::ranges::copy_if(world_.attachments, std::back_inserter(own),
                             [&](const Attachment& one) { return one.asset == asset; });
        return own;
    }

    Track track_of(const ids::Uuid& asset, Instant hour) const {
        std::vector<Position> positions;
        const Window needed{hour, hour + one_hour + fix_gap};
        std::ranges::copy_if(world_.positions, std::back_inserter(positions),
                             [&](const Position& one) { return needed.contains(one.at); });
        const auto state = states_.find({asset, hour});
        return Track::extend(state == states_.end() ? TrackState{} : state->second,
                             fixes_of_asset(positions, attachments_of_asset(asset)));
    }

    VisitsOfHour visits_of(const ids::Uuid& device, Instant hour) const {
        VisitsOfHour found;
        Instant loaded_until = hour + one_hour;
        do {
            loaded_until += join_gap;
            std::vector<Sighting> loaded;
            for (const TestSighting& one : world_.sightings)
                if (one.device == device && one.sighting.at >= hour - join_gap && one.sighting.at < loaded_until)
                    loaded.push_back(one.sighting);
            found = visits_starting_in(loaded, {hour, hour + one_hour}, loaded_until);
        } while (found.needs_more);
        return found;
    }

    void redo_track(const Key& key) {
        const auto& [asset, hour] = key;
        if (std::ranges::find(world_.assets, asset, &TestAsset::id)->point) return;
        ++hours_redone_;
        const Track track = track_of(asset, hour);
        const RoadTime time = track.road_time({hour, hour + one_hour});
        if (time == RoadTime{})
            road_time_.erase(key);
        else
            road_time_[key] = time;
        for (const Attachment& one : attachments_of_asset(asset))
            if (one.during.from < hour + one_hour && one.during.to > hour) dirty_visits_.insert({hour, one.device});

        const Key boundary{asset, hour + one_hour};
        const TrackState state = track.state_at(boundary.second);
        if (const auto old = states_.find(boundary); state == (old == states_.end() ? TrackState{} : old->second))
            return;
        states_[boundary] = state;
        dirty_tracks_.insert(boundary);
    }

    void redo_visits(const std::pair<Instant, ids::Uuid>& dirty) {
        const auto& [hour, device_id] = dirty;
        const Key key{device_id, hour};
        const TestDevice& device = *std::ranges::find(world_.devices, device_id, &TestDevice::id);
        const VisitsOfHour found = visits_of(device_id, hour);
        if (found.continues_left) dirty_visits_.insert({hour - one_hour, device_id});

        DeviceHistory history{device_id,
                              Timeline{device.near_dbm},
                              Timeline{device.calibrations},
                              Timeline{device.model_calibrations},
                              {}};
        std::ranges::copy_if(world_.attachments, std::back_inserter(history.attachments),
                             [&](const Attachment& one) { return one.device == device_id; });
        std::map<ids::Uuid, Track> tracks;
        std::vector<Site> sites;
        for (const TestAsset& asset : world_.assets) {
            if (asset.point)
                sites.push_back(Site::billboard(asset.id, *asset.point));
            else
                sites.push_back(Site::vehicle(asset.id, tracks[asset.id] = track_of(asset.id, hour)));
        }
        auto rows = expose(found.visits, history, sites, Timeline{world_.parked_policies});
        if (rows.empty())
            visits_.erase(key);
        else
            visits_[key] = std::move(rows);
    }

    void redo_minutes(const Key& key) {
        const auto& [asset, hour] = key;
        Minutes minutes;
        for (const TestDevice& device : world_.devices) {
            std::vector<Instant> beats;
            for (const TestHeartbeat& beat : world_.heartbeats)
                if (beat.device == device.id) beats.push_back(beat.at);
            minutes |= minutes_of_device(hour, device.id, asset, world_.attachments, beats,
                                         Timeline{device.expected_interval});
        }
        if (minutes.expected == 0)
            minutes_.erase(key);
        else
            minutes_[key] = {minutes.expected, minutes.covered};
    }

    World world_;
    Window span_;
    int hours_redone_ = 0;
    std::set<Key> dirty_tracks_;
    std::set<std::pair<Instant, ids::Uuid>> dirty_visits_;  // by hour, so that going left meets each once
    std::set<Key> dirty_minutes_;
    std::map<Key, std::vector<StoredVisit>> visits_;
    std::map<Key, TrackState> states_;  // at the beginning of an hour; none means the empty one
    std::map<Key, RoadTime> road_time_;
    std::map<Key, std::pair<std::uint64_t, std::uint64_t>> minutes_;
};

}  // namespace mobilytics::measurements::testing
