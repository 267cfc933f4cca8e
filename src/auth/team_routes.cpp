#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "platform/http/version.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/invitations.hpp"
#include "src/auth/memberships.hpp"

// URLs of a company's people: invitations, members' roles, and what roles may do.
namespace mobilytics::auth {

namespace {

enum class InvitationState { open, expired };

struct InvitationIn {
    std::string email;
    Role role = Role::viewer;
    std::optional<std::string> locale;

    static constexpr json::Field about[] = {
        {.name = "locale", .description = "Of the letter and of a new account: en-CA (default) or fr-CA."}};
};

struct InvitationOut {
    InvitationId id;
    std::string email;
    Role role = Role::viewer;
    std::string locale;
    InvitationState state = InvitationState::open;
    std::optional<std::string> invited_by = {};
    clock::Instant created_at;
    clock::Instant expires_at;
    std::optional<clock::Instant> sent_at = {};

    static constexpr json::Field about[] = {
        {.name = "invited_by", .description = "A person's name; null when an API key did it."},
        {.name = "sent_at", .description = "When the last letter went; null while it is on its way."},
    };
};

struct InvitationTokenIn {
    std::string token;

    static constexpr json::Field about[] = {{.name = "token", .description = "From the letter's link."}};
};

struct OfferCompanyOut {
    CompanyId id;
    std::string name;
};

struct OfferOut {
    OfferCompanyOut company;
    std::string email;
    Role role = Role::viewer;
    std::optional<std::string> invited_by = {};
    clock::Instant expires_at;
    bool has_account = false;

    static constexpr json::Field about[] = {
        {.name = "has_account", .description = "Whether the address has an account: then its password is asked."}};
};

struct AcceptIn {
    std::string token;
    std::optional<std::string> name;
    std::string password;

    static constexpr json::Field about[] = {
        {.name = "name", .description = "Of a new person; not looked at when the address has an account."},
        {.name = "password", .description = "A new one of 12 to 256 characters, or the account's."},
    };
};

struct JoinedOut {
    UserId user_id;
    std::string email;
    OfferCompanyOut company;
    Role role = Role::viewer;
};

struct RoleIn {
    Role role = Role::viewer;
};

struct ChangedMemberOut {
    UserId user_id;
    std::string email;
    std::string name;
    Role role = Role::viewer;
    clock::Instant created_at;
    std::string version;

    static constexpr json::Field about[] = {http::version_field};
};

constexpr json::Field factor_rule{
    .name = "second_factor_required",
    .description =
        "Whether members must have an authenticator app or a passkey. Who has none may do nothing in the "
        "company until they add one; API keys are not touched."};

struct AccessRulesIn {
    bool second_factor_required = false;

    static constexpr json::Field about[] = {factor_rule};
};

struct AccessRulesOut {
    bool second_factor_required = false;
    std::string version;

    static constexpr json::Field about[] = {factor_rule, http::version_field};
};

struct RoleOut {
    Role role = Role::viewer;
    std::vector<std::string> permissions;
};

struct PermissionOut {
    std::string permission;
    std::string sentence;

    static constexpr json::Field about[] = {{.name = "sentence", .description = "What its holder may do."}};
};

struct StaffRoleOut {
    StaffRole role = StaffRole::support;
    std::vector<std::string> permissions;
};

struct StaffRolesOut {
    std::vector<StaffRoleOut> roles;
    std::vector<PermissionOut> permissions;
};

struct RolesOut {
    std::vector<RoleOut> roles;
    std::vector<PermissionOut> permissions;
    std::optional<StaffRolesOut> staff = {};

