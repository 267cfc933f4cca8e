#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "platform/http/version.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/memberships.hpp"
#include "src/auth/passkey_json.hpp"
#include "src/auth/session_json.hpp"
#include "src/auth/sign_in_tally.hpp"

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

struct MemberOut {
    UserId user_id;
    std::string email;
    std::string name;
    Role role = Role::viewer;
    clock::Instant created_at;
    bool second_factor = false;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "second_factor", .description = "Whether they sign in with an authenticator app or a passkey too."},
        http::version_field};
};

MemberOut to_out(const Member& member) {
    return {member.user,       member.email,      member.name,       member.role,
            member.created_at, member.has_factor, version_of(member)};
}

void add_session_routes(http::Group& group, Auth& auth, SignInTally by_password, SignInTally by_passkey) {
    group.post("/v1/sessions",
               {.id = "sessions.create", .summary = "Sign in", .description = "Sets the session cookie."},
               [&auth, by_password, by_passkey](http::Request& request,
                                                http::Body<SessionIn> body) -> Task<http::Created<SessionOut>> {
                   refuse_cross_site(request);
                   SignIn attempt{.email = body->email,
                                  .password = body->password,
                                  .code = body->code,
                                  .passkey = shown_passkey(body->passkey, "/passkey"),
                                  .address = request.peer,
                                  .user_agent = std::string{request.header("User-Agent").value_or("")},
                                  .origin = std::make_shared<const trail::By>(anyone(request))};
                   if (auto token = request.cookie(session_cookie)) attempt.replaced_token = std::string{*token};
                   const SignInTally& tally = attempt.email || !attempt.passkey ? by_password : by_passkey;
                   SignedIn signed_in = co_await tally.counted(auth.sign_in(std::move(attempt)));
                   request.answer_headers.add("Set-Cookie", session_cookie_line(signed_in.token));
                   co_return http::Created<SessionOut>{to_out(signed_in.session), "/v1/sessions/current"};
               });
    group.get("/v1/sessions/current", {.id = "sessions.current", .summary = "Who is signed in"},
              [&auth](SessionHolder actor) -> Task<SessionOut> {
                  auto session = co_await auth.session(actor);
                  co_return to_out(session);
              });
    group.remove("/v1/sessions/current", {.id = "sessions.end", .summary = "Sign out"},
                 [&auth](SessionHolder actor, http::Request& request) -> Task<http::NoContent> {
                     co_await auth.sign_out(actor);
                     request.answer_headers.add("Set-Cookie", session_cookie_line(""));
                     // Tiles and tagged answers stay in the browser's cache otherwise.
                     request.answer_headers.set("Clear-Site-Data", "\"cache\"");
                     co_return http::NoContent{};
                 });
    group.post("/v1/sessions/current/company",
               {.id = "sessions.enter_company", .summary = "Go on in another of the person's companies"},
               [&auth](SessionHolder actor, http::Body<EnterIn> body) -> Task<SessionOut> {
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
    add_session_routes(group, auth, {router, "password"}, {router, "passkey"});
    add_member_routes(group, auth);
}

}  // namespace mobilytics::auth
