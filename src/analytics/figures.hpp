#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/analytics/calendar.hpp"
#include "src/assets/ids.hpp"

// The numbers of a report before they are printed (measurement.md 4). Pure.
namespace mobilytics::analytics {

inline constexpr std::array<double, 9> bin_edges_s{0, 5, 15, 60, 120, 300, 900, 1800, 3600};
inline constexpr int method_version = 1;

// Sums over roll-up rows. Ratios are made of sums and never summed; where there is nothing to divide by they are
// absent.
struct Sums {
    double visits = 0;
    double ots = 0;
    double ots_low = 0;  // a visit without calibration adds 0
    double ots_high = 0;
    double lts = 0;
    double unshared_visits = 0;
    double unshared_ots = 0;
    double dwell_s = 0;
    std::array<double, 9> bins{};
    double calibrated = 0;
    double placed = 0;
    std::int64_t parked_out = 0;
    double parked_s = 0;
    double crawl_s = 0;
    double urban_s = 0;
    double fast_s = 0;
    double minutes_expected = 0;
    double minutes_covered = 0;

    Sums& operator+=(const Sums& other);
    bool operator==(const Sums&) const = default;

    // The bounds hold the calibrated visits alone, so they are absent without any; calibrated_share says how much of
    // the visits they speak for.
    std::optional<double> low() const;
    std::optional<double> high() const;
    std::optional<double> mean_dwell_s() const;
    std::optional<double> calibrated_share() const;
    std::optional<double> placed_share() const;
    std::optional<double> coverage() const;
};

// Reach of the window's part of one UTC day; `whole` when that part is the day.
struct ReachDay {
    Instant day;
    double reach = 0;
    double unshared_ots = 0;
    bool whole = true;

    // Visitors counted by the day's sketch, times people per visit.
    static ReachDay of(Instant day, double visitors, double visits, double ots, Window window);
    std::optional<double> frequency() const;
    bool operator==(const ReachDay&) const = default;
};

struct Reach {
    std::optional<double> mean_daily_reach;
    std::optional<double> mean_daily_frequency;
    int days = 0;  // that have a visit
};
Reach reach_over(const std::vector<ReachDay>& days);

// How far the roll-ups go.
struct Standing {
    std::int64_t version = 0;
    Instant complete_to;
    Instant final_to;

    // `dirty_from`: the earliest mark of work not done; `opened_to`: where the last hours with rows for every attached
    // asset end.
    static Standing of(std::optional<std::int64_t> version, std::optional<Instant> opened_to,
                       std::optional<Instant> dirty_from, Instant now);
};

// measured: the devices were heard. no_data: no device was to be there, or none was heard and nothing was counted, so
// there is no number to show, not even 0. pending: the roll-ups are not done to its end; what is there may change.
enum class BucketState { measured, no_data, pending };

BucketState state_of(const Bucket& bucket, const Sums& sums, Instant complete_to);

// Whether there is anything to show in a bucket.
bool has_data(const Sums& sums);

struct Figures {
    Sums total;
    std::vector<Sums> buckets;  // one per bucket of the report
    std::map<AssetId, Sums> assets;
    std::vector<ReachDay> days;
    std::int64_t unattached_visits = 0;
    Standing standing;
};

}  // namespace mobilytics::analytics
