#include "src/auth/tokens.hpp"

#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/http/peer.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/credential.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/token_store.hpp"

namespace mobilytics::auth {

namespace {

// A refusal that programs know by OAuth's word for it.
Problem with_word(std::string_view word, Problem problem) {
    problem.oauth_error = word;
    return problem;
}

Problem invalid_client() {
    return with_word("invalid_client", {Kind::unauthenticated, "auth.invalid_client",
                                        "Authenticate with an API key that is in force as client_secret, in the body "
                                        "or by HTTP Basic."});
}

Problem invalid_grant() {
    return with_word("invalid_grant", {Kind::malformed, "auth.invalid_grant",
                                       "This refresh token is not good: unknown, used, over or taken back. Get another "
                                       "with the API key."});
}

Problem invalid_scope() {
    return with_word("invalid_scope", {Kind::malformed, "auth.invalid_scope",
                                       "The scope must name permissions of the key, with blanks between them, but not "
                                       "api_keys.manage."});
}

Problem unauthorized_client() { return with_word("unauthorized_client", company_suspended()); }

Problem too_many_tokens() {
    Problem problem{Kind::too_many, "auth.too_many_tokens",
                    "The key got very many tokens within minutes. Use each until it ends, or refresh it."};
    problem.retry_after_seconds = static_cast<int>(std::chrono::seconds{access_token_life}.count());
    return problem;
}

// Wrong secrets are counted by the key that they name and the caller's network: nobody delays a program elsewhere.
store::AttemptKey attempt_of(const std::string& whom, const std::string& address) {
    return {crypto::sha256("token of " + whom), http::network_of(address)};
}

std::string place_of(TokenFamilyId family) { return "successor in " + family.text(); }

// Only who has the token before can open it: neither the database nor the server's own key gives it away.
crypto::Sealer sealer_for(const std::string& parent) {
    const auto key = crypto::hmac_sha256(parent, "successor");
    return crypto::Sealer{std::string_view{reinterpret_cast<const char*>(key.data()), key.size()}};
}

trail::By by_key_of(ApiKeyId key, std::string name, trail::By by) {
    by.kind = "key";
    by.id = key.text();
    by.label = std::move(name);
    by.method = "key";
    return by;
}

// What the family was kept to, as far as the key may it now.
std::vector<Permission> held_by(const std::vector<Permission>& of_key,
                                const std::optional<std::vector<Permission>>& of_family) {
    return of_family ? both(of_key, *of_family) : of_key;
}

std::vector<Permission> narrowed(std::vector<Permission> held, const std::optional<std::string>& wanted) {
    if (!wanted) return held;
    const auto asked = read_scope(*wanted);
    if (!asked || both(*asked, held) != *asked) throw invalid_scope();
    return *asked;
}

AccessToken access_token(CompanyId company, ApiKeyId key, TokenFamilyId family, std::vector<Permission> scope,
                         clock::Instant now) {
    return {.company = company,
            .key = key,
            .family = family,
            .id = AccessTokenId::make(),
            .scope = std::move(scope),
            .issued_at = now};
}

// That are remembered; some four megabytes.
constexpr std::size_t most_verified = 10'000;

struct Refreshed {
    RefreshUse use = RefreshUse::unknown;
    std::string successor = {};
};

}  // namespace

Tokens::Tokens(db::Database& database, const clock::Clock& clock, trail::Trail& trail, const crypto::Sealer& sealer,
               ApiKeys& keys, std::string address)
    : database_{database},
      clock_{clock},
      trail_{trail},
      keys_{keys},
      signing_keys_{database, clock, trail, sealer},
      address_{std::move(address)},
      verified_{access_token_life, most_verified} {}

Task<IssuedTokens> Tokens::issue(ClientCredentials client, std::optional<std::string> scope, trail::By by) {
    const auto principal = co_await authenticate(std::move(client), by);
    const auto company = principal.company.value();
    const auto key = principal.key.value();
    const auto granted = narrowed(token_scope(principal.role, principal.scopes), scope);
    const auto now = clock_.now();
    const auto family = TokenFamilyId::make();
    const auto refresh_token = print_credential(refresh_token_prefix, {company, family.uuid});
    store::NewFamily added{.id = family,
                           .key = key,
                           .scopes = scope ? std::optional{granted} : std::nullopt,
                           .token_sha256 = crypto::sha256(refresh_token),
                           .address = by.address,
                           .created_at = now};
    auto entry = tokens_issued(family, principal.name, added.scopes);
    auto actor = by_key_of(key, principal.name, std::move(by));
    const auto signer = co_await signing_keys_.current();
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        const auto others = co_await store::trim_families(session, company, key, most_families - 1, now);
        if (others >= most_families) throw too_many_tokens();
        co_await store::insert_family(session, company, std::move(added));
        co_await trail_.record(session, company, std::move(actor), std::move(entry));
    });
    co_return print(access_token(company, key, family, granted, now), signer, refresh_token);
}

