#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/factor_verdict.hpp"
#include "src/auth/person.hpp"
#include "src/auth/principal.hpp"
#include "src/auth/session.hpp"

// Front door of auth: people, their sessions, and who is a member of which company.
namespace mobilytics::http {
class Router;
}
namespace mobilytics::trail {
class Trail;
}

namespace mobilytics::auth {

// Auth knows companies by id only; what they show of themselves is asked of their own room. Answers hold the
// companies found, in any order.
using CompanyCards = std::function<Task<std::vector<CompanyCard>>(std::vector<CompanyId> ids)>;

// Either with address and password, and a second factor where one is asked for, or with a passkey alone.
struct SignIn {
    std::optional<std::string> email = {};
    std::optional<std::string> password = {};
    std::optional<std::string> code = {};  // of the second factor
    std::optional<ShownPasskey> passkey = {};
    std::string address;  // of the caller; attempts are counted by e-mail and address
    std::string user_agent = {};
    Origin origin = {};                              // of the request, for the trail
    std::optional<std::string> replaced_token = {};  // the session the browser still had; it ends
};

struct SignedIn {
    std::string token;  // for the cookie
    SessionView session;
};

// A live session as the authentication hook needs it.
struct KnownSession {
    Principal principal;
    std::string csrf_token;
};

class Auth {
public:
    Auth(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
         CompanyCards cards, JudgeFactor judge_factor, ProvePasskey prove_passkey, StaffRules staff_rules = {});

    // Opens a session with a fresh token. Refuses with 401 auth.wrong_credentials, alike in answer and work for an
    // unknown address, a wrong password and a disabled person; 403 auth.second_factor_required and
    // auth.wrong_second_factor once the password was right; 403 auth.wrong_passkey; 422 auth.incomplete_sign_in; 429
    // auth.too_many_attempts with Retry-After once ten attempts in a row failed from one address (waits grow from 1 s
    // to 15 min; forgotten after 12 h). Anyone. Sources: OWASP authentication cheat sheet; ASVS 6.3.1, 6.3.8, 7.2.4.
    Task<SignedIn> sign_in(SignIn attempt);

    // What the person's screen needs. 401 when the session ended meanwhile.
    Task<SessionView> session(SessionHolder actor);

    // The session goes on in another of the person's companies. 404 auth.company_not_found unless a member, or when the
    // session is bound to another; 403 auth.company_suspended.
    Task<SessionView> enter(SessionHolder actor, CompanyId company);

    Task<void> sign_out(SessionHolder actor);

    // Members in the order in which people came to the platform. Owner, manager.
    Task<std::vector<Member>> members(May<Permission::members_read> actor, std::optional<UserId> after, int limit);

    // Makes a new person a member, with a password that the caller chose: for the demo, which has nobody to invite.
    // 409 auth.already_member; 409 auth.person_known when the address is in use elsewhere.
    Task<Member> add_member(May<Permission::members_manage> actor, NewPerson person, Role role);

    // For companies, inside its transactions ------------------------------------------------------------------

    // Hashes the password, away from the I/O threads; the fields must have passed check().
    Task<PreparedPerson> prepare(NewPerson person);

    // The first owner of a company just made, by the member of staff who makes it; refuses as add_member does.
    Task<void> add_first_owner(db::Session& session, CompanyId company, PreparedPerson person, Staff actor);

    // Keeps people and API keys out of the company from the commit on. Devices go on delivering: what they measure
    // cannot be measured again.
    Task<void> suspend(db::Session& session, CompanyId company);
    Task<void> reinstate(db::Session& session, CompanyId company);

    // For the command line -------------------------------------------------------------------------------------

    // Makes a member of staff. A known person becomes staff with the new name and password, and their sessions end.
    // Without a password a known person keeps theirs, and nobody knows a new person's: they choose one by letter.
    Task<UserId> add_staff(std::string email, std::string name, std::optional<std::string> password, StaffRole role);

    // For authentication.hpp -----------------------------------------------------------------------------------

    // Nothing when the token names no session, or one that ended.
    Task<std::optional<KnownSession>> find_session(std::string token);

private:
    struct Proven;
    Task<Proven> by_password(SignIn attempt);
    Task<Proven> by_passkey(SignIn attempt);
    Task<SignedIn> open_session(SignIn attempt, Proven proven);
    Task<UserId> join(db::Session& session, CompanyId company, PreparedPerson person, Role role, trail::By by);
    Task<void> note_refusal(Origin origin, std::optional<User> user, std::string reason);
    Task<SessionView> view(SessionId id, UserId user);
    Task<std::vector<SessionCompany>> entrances(std::vector<Membership> memberships);

    db::Database& database_;
    const clock::Clock& clock_;
    async::Runtime& runtime_;
    trail::Trail& trail_;
    CompanyCards cards_;
    JudgeFactor judge_factor_;
    ProvePasskey prove_passkey_;
    const StaffRules staff_rules_;
};

// Signing in and out, the list of members.
void add_routes(http::Router& router, Auth& auth);

}  // namespace mobilytics::auth
