#include "platform/trail/chain.hpp"

#include <format>

#include "platform/crypto/digest.hpp"
#include "platform/db/bytes.hpp"
#include "platform/json/enum_names.hpp"

namespace mobilytics::trail {

namespace {

// Each text behind its length, so that no two rows have the same bytes.
void put(std::string& bytes, std::string_view text) {
    bytes += std::to_string(text.size());
    bytes += ':';
    bytes += text;
}

}  // namespace

db::Bytes hash_of(const Recorded& event, const db::Bytes& hash_before) {
    const By& by = event.by;
    const Entry& entry = event.entry;
    std::string bytes;
    put(bytes, "mobilytics.trail." + std::to_string(form_version));
    put(bytes, {reinterpret_cast<const char*>(hash_before.data()), hash_before.size()});
    put(bytes, ids::to_hex(event.company));
    put(bytes, std::to_string(event.sequence));
    put(bytes, event.id.text());
    put(bytes, clock::to_rfc3339(event.at));
    for (const std::string* text :
         {&by.kind, &by.id, &by.label, &by.impersonator, &by.session, &by.method, &by.address, &by.user_agent,
          &by.request_id, &by.trace_id, &entry.action, &entry.resource_id, &entry.resource_label})
        put(bytes, *text);
    put(bytes, entry.changes.json());
    put(bytes, json::name_of(entry.outcome));
    put(bytes, entry.reason);
    return db::bytes_of(crypto::sha256(bytes));
}

std::optional<std::string> Walk::step(const Recorded& event, const db::Bytes& stored_hash) {
    const auto expected = at_.sequence + 1;
    if (event.sequence != expected)
        return event.sequence == expected + 1
                   ? std::format("event {} is missing", expected)
                   : std::format("events {} to {} are missing", expected, event.sequence - 1);
    if (hash_of(event, at_.hash) != stored_hash)
        return std::format("event {} is not what was written, or not in its place", event.sequence);
    at_ = {event.sequence, stored_hash};
    return std::nullopt;
}

}  // namespace mobilytics::trail