// Counted before it is looked at, as passwords are.
Task<Principal> Tokens::authenticate(ClientCredentials client, trail::By by) {
    const auto named = read_credential(api_key_prefix, client.secret);
    const auto id = named ? ApiKeyId{named->id}.text() : "";
    const auto attempt = attempt_of(id, by.address);
    co_await count_alone(database_, attempt, clock_.now());
    if (!named || (!client.id.empty() && client.id != id)) throw invalid_client();
    auto principal = co_await keys_.find(std::move(client.secret), std::move(by));
    if (!principal) throw invalid_client();
    co_await database_.transaction(db::Scope::nobody(),
                                   [&](db::Session& session) { return store::forget_attempts(session, attempt); });
    if (principal->company_suspended) throw unauthorized_client();
    co_return *std::move(principal);
}

// The family and its key are looked at first and again under the lock: of two who come at once the second is told what
// the first was.
Task<IssuedTokens> Tokens::refresh(std::string refresh_token, std::optional<ClientCredentials> client,
                                   std::optional<std::string> scope, trail::By by) {
    const auto named = read_credential(refresh_token_prefix, refresh_token);
    if (!named) throw invalid_grant();
    const auto company = named->company;
    const TokenFamilyId family{named->id};
    const auto shown = crypto::sha256(refresh_token);
    const auto now = clock_.now();
    const auto known = co_await store::find_family(database_, company, family, shown, now);
    const auto use = known ? judge(known->state, now) : RefreshUse::unknown;
    if (use == RefreshUse::reused) co_await end_reused(company, family, by);
    if (use == RefreshUse::unknown || use == RefreshUse::reused) throw invalid_grant();
    if (client) co_await check_client(*client, known->key, by);
    auto key = co_await store::find_api_key(database_, company, known->key, by.address, now);
    if (!key) throw invalid_grant();
    const auto principal = co_await keys_.admit(company, known->key, *std::move(key), by);
    if (!principal) throw invalid_grant();
    if (principal->company_suspended) throw unauthorized_client();
    const auto actor = by_key_of(known->key, principal->name, by);
    const auto granted = narrowed(held_by(token_scope(principal->role, principal->scopes), known->scopes), scope);
    const auto signer = co_await signing_keys_.current();

    const auto refreshed =
        co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<Refreshed> {
            const auto held = co_await store::hold_family(session, company, family, shown, now);
            Refreshed outcome{held ? judge(held->state, now) : RefreshUse::unknown};
            if (outcome.use == RefreshUse::in_force) {
                outcome.successor = print_credential(refresh_token_prefix, {company, family.uuid});
                store::Rotation rotation{
                    .token_sha256 = crypto::sha256(outcome.successor),
                    .successor_sealed = sealer_for(refresh_token).seal(outcome.successor, place_of(family))};
                co_await store::rotate_family(session, company, family, shown, std::move(rotation), now);
            } else if (outcome.use == RefreshUse::repeated) {
                outcome.successor =
                    sealer_for(refresh_token).open(held->successor_sealed.value(), place_of(family)).value();
                co_await trail_.record(session, company, actor, token_repeated(family, principal->name));
            }
            co_return outcome;
        });
    if (refreshed.use == RefreshUse::reused) co_await end_reused(company, family, std::move(by));
    if (refreshed.successor.empty()) throw invalid_grant();
    co_return print(access_token(company, known->key, family, granted, now), signer, refreshed.successor);
}

// Whoever shows it, and whatever becomes of the request: the token is in two hands.
Task<void> Tokens::end_reused(CompanyId company, TokenFamilyId family, trail::By by) {
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        const auto ended = co_await store::end_family(session, company, family, std::nullopt);
        if (!ended) co_return;
        co_await trail_.record(session, company, by_key_of(ended->key, ended->key_name, std::move(by)),
                               token_reused(family, ended->key_name));
    });
}

Task<void> Tokens::check_client(ClientCredentials client, ApiKeyId key, trail::By by) {
    if (!client.id.empty() && client.id != key.text()) throw invalid_grant();
    if (client.secret.empty()) co_return;
    const auto principal = co_await authenticate(std::move(client), std::move(by));
    if (principal.key != key) throw invalid_grant();
}

