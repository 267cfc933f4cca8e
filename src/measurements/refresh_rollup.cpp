#include <algorithm>
#include <ranges>
#include <utility>

#include "src/measurements/refresh.hpp"

// Visits of device-hours and roll-ups of company-hours: the second half of refresh.hpp.
namespace mobilytics::measurements {

namespace {

constexpr std::chrono::hours one_hour{1};
constexpr std::chrono::minutes first_look_ahead{15};
constexpr std::chrono::hours longest_run{24};
constexpr std::size_t visits_per_statement = 20'000;

Window hour_of(Instant hour) { return {hour, hour + one_hour}; }

// Hours near each other are rolled up by one statement; a run never spans more than a day of visits.
std::vector<std::vector<Instant>> runs_of(const std::set<Instant>& hours) {
    std::vector<std::vector<Instant>> runs;
    for (const Instant hour : hours) {
        if (runs.empty() || hour - runs.back().front() >= longest_run) runs.emplace_back();
        runs.back().push_back(hour);
    }
    return runs;
}

RoadTime& operator+=(RoadTime& sum, const RoadTime& part) {
    sum.parked += part.parked;
    sum.crawl += part.crawl;
    sum.urban += part.urban;
    sum.fast += part.fast;
    return sum;
}

}  // namespace

// From the last hour of a device to its first, because what an hour finds can reach into it from the hour before.
Task<void> Refresh::derive_visits() {
    std::map<store::DeviceAndHour, bool> done;
    while (!dirty_visits_.empty()) {
        const auto [unit, look_left] = *dirty_visits_.rbegin();
        dirty_visits_.erase(unit);
        auto [known, is_new] = done.try_emplace(unit, look_left);
        if (!is_new && (known->second || !look_left)) continue;
        known->second = look_left;
        if (co_await derive_visits_of(unit) && look_left) dirty_visits_[{unit.device, unit.hour - one_hour}] = true;
        if (derived_visits_ > visits_per_statement) co_await store_visits();
    }
    co_await store_visits();
}

Task<bool> Refresh::derive_visits_of(store::DeviceAndHour unit) {
    const auto device = world_.devices.find(unit.device);
    if (device == world_.devices.end()) co_return false;
    const auto found = co_await visits_of(unit);
    const auto sites = co_await sites_of(unit);
    auto visits = expose(found.visits, device->second.history, sites, world_.parked_policies);
    for (const auto& visit : visits)
        if (visit.asset) dirty_rows_.insert({*visit.asset, unit.hour});
    dirty_hours_.insert(unit.hour);
    derived_visits_ += visits.size();
    derived_[unit] = std::move(visits);
    co_return found.continues_left;
}

Task<void> Refresh::store_visits() {
    if (derived_.empty()) co_return;
    for (const auto& unit : co_await store::replace_visits(session_, company_, std::exchange(derived_, {})))
        dirty_rows_.insert(unit);
    derived_visits_ = 0;
}

Task<VisitsOfHour> Refresh::visits_of(store::DeviceAndHour unit) {
    const Window hour = hour_of(unit.hour);
    for (std::chrono::minutes ahead = first_look_ahead;; ahead *= 4) {
        const Instant loaded_until = hour.to + ahead;
        auto sightings = co_await recordings_.sightings(unit.device, {hour.from - join_gap, loaded_until});
        auto found = co_await runtime_.in_background([sightings = std::move(sightings), hour, loaded_until] {
            return visits_starting_in(sightings, hour, loaded_until);
        });
        if (!found.needs_more) co_return found;
    }
}

Task<std::vector<Site>> Refresh::sites_of(store::DeviceAndHour unit) {
    std::vector<Site> sites;
    for (const auto& asset : world_.assets_of_device(unit.device, hour_of(unit.hour))) {
        const auto& facts = world_.assets.at(asset);
        if (facts.surveyed)
            sites.push_back(Site::billboard(asset, *facts.surveyed));
        else
            sites.push_back(Site::vehicle(asset, *co_await tracks_.of({asset, unit.hour})));
    }
    co_return sites;
}

Task<void> Refresh::roll_up() {
    co_await store::group_by_sorting(session_);
    for (const auto& unit : dirty_rows_) dirty_hours_.insert(unit.hour);
    for (const auto& hours : runs_of(dirty_hours_)) {
        const Window span{hours.front(), hours.back() + one_hour};
        const auto spans = co_await counting_spans(span);
        std::vector<store::AssetAndHour> touched;
        std::vector<store::AssetHour> rows;
        for (const auto& unit : dirty_rows_) {
            if (!span.contains(unit.hour)) continue;
            touched.push_back(unit);
            co_await add_rows(unit, spans, rows);
        }
        co_await store::replace_asset_hours(session_, company_, touched, std::move(rows), spans);
        co_await store::replace_cell_hours(session_, company_, hours, spans);
    }
}

Task<void> Refresh::add_rows(store::AssetAndHour unit, const std::vector<store::CountingSpan>& spans,
                             std::vector<store::AssetHour>& rows) {
    const Window past{unit.hour, std::min(Instant{unit.hour + one_hour}, now_)};
    if (world_.attached_windows(unit.asset, past).empty()) co_return;
    const auto minutes = minutes_within(co_await minutes_of(unit), unit.hour, std::span{&past, 1});
    const Track* track = world_.is_vehicle(unit.asset) ? co_await tracks_.of(unit) : nullptr;
    std::map<ids::Uuid, std::vector<Window>> counting;
    for (const auto& span : spans) {
        if (span.asset != unit.asset) continue;
        for (const auto& window : world_.attached_windows(unit.asset, past))
            for (const auto& part : intersect(std::span{&span.during, 1}, window))
                counting[span.campaign].push_back(part);
    }
    for (const auto& [campaign, windows] : counting) {
        store::AssetHour row{.campaign = campaign, .asset = unit.asset, .hour = unit.hour, .road = {}};
        if (campaign == all_campaigns) {
            if (track) row.road = track->road_time(hour_of(unit.hour));
            row.minutes_expected = minutes.expected_count();
            row.minutes_covered = minutes.covered_count();
        } else {
            for (const auto& window : windows)
                if (track) row.road += track->road_time(window);
            const auto shown = minutes_within(minutes, unit.hour, windows);
            row.minutes_expected = shown.expected_count();
            row.minutes_covered = shown.covered_count();
        }
        rows.push_back(row);
    }
}

Task<Minutes> Refresh::minutes_of(store::AssetAndHour unit) {
    Minutes minutes;
    for (const auto& device : world_.devices_of_asset(unit.asset, hour_of(unit.hour))) {
        const auto& facts = world_.devices.at(device);
        const auto beats = co_await recordings_.heartbeats(device, {unit.hour - facts.interval, unit.hour + one_hour});
        const Timeline<std::chrono::seconds> interval{{{Instant::min(), facts.interval}}};
        minutes |=
            minutes_of_device(unit.hour, device, unit.asset, world_.attachments_of_asset(unit.asset), beats, interval);
    }
    co_return minutes;
}

Task<std::vector<store::CountingSpan>> Refresh::counting_spans(Window hours) {
    std::vector<store::CountingSpan> spans;
    for (const auto& [asset, facts] : world_.assets)
        if (!world_.attached_windows(asset, hours).empty())
            spans.push_back({all_campaigns, asset, hours, 1, facts.visibility});
    for (const auto& slice : co_await campaigns_.coverage(session_, company_, hours))
        spans.push_back({slice.campaign.uuid,
                         slice.asset.uuid,
                         {slice.from, slice.to},
                         slice.share,
                         world_.face_visibility.at(slice.face.uuid)});
    co_return spans;
}

}  // namespace mobilytics::measurements
