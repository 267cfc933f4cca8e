#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "platform/http/version.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/people.hpp"
#include "src/auth/recoveries.hpp"
#include "src/auth/staff_members.hpp"

// URLs by which staff look after people and each other, and those of the letter with a way back.
namespace mobilytics::auth {

namespace {

struct PersonSearchIn {
    std::string email;

    static constexpr json::Field about[] = {{.name = "email", .description = "Whole: there is no browsing."}};
};

struct PersonCompanyOut {
    CompanyId id;
    std::string name;
    Role role = Role::viewer;
    bool suspended = false;

    static constexpr json::Field about[] = {{.name = "suspended", .description = "The company is."}};
};

struct PersonOut {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    bool email_verified = false;
    clock::Instant created_at;
    std::optional<clock::Instant> disabled_at;
    std::optional<StaffRole> staff_role;
    bool authenticator_app = false;
    std::int64_t passkeys = 0;
    std::int64_t recovery_codes = 0;
    std::int64_t sessions = 0;
    std::optional<clock::Instant> recovery_until;
    std::vector<PersonCompanyOut> companies;

    static constexpr json::Field about[] = {
        {.name = "email_verified", .description = "Whether a letter sent to the address was answered."},
        {.name = "recovery_codes", .description = "That are left."},
        {.name = "sessions", .description = "That go on."},
        {.name = "recovery_until", .description = "A letter with a way back is good until then."}};
};

struct ReasonIn {
    std::string reason;

    static constexpr json::Field about[] = {
        {.name = "reason", .description = "Why, in a line: for the audit.", .min_length = 1, .max_length = 300}};
};

struct RecoveryOut {
    int valid_hours = static_cast<int>(recovery_span.count());

    static constexpr json::Field about[] = {
        {.name = "valid_hours", .description = "How long the letter's link is good."}};
};

struct RecoverIn {
    std::string token;
    std::string password;

    static constexpr json::Field about[] = {{.name = "token", .description = "From the letter's link."},
                                            {.name = "password", .description = "The account's."}};
};

struct RecoveryTokenIn {
    std::string token;

    static constexpr json::Field about[] = {{.name = "token", .description = "From the letter's link."}};
};

struct StaffIn {
    UserId user_id;
    StaffRole role = StaffRole::support;

    static constexpr json::Field about[] = {
        {.name = "user_id", .description = "Of somebody who has an account, and whose address was confirmed."}};
};

struct ChangedStaffIn {
    StaffRole role = StaffRole::support;
};

struct StaffOut {
    UserId user_id;
    std::string email;
    std::string name;
    StaffRole role = StaffRole::support;
    clock::Instant created_at;
    bool disabled = false;
    bool second_factor = false;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "created_at", .description = "When the account was made."},
        {.name = "second_factor", .description = "Whether they sign in with an authenticator app or a passkey too."},
        http::version_field};
};

struct StaffKeyOut {
    ApiKeyId id;
    UserId user_id;
    std::string user_name;
    std::string name;
    clock::Instant created_at;
    clock::Instant expires_at;
    std::optional<clock::Instant> revoked_at;

    static constexpr json::Field about[] = {{.name = "user_name", .description = "Whom the key acts as."}};
};

PersonOut to_out(KnownPerson person) {
    PersonOut out{.id = person.id,
                  .email = std::move(person.email),
                  .name = std::move(person.name),
                  .locale = std::move(person.locale),
                  .email_verified = person.email_verified,
                  .created_at = person.created_at,
                  .disabled_at = person.disabled_at,
                  .staff_role = person.staff,
                  .authenticator_app = person.has_app,
                  .passkeys = person.passkeys,
                  .recovery_codes = person.recovery_codes,
                  .sessions = person.sessions,
                  .recovery_until = person.recovery_until,
                  .companies = {}};
    for (auto& company : person.companies)
        out.companies.push_back({company.id, std::move(company.name), company.role, company.suspended});
    return out;
}

StaffOut to_out(const StaffMember& member) {
    return {member.id,         member.email,    member.name,       member.role,
            member.created_at, member.disabled, member.has_factor, version_of(member)};
}

StaffKeyOut to_out(const StaffKey& key) {
    return {key.id, key.user, key.person, key.name, key.created_at, key.expires_at, key.revoked_at};
}

void add_key_routes(http::Group& group, StaffMembers& staff) {
    group.get("/v1/staff-keys",
              {.id = "staff_keys.list",
               .summary = "Keys of staff's own programs, newest first",
               .description = "One's own; everybody's with staff.manage."},
              [&staff](StaffMay<StaffPermission::staff_keys_own> actor,
                       http::Paging paging) -> Task<http::Page<StaffKeyOut>> {
                  auto found = co_await staff.keys(actor, paging.after_one<ApiKeyId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](const StaffKey& key) { return to_out(key); },
                      [](const StaffKey& key) { return http::encode_cursor(key.id); });
              });
    group.remove(
        "/v1/staff-keys/{id}",
        {.id = "staff_keys.revoke",
         .summary = "Revoke a key of staff",
         .description = "One's own; anybody's with staff.manage."},
        [&staff](ConfirmedStaffMay<StaffPermission::staff_keys_own> actor, ApiKeyId id) -> Task<http::NoContent> {
            co_await staff.revoke_key(actor, id);
            co_return http::NoContent{};
        });
}

}  // namespace

