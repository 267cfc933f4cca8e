#include "src/auth/staff_members.hpp"

#include <utility>

#include "platform/crypto/fingerprint.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/letter_words.hpp"
#include "src/auth/people_store.hpp"
#include "src/auth/staff_rules.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

// Nobody: everybody's, for those who look after staff.
std::optional<UserId> whose_keys(const Staff& actor) {
    return allows(actor.role, StaffPermission::staff_manage) ? std::nullopt : std::optional{actor.user};
}

}  // namespace

std::string version_of(const StaffMember& member) { return crypto::fingerprint({to_string(member.role)}); }

StaffMembers::StaffMembers(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters)
    : database_{database}, clock_{clock}, trail_{trail}, letters_{letters} {}

Task<std::vector<StaffMember>> StaffMembers::list(StaffMay<StaffPermission::staff_manage>, std::optional<UserId> after,
                                                  int limit) {
    return store::list_staff(database_, after, limit);
}

// System scope here and below: staff belong to no company, nor does the trail of them.
Task<StaffMember> StaffMembers::add(ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId id, StaffRole role) {
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<StaffMember> {
        co_await store::hold_admins(session);
        const auto user = co_await store::find_user(session, id);
        if (!user) throw person_not_found();
        if (user->staff) throw Problem{Kind::conflict, "auth.already_staff", "This person is staff already."};
        if (user->disabled)
            throw Problem{Kind::conflict, "auth.person_disabled", "This account is disabled; enable it first."};
        if (!user->email_verified)
            throw Problem{Kind::conflict, "auth.email_not_verified",
                          "Nobody has shown yet that this person's address is theirs."};
        co_await store::set_staff_role(session, id, role);
        co_await tell(session, actor, id, role);
        co_await trail_.record(session, trail::no_company, actor.who(),
                               staff_changed(id, user->name, std::nullopt, role));
        auto made = co_await store::find_staff(session, id);
        co_return std::move(made).value();
    });
}

Task<StaffMember> StaffMembers::change_role(ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId id,
                                            StaffRole role, ExpectVersion expect) {
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<StaffMember> {
        auto member = co_await hold(session, actor, id, role == StaffRole::admin);
        expect(version_of(member));
        if (member.role == role) co_return member;
        co_await store::set_staff_role(session, id, role);
        co_await tell(session, actor, id, role);
        co_await trail_.record(session, trail::no_company, actor.who(),
                               staff_changed(id, member.name, member.role, role));
        member.role = role;
        co_return member;
    });
}

Task<void> StaffMembers::remove(ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId id,
                                ExpectVersion expect) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto member = co_await hold(session, actor, id, false);
        expect(version_of(member));
        co_await store::set_staff_role(session, id, std::nullopt);
        co_await store::delete_sessions_of(session, id);
        const auto keys = co_await store::revoke_staff_keys_of(session, id, clock_.now());
        co_await tell(session, actor, id, std::nullopt);
        auto entry = staff_changed(id, member.name, member.role, std::nullopt);
        entry.changes.made("revoked_keys", keys);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
}

Task<std::vector<StaffKey>> StaffMembers::keys(StaffMay<StaffPermission::staff_keys_own> actor,
                                               std::optional<ApiKeyId> before, int limit) {
    return store::list_staff_keys(database_, whose_keys(actor), before, limit);
}

Task<void> StaffMembers::revoke_key(ConfirmedStaffMay<StaffPermission::staff_keys_own> actor, ApiKeyId id) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto revoked = co_await store::revoke_staff_key(session, id, whose_keys(actor), clock_.now());
        if (!revoked) throw Problem{Kind::missing, "auth.staff_key_not_found", "There is no such key of staff."};
        if (revoked->was_active)
            co_await trail_.record(session, trail::no_company, actor.who(), staff_key_revoked(id, revoked->name));
    });
}

// The admins are locked first, so that two who demote each other at the same time cannot both succeed.
Task<StaffMember> StaffMembers::hold(db::Session& session, const Staff& actor, UserId id, bool stays_admin) {
    const auto admins = co_await store::hold_admins(session);
    auto member = co_await store::find_staff(session, id);
    if (!member) throw Problem{Kind::missing, "auth.staff_not_found", "There is no such member of staff."};
    if (id == actor.user) throw own_account();
    if (!stays_admin && is_last(admins, id)) throw last_admin();
    co_return *std::move(member);
}

Task<void> StaffMembers::tell(db::Session& session, const Staff& actor, UserId id, std::optional<StaffRole> role) {
    Notice notice = notice_to(id, role ? Letter::staff_role_given : Letter::staff_removed);
    if (role) {
        const auto user = co_await store::find_user(session, id);
        notice.subject = staff_role_word(*role, user.value().locale);
    }
    co_await letters_.notify(session, std::move(notice), actor.who().cause());
}

}  // namespace mobilytics::auth
