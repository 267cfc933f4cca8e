#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/passkey_json.hpp"

// URLs of auth: sessions, API keys, members.
namespace mobilytics::auth {

namespace {

struct SessionIn {
    std::optional<std::string> email;
    std::optional<std::string> password;
    std::optional<std::string> code;
    std::optional<AssertedPasskeyIn> passkey;

    static constexpr json::Field about[] = {
        {.name = "code",
         .description = "Of the authenticator app, or a recovery code: where the password alone is answered with "
                        "auth.second_factor_required."},
        {.name = "passkey",
         .description = "What the browser gave for passkeys.challenge: in the place of address and password, or "
                        "beside them in the place of a code."}};
};

struct EnterIn {
    CompanyId company_id;
};

struct SessionUserOut {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    bool email_verified = false;

    static constexpr json::Field about[] = {
        {.name = "email_verified", .description = "Whether a letter sent to the address was answered."}};
};

struct SessionCompanyOut {
    CompanyId id;
    std::string name;
    std::string zone;
    std::string country;
    std::string logo_text;

    static constexpr json::Field about[] = {{.name = "logo_text", .description = "Up to two letters."}};
};

struct EntranceOut {
    CompanyId id;
    std::string name;
    Role role = Role::viewer;
};

struct SessionOut {
    SessionId id;
    SessionUserOut user;
    bool staff = false;
    std::optional<Role> role = {};
    std::optional<SessionCompanyOut> company = {};
    std::vector<EntranceOut> companies = {};
    std::vector<std::string> permissions = {};
    bool second_factor_missing = false;
    std::string csrf_token;
    clock::Instant expires_at;
    std::optional<clock::Instant> confirmed_until = {};

    static constexpr json::Field about[] = {
        {.name = "company", .description = "The company entered; null for staff who belong to none."},
        {.name = "companies", .description = "Companies that the person may enter."},
        {.name = "permissions",
         .description = "What the role may do; empty while the company is suspended, or a second factor is missing."},
        {.name = "second_factor_missing",
         .description = "The company entered asks its members for a second factor, and the person has none yet."},
        {.name = "csrf_token", .description = "Goes into X-Csrf-Token of every request that changes something."},
        {.name = "expires_at", .description = "The session ends then, or after 12 hours without a request."},
        {.name = "confirmed_until",
         .description =
             "Until then what guards the account may be changed without the password; see sessions.confirm."},
    };
};

struct MemberOut {
    UserId user_id;
    std::string email;
    std::string name;
    Role role = Role::viewer;
    clock::Instant created_at;
    bool second_factor = false;

    static constexpr json::Field about[] = {
        {.name = "second_factor", .description = "Whether they sign in with an authenticator app or a passkey too."}};
};

SessionOut to_out(const SessionView& session) {
    SessionOut out{.id = session.id,
                   .user = {session.user.id, session.user.email, session.user.name, session.user.locale,
                            session.user.email_verified},
                   .staff = session.user.staff,
                   .second_factor_missing = session.factor_missing,
                   .csrf_token = session.csrf_token,
                   .expires_at = session.expires_at,
                   .confirmed_until = session.confirmed_until};
    if (session.company) {
        const auto& [card, role] = *session.company;
        out.role = role;
        out.company = SessionCompanyOut{card.id, card.name, card.zone, card.country, card.logo_text};
    }
    for (const auto& [card, role] : session.companies) out.companies.push_back({card.id, card.name, role});
    for (Permission permission : session.permissions) out.permissions.emplace_back(to_string(permission));
    return out;
}

MemberOut to_out(const Member& member) {
    return {member.user, member.email, member.name, member.role, member.created_at, member.has_factor};
}

void add_session_routes(http::Group& group, Auth& auth) {
    group.post("/v1/sessions",
               {.id = "sessions.create", .summary = "Sign in", .description = "Sets the session cookie."},
               [&auth](http::Request& request, http::Body<SessionIn> body) -> Task<http::Created<SessionOut>> {
                   refuse_cross_site(request);
                   SignIn attempt{.email = body->email,
                                  .password = body->password,
                                  .code = body->code,
                                  .passkey = shown_passkey(body->passkey, "/passkey"),
                                  .address = request.peer,
                                  .user_agent = std::string{request.header("User-Agent").value_or("")},
                                  .origin = std::make_shared<const trail::By>(anyone(request))};
                   if (auto token = request.cookie(session_cookie)) attempt.replaced_token = std::string{*token};
                   SignedIn signed_in = co_await auth.sign_in(std::move(attempt));
                   request.answer_headers.add("Set-Cookie", session_cookie_line(signed_in.token));
                   co_return http::Created<SessionOut>{to_out(signed_in.session), "/v1/sessions/current"};
               });
    group.get("/v1/sessions/current", {.id = "sessions.current", .summary = "Who is signed in"},
              [&auth](Person actor) -> Task<SessionOut> {
                  auto session = co_await auth.session(actor);
                  co_return to_out(session);
              });
    group.remove("/v1/sessions/current", {.id = "sessions.end", .summary = "Sign out"},
                 [&auth](Person actor, http::Request& request) -> Task<http::NoContent> {
                     co_await auth.sign_out(actor);
                     request.answer_headers.add("Set-Cookie", session_cookie_line(""));
                     // Tiles and tagged answers stay in the browser's cache otherwise.
                     request.answer_headers.set("Clear-Site-Data", "\"cache\"");
                     co_return http::NoContent{};
                 });
    group.post("/v1/sessions/current/company",
               {.id = "sessions.enter_company", .summary = "Go on in another of the person's companies"},
               [&auth](Person actor, http::Body<EnterIn> body) -> Task<SessionOut> {
                   auto session = co_await auth.enter(actor, body->company_id);
                   co_return to_out(session);
               });
}

void add_member_routes(http::Group& group, Auth& auth) {
    group.get("/v1/members", {.id = "members.list", .summary = "Members of the company"},
              [&auth](May<Permission::members_read> actor, http::Paging paging) -> Task<http::Page<MemberOut>> {
                  auto members = co_await auth.members(actor, paging.after_one<UserId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(members), [](const Member& member) { return to_out(member); },
                      [](const Member& member) { return http::encode_cursor(member.user); });
              });
}

}  // namespace

void add_routes(http::Router& router, Auth& auth) {
    auto group = router.group("auth");
    add_session_routes(group, auth);
    add_member_routes(group, auth);
}

}  // namespace mobilytics::auth
