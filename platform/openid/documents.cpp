#include "platform/openid/documents.hpp"

#include <algorithm>
#include <format>
#include <utility>

#include "platform/crypto/encoding.hpp"
#include "platform/openid/lenient_json.hpp"

namespace mobilytics::openid {

// Named as the standards name them, and not hidden: clang, which fuzzes this, reflects no type of an unnamed namespace.
struct DiscoveryJson {
    std::optional<std::string> issuer;
    std::optional<std::string> authorization_endpoint;
    std::optional<std::string> token_endpoint;
    std::optional<std::string> jwks_uri;
    std::optional<std::vector<std::string>> response_types_supported;
    std::optional<std::vector<std::string>> id_token_signing_alg_values_supported;
    std::optional<std::vector<std::string>> token_endpoint_auth_methods_supported;
    std::optional<std::vector<std::string>> code_challenge_methods_supported;
    std::optional<bool> authorization_response_iss_parameter_supported;
    std::optional<bool> claims_parameter_supported;
};

struct JwkJson {
    std::optional<std::string> kty;
    std::optional<std::string> use;
    std::optional<std::string> alg;
    std::optional<std::string> kid;
    std::optional<std::string> n;
    std::optional<std::string> e;
};

struct JwksJson {
    std::vector<JwkJson> keys;
};

struct TokenAnswerJson {
    std::optional<std::string> id_token;
    std::optional<std::string> error;
};

namespace {

using Words = std::optional<std::vector<std::string>>;

// A list that is left out rules nothing out.
bool may_be(const Words& list, std::string_view word) { return !list || std::ranges::contains(*list, word); }

std::optional<NamedKey> usable(const JwkJson& read) {
    if (read.kty != "RSA" || read.use.value_or("sig") != "sig" || read.alg.value_or("RS256") != "RS256")
        return std::nullopt;
    const auto modulus = crypto::from_base64url(read.n.value_or("")),
               exponent = crypto::from_base64url(read.e.value_or(""));
    if (!modulus || !exponent) return std::nullopt;
    auto key = crypto::RsaKey::from(*modulus, *exponent);
    if (!key) return std::nullopt;
    return NamedKey{read.kid.value_or(""), *std::move(key)};
}

}  // namespace

std::expected<Discovery, std::string> read_discovery(std::string_view json, std::string_view issuer) {
    DiscoveryJson read;
    if (glz::read<lenient>(read, json)) return std::unexpected("is not the JSON of a provider");
    if (read.issuer != issuer)
        return std::unexpected(std::format("names another issuer: {}", read.issuer.value_or("")));
    const std::pair<std::string_view, const std::optional<std::string>&> wanted[] = {
        {"authorization_endpoint", read.authorization_endpoint},
        {"token_endpoint", read.token_endpoint},
        {"jwks_uri", read.jwks_uri}};
    for (const auto& [name, url] : wanted)
        if (!url) return std::unexpected(std::format("has no {}", name));
    if (!may_be(read.response_types_supported, "code")) return std::unexpected("knows no flow with a code");
    if (!may_be(read.id_token_signing_alg_values_supported, "RS256"))
        return std::unexpected("does not sign ID tokens with RS256");
    if (!may_be(read.code_challenge_methods_supported, "S256")) return std::unexpected("knows no PKCE with S256");
    const auto& methods = read.token_endpoint_auth_methods_supported;
    const bool in_header = may_be(methods, "client_secret_basic");
    if (!in_header && !may_be(methods, "client_secret_post"))
        return std::unexpected("takes no client secret, neither client_secret_basic nor client_secret_post");
    return Discovery{.issuer = std::string{issuer},
                     .authorization_endpoint = *std::move(read.authorization_endpoint),
                     .token_endpoint = *std::move(read.token_endpoint),
                     .jwks_uri = *std::move(read.jwks_uri),
                     .secret_in_body = !in_header,
                     .names_itself = read.authorization_response_iss_parameter_supported.value_or(false),
                     .takes_claims = read.claims_parameter_supported.value_or(false)};
}

std::optional<std::vector<NamedKey>> read_keys(std::string_view json) {
    JwksJson read;
    if (glz::read<lenient>(read, json)) return std::nullopt;
    std::vector<NamedKey> keys;
    for (const JwkJson& one : read.keys) {
        if (keys.size() == most_keys) break;
        auto key = usable(one);
        if (key && !std::ranges::contains(keys, key->id, &NamedKey::id)) keys.push_back(*std::move(key));
    }
    return keys;
}

TokenAnswer read_token_answer(std::string_view json) {
    TokenAnswerJson read;
    if (glz::read<lenient>(read, json)) return {.error = "no JSON"};
    return {std::move(read.id_token), read.error.value_or("")};
}

}  // namespace mobilytics::openid
