#include <algorithm>
#include <initializer_list>

#include "platform/crypto/encoding.hpp"
#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/tokens.hpp"

// URLs of tokens: the standards' own, and those of people who look after a key's.
namespace mobilytics::auth {

namespace {

using Text = std::optional<std::string>;

// Others keep the list for so long; a key is in it days before it signs.
constexpr std::string_view kept_by_others = "public, max-age=300";
constexpr std::string_view client_credentials = "client_credentials";
constexpr std::string_view refreshing = "refresh_token";

struct TokenRequestIn {
    Text grant_type;
    Text client_id;
    Text client_secret;
    Text refresh_token;
    Text scope;

    static constexpr json::Field about[] = {
        {.name = "grant_type", .description = "client_credentials, with an API key; or refresh_token."},
        {.name = "client_id", .description = "The key's id; may be left out."},
        {.name = "client_secret", .description = "The API key; or by HTTP Basic."},
        {.name = "refresh_token", .description = "Of the answer before. Good once."},
        {.name = "scope",
         .description = "Permissions of the key, with blanks between them, that the tokens are kept to; left out: all "
                        "of them, but never api_keys.manage."},
    };
};

struct IssuedTokensOut {
    std::string access_token;
    std::string token_type = "Bearer";
    int expires_in = 0;
    std::string refresh_token;
    std::string scope;

    static constexpr json::Field about[] = {
        {.name = "access_token", .description = "Authorization: Bearer <access_token>. A JWT (RFC 9068)."},
        {.name = "expires_in", .description = "Seconds."},
        {.name = "refresh_token", .description = "Gives the next tokens, once. Store it before you use the answer."},
        {.name = "scope", .description = "Permissions of the access token."},
    };
};

struct TokenRevocationIn {
    Text token;
    Text token_type_hint;
    Text client_id;
    Text client_secret;

    static constexpr json::Field about[] = {
        {.name = "token", .description = "A refresh token or an access token."},
        {.name = "token_type_hint", .description = "Not needed."},
        {.name = "client_id", .description = "Not needed."},
        {.name = "client_secret", .description = "Not needed: who has the token may end it."},
    };
};

struct JsonWebKeyOut {
    std::string kty = "OKP";
    std::string crv = "Ed25519";
    std::string kid;
    std::string x;
    std::string use = "sig";
    std::string alg = "EdDSA";
};

struct JsonWebKeySetOut {
    std::vector<JsonWebKeyOut> keys;
};

// RFC 8414.
struct AuthorizationServerOut {
    std::string issuer;
    std::string token_endpoint;
    std::string revocation_endpoint;
    std::string jwks_uri;
    std::vector<std::string> grant_types_supported;
    std::vector<std::string> token_endpoint_auth_methods_supported;
    std::vector<std::string> response_types_supported;
    std::vector<std::string> scopes_supported;
    std::string service_documentation;
};

struct TokenFamilyOut {
    TokenFamilyId id;
    std::optional<std::vector<std::string>> scopes = {};
    std::string address;
    clock::Instant created_at;
    clock::Instant last_used_at;
    clock::Instant expires_at;

