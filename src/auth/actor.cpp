#include "src/auth/actor.hpp"

#include <format>

#include "platform/http/operation.hpp"
#include "platform/http/request.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/principal.hpp"

namespace mobilytics::auth {

namespace {

const Principal& principal_of(const http::Request& request) {
    if (const auto* principal = request.principal<Principal>()) return *principal;
    throw Problem{Kind::unauthenticated, "auth.not_signed_in",
                  "Sign in, or send an API key in `Authorization: Bearer`."};
}

Company company_of(const Principal& principal, Permission permission) {
    if (!principal.company)
        throw Problem{Kind::forbidden, "auth.no_company", "This works inside a company, and none is entered."};
    if (principal.company_suspended)
        throw Problem{Kind::forbidden, "auth.company_suspended",
                      "This company is suspended. Its data is kept; ask Mobilytics' support."};
    if (!allows(principal.role, permission))
        throw Problem{Kind::forbidden, "auth.not_permitted",
                      std::format("The role '{}' does not hold the permission '{}'.", to_string(principal.role),
                                  to_string(permission))};
    return Company{.company = *principal.company, .role = principal.role, .user = principal.user, .key = principal.key};
}

void describe_company_roles(Permission permission, http::OperationDoc& doc) {
    doc.permission = to_string(permission);
    for (Role role : {Role::owner, Role::manager, Role::analyst, Role::viewer, Role::installer})
        if (allows(role, permission)) doc.roles.emplace_back(to_string(role));
}

}  // namespace

Company Company::with(Permission permission, const http::Request& request) {
    return company_of(principal_of(request), permission);
}

void Company::describe(Permission permission, http::OperationDoc& doc) {
    doc.security = {"session", "api_key"};
    describe_company_roles(permission, doc);
}

Staff Staff::from(const http::Request& request) {
    const Principal& principal = principal_of(request);
    if (!principal.staff || !principal.user)
        throw Problem{Kind::forbidden, "auth.staff_only", "Only Mobilytics' staff may do this."};
    return Staff{*principal.user};
}

void Staff::describe(http::OperationDoc& doc) {
    doc.security = {"session", "api_key"};
    doc.roles = {"staff"};
}

// Staff come first: a member of staff who also belongs to a company acts here with the wider view.
StaffOrCompany StaffOrCompany::with(Permission permission, const http::Request& request) {
    const Principal& principal = principal_of(request);
    StaffOrCompany actor;
    if (principal.staff && principal.user)
        actor.staff = Staff{*principal.user};
    else
        actor.company = company_of(principal, permission);
    return actor;
}

void StaffOrCompany::describe(Permission permission, http::OperationDoc& doc) {
    doc.security = {"session", "api_key"};
    describe_company_roles(permission, doc);
    doc.roles.emplace_back("staff");
}

Person Person::from(const http::Request& request) {
    const Principal& principal = principal_of(request);
    if (!principal.user || !principal.session)
        throw Problem{Kind::forbidden, "auth.person_only", "This belongs to a person's session; an API key has none."};
    return Person{
        .user = *principal.user, .session = *principal.session, .staff = principal.staff, .company = principal.company};
}

void Person::describe(http::OperationDoc& doc) { doc.security = {"session"}; }

}  // namespace mobilytics::auth
