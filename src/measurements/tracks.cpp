#include "src/measurements/tracks.hpp"

namespace mobilytics::measurements {

namespace {

constexpr std::chrono::hours one_hour{1};

store::AssetAndHour after(store::AssetAndHour unit) { return {unit.asset, unit.hour + one_hour}; }

}  // namespace

Tracks::Tracks(db::Session& session, CompanyId company, const World& world, Recordings& recordings)
    : session_{session}, company_{company}, world_{world}, recordings_{recordings} {}

Task<void> Tracks::expect(std::set<store::AssetAndHour> hours) {
    std::set<store::AssetAndHour> boundaries;
    for (const auto& unit : hours) boundaries.insert({unit, after(unit)});
    for (const auto& known : co_await store::track_states(session_, company_, {boundaries.begin(), boundaries.end()}))
        states_.emplace(known.boundary, known.state);
    // The empty state is what a missing row means.
    for (const auto& boundary : boundaries) states_.try_emplace(boundary);
}

Task<const Track*> Tracks::of(store::AssetAndHour unit) {
    const auto known = tracks_.find(unit);
    if (known != tracks_.end()) co_return &known->second;
    const auto state = co_await state_at(unit);
    const auto fixes = co_await fixes_of(unit.asset, {unit.hour, unit.hour + one_hour + fix_gap});
    co_return &tracks_.emplace(unit, Track::extend(state, fixes)).first->second;
}

Task<bool> Tracks::changes_after(store::AssetAndHour unit) {
    const Track* track = co_await of(unit);
    const auto end = after(unit);
    const auto state = track->state_at(end.hour);
    if (state == co_await state_at(end)) co_return false;
    states_[end] = state;
    changed_.insert(end);
    co_return true;
}

Task<void> Tracks::save() {
    std::vector<store::StateAtHour> states;
    for (const auto& boundary : changed_) states.push_back({boundary, states_.at(boundary)});
    changed_.clear();
    co_await store::save_track_states(session_, company_, std::move(states));
}

Task<TrackState> Tracks::state_at(store::AssetAndHour boundary) {
    if (!states_.contains(boundary)) co_await expect({boundary});
    co_return states_.at(boundary);
}

Task<std::vector<Fix>> Tracks::fixes_of(ids::Uuid asset, Window span) {
    std::vector<Position> positions;
    for (const auto& device : world_.devices_of_asset(asset, span))
        std::ranges::move(co_await recordings_.positions(device, span), std::back_inserter(positions));
    co_return fixes_of_asset(positions, world_.attachments_of_asset(asset));
}

}  // namespace mobilytics::measurements
