#include "src/auth/memberships.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "platform/crypto/fingerprint.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/key_store.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

std::string version_of(const Member& member) { return crypto::fingerprint({to_string(member.role)}); }

std::string version_of_rules(bool asks_factor) { return crypto::fingerprint({asks_factor ? "factor" : ""}); }

Memberships::Memberships(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters)
    : database_{database}, clock_{clock}, trail_{trail}, letters_{letters} {}

Task<Member> Memberships::change_role(May<Permission::members_manage> actor, UserId user, Role role,
                                      ExpectVersion expect) {
    const CompanyId company = actor.company;
    co_return co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<Member> {
        Member member = co_await hold(session, company, user, role == Role::owner);
        expect(version_of(member));
        if (member.role == role) co_return member;
        co_await store::change_role(session, company, user, role);
        co_await tell(session, company, user, Letter::role_changed, role, actor.who().cause());
        trail::Entry entry{.action = "member.role_changed", .resource_id = user.text(), .resource_label = member.name};
        entry.changes.field("role", std::string{to_string(member.role)}, std::string{to_string(role)});
        co_await trail_.record(session, company, actor.who(), std::move(entry));
        member.role = role;
        co_return member;
    });
}

Task<void> Memberships::remove(May<Permission::members_manage> actor, UserId user, ExpectVersion expect) {
    const CompanyId company = actor.company;
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        const Member member = co_await hold(session, company, user, false);
        expect(version_of(member));
        co_await store::delete_membership(session, company, user);
        co_await store::delete_sessions_in(session, user, company);
        const auto keys = co_await store::revoke_keys_of(session, company, user, now);
        co_await tell(session, company, user, Letter::member_removed, member.role, actor.who().cause());
        trail::Entry entry{.action = "member.removed", .resource_id = user.text(), .resource_label = member.name};
        entry.changes.gone("role", std::string{to_string(member.role)}).made("revoked_keys", static_cast<double>(keys));
        co_await trail_.record(session, company, actor.who(), std::move(entry));
    });
}

Task<bool> Memberships::asks_factor(May<Permission::members_read> actor) {
    return store::asks_factor(database_, actor.company);
}

// The owners are locked for two who change the rules at once: there may be no row of them that could be.
Task<void> Memberships::ask_factor(May<Permission::members_manage> actor, bool is_asked, ExpectVersion expect) {
    const CompanyId company = actor.company;
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        co_await store::hold_owners(session, company);
        const bool was_asked = co_await store::asks_factor(session, company);
        expect(version_of_rules(was_asked));
        if (was_asked == is_asked) co_return;
        if (is_asked) {
            co_await require_own_factor(session, actor);
            co_await store::ask_factor(session, company, clock_.now());
        } else {
            co_await store::stop_asking_factor(session, company);
        }
        trail::Entry entry{.action = "company.access_changed", .resource_id = company.text(), .resource_label = {}};
        entry.changes.field("second_factor_required", was_asked, is_asked);
        co_await trail_.record(session, company, actor.who(), std::move(entry));
    });
}

// Else the company's owner would be the first to be kept out.
Task<void> Memberships::require_own_factor(db::Session& session, May<Permission::members_manage> actor) {
    if (!actor.user) co_return;
    const auto own = co_await store::find_member(session, actor.company, *actor.user);
    if (!own.value().has_factor)
        throw Problem{Kind::conflict, "auth.own_factor_first",
                      "Add an authenticator app or a passkey to your own account first."};
}

// The owners are locked first, so that two who demote each other at the same time cannot both succeed.
Task<Member> Memberships::hold(db::Session& session, CompanyId company, UserId user, bool stays_owner) {
    const auto owners = co_await store::hold_owners(session, company);
    auto member = co_await store::find_member(session, company, user);
    if (!member) throw Problem{Kind::missing, "auth.member_not_found", "There is no such member."};
    const bool nobody_else = std::ranges::all_of(owners, [user](UserId owner) { return owner == user; });
    if (member->role == Role::owner && !stays_owner && nobody_else)
        throw Problem{Kind::conflict, "auth.last_owner",
                      "A company keeps one owner at least; make somebody else an owner first."};
    co_return *std::move(member);
}

Task<void> Memberships::tell(db::Session& session, CompanyId company, UserId user, Letter letter, Role role,
                             trace::Cause cause) {
    Notice notice = notice_to(user, letter);
    notice.company_id = company;
    notice.role = role;
    co_await letters_.notify(session, std::move(notice), std::move(cause));
}

}  // namespace mobilytics::auth
