#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/invitations.hpp"
#include "src/companies/company.hpp"

namespace mobilytics::http {
class Router;
}
namespace mobilytics::jobs {
class Events;
}
namespace mobilytics::trail {
class Trail;
}

namespace mobilytics::companies {

using NewOwner = std::variant<auth::NewPerson, auth::NewInvitation>;

// Given the tag of what is about to be changed; throws when the caller has seen another.
using ExpectTag = std::function<void(std::string_view tag)>;

// Front door of the room. A company that the caller does not reach does not exist here: missing "companies.not_found".
//
// Publishes, in the transaction of the change; times are RFC 3339:
//   companies.parked_policy_changed {"company_id","from"}  visits that start at or after `from` may count differently
class Companies {
public:
    Companies(db::Database& database, const clock::Clock& clock, jobs::Events& events, trail::Trail& trail,
              auth::Auth& auth, auth::FirstOwners owners);

    // ---- for staff, and for the company itself where said ----

    // Newest first.
    Task<std::vector<Company>> list(auth::Staff actor, std::optional<CompanyId> before, int limit);

    // The company with its first owner, if one is given, or nothing at all. Whoever is invited gets a letter and
    // chooses a password, or joins with the account they have; a new person with a password is owner at once. Refuses:
    // invalid "companies.invalid"; conflict auth.person_known for a password of somebody who has an account.
    Task<Company> create(auth::Staff actor, NewCompany wanted, std::optional<NewOwner> owner);

    Task<auth::FirstOwner> first_owner(auth::Staff actor, CompanyId id);

    // By letter, good for seven days; whoever was invited as owner before is not any more. Refuses: conflict
    // auth.company_has_owner, invalid auth.invalid_invitation.
    Task<auth::FirstOwner> invite_first_owner(auth::Staff actor, CompanyId id, auth::NewInvitation wanted);

    // Staff, and every member.
    Task<Company> find(auth::StaffOrCompany actor, CompanyId id);

    // A suspended company's people and API keys are refused from the commit on; its devices go on delivering. The
    // zone cuts the days of reports that are asked from then on. A state, even the present one, takes
    // companies.suspend. Refuses: invalid "companies.invalid".
    Task<Company> edit(auth::Staff actor, CompanyId id, CompanyPatch patch, ExpectTag expect);

    // The policy in force from an instant on, until the next one's; one for the same instant replaces it. The past may
    // be corrected. Staff, and the owner. Refuses: invalid "companies.invalid_parked_policy".
    Task<Company> set_parked_policy(auth::StaffOrCompany actor, CompanyId id, DatedParkedPolicy policy,
                                    ExpectTag expect);

    // Latest first: those to come, the one in force, those that were. Staff, and every member.
    Task<std::vector<DatedParkedPolicy>> list_parked_policies(auth::StaffOrCompany actor, CompanyId id,
                                                              std::optional<clock::Instant> before, int limit);

    // ---- for other rooms, which know that the company exists: std::logic_error when it does not ----

    Task<Company> find(CompanyId id);
    Task<std::string> zone(CompanyId id);
    Task<int> privacy_floor(CompanyId id);

    // By effective_from; before the first everything counts.
    Task<std::vector<DatedParkedPolicy>> parked_policies(db::Session& session, CompanyId id);

    // What auth shows of companies at sign-in; those that exist.
    Task<std::vector<auth::CompanyCard>> cards(std::vector<CompanyId> ids);

private:
    db::Database& database_;
    const clock::Clock& clock_;
    jobs::Events& events_;
    trail::Trail& trail_;
    auth::Auth& auth_;
    const auth::FirstOwners owners_;
};

void add_routes(http::Router& router, Companies& companies);

}  // namespace mobilytics::companies
