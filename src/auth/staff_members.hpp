#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/expect_version.hpp"
#include "src/auth/known_person.hpp"
#include "src/auth/letters.hpp"

// Front door of Mobilytics' own staff: who they are, with which role, and the keys of their programs. Nobody changes
// their own role, and one admin is left always: 409 auth.own_account, auth.last_admin. Bites at the next request.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

// Tells apart what an edit can make of it.
std::string version_of(const StaffMember& member);

class StaffMembers {
public:
    StaffMembers(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters);

    // In the order in which people came to the platform.
    Task<std::vector<StaffMember>> list(StaffMay<StaffPermission::staff_manage> actor, std::optional<UserId> after,
                                        int limit);

    // Somebody who has an account already becomes staff. Told by letter. 404 auth.person_not_found, 409
    // auth.already_staff, auth.person_disabled, auth.email_not_verified.
    Task<StaffMember> add(ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId id, StaffRole role);

    // Told by letter. 404 auth.staff_not_found.
    Task<StaffMember> change_role(ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId id, StaffRole role,
                                  ExpectVersion expect);

    // Sessions end and staff keys are revoked; the account stays. Told by letter. 404 auth.staff_not_found.
    Task<void> remove(ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId id, ExpectVersion expect);

    // Newest first, revoked ones too; one's own, or everybody's for holders of staff.manage, as below.
    Task<std::vector<StaffKey>> keys(StaffMay<StaffPermission::staff_keys_own> actor, std::optional<ApiKeyId> before,
                                     int limit);

    // Revoking twice is no error. 404 auth.staff_key_not_found.
    Task<void> revoke_key(ConfirmedStaffMay<StaffPermission::staff_keys_own> actor, ApiKeyId id);

private:
    Task<StaffMember> hold(db::Session& session, const Staff& actor, UserId id, bool stays_admin);
    Task<void> tell(db::Session& session, const Staff& actor, UserId id, std::optional<StaffRole> role);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    Letters& letters_;
};

void add_routes(http::Router& router, StaffMembers& staff);

}  // namespace mobilytics::auth