void add_routes(http::Router& router, People& people) {
    auto group = router.group("auth");
    group.post(
        "/v1/people/find",
        {.id = "people.find",
         .summary = "Find somebody by their address",
         .description = "Leaves an event in the audit, as people.get does."},
        [&people](StaffMay<StaffPermission::people_read> actor, http::Body<PersonSearchIn> body) -> Task<PersonOut> {
            auto person = co_await people.find(actor, body->email);
            co_return to_out(std::move(person));
        });
    group.get("/v1/people/{id}", {.id = "people.get", .summary = "Somebody's account"},
              [&people](StaffMay<StaffPermission::people_read> actor, UserId id) -> Task<PersonOut> {
                  auto person = co_await people.see(actor, id);
                  co_return to_out(std::move(person));
              });
    group.post("/v1/people/{id}/disable",
               {.id = "people.disable",
                .summary = "Keep somebody out",
                .description = "Ends their sessions and revokes API keys they made. Needs a confirmed session."},
               [&people](ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id,
                         http::Body<ReasonIn> body) -> Task<PersonOut> {
                   auto person = co_await people.disable(actor, id, body->reason);
                   co_return to_out(std::move(person));
               });
    group.post("/v1/people/{id}/enable",
               {.id = "people.enable",
                .summary = "Let somebody in again",
                .description = "Keys that were revoked stay so. Needs a confirmed session."},
               [&people](ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id) -> Task<PersonOut> {
                   auto person = co_await people.enable(actor, id);
                   co_return to_out(std::move(person));
               });
    group.remove(
        "/v1/people/{id}/sessions",
        {.id = "people.end_sessions",
         .summary = "End all of somebody's sessions",
         .description = "Needs a confirmed session."},
        [&people](ConfirmedStaffMay<StaffPermission::people_manage> actor, UserId id) -> Task<http::NoContent> {
            co_await people.end_sessions(actor, id);
            co_return http::NoContent{};
        });
}

void add_routes(http::Router& router, StaffMembers& staff) {
    auto group = router.group("auth");
    group.get(
        "/v1/staff", {.id = "staff.list", .summary = "Mobilytics' own staff"},
        [&staff](StaffMay<StaffPermission::staff_manage> actor, http::Paging paging) -> Task<http::Page<StaffOut>> {
            auto found = co_await staff.list(actor, paging.after_one<UserId>(), http::rows_wanted(paging));
            co_return http::page_of(
                paging, std::move(found), [](const StaffMember& member) { return to_out(member); },
                [](const StaffMember& member) { return http::encode_cursor(member.id); });
        });
    group.post("/v1/staff",
               {.id = "staff.add", .summary = "Make somebody staff", .description = "Needs a confirmed session."},
               [&staff](ConfirmedStaffMay<StaffPermission::staff_manage> actor,
                        http::Body<StaffIn> body) -> Task<http::Created<StaffOut>> {
                   auto made = co_await staff.add(actor, body->user_id, body->role);
                   co_return http::Created<StaffOut>{to_out(made), ""};
               });
    group.patch("/v1/staff/{user_id}",
                {.id = "staff.change_role",
                 .summary = "Change the role of a member of staff",
                 .description = "Needs a confirmed session."},
                [&staff](ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId user, http::IfMatch seen,
                         http::Body<ChangedStaffIn> body) -> Task<http::Tagged<StaffOut>> {
                    auto member = co_await staff.change_role(actor, user, body->role, http::expecting(seen));
                    co_return http::tagged(to_out(member));
                });
    group.remove("/v1/staff/{user_id}",
                 {.id = "staff.remove",
                  .summary = "Somebody is staff no longer",
                  .description = "Ends their sessions and revokes their staff keys. Needs a confirmed session."},
                 [&staff](ConfirmedStaffMay<StaffPermission::staff_manage> actor, UserId user,
                          http::IfMatch seen) -> Task<http::NoContent> {
                     co_await staff.remove(actor, user, http::expecting(seen));
                     co_return http::NoContent{};
                 });
    add_key_routes(group, staff);
}

void add_routes(http::Router& router, Recoveries& recoveries) {
    auto group = router.group("auth");
    group.post("/v1/people/{id}/recovery",
               {.id = "people.begin_recovery",
                .summary = "Begin a way back for somebody who lost phone and recovery codes",
                .description = "Sends a letter to their address. Nothing is taken away before its link and their "
                               "password were shown. Needs a confirmed session."},
               [&recoveries](ConfirmedStaffMay<StaffPermission::people_recover> actor, UserId id,
                             http::Body<ReasonIn> body) -> Task<http::Accepted<RecoveryOut>> {
                   co_await recoveries.begin(actor, id, body->reason);
                   co_return http::Accepted<RecoveryOut>{};
               });
    group.post("/v1/recoveries/complete",
               {.id = "recoveries.complete",
                .summary = "Take one's lost factors away, by a letter's link and the password",
                .description = "App, passkeys and recovery codes go, and all sessions end. Signs nobody in."},
               [&recoveries](http::Request& request, http::Body<RecoverIn> body) -> Task<http::NoContent> {
                   refuse_cross_site(request);
                   co_await recoveries.complete(body->token, body->password, anyone(request));
                   co_return http::NoContent{};
               });
    group.post("/v1/recoveries/stop", {.id = "recoveries.stop", .summary = "Stop a way back that one did not ask for"},
               [&recoveries](http::Request& request, http::Body<RecoveryTokenIn> body) -> Task<http::NoContent> {
                   refuse_cross_site(request);
                   co_await recoveries.stop(body->token, anyone(request));
                   co_return http::NoContent{};
               });
}

}  // namespace mobilytics::auth
