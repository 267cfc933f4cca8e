#include "platform/trail/trail.hpp"

#include <algorithm>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "platform/json/escape.hpp"
#include "platform/trail/chain.hpp"
#include "platform/trail/queries.hpp"

namespace mobilytics::trail {

namespace {

constexpr std::size_t longest_text = 400;

struct Head {
    std::int64_t sequence = 0;
    db::Bytes hash;
};

// Browsers send what they like; the database takes UTF-8 without NUL.
std::string cleaned(std::string_view text) {
    std::string clean;
    text = text.substr(0, longest_text);
    while (!text.empty()) {
        const auto length = json::utf8_sequence(text);
        const bool control = length == 1 && static_cast<unsigned char>(text[0]) < 0x20;
        clean += length == 0 || control ? "?" : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return clean;
}

By cleaned(By by) {
    for (std::string* text : {&by.kind, &by.id, &by.label, &by.impersonator, &by.session, &by.method, &by.address,
                              &by.user_agent, &by.request_id, &by.trace_id})
        *text = cleaned(*text);
    return by;
}

db::Statement insertion(const Recorded& event, const db::Bytes& hash) {
    const By& by = event.by;
    const Entry& entry = event.entry;
    return db::bind(sql::insert_event, event.company, event.sequence, event.id.uuid, event.at, by.kind, by.id, by.label,
                    by.impersonator, by.session, by.method, by.address, by.user_agent, by.request_id, by.trace_id,
                    entry.action, entry.resource_id, entry.resource_label, entry.changes.json(),
                    json::name_of(entry.outcome), entry.reason, form_version, hash);
}

}  // namespace

trace::Cause By::cause() const {
    return {.trace = {.trace_id = trace_id, .parent_id = "", .sampled = sampled},
            .request_id = request_id,
            .user = kind == "job" ? std::string{} : id,
            .impersonator = impersonator};
}

Task<EventId> Trail::record(db::Session& session, ids::Uuid company, By by, Entry entry) {
    const auto head = co_await session.one<Head>(sql::hold_head, company);
    entry.resource_label = cleaned(entry.resource_label);
    entry.reason = cleaned(entry.reason);
    const Recorded event{.id = EventId::make(),
                         .company = company,
                         .sequence = head.sequence + 1,
                         .at = clock_.now(),
                         .by = cleaned(std::move(by)),
                         .entry = std::move(entry)};
    const auto hash = hash_of(event, head.hash);
    std::vector<db::Statement> statements;
    statements.push_back(insertion(event, hash));
    statements.push_back(db::bind(sql::move_head, company, event.sequence, hash));
    co_await session.run_all(std::move(statements));
    for (const Listener& listener : listeners_) co_await listener(session, event);
    co_return event.id;
}

}  // namespace mobilytics::trail
