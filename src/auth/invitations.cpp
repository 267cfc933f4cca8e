#include "src/auth/invitations.hpp"

#include <format>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/breached_passwords.hpp"
#include "src/auth/credential.hpp"
#include "src/auth/hashing.hpp"
#include "src/auth/limits.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

Problem not_found() { return {Kind::missing, "auth.invitation_not_found", "There is no such invitation."}; }

Problem not_open() {
    return {Kind::missing, "auth.invitation_not_open",
            "This invitation is not open: it was used, withdrawn or replaced, or it has expired. Ask for another."};
}

Problem already_member() {
    return {Kind::conflict, "auth.already_member", "The person with this e-mail address is a member already."};
}

void check(const NewInvitation& wanted) {
    Faults faults;
    check(wanted, "", faults);
    faults.refuse("auth.invalid_invitation", "Nobody can be invited like this.");
}

trail::Entry entry_of(std::string action, const Invitation& invitation) {
    return {.action = std::move(action), .resource_id = invitation.id.text(), .resource_label = invitation.email};
}

}  // namespace

void check(const NewInvitation& wanted, std::string_view pointer, Faults& faults) {
    check_email(std::format("{}/email", pointer), normalized_email(wanted.email), faults);
    if (!is_locale(wanted.locale)) faults.add(std::format("{}/locale", pointer), "must be en-CA or fr-CA");
}

Invitations::Invitations(db::Database& database, const clock::Clock& clock, async::Runtime& runtime,
                         trail::Trail& trail, Letters& letters, CompanyCards cards)
    : database_{database},
      clock_{clock},
      runtime_{runtime},
      trail_{trail},
      letters_{letters},
      cards_{std::move(cards)} {}

Task<Invitation> Invitations::invite(May<Permission::members_manage> actor, NewInvitation wanted) {
    wanted.email = normalized_email(wanted.email);
    check(wanted);
    const auto now = clock_.now();
    const CompanyId company = actor.company;
    co_return co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<Invitation> {
        auto known = co_await store::find_user_by_email(session, wanted.email);
        if (known) {
            auto member = co_await store::find_member(session, company, known->id);
            if (member) throw already_member();
        }
        auto waiting = co_await store::count_invitations(session, company, now);
        if (waiting >= most_invitations)
            throw Problem{Kind::conflict, "auth.too_many_invitations",
                          "Too many invitations are open. Withdraw those that nobody answers."};
        co_return co_await open(session, company, wanted, actor.user, actor.who());
    });
}

// Nobody is named as the one who invites: it is Mobilytics, and the trail knows who did it. Staff cannot let anybody
// into a company that has an owner.
Task<Invitation> Invitations::invite_first_owner(db::Session& session, CompanyId company, NewInvitation wanted,
                                                 Staff actor) {
    wanted.email = normalized_email(wanted.email);
    wanted.role = Role::owner;
    check(wanted);
    const auto before = co_await store::find_owners_invitation(session, company);
    const auto now = clock_.now();
    if (before && before->email == wanted.email && before->sent_at && now < *before->sent_at + invitation_pause)
        throw too_many_attempts(*before->sent_at + invitation_pause, now);
    // First, so that whoever is accepting one at this moment is an owner by the time that is asked.
    for (const auto& [id, email] : co_await store::delete_owners_invitations(session, company, wanted.email)) {
        trail::Entry entry{.action = "invitation.withdrawn", .resource_id = id.text(), .resource_label = email};
        co_await trail_.record(session, company, actor.who(), std::move(entry));
    }
    const bool has_owner = co_await store::has_owner(session, company);
    if (has_owner)
        throw Problem{Kind::conflict, "auth.company_has_owner",
                      "This company has an owner, who invites its people from now on. Staff enable an owner's account "
                      "that is disabled."};
    const auto known = co_await store::find_user_by_email(session, wanted.email);
    if (known) {
        const auto member = co_await store::find_member(session, company, known->id);
        if (member) throw already_member();
    }
    co_return co_await open(session, company, std::move(wanted), std::nullopt, actor.who());
}

Task<FirstOwner> Invitations::first_owner(CompanyId company) {
    co_return co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<FirstOwner> {
        const bool joined = co_await store::has_owner(session, company);
        if (joined) co_return FirstOwner{.joined = true, .invited = std::nullopt};
        auto invited = co_await store::find_owners_invitation(session, company);
        co_return FirstOwner{.joined = false, .invited = std::move(invited)};
    });
}

FirstOwners first_owners(Invitations& invitations) {
    return {.invite =
                [&invitations](db::Session& session, CompanyId company, NewInvitation wanted, Staff actor) {
                    return invitations.invite_first_owner(session, company, std::move(wanted), std::move(actor));
                },
            .find = [&invitations](CompanyId company) { return invitations.first_owner(company); }};
}

Task<Invitation> Invitations::open(db::Session& session, CompanyId company, NewInvitation wanted,
                                   std::optional<UserId> inviter, trail::By by) {
    const auto now = clock_.now();
    const InvitationId id = InvitationId::make();
    co_await store::delete_expired_invitation(session, company, wanted.email, now);
    bool added = co_await store::insert_invitation(session, company, id, wanted, inviter, now);
    if (!added)
        throw Problem{Kind::conflict, "auth.already_invited",
                      "This address has an open invitation; send it again or withdraw it."};
    co_await letters_.invite(session, company, id, by.cause());
    auto made = co_await store::find_invitation(session, company, id);
    auto entry = entry_of("invitation.created", made.value());
    entry.changes.made("email", wanted.email).made("role", std::string{to_string(wanted.role)});
    co_await trail_.record(session, company, std::move(by), std::move(entry));
    co_return *std::move(made);
}

