#include "src/auth/entries.hpp"

#include <utility>

namespace mobilytics::auth {

trail::By by_person(const User& user, SessionId session, const Origin& origin) {
    trail::By by = origin ? *origin : trail::By{};
    by.kind = user.staff ? "staff" : "person";
    by.id = user.id.text();
    by.label = user.name;
    by.session = session.text();
    by.method = "password";
    return by;
}

trail::Entry session_opened(SessionId session, const User& user) {
    return {.action = "session.opened", .resource_id = session.text(), .resource_label = user.name};
}

trail::Entry sign_in_refused(const std::optional<User>& user) {
    trail::Entry entry{.action = "session.opened", .outcome = trail::Outcome::refused, .reason = "wrong credentials"};
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

trail::Entry member_added(UserId user, std::string name, Role role) {
    trail::Changes changes;
    changes.made("role", std::string{to_string(role)});
    return {.action = "member.added",
            .resource_id = user.text(),
            .resource_label = std::move(name),
            .changes = std::move(changes)};
}

trail::Entry staff_added(UserId user, std::string name) {
    return {.action = "staff.added", .resource_id = user.text(), .resource_label = std::move(name)};
}

trail::Entry api_key_created(const ApiKey& key) {
    trail::Changes changes;
    changes.made("name", key.name).made("role", std::string{to_string(key.role)}).hidden("secret");
    return {.action = "api_key.created",
            .resource_id = key.id.text(),
            .resource_label = key.name,
            .changes = std::move(changes)};
}

trail::Entry api_key_revoked(ApiKeyId key, std::string name) {
    return {.action = "api_key.revoked", .resource_id = key.text(), .resource_label = std::move(name)};
}

trail::Entry staff_key_created(ApiKeyId key, std::string name) {
    return {.action = "staff_key.created", .resource_id = key.text(), .resource_label = std::move(name)};
}

}  // namespace mobilytics::auth
