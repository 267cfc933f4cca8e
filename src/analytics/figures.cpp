#include "src/analytics/figures.hpp"

#include <algorithm>

namespace mobilytics::analytics {

namespace {

constexpr std::chrono::days late_window{90};

std::optional<double> ratio(double part, double whole) {
    return whole > 0 ? std::optional{part / whole} : std::nullopt;
}

}  // namespace

Sums& Sums::operator+=(const Sums& other) {
    visits += other.visits;
    ots += other.ots;
    ots_low += other.ots_low;
    ots_high += other.ots_high;
    lts += other.lts;
    unshared_visits += other.unshared_visits;
    unshared_ots += other.unshared_ots;
    dwell_s += other.dwell_s;
    for (std::size_t bin = 0; bin < bins.size(); ++bin) bins[bin] += other.bins[bin];
    calibrated += other.calibrated;
    placed += other.placed;
    parked_out += other.parked_out;
    parked_s += other.parked_s;
    crawl_s += other.crawl_s;
    urban_s += other.urban_s;
    fast_s += other.fast_s;
    minutes_expected += other.minutes_expected;
    minutes_covered += other.minutes_covered;
    return *this;
}

std::optional<double> Sums::low() const { return calibrated > 0 ? std::optional{ots_low} : std::nullopt; }
std::optional<double> Sums::high() const { return calibrated > 0 ? std::optional{ots_high} : std::nullopt; }
std::optional<double> Sums::mean_dwell_s() const { return ratio(dwell_s, visits); }
std::optional<double> Sums::calibrated_share() const { return ratio(calibrated, visits); }
std::optional<double> Sums::placed_share() const { return ratio(placed, visits); }
std::optional<double> Sums::coverage() const { return ratio(minutes_covered, minutes_expected); }

ReachDay ReachDay::of(Instant day, double visitors, double visits, double ots, Window window) {
    const bool whole = window.from <= day && day + std::chrono::days{1} <= window.to;
    return {day, visitors * ots / visits, ots, whole};
}

std::optional<double> ReachDay::frequency() const { return ratio(unshared_ots, reach); }

Reach reach_over(const std::vector<ReachDay>& days) {
    double reach = 0;
    double ots = 0;
    for (const ReachDay& day : days) {
        reach += day.reach;
        ots += day.unshared_ots;
    }
    return {ratio(reach, static_cast<double>(days.size())), ratio(ots, reach), static_cast<int>(days.size())};
}

Standing Standing::of(std::optional<std::int64_t> version, std::optional<Instant> opened_to,
                      std::optional<Instant> dirty_from, Instant now) {
    const Instant done = std::min({now, opened_to.value_or(now), dirty_from.value_or(now)});
    return {version.value_or(0), clock::floor_hour(done), clock::floor_hour(now - late_window)};
}

bool has_data(const Sums& sums) {
    return sums.unshared_visits > 0 || (sums.minutes_expected > 0 && sums.minutes_covered > 0);
}

BucketState state_of(const Bucket& bucket, const Sums& sums, Instant complete_to) {
    if (bucket.span.to > complete_to) return BucketState::pending;
    return has_data(sums) ? BucketState::measured : BucketState::no_data;
}

}  // namespace mobilytics::analytics
