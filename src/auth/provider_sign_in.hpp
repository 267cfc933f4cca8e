#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/openid/providers.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/auth.hpp"
#include "src/auth/identity_providers.hpp"
#include "src/auth/sign_in_state.hpp"

// Front door of signing in by a company's own OpenID provider: to it, and back with a code.
namespace mobilytics::auth {

// What the browser came back with, and where it came from.
struct ReturnedSignIn {
    std::string state;
    std::optional<std::string> code = {};
    std::optional<std::string> error = {};   // the provider's word for why there is no code
    std::optional<std::string> issuer = {};  // `iss` of RFC 9207
    std::string browser;                     // the secret of ProviderSignIn::begin, from the browser's cookie
    std::string address;                     // of the caller
    std::string user_agent = {};
    Origin origin = {};
    std::optional<std::string> replaced_token = {};  // the session the browser still had; it ends
};

class ProviderSignIn {
public:
    ProviderSignIn(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
                   const crypto::Sealer& sealer, Auth& auth, IdentityProviders& settings, openid::Providers& providers);

    // Where to send the browser that keeps the secret. Writes nothing. 404 auth.sign_in_name_unknown; 503
    // auth.provider_unreachable.
    Task<std::string> begin(std::string sign_in_name, std::string browser);

    // Opens a session that is bound to the company. Everything is good once, within ten minutes and in the browser that
    // began: else 403 auth.provider_sign_in_over. 403 auth.provider_denied (the provider let nobody in),
    // auth.provider_doubtful (its ID token is not to be believed), auth.provider_address_unverified,
    // auth.provider_stranger (no member, and nobody may join), auth.company_suspended; 503 auth.provider_unreachable;
    // 429 auth.too_many_attempts. Sources: OpenID Connect Core 1.0; RFC 9207, 9700; ASVS 10.1, 10.2, 10.5.
    Task<SignedIn> finish(ReturnedSignIn returned);

private:
    struct Opened;
    Task<SignInState> spend(std::string state, std::string browser);
    Task<IdentityProvider> provider_of(SignInState state);
    Task<openid::Identity> identity(IdentityProvider provider, SignInState state, ReturnedSignIn returned);
    Task<Opened> open(IdentityProvider provider, openid::Identity identity, ReturnedSignIn returned);
    Task<User> person(db::Session& session, IdentityProvider provider, openid::Identity identity,
                      std::optional<PreparedPerson> newcomer, trail::By by);
    Task<User> join(db::Session& session, IdentityProvider provider, PreparedPerson newcomer, trail::By by);
    Task<std::optional<PreparedPerson>> newcomer(IdentityProvider provider, openid::Identity identity);
    Task<void> note_refusal(std::optional<CompanyId> company, Origin origin, std::string reason);

    db::Database& database_;
    const clock::Clock& clock_;
    async::Runtime& runtime_;
    trail::Trail& trail_;
    const crypto::Sealer& sealer_;
    Auth& auth_;
    IdentityProviders& settings_;
    openid::Providers& providers_;
};

void add_routes(http::Router& router, ProviderSignIn& sign_in);

}  // namespace mobilytics::auth
