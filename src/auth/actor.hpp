#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "src/auth/ids.hpp"
#include "src/auth/staff_permissions.hpp"

// Who calls, as parameter types: a handler that takes auth::May<Permission::campaigns_edit> cannot be reached by
// anybody else. Values only; how they are made from a request is in authentication.hpp.
namespace mobilytics::http {
class Request;
struct Operation;
using OperationDoc = Operation;
}  // namespace mobilytics::http
namespace mobilytics::trail {
struct By;
}

namespace mobilytics::auth {

// What the trail of events notes of a request beyond who calls: address, session, request id. Kept by actors whose
// request changes something; without it an event still says who.
using Origin = std::shared_ptr<const trail::By>;

enum class Role { owner, manager, analyst, viewer, installer, billing };

std::span<const Role> all_roles();

std::string_view to_string(Role role);
std::optional<Role> role_from(std::string_view text);

// The catalogue: every operation names one of these; which role may what is in permissions.cpp.
enum class Permission {
    company_read,
    company_edit,
    members_read,
    members_manage,
    api_keys_manage,
    assets_read,
    assets_edit,
    devices_read,
    devices_edit,
    campaigns_read,
    campaigns_edit,
    analytics_read,
    ingest_write,
    audit_read,
    webhooks_read,
    webhooks_manage,
};

std::string_view to_string(Permission permission);    // "campaigns.edit"
std::string_view sentence_of(Permission permission);  // what its holder may do
std::optional<Permission> permission_from(std::string_view text);
std::span<const Permission> all_permissions();
bool allows(Role role, Permission permission);

// A person or program acting for one company. `user` is absent for an API key, `key` for a person.
struct Company {
    CompanyId company;
    Role role = Role::viewer;
    std::optional<UserId> user = {};
    std::optional<ApiKeyId> key = {};
    Origin origin = {};

    trail::By who() const;

    // Refuses with 401 auth.not_signed_in, or 403 auth.no_company, auth.company_suspended, auth.second_factor_missing,
    // auth.not_permitted, auth.out_of_scope.
    static Company with(Permission permission, const http::Request& request);
    static void describe(Permission permission, http::OperationDoc& doc);
};

// A company actor that holds the permission; refused with 401 or 403 before the handler runs.
template <Permission P>
struct May : Company {
    static May from(const http::Request& request) { return May{Company::with(P, request)}; }
    static void describe(http::OperationDoc& doc) { Company::describe(P, doc); }
};

// Somebody who has not shown who they are: signing in, accepting an invitation.
trail::By anyone(const http::Request& request);

// A member of Mobilytics' own staff: companies, device models. Never acts inside a company's data.
struct Staff {
    UserId user;
    StaffRole role = StaffRole::support;
    Origin origin = {};

    trail::By who() const;

    // For what takes one permission more than the operation names. 403 auth.not_permitted.
    void require(StaffPermission permission) const;

    // Refuses with 401 auth.not_signed_in, or 403 auth.staff_only, auth.second_factor_missing, auth.not_permitted.
    static Staff with(StaffPermission permission, const http::Request& request);
    // The same, of somebody who showed the password a short while ago: a person, no key. 403 auth.not_confirmed.
    static Staff confirmed_with(StaffPermission permission, const http::Request& request);
    static void describe(StaffPermission permission, http::OperationDoc& doc);
    static void describe_confirmed(StaffPermission permission, http::OperationDoc& doc);
};

// Staff who hold the permission; refused with 401 or 403 before the handler runs.
template <StaffPermission P>
struct StaffMay : Staff {
    static StaffMay from(const http::Request& request) { return StaffMay{Staff::with(P, request)}; }
    static void describe(http::OperationDoc& doc) { Staff::describe(P, doc); }
};

// For what changes who may get in.
template <StaffPermission P>
struct ConfirmedStaffMay : StaffMay<P> {
    static ConfirmedStaffMay from(const http::Request& request) {
        return ConfirmedStaffMay{StaffMay<P>{Staff::confirmed_with(P, request)}};
    }
    static void describe(http::OperationDoc& doc) { Staff::describe_confirmed(P, doc); }
};

// For the few operations that both have: staff, who act above the companies, or a company actor with the permission.
struct StaffOrCompany {
    std::optional<Staff> staff;
    std::optional<Company> company = {};

    trail::By who() const;

    static StaffOrCompany with(Permission permission, StaffPermission of_staff, const http::Request& request);
    static void describe(Permission permission, StaffPermission of_staff, http::OperationDoc& doc);

    // May it touch this company at all? Another company's member may not even learn that it exists.
    bool reaches(CompanyId id) const { return staff || (company && company->company == id); }
};

template <Permission P, StaffPermission S>
struct StaffOrMay : StaffOrCompany {
    static StaffOrMay from(const http::Request& request) { return StaffOrMay{StaffOrCompany::with(P, S, request)}; }
    static void describe(http::OperationDoc& doc) { StaffOrCompany::describe(P, S, doc); }
};

// Anyone with a session, also one that a company's own provider opened: for looking at it, acting in its company and
// ending it. A company chooses its provider, which may say of anybody that they are at the door: so such a session is
// bound to that company, and nothing of the account is within its reach.
struct SessionHolder {
    UserId user;
    SessionId session;
    bool staff = false;
    std::optional<CompanyId> company = {};
    bool bound = false;
    Origin origin = {};

    trail::By who() const;

    static SessionHolder from(const http::Request& request);
    static void describe(http::OperationDoc& doc);
};

// Anyone who showed us who they are, staff or company: what belongs to the account. Refuses a bound session with 403
// auth.opened_by_provider.
struct Person : SessionHolder {
    static Person from(const http::Request& request);
};

// A person who showed the password a short while ago (confirmation_span): for what guards the account itself. Refused
// with 403 auth.not_confirmed.
struct Confirmed : Person {
    static Confirmed from(const http::Request& request);
};

}  // namespace mobilytics::auth
