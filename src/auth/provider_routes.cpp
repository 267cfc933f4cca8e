#include <format>

#include "platform/crypto/random.hpp"
#include "platform/http/router.hpp"
#include "platform/http/version.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/identity_providers.hpp"
#include "src/auth/provider_sign_in.hpp"
#include "src/auth/session_json.hpp"
#include "src/auth/sign_in_tally.hpp"

// URLs of the provider that signs a company's people in: setting it, going there and coming back.
namespace mobilytics::auth {

namespace {

// What binds a sign-in that is under way to the browser that began it.
constexpr std::string_view browser_cookie = "__Host-mobilytics-sign-in";
constexpr std::size_t browser_secret_size = 43;

// Until the sign-in must be over; an empty secret takes it away. Only our own page sends it, which the provider's
// redirect has opened by then: hence Strict.
std::string browser_cookie_line(std::string_view secret) {
    const auto seconds = secret.empty() ? 0 : std::chrono::seconds{sign_in_span}.count();
    return std::format("{}={}; Path=/; Max-Age={}; HttpOnly; Secure; SameSite=Strict", browser_cookie, secret, seconds);
}

// Two tabs that begin at once share it.
std::string browser_secret(const http::Request& request) {
    const auto kept = request.cookie(browser_cookie);
    return kept && kept->size() == browser_secret_size ? std::string{*kept} : crypto::random_token();
}

struct IdentityProviderIn {
    std::string sign_in_name;
    std::string issuer;
    std::string client_id;
    std::optional<std::string> client_secret;
    std::optional<Role> joins_as;

    static constexpr json::Field about[] = {
        {.name = "sign_in_name",
         .description = "What people type to sign in, or have in a link: 3 to 40 of a-z, 0-9 and hyphens between them.",
         .max_length = 40},
        {.name = "issuer", .description = "Exactly as its discovery document names it: https://id.example.com"},
        {.name = "client_id", .max_length = longest_client_id},
        {.name = "client_secret",
         .description = "Never shown again. Absent or null: stays as it is, for the same issuer and client.",
         .max_length = longest_client_secret},
        {.name = "joins_as",
         .description = "Role of people whom the provider knows and nobody here does yet; null: they are refused, and "
                        "need an invitation. Never owner."}};
};

struct IdentityProviderOut {
    std::string sign_in_name;
    std::string issuer;
    std::string client_id;
    std::optional<Role> joins_as;
    clock::Instant set_at;
};

struct IdentityProviderSettingOut {
    std::optional<IdentityProviderOut> provider;
    std::string redirect_uri;
    std::string version;

    static constexpr json::Field about[] = {
        {.name = "provider", .description = "null: none is set."},
        {.name = "redirect_uri", .description = "What the provider must be told to send browsers back to."},
        http::version_field};
};

struct BeginSignInIn {
    std::string sign_in_name;

    static constexpr json::Field about[] = {{.name = "sign_in_name", .max_length = 100}};
};

struct BegunSignInOut {
    std::string url;

    static constexpr json::Field about[] = {{.name = "url", .description = "Where the browser goes now."}};
};

struct ReturnedSignInIn {
    std::string state;
    std::optional<std::string> code;
    std::optional<std::string> error;
    std::optional<std::string> iss;

