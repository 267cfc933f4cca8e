#include <algorithm>
#include <utility>

#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "src/monitoring/alert_words.hpp"
#include "src/monitoring/alerts.hpp"

// URLs of what is wrong with the product, for Mobilytics' staff.
namespace mobilytics::monitoring {

namespace {

using auth::StaffMay;
using auth::StaffPermission;

enum class AlertState { open, resolved };

struct AlertQuery {
    std::optional<AlertState> state;
};

struct AcknowledgementOut {
    clock::Instant at;
    std::string by;
    std::string note;

    static constexpr json::Field about[] = {{.name = "by", .description = "Id of the member of staff."}};
};

struct AlertOut {
    AlertId id;
    Rule rule = Rule::dead_jobs;
    Severity severity = Severity::ticket;
    std::string subject;
    double value = 0;
    AlertState state = AlertState::open;
    clock::Instant since;
    clock::Instant fired_at;
    std::optional<clock::Instant> resolved_at;
    std::optional<AcknowledgementOut> acknowledged;

    static constexpr json::Field about[] = {
        {.name = "subject", .description = "What it is about: a kind of jobs, a process; empty where there is one."},
        {.name = "value", .description = "As last measured, in the rule's measure."},
        {.name = "since", .description = "Bad from then on; it fired when that had held."},
        {.name = "acknowledged", .description = "Somebody looks after it."}};
};

struct AcknowledgeIn {
    std::optional<std::string> note;

    static constexpr json::Field about[] = {
        {.name = "note", .description = "What is done about it, for the others.", .max_length = 500}};
};

struct RuleWordsOut {
    std::string locale;
    std::string title;
    std::string action;
};

struct AlertRuleOut {
    Rule rule = Rule::dead_jobs;
    Severity severity = Severity::ticket;
    Measure measure = Measure::count;
    double fires_at = 0;
    double calm_below = 0;
    std::int64_t held_s = 0;
    std::vector<RuleWordsOut> words;

    static constexpr json::Field about[] = {
        {.name = "severity", .description = "page: wake somebody; ticket: look within the day."},
        {.name = "measure", .description = "What the numbers are: how many, seconds, or a share of 1."},
        {.name = "fires_at", .description = "This much or more, for held_s, fires."},
        {.name = "calm_below", .description = "Less than this, for held_s, resolves."},
        {.name = "words", .description = "What it is called and what to do, in each language."}};
};

struct CheckOut {
    std::string name;
    bool ok = false;
    std::string reason;

    static constexpr json::Field about[] = {{.name = "reason", .description = "Why it fails; else empty."}};
};

AlertOut to_out(Alert alert) {
    AlertOut out{.id = alert.id,
                 .rule = alert.rule,
                 .severity = terms_of(alert.rule).severity,
                 .subject = std::move(alert.about),
                 .value = alert.value,
                 .state = alert.resolved_at ? AlertState::resolved : AlertState::open,
                 .since = alert.since,
                 .fired_at = alert.fired_at.value(),
                 .resolved_at = alert.resolved_at,
                 .acknowledged = {}};
    if (alert.acknowledged)
        out.acknowledged = AcknowledgementOut{alert.acknowledged->at, std::move(alert.acknowledged->by),
                                              std::move(alert.acknowledged->note)};
    return out;
}

AlertRuleOut to_out(const Terms& terms) {
    AlertRuleOut out{.rule = terms.rule,
                     .severity = terms.severity,
                     .measure = terms.measure,
                     .fires_at = terms.fires_at,
                     .calm_below = terms.calm_below,
                     .held_s = terms.held.count(),
                     .words = {}};
    for (const std::string_view locale : alert_locales) {
        const auto [title, action] = words_of(terms.rule, locale);
        out.words.push_back({std::string{locale}, std::string{title}, std::string{action}});
    }
    return out;
}

}  // namespace

void add_routes(http::Router& router, Alerts& alerts) {
    auto group = router.group("monitoring");
    group.get("/v1/alerts", {.id = "alerts.list", .summary = "What is or was wrong, newest first"},
              [&alerts](StaffMay<StaffPermission::jobs_read> actor, http::Query<AlertQuery> query,
                        http::Paging paging) -> Task<http::Page<AlertOut>> {
                  std::optional<AlertId> before;
                  if (auto key = paging.after<AlertId>()) before = std::get<0>(*key);
                  const auto open = query->state.transform([](AlertState state) { return state == AlertState::open; });
                  auto found = co_await alerts.list(actor, open, before, http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](Alert alert) { return to_out(std::move(alert)); },
                      [](const Alert& alert) { return http::encode_cursor(alert.id); });
              });
    group.post("/v1/alerts/{id}/acknowledge",
               {.id = "alerts.acknowledge", .summary = "Look after an alert, so that nobody is reminded of it"},
               [&alerts](StaffMay<StaffPermission::jobs_manage> actor, AlertId id,
                         http::Body<AcknowledgeIn> body) -> Task<AlertOut> {
                   co_return to_out(co_await alerts.acknowledge(actor, id, body->note.value_or("")));
               });
    group.get("/v1/alert-rules", {.id = "alerts.list_rules", .summary = "What the product watches of itself"},
              [&alerts](StaffMay<StaffPermission::jobs_read> actor) -> Task<http::Page<AlertRuleOut>> {
                  http::Page<AlertRuleOut> page;
                  for (const Terms& terms : alerts.rules(actor)) page.items.push_back(to_out(terms));
                  co_return page;
              });
    group.get("/v1/checks", {.id = "checks.list", .summary = "What readiness finds in the process that answers"},
              [&alerts](StaffMay<StaffPermission::jobs_read> actor) -> Task<http::Page<CheckOut>> {
                  http::Page<CheckOut> page;
                  for (auto& [name, reason] : co_await alerts.checks(actor))
                      page.items.push_back({std::move(name), reason.empty(), reason});
                  co_return page;
              });
}

}  // namespace mobilytics::monitoring
