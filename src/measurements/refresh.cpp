#include "src/measurements/refresh.hpp"

#include <algorithm>
#include <ranges>

namespace mobilytics::measurements {

namespace {

constexpr std::int32_t marks_per_run = 5000;  // many name the same hours, which are derived once
constexpr std::size_t units_per_run = 2000;   // device-hours and asset-hours of one transaction
constexpr std::chrono::hours one_hour{1};
using Parts = std::chrono::duration<std::int64_t, std::ratio<6 * 3600>>;
constexpr std::chrono::hours largest_span{24};

Window hour_of(Instant hour) { return {hour, hour + one_hour}; }

// Large marks that are alike become one: every face booked for a campaign marks the whole company.
void join(std::vector<DirtySpan>& large, const DirtySpan& added) {
    const auto found = std::ranges::find_if(large, [&](const DirtySpan& one) {
        return one.device == added.device && one.asset == added.asset && one.positions == added.positions &&
               one.visits == added.visits && one.coverage == added.coverage && one.span.from <= added.span.to &&
               added.span.from <= one.span.to;
    });
    if (found == large.end())
        large.push_back(added);
    else
        found->span = hull(found->span, added.span);
}

}  // namespace

std::vector<Window> in_parts(Window span) {
    std::vector<Window> parts;
    for (Instant from = span.from; from < span.to;) {
        const Instant to = std::min(span.to, Instant{std::chrono::floor<Parts>(from) + Parts{1}});
        parts.push_back({from, to});
        from = to;
    }
    return parts;
}

Refresh::Refresh(async::Runtime& runtime, db::Session& session, CompanyId company, const World& world,
                 campaigns::Campaigns& campaigns, Instant now)
    : runtime_{runtime},
      session_{session},
      company_{company},
      world_{world},
      campaigns_{campaigns},
      now_{now},
      recordings_{session},
      tracks_{session, company, world, recordings_} {}

Task<std::size_t> Refresh::run() {
    std::vector<ids::Uuid> taken;
    std::vector<DirtySpan> large, parts;
    for (auto& mark : co_await store::oldest_marks(session_, company_, marks_per_run)) {
        if (dirty_visits_.size() + dirty_rows_.size() > units_per_run) break;
        taken.push_back(mark.id);
        if (is_large(mark.dirt))
            join(large, mark.dirt);
        else
            plan(mark.dirt);
    }
    if (taken.empty()) co_return 0;
    for (const auto& dirt : large) std::ranges::move(co_await parts_of(dirt), std::back_inserter(parts));
    co_await look_ahead();
    for (const auto& [start, until] : dirty_tracks_)
        if (!tracks_.made(start)) co_await follow_track(start, until);
    co_await tracks_.save();
    co_await derive_visits();
    co_await roll_up();
    co_await take_last_words();
    co_await store::mark(session_, company_, parts, now_);
    co_await store::clear_marks(session_, company_, taken);
    co_return taken.size();
}

bool Refresh::is_large(const DirtySpan& dirt) const {
    return (!dirt.device && !dirt.asset) || dirt.span.to - dirt.span.from > largest_span;
}

// A large mark becomes many small ones, so that no transaction grows with the length of history.
Task<std::vector<DirtySpan>> Refresh::parts_of(DirtySpan dirt) {
    std::vector<DirtySpan> parts;
    dirt.span.to = std::min(dirt.span.to, now_);
    if (!dirt.device && !dirt.asset) {
        if (dirt.visits || dirt.positions)
            for (const auto& device : world_.devices | std::views::keys)
                parts.push_back(
                    {.device = device, .span = dirt.span, .positions = dirt.positions, .visits = dirt.visits});
        if (dirt.coverage)
            for (const auto& asset : world_.assets | std::views::keys)
                for (const auto& window : world_.attached_windows(asset, dirt.span))
                    parts.push_back({.device = std::nullopt, .asset = asset, .span = window, .coverage = true});
        co_return parts;
    }
    if (dirt.device && (dirt.visits || dirt.positions)) {
        const auto extent = co_await store::raw_extent(session_, *dirt.device);
        for (const auto& part : in_parts(overlap(dirt.span, extent)))
            parts.push_back({.device = dirt.device, .span = part, .positions = dirt.positions, .visits = dirt.visits});
        dirt.visits = dirt.positions = false;
    }
    if (dirt.asset) {
        // Before, nothing was attached, and nothing was counted.
        auto begin = co_await store::first_hour_of(session_, company_, *dirt.asset);
        for (const auto& attachment : world_.attachments_of_asset(*dirt.asset))
            begin = std::min(begin.value_or(attachment.during.from), attachment.during.from);
        dirt.span.from = std::max(dirt.span.from, begin.value_or(dirt.span.to));
    }
    if (dirt.visits || dirt.positions || dirt.coverage)
        for (const auto& part : in_parts(dirt.span)) {
            parts.push_back(dirt);
            parts.back().span = part;
        }
    co_return parts;
}

void Refresh::plan(DirtySpan dirt) {
    dirt.span.to = std::max(dirt.span.to, Instant{dirt.span.from + clock::Milliseconds{1}});
    if (dirt.device && world_.devices.contains(*dirt.device)) {
        auto& since = reporting_.try_emplace(*dirt.device, dirt.span.from).first->second;
        since = std::min(since, dirt.span.from);
    }
    if (dirt.visits) {
        const Instant last = dirt.span.to - clock::Milliseconds{1};
        const Window hours{hours_touched_by_sighting(dirt.span.from).from, hours_touched_by_sighting(last).to};
        if (dirt.device)
            for (Instant hour = hours.from; hour < hours.to; hour += one_hour)
                dirty_visits_[{*dirt.device, hour}] = true;
        else
            plan_visits_of_asset(*dirt.asset, hours);
    }
    if (dirt.positions)
        for (const auto& vehicle : vehicles_of(dirt)) {
            plan_visits_of_asset(vehicle, {hours_touched_by_fix(dirt.span.from).from, clock::floor_hour(dirt.span.to)});
            auto& until = dirty_tracks_[{vehicle, clock::floor_hour(dirt.span.from)}];
            until = std::max(until, dirt.span.to);
        }
    if (dirt.coverage) plan_rows(dirt);
}

void Refresh::plan_rows(DirtySpan dirt) {
    std::vector<ids::Uuid> assets;
    if (dirt.asset) assets.push_back(*dirt.asset);
    if (dirt.device) {
        // A heartbeat covers the minutes after it, into the next hour perhaps.
        const auto device = world_.devices.find(*dirt.device);
        if (device == world_.devices.end()) return;
        dirt.span.to += device->second.interval;
        assets = world_.assets_of_device(*dirt.device, dirt.span);
    }
    for (const auto& asset : assets)
        for (Instant hour = clock::floor_hour(dirt.span.from); hour < dirt.span.to; hour += one_hour) {
            const bool counts = !world_.attached_windows(asset, hour_of(hour)).empty();
            (counts ? dirty_rows_ : left_behind_).insert({asset, hour});
        }
}

void Refresh::plan_visits_of_asset(const ids::Uuid& asset, Window hours) {
    for (Instant hour = hours.from; hour < hours.to; hour += one_hour) {
        const auto devices = world_.devices_of_asset(asset, hour_of(hour));
        for (const auto& device : devices) dirty_visits_.try_emplace(store::DeviceAndHour{device, hour}, false);
        if (!devices.empty()) dirty_rows_.insert({asset, hour});
    }
}

std::vector<ids::Uuid> Refresh::vehicles_of(const DirtySpan& dirt) const {
    auto assets = dirt.asset ? std::vector{*dirt.asset} : world_.assets_of_device(*dirt.device, dirt.span);
    std::erase_if(assets, [&](const ids::Uuid& asset) { return !world_.is_vehicle(asset); });
    return assets;
}

// Everything is planned; what it will read is read together.
Task<void> Refresh::look_ahead() {
    // Hours that have rows although nothing is attached any more lose them.
    if (!left_behind_.empty()) {
        std::vector<store::AssetAndHour> asked{left_behind_.begin(), left_behind_.end()};
        for (const auto& unit : co_await store::asset_hours_with_rows(session_, company_, std::move(asked)))
            dirty_rows_.insert(unit);
    }
    std::set<store::AssetAndHour> tracks;
    for (const auto& [unit, look_left] : dirty_visits_) {
        recordings_.expect(unit.device, hour_of(unit.hour));
        for (const auto& asset : world_.assets_of_device(unit.device, hour_of(unit.hour)))
            tracks.insert({asset, unit.hour});
    }
    for (const auto& unit : dirty_rows_) {
        tracks.insert(unit);
        for (const auto& device : world_.devices_of_asset(unit.asset, hour_of(unit.hour)))
            recordings_.expect(device, hour_of(unit.hour));
    }
    std::erase_if(tracks, [&](const auto& unit) { return !world_.is_vehicle(unit.asset); });
    co_await tracks_.expect(std::move(tracks));
}

// Hour by hour from the first dirty one, until the old and the new track agree again.
Task<void> Refresh::follow_track(store::AssetAndHour start, Instant dirty_until) {
    for (auto unit = start;; unit.hour += one_hour) {
        const auto also = dirty_tracks_.find(unit);
        if (also != dirty_tracks_.end()) dirty_until = std::max(dirty_until, also->second);
        const bool goes_on = co_await tracks_.changes_after(unit);
        plan_visits_of_asset(unit.asset, hour_of(unit.hour));
        if (!goes_on && unit.hour + one_hour >= dirty_until) co_return;
    }
}

Task<void> Refresh::take_last_words() {
    if (reporting_.empty()) co_return;
    const auto devices = reporting_ | std::views::keys | std::ranges::to<std::vector>();
    const auto since = std::ranges::min(reporting_ | std::views::values);
    const auto reports = co_await store::latest_reports(session_, devices, since);
    for (const auto& report : reports)
        if (report.heartbeat_at)
            heard_.push_back({.company = company_,
                              .device = DeviceId{report.device},
                              .at = *report.heartbeat_at,
                              .firmware = *report.firmware,
                              .battery = report.battery,
                              .temperature = report.temperature,
                              .queue_depth = report.queue_depth});
    co_await store::save_last_positions(session_, company_, reports);
}

}  // namespace mobilytics::measurements