    static constexpr json::Field about[] = {
        {.name = "staff", .description = "Of Mobilytics' own staff; shown to them alone."}};
};

InvitationOut to_out(const Invitation& invitation, clock::Instant now) {
    return {.id = invitation.id,
            .email = invitation.email,
            .role = invitation.role,
            .locale = invitation.locale,
            .state = now < invitation.expires_at ? InvitationState::open : InvitationState::expired,
            .invited_by = invitation.inviter,
            .created_at = invitation.created_at,
            .expires_at = invitation.expires_at,
            .sent_at = invitation.sent_at};
}

OfferOut to_out(const Offer& offer) {
    const Invitation& invitation = offer.invitation;
    return {.company = {offer.company.id, offer.company.name},
            .email = invitation.email,
            .role = invitation.role,
            .invited_by = invitation.inviter,
            .expires_at = invitation.expires_at,
            .has_account = offer.has_account};
}

JoinedOut to_out(const Joined& joined) {
    return {joined.user, joined.email, {joined.company.id, joined.company.name}, joined.role};
}

ChangedMemberOut to_out(const Member& member) {
    return {member.user, member.email, member.name, member.role, member.created_at, version_of(member)};
}

AccessRulesOut rules_out(bool asks_factor) { return {asks_factor, version_of_rules(asks_factor)}; }

StaffRolesOut staff_catalogue() {
    StaffRolesOut out;
    for (const StaffRole role : all_staff_roles()) {
        StaffRoleOut one{.role = role, .permissions = {}};
        for (const StaffPermission permission : permissions_of(role))
            one.permissions.emplace_back(to_string(permission));
        out.roles.push_back(std::move(one));
    }
    for (const StaffPermission permission : all_staff_permissions())
        out.permissions.push_back({std::string{to_string(permission)}, std::string{sentence_of(permission)}});
    return out;
}

RolesOut catalogue(bool for_staff) {
    RolesOut out;
    if (for_staff) out.staff = staff_catalogue();
    for (const Role role : all_roles()) {
        RoleOut one{.role = role, .permissions = {}};
        for (const Permission permission : all_permissions())
            if (allows(role, permission)) one.permissions.emplace_back(to_string(permission));
        out.roles.push_back(std::move(one));
    }
    for (const Permission permission : all_permissions())
        out.permissions.push_back({std::string{to_string(permission)}, std::string{sentence_of(permission)}});
    return out;
}

void add_letter_routes(http::Group& group, Invitations& invitations) {
    group.post("/v1/invitations/preview", {.id = "invitations.preview", .summary = "What a letter's link invites to"},
               [&invitations](http::Request& request, http::Body<InvitationTokenIn> body) -> Task<OfferOut> {
                   refuse_cross_site(request);
                   auto offer = co_await invitations.look_at(body->token);
                   co_return to_out(offer);
               });
    group.post("/v1/invitations/accept",
               {.id = "invitations.accept",
                .summary = "Join by a letter's link",
                .description = "Makes an account, or takes the one that the address has. Signs nobody in."},
               [&invitations](http::Request& request, http::Body<AcceptIn> body) -> Task<JoinedOut> {
                   refuse_cross_site(request);
                   Acceptance acceptance{.token = body->token,
                                         .name = body->name.value_or(""),
                                         .password = body->password,
                                         .address = request.peer};
                   auto joined = co_await invitations.accept(std::move(acceptance), anyone(request));
                   co_return to_out(joined);
               });
    group.post("/v1/invitations/join",
               {.id = "invitations.join", .summary = "Join by a letter's link, signed in with the invited address"},
               [&invitations](Person actor, http::Body<InvitationTokenIn> body) -> Task<JoinedOut> {
                   auto joined = co_await invitations.join(actor, body->token);
                   co_return to_out(joined);
               });
}

}  // namespace

void add_routes(http::Router& router, Invitations& invitations) {
    auto group = router.group("auth");
    group.get(
        "/v1/invitations", {.id = "invitations.list", .summary = "Invitations nobody has answered, newest first"},
        [&invitations](May<Permission::members_read> actor, http::Paging paging) -> Task<http::Page<InvitationOut>> {
            auto found = co_await invitations.list(actor, paging.after_one<InvitationId>(), http::rows_wanted(paging));
            const auto now = invitations.now();
            co_return http::page_of(
                paging, std::move(found), [now](const Invitation& invitation) { return to_out(invitation, now); },
                [](const Invitation& invitation) { return http::encode_cursor(invitation.id); });
        });
    group.post("/v1/invitations",
               {.id = "invitations.create",
                .summary = "Invite somebody",
                .description = "Sends a letter whose link is good for seven days and works once."},
               [&invitations](May<Permission::members_manage> actor,
                              http::Body<InvitationIn> body) -> Task<http::Created<InvitationOut>> {
                   NewInvitation wanted{body->email, body->role, body->locale.value_or(std::string{default_locale})};
                   auto made = co_await invitations.invite(actor, std::move(wanted));
                   co_return http::Created<InvitationOut>{to_out(made, invitations.now()), ""};
               });
    group.post("/v1/invitations/{id}/resend",
               {.id = "invitations.resend", .summary = "Send another letter; the link before is good no more"},
               [&invitations](May<Permission::members_manage> actor, InvitationId id) -> Task<InvitationOut> {
                   auto invitation = co_await invitations.send_again(actor, id);
                   co_return to_out(invitation, invitations.now());
               });
    group.remove("/v1/invitations/{id}", {.id = "invitations.withdraw", .summary = "Withdraw an invitation"},
                 [&invitations](May<Permission::members_manage> actor, InvitationId id) -> Task<http::NoContent> {
                     co_await invitations.withdraw(actor, id);
                     co_return http::NoContent{};
                 });
    add_letter_routes(group, invitations);
}

void add_routes(http::Router& router, Memberships& memberships) {
    auto group = router.group("auth");
    group.patch("/v1/members/{user_id}", {.id = "members.change_role", .summary = "Change a member's role"},
                [&memberships](May<Permission::members_manage> actor, UserId user, http::IfMatch seen,
                               http::Body<RoleIn> body) -> Task<http::Tagged<ChangedMemberOut>> {
                    auto member = co_await memberships.change_role(actor, user, body->role, http::expecting(seen));
                    co_return http::tagged(to_out(member));
                });
    group.remove("/v1/members/{user_id}",
                 {.id = "members.remove",
                  .summary = "Remove a member",
                  .description = "Ends their sessions in the company and revokes API keys they made for it."},
                 [&memberships](May<Permission::members_manage> actor, UserId user,
                                http::IfMatch seen) -> Task<http::NoContent> {
                     co_await memberships.remove(actor, user, http::expecting(seen));
                     co_return http::NoContent{};
                 });
    group.get("/v1/access-rules", {.id = "access_rules.get", .summary = "What the company asks of those who sign in"},
              [&memberships](May<Permission::members_read> actor) -> Task<http::Tagged<AccessRulesOut>> {
                  co_return http::tagged(rules_out(co_await memberships.asks_factor(actor)));
              });
    group.put("/v1/access-rules",
              {.id = "access_rules.set",
               .summary = "Ask members for a second factor, or no longer",
               .description = "Bites at each member's next request. Who asks it of others must have one."},
              [&memberships](May<Permission::members_manage> actor, http::IfMatch seen,
                             http::Body<AccessRulesIn> body) -> Task<http::Tagged<AccessRulesOut>> {
                  co_await memberships.ask_factor(actor, body->second_factor_required, http::expecting(seen));
                  co_return http::tagged(rules_out(body->second_factor_required));
              });
    group.get("/v1/roles", {.id = "roles.list", .summary = "Roles, and what each permission lets its holder do"},
              [](StaffOrMay<Permission::company_read, StaffPermission::roles_read> actor) -> Task<RolesOut> {
                  co_return catalogue(actor.staff.has_value());
              });
}

}  // namespace mobilytics::auth
