#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/invitation.hpp"
#include "src/auth/invitation_store.hpp"
#include "src/auth/letters.hpp"

// How people come into a company: somebody invites their address, and whoever reads the letter joins.
namespace mobilytics::auth {

// What the reader of a letter sees before they join.
struct Offer {
    Invitation invitation;
    CompanyCard company;
    bool has_account = false;  // of the invited address
};

struct Acceptance {
    std::string token;
    std::string name;      // of a new person; of no use to one who has an account
    std::string password;  // a new person's choice, or that of the account
    std::string address;   // of the caller
};

// Where somebody belongs now.
struct Joined {
    UserId user;
    std::string email;
    CompanyCard company;
    Role role = Role::viewer;
};

class Invitations {
public:
    Invitations(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
                Letters& letters, CompanyCards cards);

    // Sends a letter whose link is good for seven days. 409 auth.already_member, auth.already_invited,
    // auth.too_many_invitations. Owner.
    Task<Invitation> invite(May<Permission::members_manage> actor, NewInvitation wanted);

    // Open ones and expired ones, newest first. Owner, manager.
    Task<std::vector<Invitation>> list(May<Permission::members_read> actor, std::optional<InvitationId> before,
                                       int limit);

    // Another letter with another link, good for seven days from now; the one before is good no more. 404
    // auth.invitation_not_found, 429 auth.too_many_attempts within a minute of the last. Owner.
    Task<Invitation> send_again(May<Permission::members_manage> actor, InvitationId id);

    // Its link is good no more. 404 auth.invitation_not_found. Owner.
    Task<void> withdraw(May<Permission::members_manage> actor, InvitationId id);

    // 404 auth.invitation_not_open for a token that is mistyped, used, withdrawn or expired. Whoever has the letter.
    Task<Offer> look_at(std::string token);

    // Joins, and ends the invitation. A new person gets an account with a confirmed address; one who has an account
    // shows its password (401 auth.wrong_credentials, 429 auth.too_many_attempts). Signs nobody in. 404 as look_at.
    // Whoever has the letter.
    Task<Joined> accept(Acceptance acceptance, trail::By by);

    // The same for somebody signed in with the invited address; 403 auth.invitation_of_another with another one.
    Task<Joined> join(Person actor, std::string token);

    // For companies ---------------------------------------------------------------------------------------------

    // In the transaction: invites in Mobilytics' name, by letter, and takes back what was sent so before. 409
    // auth.company_has_owner while somebody is owner, also with a disabled account; 422 auth.invalid_invitation; 429
    // auth.too_many_attempts within a minute of the last letter to the address.
    Task<Invitation> invite_first_owner(db::Session& session, CompanyId company, NewInvitation wanted, Staff actor);
    Task<FirstOwner> first_owner(CompanyId company);

    // By which an invitation is open or expired.
    clock::Instant now() const { return clock_.now(); }

private:
    struct Found {
        store::InvitationToken token;
        Invitation invitation;
    };
    Task<Invitation> open(db::Session& session, CompanyId company, NewInvitation wanted, std::optional<UserId> inviter,
                          trail::By by);
    Task<Found> find(std::string text);
    Task<Joined> take(Found found, std::optional<User> known, PreparedPerson person, trail::By by);
    Task<CompanyCard> card_of(CompanyId company);

    db::Database& database_;
    const clock::Clock& clock_;
    async::Runtime& runtime_;
    trail::Trail& trail_;
    Letters& letters_;
    CompanyCards cards_;
};

void add_routes(http::Router& router, Invitations& invitations);

// What of it the room of companies is given.
struct FirstOwners {
    std::function<Task<Invitation>(db::Session&, CompanyId, NewInvitation, Staff)> invite;
    std::function<Task<FirstOwner>(CompanyId)> find;
};
FirstOwners first_owners(Invitations& invitations);

}  // namespace mobilytics::auth
