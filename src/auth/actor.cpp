#include "src/auth/actor.hpp"

#include <algorithm>
#include <format>

#include "platform/http/operation.hpp"
#include "platform/http/request.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/principal.hpp"
#include "src/auth/proof.hpp"

namespace mobilytics::auth {

namespace {

const Principal& principal_of(const http::Request& request) {
    if (const auto* principal = request.principal<Principal>()) return *principal;
    throw Problem{Kind::unauthenticated, "auth.not_signed_in",
                  "Sign in, or send an API key or a token of it in `Authorization: Bearer`."};
}

trail::By by_key(ApiKeyId key) { return {.kind = "key", .id = key.text(), .method = "key"}; }

trail::By by_person(UserId user, bool staff) {
    return {.kind = staff ? "staff" : "person", .id = user.text(), .method = "session"};
}

trail::By by(const Principal& principal) {
    trail::By by =
        principal.user ? by_person(*principal.user, principal.staff.has_value()) : by_key(principal.key.value());
    by.label = principal.name;
    if (principal.session) by.session = principal.session->text();
    if (principal.bound) by.method = "provider";
    if (principal.key) by.method = principal.by_token ? "token" : "key";
    return by;
}

trail::By from(const http::Request& request, trail::By by) {
    by.address = request.peer;
    by.user_agent = request.header("User-Agent").value_or("");
    by.request_id = request.id;
    by.trace_id = request.trace.trace_id;
    by.sampled = request.trace.sampled;
    return by;
}

// Some reads leave an event too: a secret that is shown, an export.
Origin origin_of(const http::Request& request, const Principal& principal) {
    return std::make_shared<const trail::By>(from(request, by(principal)));
}

Problem not_permitted(std::string_view role, std::string_view permission) {
    return {Kind::forbidden, "auth.not_permitted",
            std::format("The role '{}' does not hold the permission '{}'.", role, permission)};
}

Company company_of(const http::Request& request, const Principal& principal, Permission permission) {
    if (!principal.company)
        throw Problem{Kind::forbidden, "auth.no_company", "This works inside a company, and none is entered."};
    if (principal.company_suspended) throw company_suspended();
    if (principal.factor_missing)
        throw Problem{
            Kind::forbidden, "auth.second_factor_missing",
            "This company asks its members for a second factor, and you have none yet: add an authenticator app "
            "or a passkey to your account."};
    if (!allows(principal.role, permission)) throw not_permitted(to_string(principal.role), to_string(permission));
    if (principal.scopes && !std::ranges::contains(*principal.scopes, permission))
        throw Problem{Kind::forbidden, "auth.out_of_scope",
                      std::format("The scopes of this key or token leave out '{}'.", to_string(permission))};
    return Company{.company = *principal.company,
                   .role = principal.role,
                   .user = principal.user,
                   .key = principal.key,
                   .origin = origin_of(request, principal)};
}

Staff staff_of(const http::Request& request, const Principal& principal, StaffPermission permission) {
    if (!principal.staff || !principal.user)
        throw Problem{Kind::forbidden, "auth.staff_only", "Only Mobilytics' staff may do this."};
    if (principal.staff_factor_missing)
        throw Problem{Kind::forbidden, "auth.second_factor_missing",
                      "Staff sign in with a second factor here, and you have none yet: add an authenticator app or a "
                      "passkey to your account."};
    Staff staff{.user = *principal.user, .role = *principal.staff, .origin = origin_of(request, principal)};
    staff.require(permission);
    return staff;
}

void describe_company_roles(Permission permission, http::OperationDoc& doc) {
    doc.permission = to_string(permission);
    for (Role role : all_roles())
        if (allows(role, permission)) doc.roles.emplace_back(to_string(role));
}

// "staff" stands for whichever of them the other holders name.
void describe_staff_roles(StaffPermission permission, http::OperationDoc& doc) {
    doc.roles.emplace_back("staff");
    doc.other_holders =
        http::OtherHolders{.kind = "staff", .permission = std::string{to_string(permission)}, .roles = {}};
    for (StaffRole role : all_staff_roles())
        if (allows(role, permission)) doc.other_holders->roles.emplace_back(to_string(role));
}

}  // namespace

Company Company::with(Permission permission, const http::Request& request) {
    return company_of(request, principal_of(request), permission);
}

trail::By Company::who() const {
    if (origin) return *origin;
    return user ? by_person(*user, false) : key ? by_key(*key) : trail::By{.kind = "operator"};
}

trail::By Staff::who() const { return origin ? *origin : by_person(user, true); }

trail::By StaffOrCompany::who() const { return staff ? staff->who() : company.value().who(); }

trail::By SessionHolder::who() const { return origin ? *origin : by_person(user, staff); }

trail::By anyone(const http::Request& request) { return from(request, {.kind = "anyone"}); }

void Company::describe(Permission permission, http::OperationDoc& doc) {
    doc.security = {"session", "api_key"};
    describe_company_roles(permission, doc);
}

void Staff::require(StaffPermission permission) const {
    if (!allows(role, permission)) throw not_permitted(to_string(role), to_string(permission));
}

Staff Staff::with(StaffPermission permission, const http::Request& request) {
    return staff_of(request, principal_of(request), permission);
}

Staff Staff::confirmed_with(StaffPermission permission, const http::Request& request) {
    Staff staff = with(permission, request);
    Confirmed::from(request);
    return staff;
}

void Staff::describe(StaffPermission permission, http::OperationDoc& doc) {
    doc.security = {"session", "api_key"};
    describe_staff_roles(permission, doc);
}

void Staff::describe_confirmed(StaffPermission permission, http::OperationDoc& doc) {
    doc.security = {"session"};
    describe_staff_roles(permission, doc);
}

// Staff come first: a member of staff who also belongs to a company acts here with the wider view, if their role has
// it.
StaffOrCompany StaffOrCompany::with(Permission permission, StaffPermission of_staff, const http::Request& request) {
    const Principal& principal = principal_of(request);
    const bool may_as_staff = principal.staff && !principal.staff_factor_missing && allows(*principal.staff, of_staff);
    StaffOrCompany actor;
    if (principal.staff && (may_as_staff || !principal.company))
        actor.staff = staff_of(request, principal, of_staff);
    else
        actor.company = company_of(request, principal, permission);
    return actor;
}

void StaffOrCompany::describe(Permission permission, StaffPermission of_staff, http::OperationDoc& doc) {
    doc.security = {"session", "api_key"};
    describe_company_roles(permission, doc);
    describe_staff_roles(of_staff, doc);
}

SessionHolder SessionHolder::from(const http::Request& request) {
    const Principal& principal = principal_of(request);
    if (!principal.user || !principal.session)
        throw Problem{Kind::forbidden, "auth.person_only", "This belongs to a person's session; an API key has none."};
    return SessionHolder{.user = *principal.user,
                         .session = *principal.session,
                         .staff = principal.staff.has_value(),
                         .company = principal.company,
                         .bound = principal.bound,
                         .origin = origin_of(request, principal)};
}

Person Person::from(const http::Request& request) {
    Person person{SessionHolder::from(request)};
    if (person.bound)
        throw Problem{Kind::forbidden, "auth.opened_by_provider",
                      "Your company's provider opened this session, which is good for the company alone. What belongs "
                      "to your account is open after signing in with its own password or passkey."};
    return person;
}

Confirmed Confirmed::from(const http::Request& request) {
    Confirmed person{Person::from(request)};
    if (!principal_of(request).confirmed)
        throw Problem{Kind::forbidden, "auth.not_confirmed",
                      "Confirm your password first (POST /v1/sessions/current/confirm): this guards the account."};
    return person;
}

void SessionHolder::describe(http::OperationDoc& doc) { doc.security = {"session"}; }

}  // namespace mobilytics::auth
