#include "src/auth/people.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "platform/problem/faults.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/invitation_store.hpp"
#include "src/auth/people_store.hpp"
#include "src/auth/staff_rules.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

People::People(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters,
               CompanyCards cards)
    : database_{database}, clock_{clock}, trail_{trail}, letters_{letters}, cards_{std::move(cards)} {}

// System scope here and below: people belong to no company, nor does the trail of what staff do to them.
Task<KnownPerson> People::find(StaffMay<StaffPermission::people_read> actor, std::string email) {
    email = normalized_email(email);
    std::optional<User> user;
    if (is_email(email)) user = co_await store::find_user_by_email(database_, email);
    if (user) co_return co_await see(actor, user->id);
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        trail::Entry entry{.action = "person.seen", .resource_id = {}, .resource_label = {}};
        entry.outcome = trail::Outcome::refused;
        entry.reason = "no such address";
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
    throw person_not_found();
}

Task<KnownPerson> People::see(StaffMay<StaffPermission::people_read> actor, UserId id) {
    auto person = co_await view(id);
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await trail_.record(session, trail::no_company, actor.who(), person_entry("person.seen", id, person.name));
    });
    co_return person;
}

Task<KnownPerson> People::view(UserId id) {
    std::vector<Membership> memberships;
    auto person = co_await database_.transaction(db::Scope::system(),
                                                 [&](db::Session& session) -> Task<std::optional<KnownPerson>> {
                                                     memberships = co_await store::memberships_of(session, id);
                                                     co_return co_await store::see_person(session, id, clock_.now());
                                                 });
    if (!person) throw person_not_found();
    std::vector<CompanyId> ids;
    for (const Membership& membership : memberships) ids.push_back(membership.company);
    std::vector<CompanyCard> cards;
    if (!ids.empty()) cards = co_await cards_(std::move(ids));
    for (const Membership& membership : memberships) {
        const auto card = std::ranges::find(cards, membership.company, &CompanyCard::id);
        if (card == cards.end()) continue;
        person->companies.push_back({card->id, card->name, membership.role, membership.suspended});
    }
    co_return *std::move(person);
}

Task<KnownPerson> People::disable(ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id,
                                  std::string reason) {
    check_reason(reason);
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const User user = co_await hold(session, actor, id);
        if (user.disabled) co_return;
        co_await store::disable_person(session, id, now);
        co_await store::delete_sessions_of(session, id);
        co_await store::delete_mailed_tokens_of(session, id);
        co_await letters_.notify(session, notice_to(user, Letter::person_disabled), actor.who().cause());
        co_await record_in_companies(session, actor, user, "member.disabled");
        co_await trail_.record(session, trail::no_company, actor.who(),
                               person_entry("person.disabled", id, user.name, std::move(reason)));
    });
    co_return co_await view(id);
}

Task<KnownPerson> People::enable(ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const User user = co_await hold(session, actor, id);
        if (!user.disabled) co_return;
        co_await store::enable_person(session, id);
        co_await letters_.notify(session, notice_to(user, Letter::person_enabled), actor.who().cause());
        co_await record_in_companies(session, actor, user, "member.enabled");
        co_await trail_.record(session, trail::no_company, actor.who(), person_entry("person.enabled", id, user.name));
    });
    co_return co_await view(id);
}

Task<void> People::end_sessions(ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const User user = co_await hold(session, actor, id);
        co_await store::delete_sessions_of(session, id);
        co_await trail_.record(session, trail::no_company, actor.who(),
                               person_entry("person.sessions_ended", id, user.name));
    });
}

Task<User> People::hold(db::Session& session, const Staff& actor, UserId id) {
    if (id == actor.user) throw own_account();
    const auto admins = co_await store::hold_admins(session);
    auto user = co_await store::find_user(session, id);
    if (!user) throw person_not_found();
    if (user->staff) actor.require(StaffPermission::staff_manage);
    if (is_last(admins, id)) throw last_admin();
    co_return *std::move(user);
}

// In one order, since each company's trail is held until the end.
Task<void> People::record_in_companies(db::Session& session, const Staff& actor, const User& user, std::string action) {
    std::map<CompanyId, std::int64_t> revoked;
    for (const Membership& membership : co_await store::memberships_of(session, user.id))
        revoked[membership.company] = 0;
    if (action == "member.disabled")
        for (const auto& [company, keys] : co_await store::revoke_keys_made_by(session, user.id, clock_.now()))
            revoked[company] = keys;
    for (const auto& [company, keys] : revoked) {
        auto entry = person_entry(action, user.id, user.name);
        if (keys > 0) entry.changes.made("revoked_keys", keys);
        co_await trail_.record(session, company, actor.who(), std::move(entry));
    }
}

}  // namespace mobilytics::auth
