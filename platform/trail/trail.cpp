#include "platform/trail/trail.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/json/escape.hpp"
#include "platform/trail/queries.hpp"

namespace mobilytics::trail {

namespace {

constexpr std::int16_t version = 1;
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

std::string_view name_of(Outcome outcome) { return outcome == Outcome::success ? "success" : "refused"; }

// Each text behind its length, so that no two rows have the same bytes.
void put(std::string& bytes, std::string_view text) {
    bytes += std::to_string(text.size());
    bytes += ':';
    bytes += text;
}

db::Bytes hash_of(const Recorded& event, const db::Bytes& hash_before) {
    const By& by = event.by;
    const Entry& entry = event.entry;
    std::string bytes;
    put(bytes, "mobilytics.trail." + std::to_string(version));
    put(bytes, {reinterpret_cast<const char*>(hash_before.data()), hash_before.size()});
    put(bytes, ids::to_hex(event.company));
    put(bytes, std::to_string(event.sequence));
    put(bytes, event.id.text());
    put(bytes, clock::to_rfc3339(event.at));
    for (const std::string* text : {&by.kind, &by.id, &by.label, &by.impersonator, &by.session, &by.method, &by.address,
                                    &by.user_agent, &by.request_id, &by.trace_id, &entry.action, &entry.resource_id,
                                    &entry.resource_label})
        put(bytes, *text);
    put(bytes, entry.changes.json());
    put(bytes, name_of(entry.outcome));
    put(bytes, entry.reason);
    const auto digest = crypto::sha256(bytes);
    const auto bytes_of_digest = std::as_bytes(std::span{digest});
    return {bytes_of_digest.begin(), bytes_of_digest.end()};
}

db::Statement insertion(const Recorded& event, const db::Bytes& hash) {
    const By& by = event.by;
    const Entry& entry = event.entry;
    return db::bind(sql::insert_event, event.company, event.sequence, event.id.uuid, event.at, by.kind, by.id, by.label,
                    by.impersonator, by.session, by.method, by.address, by.user_agent, by.request_id, by.trace_id,
                    entry.action, entry.resource_id, entry.resource_label, entry.changes.json(),
                    name_of(entry.outcome), entry.reason, version, hash);
}

}  // namespace

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
