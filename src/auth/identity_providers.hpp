#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/openid/providers.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/expect_version.hpp"
#include "src/auth/identity_provider.hpp"
#include "src/auth/letters.hpp"

// Front door of the setting: which OpenID provider signs a company's people in.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

class IdentityProviders {
public:
    // `pages` is where people reach the web, and providers send them back to.
    IdentityProviders(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters,
                      const crypto::Sealer& sealer, openid::Providers& providers, std::string pages);

    Task<std::optional<IdentityProvider>> find(May<Permission::members_read> actor);

    // Asks the issuer at once, so that a wrong one is refused: 422 auth.invalid_provider by field, 422
    // auth.provider_unusable with what its discovery document lacks, or that it did not answer. 409
    // auth.sign_in_name_taken. Another issuer or client knows nobody yet, the sessions opened until now end, and all
    // owners are told by letter. Owner.
    Task<IdentityProvider> set(May<Permission::members_manage> actor, WantedProvider wanted, ExpectVersion expect);

    // Ends the sessions that it opened. 404 auth.provider_not_found. Owner.
    Task<void> remove(May<Permission::members_manage> actor, ExpectVersion expect);

    // What the provider must be told to send browsers back to.
    std::string redirect_uri() const { return pages_ + "/sign-in/returned"; }

    // For ProviderSignIn. 503 auth.provider_sealed_by_another_key.
    openid::Client client_of(const IdentityProvider& provider) const;

    // For the command line, after secrets.key changed: what a former key sealed is sealed anew.
    Task<crypto::Renewal> reseal();

private:
    Task<void> tell_owners(db::Session& session, CompanyId company, trace::Cause cause);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    Letters& letters_;
    const crypto::Sealer& sealer_;
    openid::Providers& providers_;
    std::string pages_;
};

void add_routes(http::Router& router, IdentityProviders& providers);

}  // namespace mobilytics::auth
