#pragma once

#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/known_person.hpp"
#include "src/auth/letters.hpp"

// Front door of people for Mobilytics' staff: somebody's account is seen, disabled and enabled, their sessions are
// ended. There is no list of everybody, and each look leaves an event. 404 auth.person_not_found. Who is staff is
// changed by holders of staff.manage alone, and nobody does this to themselves: 409 auth.own_account.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

class People {
public:
    People(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters,
           CompanyCards cards);

    // By the exact address. One that nobody has leaves an event too.
    Task<KnownPerson> find(StaffMay<StaffPermission::people_read> actor, std::string email);
    Task<KnownPerson> see(StaffMay<StaffPermission::people_read> actor, UserId id);

    // Keeps the person out from the commit on: sessions and letters' links end, keys of their own as staff are refused,
    // and API keys that they made in any company are revoked, as when a member is removed. Disabling twice is no error.
    // Told by letter. 422 auth.reason_wanted, 409 auth.last_admin. Sources: ASVS 7.4.2, 7.4.5.
    Task<KnownPerson> disable(ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id, std::string reason);

    // Keys that were revoked stay so. Told by letter.
    Task<KnownPerson> enable(ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id);

    Task<void> end_sessions(ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id);

private:
    Task<KnownPerson> view(UserId id);
    Task<User> hold(db::Session& session, const Staff& actor, UserId id);
    Task<void> record_in_companies(db::Session& session, const Staff& actor, const User& user, std::string action);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    Letters& letters_;
    CompanyCards cards_;
};

void add_routes(http::Router& router, People& people);

}  // namespace mobilytics::auth