Task<std::vector<Invitation>> Invitations::list(May<Permission::members_read> actor, std::optional<InvitationId> before,
                                                int limit) {
    return store::list_invitations(database_, actor.company, before, limit);
}

Task<Invitation> Invitations::send_again(May<Permission::members_manage> actor, InvitationId id) {
    const auto now = clock_.now();
    const CompanyId company = actor.company;
    co_return co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<Invitation> {
        auto found = co_await store::find_invitation(session, company, id);
        if (!found) throw not_found();
        if (found->sent_at && now < *found->sent_at + invitation_pause)
            throw too_many_attempts(*found->sent_at + invitation_pause, now);
        co_await store::prolong_invitation(session, company, id, now);
        co_await letters_.invite(session, company, id, actor.who().cause());
        auto prolonged = co_await store::find_invitation(session, company, id);
        auto entry = entry_of("invitation.sent_again", *found);
        co_await trail_.record(session, company, actor.who(), std::move(entry));
        co_return *std::move(prolonged);
    });
}

Task<void> Invitations::withdraw(May<Permission::members_manage> actor, InvitationId id) {
    const CompanyId company = actor.company;
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        auto found = co_await store::find_invitation(session, company, id);
        if (!found) throw not_found();
        co_await store::delete_invitation(session, company, id);
        auto entry = entry_of("invitation.withdrawn", *found);
        co_await trail_.record(session, company, actor.who(), std::move(entry));
    });
}

Task<Offer> Invitations::look_at(std::string token) {
    Found found = co_await find(std::move(token));
    auto known = co_await store::find_user_by_email(database_, found.invitation.email);
    CompanyCard company = co_await card_of(found.token.company);
    co_return Offer{std::move(found.invitation), std::move(company), known.has_value()};
}

Task<Joined> Invitations::accept(Acceptance acceptance, trail::By by) {
    Found found = co_await find(acceptance.token);
    const std::string& email = found.invitation.email;
    const auto now = clock_.now();
    auto known = co_await store::find_user_by_email(database_, email);
    if (known) {
        const Guess guess{email, acceptance.address};
        co_await count_guess(database_, guess, now);
        Verdict verdict = co_await hash_in_background(runtime_, [&] { return judge(known, acceptance.password); });
        if (!verdict.right) throw wrong_credentials();
        co_await database_.transaction(db::Scope::nobody(),
                                       [&](db::Session& session) { return forgive_guess(session, guess); });
        PreparedPerson nobody_new;
        co_return co_await take(std::move(found), std::move(known), std::move(nobody_new), std::move(by));
    }
    Faults faults;
    check_name("/name", acceptance.name, faults);
    check_password("/password", acceptance.password, email, faults);
    faults.refuse("auth.invalid_person", "The account cannot be made like this.");
    PreparedPerson person{.email = email,
                          .name = acceptance.name,
                          .password_hash = {},
                          .locale = found.invitation.locale,
                          .email_verified_at = now};
    person.password_hash =
        co_await hash_in_background(runtime_, [&] { return hash_new_password("/password", acceptance.password); });
    co_return co_await take(std::move(found), std::nullopt, std::move(person), std::move(by));
}

Task<Joined> Invitations::join(Person actor, std::string token) {
    Found found = co_await find(std::move(token));
    auto known = co_await store::find_user_by_email(database_, found.invitation.email);
    if (!known || known->id != actor.user)
        throw Problem{Kind::forbidden, "auth.invitation_of_another",
                      "This invitation was sent to another address than the one you are signed in with."};
    PreparedPerson nobody_new;
    co_return co_await take(std::move(found), std::move(known), std::move(nobody_new), actor.who());
}

Task<Invitations::Found> Invitations::find(std::string text) {
    auto name = read_credential(invitation_prefix, text);
    if (!name) throw not_open();
    const store::InvitationToken token{name->company, InvitationId{name->id}, crypto::sha256(text)};
    auto invitation = co_await store::find_invitation(database_, token, clock_.now());
    if (!invitation) throw not_open();
    co_return Found{token, *std::move(invitation)};
}

// Between the look at the token and here somebody else may have used it, or made an account of that address.
Task<Joined> Invitations::take(Found found, std::optional<User> known, PreparedPerson person, trail::By by) {
    const auto now = clock_.now();
    const CompanyId company = found.token.company;
    const UserId user = known ? known->id : UserId::make();
    const Invitation& invitation = found.invitation;
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        bool taken = co_await store::take_invitation(session, found.token, now);
        if (!taken) throw not_open();
        if (known) {
            co_await store::verify_email(session, user, now);
        } else {
            bool added = co_await store::insert_user(session, user, person, std::nullopt, now);
            if (!added)
                throw Problem{Kind::conflict, "auth.person_known",
                              "This e-mail address has an account by now; open the invitation again to join with it."};
        }
        co_await store::insert_membership(session, company, user, invitation.role, now);
        if (by.kind == "anyone") {
            by.kind = "person";
            by.id = user.text();
            by.label = known ? known->name : person.name;
        }
        auto entry = entry_of("invitation.accepted", invitation);
        entry.changes.made("member", user.text()).made("role", std::string{to_string(invitation.role)});
        co_await trail_.record(session, company, by, std::move(entry));
        co_await refuse_too_many_members(session, company);
    });
    CompanyCard card = co_await card_of(company);
    co_return Joined{user, invitation.email, std::move(card), invitation.role};
}

Task<CompanyCard> Invitations::card_of(CompanyId company) {
    std::vector<CompanyId> ids{company};
    auto cards = co_await cards_(std::move(ids));
    co_return cards.empty() ? CompanyCard{.id = company} : cards.front();
}

}  // namespace mobilytics::auth