IssuedTokens Tokens::print(const AccessToken& token, const crypto::SigningKey& signer,
                           std::string refresh_token) const {
    return {print_access_token(token, address_, signer), std::move(refresh_token), token.scope};
}

Task<void> Tokens::revoke(std::string token, trail::By by) {
    CompanyId company;
    TokenFamilyId family;
    if (const auto named = read_credential(refresh_token_prefix, token)) {
        company = named->company;
        family = TokenFamilyId{named->id};
        const auto now = clock_.now();
        const auto known = co_await store::find_family(database_, company, family, crypto::sha256(token), now);
        if (!known || judge(known->state, now) == RefreshUse::unknown) co_return;
    } else {
        const auto access = co_await verified(std::move(token));
        if (!access) co_return;
        company = access->token.company;
        family = access->token.family;
    }
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        const auto ended = co_await store::end_family(session, company, family, std::nullopt);
        if (!ended) co_return;
        co_await trail_.record(session, company, by_key_of(ended->key, ended->key_name, std::move(by)),
                               tokens_ended(family, ended->key_name));
    });
}

Task<std::vector<TokenFamily>> Tokens::list(May<Permission::api_keys_manage> actor, ApiKeyId key,
                                            std::optional<TokenFamilyId> before, int limit) {
    const auto now = clock_.now();
    const auto known = co_await store::find_api_key(database_, actor.company, key, "", now);
    if (!known) throw Problem{Kind::missing, "auth.api_key_not_found", "There is no such API key."};
    co_return co_await store::list_families(database_, actor.company, key, now, before, limit);
}

Task<void> Tokens::end(May<Permission::api_keys_manage> actor, ApiKeyId key, TokenFamilyId id) {
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto ended = co_await store::end_family(session, actor.company, id, key);
        if (!ended)
            throw Problem{Kind::missing, "auth.token_not_found", "The key has no such tokens; they may be over."};
        co_await trail_.record(session, actor.company, actor.who(), tokens_ended(id, ended->key_name));
    });
}

Task<std::vector<crypto::PublicKey>> Tokens::published_keys() { return signing_keys_.published(); }

Task<void> Tokens::tend() {
    co_await signing_keys_.tend();
    co_await database_.transaction(
        db::Scope::system(), [&](db::Session& session) { return store::delete_ended_families(session, clock_.now()); });
}

Task<std::string> Tokens::replace_signing_keys() { return signing_keys_.replace(trail::by_operator()); }

Task<crypto::Renewal> Tokens::reseal_signing_keys() { return signing_keys_.reseal(); }

// What was verified once holds for the same text until its time is over. Whether key, family and signing key are still
// in force is not remembered: find() asks the database each time.
Task<std::optional<Tokens::Verified>> Tokens::verified(std::string text) {
    const auto now = clock_.now();
    const auto digest = crypto::sha256(text);
    const std::string hash{digest.begin(), digest.end()};
    if (auto known = verified_.find(hash, now); known && known->token.is_in_time(now)) co_return known;
    const auto unverified = UnverifiedToken::read(text);
    if (!unverified) co_return std::nullopt;
    const auto key = co_await signing_keys_.find(unverified->key_id());
    if (!key) co_return std::nullopt;
    auto token = unverified->verified_by(*key, address_, now);
    if (!token) co_return std::nullopt;
    Verified found{*std::move(token), unverified->key_id()};
    verified_.put(hash, found, now, verified_.era());
    co_return found;
}

Task<std::optional<Principal>> Tokens::find(std::string text, trail::By by) {
    const auto shown = co_await verified(std::move(text));
    if (!shown) co_return std::nullopt;
    const auto& token = shown->token;
    auto known = co_await store::find_key_of_token(database_, token, shown->signing_key, by.address, clock_.now(),
                                                   signing_keys_.counting_since());
    if (!known) co_return std::nullopt;
    auto principal = co_await keys_.admit(token.company, token.key, *std::move(known), std::move(by));
    if (!principal) co_return std::nullopt;
    principal->by_token = true;
    principal->scopes = both(token_scope(principal->role, principal->scopes), token.scope);
    co_return principal;
}

void add_jobs(jobs::Runner& runner, Tokens& tokens) {
    runner.every(std::chrono::hours{24}, "auth.tend_tokens", [&tokens](jobs::Job) { return tokens.tend(); });
}

}  // namespace mobilytics::auth
