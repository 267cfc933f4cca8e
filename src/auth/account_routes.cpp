#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "src/auth/accounts.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/open_sessions.hpp"
#include "src/auth/passkey_json.hpp"

// URLs of one's own account and sessions, and of links in letters. Those without a session refuse what a page of
// another site sends, as signing in does.
namespace mobilytics::auth {

namespace {

constexpr json::Field password_rule{.name = "password",
                                    .description = "12 to 256 characters, none that is guessed first."};

struct OpenSessionOut {
    SessionId id;
    bool current = false;
    clock::Instant created_at;
    clock::Instant last_seen_at;
    clock::Instant expires_at;
    std::string address;
    std::string user_agent;

    static constexpr json::Field about[] = {
        {.name = "current", .description = "The one that asks."},
        {.name = "last_seen_at", .description = "To the minute."},
        {.name = "address", .description = "Where it was opened from."},
    };
};

struct ConfirmIn {
    std::optional<std::string> password;
    std::optional<std::string> code;
    std::optional<AssertedPasskeyIn> passkey;

    static constexpr json::Field about[] = {
        {.name = "code", .description = "Where a second factor is asked for: as at sessions.create."},
        {.name = "passkey",
         .description = "What the browser gave for passkeys.confirm: in the place of the password, or beside it in "
                        "the place of a code."}};
};

struct AccountPatchIn {
    std::optional<std::string> name;
    std::optional<std::string> locale;

    static constexpr json::Field about[] = {{.name = "locale", .description = "en-CA or fr-CA."}};
};

struct AccountOut {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    bool email_verified = false;
};

struct PasswordChangeIn {
    std::string current_password;
    std::string new_password;
};

struct EmailIn {
    std::string email;
};

struct TokenIn {
    std::string token;

    static constexpr json::Field about[] = {{.name = "token", .description = "From the letter's link."}};
};

struct NewPasswordIn {
    std::string token;
    std::string password;

    static constexpr json::Field about[] = {password_rule};
};

struct SentOut {
    int valid_minutes = 45;

    static constexpr json::Field about[] = {
        {.name = "valid_minutes", .description = "How long a link is good, if a letter was sent."}};
};

struct EmailOut {
    std::string email;
};

void keep_session(http::Request& request, std::string_view token) {
    request.answer_headers.add("Set-Cookie", session_cookie_line(token));
}

OpenSessionOut to_out(const OpenSession& session, SessionId current) {
    return {session.id,         session.id == current, session.created_at, session.last_seen_at,
            session.expires_at, session.address,       session.user_agent};
}

void add_password_routes(http::Group& group, Accounts& accounts) {
    group.post(
        "/v1/account/password",
        {.id = "account.change_password",
         .summary = "Choose another password",
         .description = "Ends all other sessions, and gives this one a new cookie."},
        [&accounts](Person actor, http::Request& request, http::Body<PasswordChangeIn> body) -> Task<http::NoContent> {
            PasswordChange change{body->current_password, body->new_password, request.peer};
            const std::string token = co_await accounts.change_password(actor, std::move(change));
            keep_session(request, token);
            co_return http::NoContent{};
        });
    group.post("/v1/password-resets",
               {.id = "password_resets.ask",
                .summary = "Ask for a letter to choose a new password",
                .description = "Answers alike whether or not somebody has the address."},
               [&accounts](http::Request& request, http::Body<EmailIn> body) -> Task<http::Accepted<SentOut>> {
                   refuse_cross_site(request);
                   co_await accounts.forgot_password(body->email, anyone(request));
                   co_return http::Accepted<SentOut>{};
               });
    group.post("/v1/password-resets/complete",
               {.id = "password_resets.complete",
                .summary = "Choose a new password by a letter's link",
                .description = "Ends all sessions of the person; sign in with the new password."},
               [&accounts](http::Request& request, http::Body<NewPasswordIn> body) -> Task<http::NoContent> {
                   refuse_cross_site(request);
                   co_await accounts.reset_password(body->token, body->password, anyone(request));
                   co_return http::NoContent{};
               });
}

}  // namespace

void add_routes(http::Router& router, OpenSessions& sessions) {
    auto group = router.group("auth");
    group.get("/v1/sessions", {.id = "sessions.list", .summary = "One's own sessions, newest first"},
              [&sessions](SessionHolder actor, http::Paging paging) -> Task<http::Page<OpenSessionOut>> {
                  auto found = co_await sessions.list(actor, paging.after_one<SessionId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found),
                      [&](const OpenSession& session) { return to_out(session, actor.session); },
                      [](const OpenSession& session) { return http::encode_cursor(session.id); });
              });
    group.remove("/v1/sessions", {.id = "sessions.end_others", .summary = "End all of one's other sessions"},
                 [&sessions](SessionHolder actor) -> Task<http::NoContent> {
                     co_await sessions.end_others(actor);
                     co_return http::NoContent{};
                 });
    group.remove("/v1/sessions/{id}", {.id = "sessions.end_one", .summary = "End one of one's own sessions"},
                 [&sessions](SessionHolder actor, http::Request& request, SessionId id) -> Task<http::NoContent> {
                     co_await sessions.end(actor, id);
                     if (id == actor.session) keep_session(request, "");
                     co_return http::NoContent{};
                 });
    group.post(
        "/v1/sessions/current/confirm",
        {.id = "sessions.confirm",
         .summary = "Show the password again, or a passkey",
         .description = "For 15 minutes the session may then change what guards the account. It gets a new cookie."},
        [&sessions](Person actor, http::Request& request, http::Body<ConfirmIn> body) -> Task<http::NoContent> {
            Confirmation shown{body->password, body->code, shown_passkey(body->passkey, "/passkey"), request.peer};
            const std::string token = co_await sessions.confirm(actor, std::move(shown));
            keep_session(request, token);
            co_return http::NoContent{};
        });
}

void add_routes(http::Router& router, Accounts& accounts) {
    auto group = router.group("auth");
    group.patch("/v1/account", {.id = "account.edit", .summary = "Change one's own name and language"},
                [&accounts](Person actor, http::Body<AccountPatchIn> body) -> Task<AccountOut> {
                    ProfilePatch patch{body->name, body->locale};
                    auto user = co_await accounts.edit(actor, std::move(patch));
                    co_return AccountOut{user.id, user.email, user.name, user.locale, user.email_verified};
                });
    group.post("/v1/account/email",
               {.id = "account.change_email",
                .summary = "Use another address, or confirm the one in use",
                .description = "Sends a letter there; the change is made when its link is opened. Needs a confirmed "
                               "session (sessions.confirm, or signed in within 15 minutes)."},
               [&accounts](Confirmed actor, http::Body<EmailIn> body) -> Task<http::Accepted<SentOut>> {
                   co_await accounts.change_email(actor, body->email);
                   co_return http::Accepted<SentOut>{};
               });
    group.post("/v1/account/email/confirm",
               {.id = "account.confirm_email", .summary = "Confirm an address by a letter's link"},
               [&accounts](http::Request& request, http::Body<TokenIn> body) -> Task<EmailOut> {
                   refuse_cross_site(request);
                   auto email = co_await accounts.confirm_email(body->token, anyone(request));
                   co_return EmailOut{std::move(email)};
               });
    add_password_routes(group, accounts);
}

}  // namespace mobilytics::auth
