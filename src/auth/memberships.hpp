#pragma once

#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/expect_version.hpp"
#include "src/auth/letters.hpp"
#include "src/auth/person.hpp"

// Who belongs to a company with which role, once they have joined.
namespace mobilytics::auth {

// Tell apart what an edit can make of them.
std::string version_of(const Member& member);
std::string version_of_rules(bool asks_factor);

class Memberships {
public:
    Memberships(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters);

    // Bites at the person's next request. 404 auth.member_not_found, 409 auth.last_owner. Owner.
    Task<Member> change_role(May<Permission::members_manage> actor, UserId user, Role role, ExpectVersion expect);

    // Ends the person's sessions in the company and revokes the API keys they made for it; the account stays. 404
    // auth.member_not_found, 409 auth.last_owner. Owner.
    Task<void> remove(May<Permission::members_manage> actor, UserId user, ExpectVersion expect);

    // Whether the company asks a second factor of its members.
    Task<bool> asks_factor(May<Permission::members_read> actor);

    // Asks it, or stops asking; bites at everybody's next request. 409 auth.own_factor_first for a person without one.
    // Owner.
    Task<void> ask_factor(May<Permission::members_manage> actor, bool is_asked, ExpectVersion expect);

private:
    Task<void> require_own_factor(db::Session& session, May<Permission::members_manage> actor);
    Task<Member> hold(db::Session& session, CompanyId company, UserId user, bool stays_owner);
    Task<void> tell(db::Session& session, CompanyId company, UserId user, Letter letter, Role role, trace::Cause cause);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    Letters& letters_;
};

void add_routes(http::Router& router, Memberships& memberships);

}  // namespace mobilytics::auth