    static constexpr json::Field about[] = {
        {.name = "state", .max_length = 1000},
        {.name = "code", .max_length = 4000},
        {.name = "error", .description = "In the place of a code.", .max_length = 200},
        {.name = "iss", .description = "RFC 9207.", .max_length = 2000}};
};

http::Tagged<IdentityProviderSettingOut> setting(const std::optional<IdentityProvider>& provider,
                                                 const IdentityProviders& providers) {
    IdentityProviderSettingOut out{
        .provider = {}, .redirect_uri = providers.redirect_uri(), .version = version_of(provider)};
    if (provider)
        out.provider = IdentityProviderOut{provider->sign_in_name, provider->issuer, provider->client_id,
                                           provider->joins_as, provider->set_at};
    return http::tagged(std::move(out));
}

ReturnedSignIn returned(const http::Request& request, ReturnedSignInIn given) {
    ReturnedSignIn back{.state = std::move(given.state),
                        .code = std::move(given.code),
                        .error = std::move(given.error),
                        .issuer = std::move(given.iss),
                        .browser = std::string{request.cookie(browser_cookie).value_or("")},
                        .address = request.peer,
                        .user_agent = std::string{request.header("User-Agent").value_or("")},
                        .origin = std::make_shared<const trail::By>(anyone(request))};
    if (auto token = request.cookie(session_cookie)) back.replaced_token = std::string{*token};
    return back;
}

}  // namespace

void add_routes(http::Router& router, IdentityProviders& providers) {
    auto group = router.group("auth");
    group.get("/v1/identity-provider",
              {.id = "identity_provider.get", .summary = "The OpenID provider that signs the company's people in"},
              [&providers](May<Permission::members_read> actor) -> Task<http::Tagged<IdentityProviderSettingOut>> {
                  const auto provider = co_await providers.find(actor);
                  co_return setting(provider, providers);
              });
    group.put("/v1/identity-provider",
              {.id = "identity_provider.set",
               .summary = "Let an OpenID provider sign the company's people in",
               .description = "Its discovery document is looked at at once. Another issuer or client knows nobody yet, "
                              "and ends the sessions opened until now."},
              [&providers](May<Permission::members_manage> actor, http::IfMatch seen,
                           http::Body<IdentityProviderIn> body) -> Task<http::Tagged<IdentityProviderSettingOut>> {
                  WantedProvider wanted{body->sign_in_name, body->issuer, body->client_id, body->client_secret,
                                        body->joins_as};
                  const auto provider = co_await providers.set(actor, std::move(wanted), http::expecting(seen));
                  co_return setting(provider, providers);
              });
    group.remove("/v1/identity-provider",
                 {.id = "identity_provider.remove",
                  .summary = "Let no provider sign the company's people in any more",
                  .description = "Ends the sessions that it opened."},
                 [&providers](May<Permission::members_manage> actor, http::IfMatch seen) -> Task<http::NoContent> {
                     co_await providers.remove(actor, http::expecting(seen));
                     co_return http::NoContent{};
                 });
}

void add_routes(http::Router& router, ProviderSignIn& sign_in) {
    auto group = router.group("auth");
    group.post("/v1/sign-in/openid",
               {.id = "provider_sign_in.begin",
                .summary = "Begin to sign in with one's company's provider",
                .description = "Sets a cookie that the same browser brings back within ten minutes."},
               [&sign_in](http::Request& request, http::Body<BeginSignInIn> body) -> Task<BegunSignInOut> {
                   refuse_cross_site(request);
                   const auto secret = browser_secret(request);
                   auto url = co_await sign_in.begin(body->sign_in_name, secret);
                   request.answer_headers.add("Set-Cookie", browser_cookie_line(secret));
                   co_return BegunSignInOut{std::move(url)};
               });
    group.post("/v1/sign-in/openid/finish",
               {.id = "provider_sign_in.finish",
                .summary = "Sign in with what one's company's provider sent the browser back with",
                .description = "Sets the session cookie. The session is good for that company alone."},
               [&sign_in, tally = SignInTally{router, "provider"}](
                   http::Request& request, http::Body<ReturnedSignInIn> body) -> Task<http::Created<SessionOut>> {
                   refuse_cross_site(request);
                   auto back = returned(request, *body);
                   auto signed_in = co_await tally.counted(sign_in.finish(std::move(back)));
                   request.answer_headers.add("Set-Cookie", session_cookie_line(signed_in.token));
                   request.answer_headers.add("Set-Cookie", browser_cookie_line(""));
                   co_return http::Created<SessionOut>{to_out(signed_in.session), "/v1/sessions/current"};
               });
}

}  // namespace mobilytics::auth
