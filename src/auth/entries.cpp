#include "src/auth/entries.hpp"

#include <functional>
#include <utility>

#include "platform/clock/clock.hpp"

namespace mobilytics::auth {

namespace {

std::string joined(const auto& values, auto to_text) {
    std::string line;
    for (const auto& value : values) line.append(line.empty() ? "" : ", ").append(to_text(value));
    return line;
}

}  // namespace

trail::By by_person(const User& user, SessionId session, std::string method, const Origin& origin) {
    trail::By by = origin ? *origin : trail::By{};
    by.kind = user.staff ? "staff" : "person";
    by.id = user.id.text();
    by.label = user.name;
    by.session = session.text();
    by.method = std::move(method);
    return by;
}

trail::By person_behind(trail::By by, const User& user) {
    by.kind = user.staff ? "staff" : "person";
    by.id = user.id.text();
    by.method = "token";
    return by;
}

trail::Entry session_opened(SessionId session, const User& user) {
    return {.action = "session.opened", .resource_id = session.text(), .resource_label = user.name};
}

trail::Entry sign_in_refused(const std::optional<User>& user, std::string reason) {
    trail::Entry entry{.action = "session.opened", .outcome = trail::Outcome::refused, .reason = std::move(reason)};
    if (user) {
        entry.resource_id = user->id.text();
        entry.resource_label = user->name;
    }
    return entry;
}

trail::Entry company_entered(SessionId session) {
    return {.action = "session.company_entered", .resource_id = session.text()};
}

trail::Entry session_ended(SessionId session) { return {.action = "session.ended", .resource_id = session.text()}; }

trail::Entry person_entry(std::string action, UserId user, std::string name, std::string reason) {
    return {.action = std::move(action),
            .resource_id = user.text(),
            .resource_label = std::move(name),
            .reason = std::move(reason)};
}

trail::Entry staff_changed(UserId user, std::string name, std::optional<StaffRole> before,
                           std::optional<StaffRole> after) {
    const auto word = [](StaffRole role) { return std::string{to_string(role)}; };
    trail::Changes changes;
    changes.field("role", before.transform(word), after.transform(word));
    return {.action = !before ? "staff.added"
                      : after ? "staff.role_changed"
                              : "staff.removed",
            .resource_id = user.text(),
            .resource_label = std::move(name),
            .changes = std::move(changes)};
}

trail::Entry staff_key_revoked(ApiKeyId key, std::string name) {
    return {.action = "staff_key.revoked", .resource_id = key.text(), .resource_label = std::move(name)};
}

trail::Entry account_entry(std::string action, UserId user, std::string name) {
    return {.action = std::move(action), .resource_id = user.text(), .resource_label = std::move(name)};
}

trail::Entry member_added(UserId user, std::string name, Role role) {
    trail::Changes changes;
    changes.made("role", std::string{to_string(role)});
    return {.action = "member.added",
            .resource_id = user.text(),
            .resource_label = std::move(name),
            .changes = std::move(changes)};
}

trail::Entry api_key_created(const ApiKey& key) {
    trail::Changes changes;
    changes.made("name", key.name).made("role", std::string{to_string(key.role)});
    if (key.limits.scopes)
        changes.made("scopes", joined(*key.limits.scopes, [](Permission scope) { return to_string(scope); }));
    if (key.limits.addresses) changes.made("addresses", joined(*key.limits.addresses, std::identity{}));
    changes.made("expires_at", key.limits.expires_at.transform(clock::to_rfc3339)).hidden("secret");
    return {.action = "api_key.created",
            .resource_id = key.id.text(),
            .resource_label = key.name,
            .changes = std::move(changes)};
}

trail::Entry api_key_rotated(const ApiKey& key, std::optional<clock::Instant> expires_at) {
    trail::Changes changes;
    changes.hidden("secret").field("expires_at", key.limits.expires_at.transform(clock::to_rfc3339),
                                   expires_at.transform(clock::to_rfc3339));
    return {.action = "api_key.rotated",
            .resource_id = key.id.text(),
            .resource_label = key.name,
            .changes = std::move(changes)};
}

trail::Entry api_key_refused(ApiKeyId key, std::string name, std::string reason) {
    return {.action = "api_key.used",
            .resource_id = key.text(),
            .resource_label = std::move(name),
            .outcome = trail::Outcome::refused,
            .reason = std::move(reason)};
}

trail::Entry api_key_revoked(ApiKeyId key, std::string name) {
    return {.action = "api_key.revoked", .resource_id = key.text(), .resource_label = std::move(name)};
}

trail::Entry tokens_issued(TokenFamilyId family, std::string key,
                           const std::optional<std::vector<Permission>>& scopes) {
    trail::Changes changes;
    if (scopes) changes.made("scopes", joined(*scopes, [](Permission scope) { return to_string(scope); }));
    return {.action = "token.issued",
            .resource_id = family.text(),
            .resource_label = std::move(key),
            .changes = std::move(changes)};
}

trail::Entry token_repeated(TokenFamilyId family, std::string key) {
    return {.action = "token.repeated", .resource_id = family.text(), .resource_label = std::move(key)};
}

trail::Entry token_reused(TokenFamilyId family, std::string key) {
    return {.action = "token.reused",
            .resource_id = family.text(),
            .resource_label = std::move(key),
            .outcome = trail::Outcome::refused,
            .reason = "reused"};
}

trail::Entry tokens_ended(TokenFamilyId family, std::string key) {
    return {.action = "token.ended", .resource_id = family.text(), .resource_label = std::move(key)};
}

trail::Entry signing_key_entry(std::string action, std::string id, clock::Instant from) {
    trail::Changes changes;
    changes.made("signs_from", clock::to_rfc3339(from));
    return {
        .action = std::move(action), .resource_id = "", .resource_label = std::move(id), .changes = std::move(changes)};
}

trail::Entry staff_key_created(ApiKeyId key, std::string name) {
    return {.action = "staff_key.created", .resource_id = key.text(), .resource_label = std::move(name)};
}

}  // namespace mobilytics::auth
