#include "src/companies/entries.hpp"

#include <string>
#include <utility>

#include "platform/json/enum_names.hpp"

namespace mobilytics::companies {

namespace {

std::string_view what_happened(State before, State after) {
    if (before == after) return "company.changed";
    return after == State::suspended ? "company.suspended" : "company.reinstated";
}

}  // namespace

trail::Entry created(const Company& company) {
    trail::Changes changes;
    changes.made("name", company.name).made("zone", company.zone).made("country", company.country);
    return {.action = "company.created",
            .resource_id = company.id.text(),
            .resource_label = company.name,
            .changes = std::move(changes)};
}

trail::Entry changed(const Company& before, const Company& after) {
    trail::Changes changes;
    changes.field("name", before.name, after.name).field("zone", before.zone, after.zone);
    changes.field("state", std::string{json::name_of(before.state)}, std::string{json::name_of(after.state)});
    return {.action = std::string{what_happened(before.state, after.state)},
            .resource_id = after.id.text(),
            .resource_label = after.name,
            .changes = std::move(changes)};
}

trail::Entry parked_policy_set(const Company& company, const DatedParkedPolicy& policy) {
    trail::Changes changes;
    changes.made("effective_from", clock::to_rfc3339(policy.effective_from));
    changes.made("kind", std::string{json::name_of(policy.kind)});
    if (policy.kind == ParkedKind::cap) changes.made("cap_minutes", policy.cap_minutes);
    return {.action = "company.parked_policy_set",
            .resource_id = company.id.text(),
            .resource_label = company.name,
            .changes = std::move(changes)};
}

}  // namespace mobilytics::companies