    static constexpr json::Field about[] = {
        {.name = "scopes", .description = "Permissions that they are kept to; null: all that the key may."},
        {.name = "address", .description = "Where the program was that showed the key."},
        {.name = "last_used_at", .description = "When the last refresh token was used."},
        {.name = "expires_at",
         .description = "They end then, unless used before; never later than 90 days after the first."},
    };
};

Problem invalid_request(std::string detail) {
    Problem problem{Kind::malformed, "auth.invalid_token_request", std::move(detail)};
    problem.oauth_error = "invalid_request";
    return problem;
}

// RFC 6749 appendix A: all of them are printable ASCII.
void check_printable(std::initializer_list<const Text*> values) {
    const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
    for (const Text* value : values)
        if (*value && !std::ranges::all_of(**value, is_printable))
            throw invalid_request("The values may have printable ASCII characters only.");
}

// RFC 6749 section 2.3.1: both halves are encoded as in a form.
std::optional<ClientCredentials> basic_of(const http::Request& request) {
    const auto header = request.header("Authorization");
    if (!header || header->size() < 6 || !http::same_header_name(header->substr(0, 6), "Basic ")) return std::nullopt;
    const auto pair = crypto::from_base64(header->substr(6));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) throw invalid_request("The header Authorization cannot be read.");
    auto id = http::percent_decoded(std::string_view{*pair}.substr(0, colon), true);
    auto secret = http::percent_decoded(std::string_view{*pair}.substr(colon + 1), true);
    if (!id || !secret) throw invalid_request("The header Authorization cannot be read.");
    return ClientCredentials{*std::move(id), *std::move(secret)};
}

std::optional<ClientCredentials> client_of(const http::Request& request, const TokenRequestIn& body) {
    auto basic = basic_of(request);
    if (basic && body.client_secret) throw invalid_request("Authenticate in the header or in the body, not in both.");
    if (basic) return basic;
    if (!body.client_id && !body.client_secret) return std::nullopt;
    return ClientCredentials{body.client_id.value_or(""), body.client_secret.value_or("")};
}

std::string token_to_end(const TokenRevocationIn& body) {
    check_printable({&body.token, &body.token_type_hint, &body.client_id, &body.client_secret});
    if (!body.token) throw invalid_request("Send the token.");
    return *body.token;
}

Task<IssuedTokens> answered(Tokens& tokens, const http::Request& request, TokenRequestIn body) {
    check_printable({&body.grant_type, &body.client_id, &body.client_secret, &body.refresh_token, &body.scope});
    auto client = client_of(request, body);
    if (!body.grant_type) throw invalid_request("Name the grant_type: client_credentials or refresh_token.");
    if (*body.grant_type == client_credentials)
        return tokens.issue(std::move(client).value_or(ClientCredentials{}), std::move(body.scope), anyone(request));
    if (*body.grant_type == refreshing) {
        if (!body.refresh_token) throw invalid_request("Send the refresh_token.");
        return tokens.refresh(*std::move(body.refresh_token), std::move(client), std::move(body.scope),
                              anyone(request));
    }
    Problem problem{Kind::malformed, "auth.unsupported_grant_type",
                    "The grant_type is client_credentials or refresh_token."};
    problem.oauth_error = "unsupported_grant_type";
    throw problem;
}

IssuedTokensOut shown(IssuedTokens issued) {
    return {.access_token = std::move(issued.access_token),
            .expires_in = static_cast<int>(std::chrono::seconds{access_token_life}.count()),
            .refresh_token = std::move(issued.refresh_token),
            .scope = scope_text(issued.scope)};
}

JsonWebKeySetOut shown(const std::vector<crypto::PublicKey>& keys) {
    JsonWebKeySetOut out;
    for (const auto& key : keys) out.keys.push_back({.kid = crypto::thumbprint(key), .x = crypto::to_base64url(key)});
    return out;
}

AuthorizationServerOut shown(const std::string& address) {
    std::vector<std::string> scopes;
    for (const Permission permission : token_scope(Role::owner, std::nullopt))
        scopes.emplace_back(to_string(permission));
    return {.issuer = issuer_of(address),
            .token_endpoint = address + "/v1/token",
            .revocation_endpoint = address + "/v1/token/revoke",
            .jwks_uri = address + "/.well-known/jwks.json",
            .grant_types_supported = {std::string{client_credentials}, std::string{refreshing}},
            .token_endpoint_auth_methods_supported = {"client_secret_basic", "client_secret_post"},
            .response_types_supported = {},
            .scopes_supported = std::move(scopes),
            .service_documentation = address + "/docs"};
}

TokenFamilyOut shown(const TokenFamily& family) {
    return {.id = family.id,
            .scopes = names_of(family.scopes),
            .address = family.address,
            .created_at = family.created_at,
            .last_used_at = family.last_used_at,
            .expires_at = family.expires_at};
}

void add_standard_routes(http::Group& group, Tokens& tokens) {
    group.post(
        "/v1/token",
        {.id = "tokens.issue",
         .summary = "Get tokens for a program",
         .description = "RFC 6749: with an API key, or with the refresh token before. Access tokens are good for "
                        "15 minutes, and only as long as their key is."},
        [&tokens](const http::Request& request, http::FormBody<TokenRequestIn> body) -> Task<IssuedTokensOut> {
            auto issued = co_await answered(tokens, request, std::move(body.value));
            co_return shown(std::move(issued));
        });
    group.post(
        "/v1/token/revoke",
        {.id = "tokens.revoke",
         .summary = "End tokens",
         .description = "RFC 7009: of a refresh token or an access token, with all that came of the same showing "
                        "of the key. The answer is the same for a token that is none."},
        [&tokens](const http::Request& request, http::FormBody<TokenRevocationIn> body) -> Task<http::Raw> {
            co_await tokens.revoke(token_to_end(*body), anyone(request));
            co_return http::Raw{};
        });
    group.get("/.well-known/jwks.json",
              {.id = "tokens.keys", .summary = "Keys that sign access tokens", .description = "RFC 7517."},
              [&tokens]() -> Task<http::Cached<JsonWebKeySetOut>> {
                  const auto keys = co_await tokens.published_keys();
                  co_return http::Cached<JsonWebKeySetOut>{shown(keys), std::string{kept_by_others}};
              });
    group.get("/.well-known/oauth-authorization-server",
              {.id = "tokens.server", .summary = "Where tokens are to be had", .description = "RFC 8414."},
              [&tokens]() -> Task<http::Cached<AuthorizationServerOut>> {
                  co_return http::Cached<AuthorizationServerOut>{shown(tokens.address()), std::string{kept_by_others}};
              });
}

}  // namespace

void add_routes(http::Router& router, Tokens& tokens) {
    auto group = router.group("auth");
    add_standard_routes(group, tokens);
    group.get(
        "/v1/api-keys/{id}/tokens",
        {.id = "api_keys.list_tokens",
         .summary = "Tokens that programs have of a key, newest first",
         .description = "One line for each time that the key was shown; the tokens themselves are shown nowhere."},
        [&tokens](May<Permission::api_keys_manage> actor, ApiKeyId id,
                  http::Paging paging) -> Task<http::Page<TokenFamilyOut>> {
            auto found = co_await tokens.list(actor, id, paging.after_one<TokenFamilyId>(), http::rows_wanted(paging));
            co_return http::page_of(
                paging, std::move(found), [](const TokenFamily& family) { return shown(family); },
                [](const TokenFamily& family) { return http::encode_cursor(family.id); });
        });
    group.remove(
        "/v1/api-keys/{id}/tokens/{family}", {.id = "api_keys.end_tokens", .summary = "End tokens of a key"},
        [&tokens](May<Permission::api_keys_manage> actor, ApiKeyId id, TokenFamilyId family) -> Task<http::NoContent> {
            co_await tokens.end(actor, id, family);
            co_return http::NoContent{};
        });
}

}  // namespace mobilytics::auth
