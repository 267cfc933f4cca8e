#include "src/audit/csv.hpp"

#include <string_view>

#include "platform/json/enum_names.hpp"

namespace mobilytics::audit {

namespace {

// A spreadsheet runs what begins like this as a formula, and names and user agents are what strangers choose. An
// apostrophe before it makes it text.
bool looks_like_formula(std::string_view text) {
    return !text.empty() && std::string_view{"=+-@\t\r"}.contains(text.front());
}

void add(std::string& line, std::string_view text) {
    if (!line.empty()) line += ',';
    line += '"';
    if (looks_like_formula(text)) line += '\'';
    for (const char c : text) {
        if (c == '"') line += '"';
        line += c;
    }
    line += '"';
}

}  // namespace

std::string csv_head() {
    return "sequence,at,action,outcome,reason,resource_id,resource_label,actor_kind,actor_id,actor_label,impersonator,"
           "method,session,address,user_agent,request_id,trace_id,changes,event_id\r\n";
}

std::string csv_line(const trail::Recorded& event) {
    const auto& [id, company, sequence, at, by, entry] = event;
    std::string line = std::to_string(sequence);
    add(line, clock::to_rfc3339(at));
    add(line, entry.action);
    add(line, json::name_of(entry.outcome));
    add(line, entry.reason);
    add(line, entry.resource_id);
    add(line, entry.resource_label);
    for (const std::string* text : {&by.kind, &by.id, &by.label, &by.impersonator, &by.method, &by.session, &by.address,
                                    &by.user_agent, &by.request_id, &by.trace_id})
        add(line, *text);
    add(line, entry.changes.json());
    add(line, id.text());
    line += "\r\n";
    return line;
}

}  // namespace mobilytics::audit
