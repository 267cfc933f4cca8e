#include "src/monitoring/alert_store.hpp"

#include <format>
#include <ranges>
#include <stdexcept>
#include <string>

#include "platform/json/enum_names.hpp"
#include "src/monitoring/queries.hpp"

namespace mobilytics::monitoring::store {

namespace {

struct Row {
    AlertId id;
    std::string rule;
    std::string about;
    double value;
    Instant since;
    std::optional<Instant> fired_at;
    std::optional<Instant> calm_since;
    std::optional<Instant> resolved_at;
    std::optional<Instant> told_at;
    Instant judged_at;
    std::optional<Instant> acknowledged_at;
    std::optional<std::string> acknowledged_by;
    std::optional<std::string> note;
};

struct Counted {
    std::string rule;
    std::int64_t alerts;
};

// A rule that an older or newer program knows is none of ours.
std::optional<Alert> alert_of(const Row& row) {
    const auto rule = json::value_named<Rule>(row.rule);
    if (!rule) return std::nullopt;
    Alert alert{.id = row.id,
                .rule = *rule,
                .about = row.about,
                .value = row.value,
                .since = row.since,
                .fired_at = row.fired_at,
                .calm_since = row.calm_since,
                .resolved_at = row.resolved_at,
                .told_at = row.told_at,
                .judged_at = row.judged_at};
    if (row.acknowledged_at)
        alert.acknowledged = {*row.acknowledged_at, row.acknowledged_by.value_or(""), row.note.value_or("")};
    return alert;
}

std::vector<Alert> alerts_of(const std::vector<Row>& rows) {
    std::vector<Alert> alerts;
    for (const Row& row : rows)
        if (auto alert = alert_of(row)) alerts.push_back(*std::move(alert));
    return alerts;
}

std::string text_of(Rule rule) { return std::string{json::name_of(rule)}; }

}  // namespace

Task<std::vector<Alert>> hold_alerts(db::Session& session, Instant since) {
    co_return alerts_of(co_await session.many<Row>(sql::hold_alerts, since));
}

Task<std::optional<Alert>> hold_alert(db::Session& session, AlertId id) {
    const auto row = co_await session.optional<Row>(sql::hold_alert, id);
    co_return row ? alert_of(*row) : std::nullopt;
}

Task<std::vector<Alert>> list_alerts(db::Database& database, std::optional<bool> open, std::optional<AlertId> before,
                                     int limit) {
    co_return alerts_of(
        co_await database.many<Row>(db::Scope::system(), sql::list_alerts, open, before, std::int64_t{limit}));
}

Task<std::vector<std::pair<Rule, std::int64_t>>> count_firing(db::Database& database) {
    std::vector<std::pair<Rule, std::int64_t>> counts;
    for (const auto& [name, alerts] : co_await database.many<Counted>(db::Scope::system(), sql::count_firing))
        if (const auto rule = json::value_named<Rule>(name)) counts.emplace_back(*rule, alerts);
    co_return counts;
}

Task<void> save_alert(db::Session& session, Alert alert) {
    co_await session.exec(sql::save_alert, alert.id, text_of(alert.rule), alert.about, alert.value, alert.since,
                          alert.fired_at, alert.calm_since, alert.resolved_at, alert.told_at, alert.judged_at);
}

Task<void> acknowledge(db::Session& session, AlertId id, Acknowledgement acknowledgement) {
    co_await session.exec(sql::acknowledge_alert, id, acknowledgement.at, acknowledgement.by, acknowledgement.note);
}

Task<void> delete_alert(db::Session& session, AlertId id) { co_await session.exec(sql::delete_alert, id); }

Task<void> forget_alerts(db::Session& session, Instant before) { co_await session.exec(sql::forget_alerts, before); }

}  // namespace mobilytics::monitoring::store
