#include <memory>
#include <utility>

#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "src/audit/audit.hpp"
#include "src/audit/csv.hpp"

// URLs of the trail: reading it page by page, and taking it away as a file.
namespace mobilytics::audit {

namespace {

struct AuditQuery {
    std::optional<std::string> action;
    std::optional<std::string> actor_id;
    std::optional<std::string> resource_id;
    std::optional<trail::Outcome> outcome;
    std::optional<clock::Instant> from;
    std::optional<clock::Instant> to;
    std::optional<CompanyId> company;

    static constexpr json::Field about[] = {
        {.name = "company", .description = "For staff: what staff did in that company. Else one's own."},
        {.name = "action", .description = "`campaign.launched`, or `campaign.` for all of a noun.", .max_length = 100},
        {.name = "actor_id", .description = "Who did it, also as the impersonator.", .max_length = 100},
        {.name = "resource_id", .description = "What it was done to.", .max_length = 100},
        {.name = "from", .description = "At this instant or later."},
        {.name = "to", .description = "Before this instant."}};
};

struct AuditActorOut {
    std::string kind;
    std::string id;
    std::string label;
    std::string impersonator;

    static constexpr json::Field about[] = {
        {.name = "kind",
         .description = "`person`, `staff`, `key`, `device`, `job`, `operator` (the command line) or `anyone`."},
        {.name = "id", .description = "Empty for `operator` and `anyone`."},
        {.name = "label", .description = "The name then."},
        {.name = "impersonator", .description = "The member of staff who acted as this person; else empty."}};
};

struct AuditEventOut {
    trail::EventId id;
    std::int64_t sequence = 0;
    clock::Instant at;
    AuditActorOut actor;
    std::string method;
    std::string session;
    std::string address;
    std::string user_agent;
    std::string request_id;
    std::string trace_id;
    std::string action;
    std::string resource_id;
    std::string resource_label;
    glz::raw_json changes;
    trail::Outcome outcome = trail::Outcome::success;
    std::string reason;

    static constexpr json::Field about[] = {
        {.name = "sequence", .description = "Counts the events of the company, without a gap."},
        {.name = "method",
         .description = "How the actor proved who they are: `session`, `key`, `token`; where a session begins "
                        "`password`, `password+code`, `password+passkey`, `passkey`, `provider`."},
        {.name = "action", .description = "The noun, a dot, and what happened to it."},
        {.name = "resource_label", .description = "Its name then."},
        {.name = "changes",
         .description = "By field: `{\"name\": {\"from\": \"Fall\", \"to\": \"Autumn\"}}`. Secrets are `hidden`."},
        {.name = "reason", .description = "Why it was done or refused, where somebody said so."}};
};

AuditEventOut to_out(trail::Recorded event) {
    auto& [id, company, sequence, at, by, entry] = event;
    return {.id = id,
            .sequence = sequence,
            .at = at,
            .actor = {std::move(by.kind), std::move(by.id), std::move(by.label), std::move(by.impersonator)},
            .method = std::move(by.method),
            .session = std::move(by.session),
            .address = std::move(by.address),
            .user_agent = std::move(by.user_agent),
            .request_id = std::move(by.request_id),
            .trace_id = std::move(by.trace_id),
            .action = std::move(entry.action),
            .resource_id = std::move(entry.resource_id),
            .resource_label = std::move(entry.resource_label),
            .changes = {entry.changes.json()},
            .outcome = entry.outcome,
            .reason = std::move(entry.reason)};
}

Wanted wanted_of(const AuditQuery& query) {
    return {{query.action, query.actor_id, query.resource_id, query.outcome, query.from, query.to}, query.company};
}

std::string as_csv(std::vector<trail::Recorded> events) {
    std::string text;
    for (const auto& event : events) text += csv_line(event);
    return text;
}

std::string as_json(std::vector<trail::Recorded> events, bool& is_first) {
    std::string text;
    for (auto& event : events) {
        text += std::exchange(is_first, false) ? "\n" : ",\n";
        text += json::write(to_out(std::move(event)));
    }
    return text;
}

Task<void> write_csv(Audit& audit, ReadAudit actor, Wanted wanted, http::Sink& sink) {
    co_await sink.write(csv_head());
    co_await audit.each(actor, std::move(wanted), [&sink](std::vector<trail::Recorded> some) -> Task<void> {
        const auto text = as_csv(std::move(some));
        if (!text.empty()) co_await sink.write(text);
    });
}

Task<void> write_json(Audit& audit, ReadAudit actor, Wanted wanted, http::Sink& sink) {
    bool is_first = true;
    co_await sink.write("[");
    co_await audit.each(actor, std::move(wanted), [&](std::vector<trail::Recorded> some) -> Task<void> {
        const auto text = as_json(std::move(some), is_first);
        if (!text.empty()) co_await sink.write(text);
    });
    co_await sink.write("\n]\n");
}

}  // namespace

void add_routes(http::Router& router, Audit& audit) {
    auto group = router.group("audit");
    group.get(
        "/v1/audit-events",
        {.id = "audit_events.list",
         .summary = "What was done, newest first",
         .description = "Of the company; staff read the events of no company, and of a company what staff did there."},
        [&audit](ReadAudit actor, http::Query<AuditQuery> query,
                 http::Paging paging) -> Task<http::Page<AuditEventOut>> {
            auto events = co_await audit.list(actor, wanted_of(*query), paging.after_one<std::int64_t>(),
                                              http::rows_wanted(paging));
            co_return http::page_of(
                paging, std::move(events), [](trail::Recorded event) { return to_out(std::move(event)); },
                [](const trail::Recorded& event) { return http::encode_cursor(event.sequence); });
        });
    group.get(
        "/v1/audit-events/export.csv",
        {.id = "audit_events.export_csv",
         .summary = "The same as a CSV file (RFC 4180, UTF-8)",
         .description = "At most 100,000 events, newest first.",
         .answer_type = "text/csv"},
        [&audit](ReadAudit actor, http::Query<AuditQuery> query) -> Task<http::Streamed> {
            const auto wanted = wanted_of(*query);
            co_await audit.check_exportable(actor, wanted);
            co_return http::Streamed{
                .content_type = "text/csv; charset=utf-8",
                .produce = [&audit, actor, wanted](http::Sink& sink) { return write_csv(audit, actor, wanted, sink); },
                .file_name = "audit-events.csv"};
        });
    group.get(
        "/v1/audit-events/export.json",
        {.id = "audit_events.export_json",
         .summary = "The same as a JSON array of audit events",
         .description = "At most 100,000 events, newest first.",
         .answer_type = "application/json"},
        [&audit](ReadAudit actor, http::Query<AuditQuery> query) -> Task<http::Streamed> {
            const auto wanted = wanted_of(*query);
            co_await audit.check_exportable(actor, wanted);
            co_return http::Streamed{
                .content_type = "application/json",
                .produce = [&audit, actor, wanted](http::Sink& sink) { return write_json(audit, actor, wanted, sink); },
                .file_name = "audit-events.json"};
        });
}

}  // namespace mobilytics::audit
