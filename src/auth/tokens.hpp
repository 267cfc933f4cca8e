#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/clock/short_cache.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/jobs/jobs.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/access_token.hpp"
#include "src/auth/api_keys.hpp"
#include "src/auth/principal.hpp"
#include "src/auth/signing_keys.hpp"
#include "src/auth/token_family.hpp"

// Front door of tokens for programs: short-lived ones in place of a key that nobody changes for years (RFC 6749 4.4 and
// 6, RFC 7009, RFC 9068). A token proves where it comes from; what it may is read with its key at each request, so that
// what ends or narrows the key bites at once.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

// Who asks: an API key as the secret; its id beside it may be left out.
struct ClientCredentials {
    std::string id;
    std::string secret;
};

struct IssuedTokens {
    std::string access_token;
    std::string refresh_token;
    std::vector<Permission> scope = {};
};

class Tokens {
public:
    // `address` is where people reach the server, as in letters; tokens of another are not taken.
    Tokens(db::Database& database, const clock::Clock& clock, trail::Trail& trail, const crypto::Sealer& sealer,
           ApiKeys& keys, std::string address);

    // A new family of the key. `scope` narrows it: permissions of the key, in words. Refuses, each with the standard's
    // word beside the code, with 401 auth.invalid_client, 400 auth.invalid_scope, 403 auth.company_suspended and
    // auth.address_not_allowed, 429 auth.too_many_attempts after ten wrong secrets in a row for one key from one
    // network, and auth.too_many_tokens when most_families of the key began within access_token_life.
    Task<IssuedTokens> issue(ClientCredentials client, std::optional<std::string> scope, trail::By by);

    // The next tokens of the family. The refresh token is good once; within refresh_grace it gives the same successor
    // again, later it ends the family with all that came of it. `client` is compared where it is given. 400
    // auth.invalid_grant, and as issue(). Sources: ASVS 10.4.5 and 10.4.8, RFC 9700 4.14.
    Task<IssuedTokens> refresh(std::string refresh_token, std::optional<ClientCredentials> client,
                               std::optional<std::string> scope, trail::By by);

    // Ends the family of a refresh token that is good, or of an access token. No word on whether it was.
    Task<void> revoke(std::string token, trail::By by);

    // What programs hold of a key, newest first. 404 auth.api_key_not_found. Owner.
    Task<std::vector<TokenFamily>> list(May<Permission::api_keys_manage> actor, ApiKeyId key,
                                        std::optional<TokenFamilyId> before, int limit);

    // 404 auth.token_not_found. Owner.
    Task<void> end(May<Permission::api_keys_manage> actor, ApiKeyId key, TokenFamilyId id);

    // For others who verify: public halves of the keys that sign.
    Task<std::vector<crypto::PublicKey>> published_keys();
    const std::string& address() const { return address_; }

    // By the jobs.
    Task<void> tend();

    // For the command line: see SigningKeys. The new key's name.
    Task<std::string> replace_signing_keys();
    Task<crypto::Renewal> reseal_signing_keys();

    // For authentication.hpp: nothing for a text that is no access token in force; otherwise as ApiKeys::find.
    Task<std::optional<Principal>> find(std::string text, trail::By by);

private:
    struct Verified {
        AccessToken token;
        std::string signing_key;
    };

    Task<Principal> authenticate(ClientCredentials client, trail::By by);
    Task<std::optional<Verified>> verified(std::string text);
    Task<void> check_client(ClientCredentials client, ApiKeyId key, trail::By by);
    Task<void> end_reused(CompanyId company, TokenFamilyId family, trail::By by);
    IssuedTokens print(const AccessToken& token, const crypto::SigningKey& signer, std::string refresh_token) const;

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    ApiKeys& keys_;
    SigningKeys signing_keys_;
    std::string address_;
    // By the token's hash. A signature is worth fifty microseconds, and each token comes many times.
    clock::ShortCache<std::string, Verified> verified_;
};

void add_routes(http::Router& router, Tokens& tokens);
void add_jobs(jobs::Runner& runner, Tokens& tokens);

}  // namespace mobilytics::auth
