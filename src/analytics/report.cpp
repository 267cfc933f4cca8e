#include "src/analytics/report.hpp"

#include <algorithm>
#include <format>

#include "platform/problem/faults.hpp"

namespace mobilytics::analytics {

namespace {

// A flight still running ends, for this purpose, with the running hour; one still to come is shown whole.
Instant default_end(Window flight, Instant now) {
    return now > flight.from ? std::min(flight.to, ceil_hour(now)) : flight.to;
}

Window window_of(const Subject& subject, const Asked& asked, std::chrono::days most, Instant now) {
    const auto& zone = clock::Zone::named(subject.zone);
    const Instant to = asked.to.value_or(std::max(default_end(subject.flight, now), asked.from.value_or(Instant{})));
    const Instant from = asked.from.value_or(std::max(std::min(subject.flight.from, to), Instant{to - most}));
    Faults faults;
    // A flight may begin at any instant; only what a caller chose is refused.
    if (asked.from && !is_whole_hour(from, zone)) faults.add("?from", "must be a whole hour");
    if (asked.to && !is_whole_hour(to, zone)) faults.add("?to", "must be a whole hour");
    if (asked.to && !(from < to)) faults.add("?to", "must be after the beginning of the window");
    if (asked.from && !asked.to && !(from < to)) faults.add("?from", "must be before the end of the window");
    if (to - from > most)
        faults.add(asked.from ? "?from" : "?to", std::format("the window must be at most {} days long", most.count()));
    faults.refuse("analytics.bad_window", "The window of the report cannot be used.");
    return {is_whole_hour(from, zone) ? from : clock::floor_hour(from), is_whole_hour(to, zone) ? to : ceil_hour(to)};
}

}  // namespace

Report Report::of(Subject subject, Asked asked, Instant now) {
    const auto most = asked.grain == Grain::hour ? longest_by_hour : longest;
    const auto& zone = clock::Zone::named(subject.zone);
    Report report{
        subject.company, subject.campaign, subject.zone, window_of(subject, asked, most, now), asked.grain, {}, {}};
    if (!asked.grain)
        report.buckets = {{report.window, {}}};
    else if (*asked.grain == Grain::hour)
        report.buckets = hours_of(report.window, zone);
    else
        report.buckets = days_of(report.window, zone);
    report.cut = cut_hours_of(report.buckets);
    return report;
}

Window Report::hours() const { return {clock::floor_hour(window.from), ceil_hour(window.to)}; }

}  // namespace mobilytics::analytics
