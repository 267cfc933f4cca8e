#pragma once

#include <chrono>
#include <cmath>

#include "platform/clock/zone.hpp"
#include "src/measurements/world_values_test.hpp"

// The hourly roll-ups of measurement.md 4 in their plainest form, from stored visits. The product makes them
// in SQL; this is what the tests hold against it and against the worked world.
namespace mobilytics::measurements::testing {

struct RollupKey {
    bool by_cell = false;               // else by asset
    std::optional<ids::Uuid> campaign;  // none: "all"
    std::optional<ids::Uuid> asset;
    std::optional<Cell> cell;  // none, by cell: "unplaced"
    Instant hour;

    auto operator<=>(const RollupKey&) const = default;
};

struct RollupRow {
    double visits = 0;
    double ots = 0;
    double ots_low = 0;
    double ots_high = 0;
    double lts = 0;
    double dwell_s = 0;
    std::array<double, 9> bins{};
    std::set<Visitor> visitors;  // exact, where the product keeps a sketch
    double calibrated = 0;

    bool operator==(const RollupRow&) const = default;
};

using Rollup = std::map<RollupKey, RollupRow>;

inline std::size_t dwell_bin(double seconds) {
    constexpr std::array<double, 8> edges{5, 15, 60, 120, 300, 900, 1800, 3600};
    return static_cast<std::size_t>(std::ranges::upper_bound(edges, seconds) - edges.begin());
}

inline double visibility(const World& world, const TestFace& face, SpeedClass speed) {
    for (const TestVisibility& entry : world.visibility)
        if (entry.format == face.format && entry.placement == face.placement && entry.speed == text(speed))
            return entry.value;
    return 1;
}

// Whether the campaign's flight and dayparts hold, by the wall clock of its zone.
inline bool campaign_runs(const TestCampaign& campaign, Instant when) {
    if (!campaign.flight.contains(when)) return false;
    if (campaign.dayparts.empty()) return true;
    const auto local = clock::Zone::named(campaign.zone).local(when);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto clock_time = local - day;
    const unsigned today = std::chrono::weekday{day}.iso_encoding() - 1;
    const unsigned yesterday = (today + 6) % 7;
    for (const TestDaypart& part : campaign.dayparts) {
        const bool crosses = part.end <= part.start;
        const bool from_today = part.weekdays.contains(today) && clock_time >= part.start;
        if (from_today && (crosses || clock_time < part.end)) return true;
        if (crosses && part.weekdays.contains(yesterday) && clock_time < part.end) return true;
    }
    return false;
}

struct Taken {
    const TestFace* face = nullptr;
    double share = 0;
};

// The face of the asset whose share the campaign takes at an instant.
inline Taken share_taken(const World& world, const TestCampaign& campaign, const TestAsset& asset, Instant when) {
    Taken taken;
    if (!campaign_runs(campaign, when)) return taken;
    for (const TestAssignment& assignment : world.assignments) {
        if (assignment.campaign != campaign.id || !assignment.during.contains(when)) continue;
        for (const TestFace& face : asset.faces) {
            if (face.id != assignment.face) continue;
            const bool tie_won = taken.face != nullptr && assignment.share == taken.share && face.id < taken.face->id;
            if (taken.face == nullptr || assignment.share > taken.share || tie_won) taken = {&face, assignment.share};
        }
    }
    return taken;
}

inline void add_to(RollupRow& row, const StoredVisit& visit, double share, double visible) {
    const double dwell_s = std::chrono::duration<double>{visit.end - visit.start}.count();
    row.visits += share;
    row.ots += visit.people.ots * share;
    row.ots_low += visit.people.low.value_or(0) * share;
    row.ots_high += visit.people.high.value_or(0) * share;
    row.lts += visit.people.ots * visible * share;
    row.dwell_s += dwell_s * share;
    row.bins[dwell_bin(dwell_s)] += share;
    row.visitors.insert(visit.visitor);
    if (visit.people.calibrated) row.calibrated += share;
}

inline bool counts(const StoredVisit& visit) { return visit.asset && !visit.parked_out; }

// The rows that have visits, in hours or in longer buckets of UTC.
inline Rollup roll_up(const World& world, const std::vector<StoredVisit>& visits,
                      std::chrono::hours bucket = one_hour) {
    Rollup rollup;
    for (const StoredVisit& visit : visits) {
        if (!counts(visit)) continue;
        const auto asset = std::ranges::find(world.assets, *visit.asset, &TestAsset::id);
        const Instant hour{visit.start.time_since_epoch() / bucket * bucket};
        const auto add = [&](std::optional<ids::Uuid> campaign, double share, double visible) {
            add_to(rollup[{false, campaign, visit.asset, {}, hour}], visit, share, visible);
            add_to(rollup[{true, campaign, {}, visit.cell, hour}], visit, share, visible);
        };

        double most_visible = asset->faces.empty() ? 1 : 0;
        for (const TestFace& face : asset->faces)
            most_visible = std::max(most_visible, visibility(world, face, visit.speed));
        add(std::nullopt, 1, most_visible);
        for (const TestCampaign& campaign : world.campaigns)
            if (const Taken taken = share_taken(world, campaign, *asset, visit.start); taken.face != nullptr)
                add(campaign.id, taken.share, visibility(world, *taken.face, visit.speed));
    }
    return rollup;
}

inline bool nearly(double one, double other) {
    return std::abs(one - other) <= 1e-12 * std::max(std::abs(one), std::abs(other));
}

// Equal as measurement.md 5 says: sketches exactly, "all" visits and histograms exactly,
// sums to 1e-12 relative.
inline bool equal_rows(const RollupRow& one, const RollupRow& other, bool all_campaigns) {
    if (one.visitors != other.visitors) return false;
    if (all_campaigns && (one.visits != other.visits || one.bins != other.bins)) return false;
    bool equal = nearly(one.visits, other.visits) && nearly(one.ots, other.ots) && nearly(one.ots_low, other.ots_low) &&
                 nearly(one.ots_high, other.ots_high) && nearly(one.lts, other.lts) &&
                 nearly(one.dwell_s, other.dwell_s) && nearly(one.calibrated, other.calibrated);
    for (std::size_t bin = 0; bin < one.bins.size(); ++bin) equal = equal && nearly(one.bins[bin], other.bins[bin]);
    return equal;
}

inline void add_row(RollupRow& sum, const RollupRow& row) {
    sum.visits += row.visits;
    sum.ots += row.ots;
    sum.ots_low += row.ots_low;
    sum.ots_high += row.ots_high;
    sum.lts += row.lts;
    sum.dwell_s += row.dwell_s;
    for (std::size_t bin = 0; bin < sum.bins.size(); ++bin) sum.bins[bin] += row.bins[bin];
    sum.visitors.insert(row.visitors.begin(), row.visitors.end());
    sum.calibrated += row.calibrated;
}

}  // namespace mobilytics::measurements::testing
