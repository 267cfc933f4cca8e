#include "src/monitoring/alert.hpp"

#include <utility>

namespace mobilytics::monitoring {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr hours reminder{24};

constexpr double in_seconds(seconds span) { return static_cast<double>(span.count()); }

// clang-format off
constexpr Terms table[] = {
    {.rule = Rule::dead_jobs, .held = seconds{0}},
    {.rule = Rule::jobs_waiting, .measure = Measure::seconds, .fires_at = in_seconds(minutes{15}),
     .calm_below = in_seconds(minutes{5}), .held = seconds{0}},
    {.rule = Rule::no_leader, .severity = Severity::page, .measure = Measure::seconds,
     .fires_at = in_seconds(minutes{2}), .calm_below = 1, .held = minutes{1}},
    {.rule = Rule::mail_failing, .held = minutes{5}, .by_letter = false},
    {.rule = Rule::rollups_behind, .measure = Measure::seconds, .fires_at = in_seconds(minutes{30}),
     .calm_below = in_seconds(minutes{10}), .held = minutes{5}},
    {.rule = Rule::checkpoint_overdue, .measure = Measure::seconds, .fires_at = in_seconds(hours{3}),
     .calm_below = in_seconds(hours{2}), .held = seconds{0}},
    {.rule = Rule::trail_broken, .severity = Severity::page, .held = seconds{0}},
    {.rule = Rule::webhooks_disabled, .fires_at = 5, .calm_below = 3, .held = seconds{0}},
    {.rule = Rule::check_failing, .severity = Severity::page, .held = minutes{2}, .of_process = true},
    {.rule = Rule::files_low, .severity = Severity::page, .measure = Measure::share, .fires_at = 0.8,
     .calm_below = 0.7, .held = minutes{5}, .of_process = true},
    {.rule = Rule::disk_low, .severity = Severity::page, .measure = Measure::share, .fires_at = 0.9,
     .calm_below = 0.85, .held = minutes{5}, .of_process = true},
};
// clang-format on

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (std::to_underlying(table[i].rule) != static_cast<int>(i)) return false;
    return std::size(table) == std::to_underlying(Rule::disk_low) + 1U;
}
static_assert(is_in_order());

Verdict begin(const Terms& terms, std::string_view about, double value, Instant now) {
    Alert alert{.id = AlertId::make(),
                .rule = terms.rule,
                .about = std::string{about},
                .value = value,
                .since = now,
                .judged_at = now};
    if (terms.held > seconds{0}) return {Step::noticed, std::move(alert)};
    alert.fired_at = now;
    return {Step::fired, std::move(alert)};
}

Verdict judge_noticed(const Terms& terms, Alert alert, bool is_bad, Instant now) {
    if (!is_bad) return {Step::gone, std::move(alert)};
    if (now - alert.since < terms.held) return {Step::noticed, std::move(alert)};
    alert.fired_at = now;
    return {Step::fired, std::move(alert)};
}

Verdict judge_firing(const Terms& terms, Alert alert, bool is_calm, Instant now) {
    if (!is_calm) {
        alert.calm_since.reset();
        return {Step::kept, std::move(alert)};
    }
    if (!alert.calm_since) alert.calm_since = now;
    if (now - *alert.calm_since < terms.held) return {Step::kept, std::move(alert)};
    alert.resolved_at = now;
    return {Step::resolved, std::move(alert)};
}

Verdict come_back(Alert alert, Instant now) {
    alert.since = now;
    alert.calm_since.reset();
    alert.resolved_at.reset();
    return {Step::came_back, std::move(alert)};
}

}  // namespace

std::span<const Terms> all_terms() { return table; }

Terms terms_of(Rule rule, double patience) {
    Terms terms = table[std::to_underlying(rule)];
    if (terms.measure == Measure::seconds) {
        terms.fires_at *= patience;
        terms.calm_below *= patience;
    }
    terms.held = std::chrono::duration_cast<seconds>(terms.held * patience);
    return terms;
}

Verdict judge(const Terms& terms, std::string_view about, std::optional<Alert> known, std::optional<double> reading,
              Instant now) {
    const double value = reading.value_or(0);
    const bool is_bad = reading && value >= terms.fires_at;
    const bool is_calm = !reading || value < terms.calm_below;
    if (!known) return is_bad ? begin(terms, about, value, now) : Verdict{};
    Alert alert = *std::move(known);
    if (alert.resolved_at && !is_bad) return {};
    alert.value = value;
    alert.judged_at = now;
    if (alert.resolved_at) return come_back(std::move(alert), now);
    if (!alert.fired_at) return judge_noticed(terms, std::move(alert), is_bad, now);
    return judge_firing(terms, std::move(alert), is_calm, now);
}

bool wants_letter(const Terms& terms, const Alert& alert, Instant now) {
    if (!terms.by_letter || !alert.is_firing()) return false;
    if (!alert.told_at) return true;
    return !alert.acknowledged && now - *alert.told_at >= reminder;
}

}  // namespace mobilytics::monitoring
