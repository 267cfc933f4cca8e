#include "src/auth/access_token.hpp"

#include <algorithm>
#include <cstdint>
#include <format>
#include <ranges>

#include "platform/json/json.hpp"

namespace mobilytics::auth {

// Named, since clang reflects no type of an unnamed namespace.
struct AccessTokenClaims {
    std::string iss;
    std::string aud;
    ApiKeyId sub;
    ApiKeyId client_id;
    CompanyId company;
    TokenFamilyId family;
    AccessTokenId jti;
    std::int64_t iat = 0;
    std::int64_t exp = 0;
    std::string scope;
};

namespace {

constexpr std::string_view header_start = R"({"alg":"EdDSA","typ":"at+jwt","kid":")";
constexpr std::string_view header_end = R"("})";

std::int64_t seconds_of(clock::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

AccessTokenClaims claims_of(const AccessToken& token, std::string_view address) {
    const auto issued_at = seconds_of(token.issued_at);
    return {.iss = issuer_of(address),
            .aud = audience_of(address),
            .sub = token.key,
            .client_id = token.key,
            .company = token.company,
            .family = token.family,
            .jti = token.id,
            .iat = issued_at,
            .exp = issued_at + std::chrono::seconds{access_token_life}.count(),
            .scope = scope_text(token.scope)};
}

// A permission that this release does not know gives nothing.
std::vector<Permission> known_of(std::string_view scope) {
    std::vector<Permission> known;
    for (const auto name : std::views::split(scope, ' '))
        if (const auto permission = permission_from(std::string_view{name})) known.push_back(*permission);
    return known;
}

}  // namespace

std::string issuer_of(std::string_view address) { return std::string{address}; }

std::string audience_of(std::string_view address) { return std::format("{}/v1", address); }

bool AccessToken::is_in_time(clock::Instant now) const {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    return issued_at <= second + clock_skew && second < issued_at + access_token_life + clock_skew;
}

std::string print_access_token(const AccessToken& token, std::string_view address, const crypto::SigningKey& key) {
    const auto header = std::format("{}{}{}", header_start, crypto::thumbprint(key.public_key()), header_end);
    return crypto::sign_compact(key, header, json::write(claims_of(token, address)));
}

std::optional<UnverifiedToken> UnverifiedToken::read(std::string_view text) {
    auto jws = crypto::read_compact(text);
    if (!jws || !jws->header.starts_with(header_start) || !jws->header.ends_with(header_end)) return std::nullopt;
    std::string_view key_id{jws->header};
    key_id.remove_prefix(header_start.size());
    key_id.remove_suffix(std::min(key_id.size(), header_end.size()));
    if (!crypto::is_thumbprint(key_id)) return std::nullopt;
    UnverifiedToken token;
    token.key_id_ = key_id;
    token.jws_ = *std::move(jws);
    return token;
}

// The claims too have one spelling, so nothing can be said twice in them.
std::optional<AccessToken> UnverifiedToken::verified_by(const crypto::PublicKey& key, std::string_view address,
                                                        clock::Instant now) const {
    if (crypto::thumbprint(key) != key_id_ || !crypto::holds(jws_, key)) return std::nullopt;
    const auto claims = json::read<AccessTokenClaims>(jws_.payload);
    if (!claims || json::write(*claims) != jws_.payload) return std::nullopt;
    if (claims->iss != issuer_of(address) || claims->aud != audience_of(address) || claims->client_id != claims->sub)
        return std::nullopt;
    if (claims->exp - claims->iat != std::chrono::seconds{access_token_life}.count()) return std::nullopt;
    AccessToken token{.company = claims->company,
                      .key = claims->sub,
                      .family = claims->family,
                      .id = claims->jti,
                      .scope = known_of(claims->scope),
                      .issued_at = clock::Instant{std::chrono::seconds{claims->iat}}};
    if (!token.is_in_time(now)) return std::nullopt;
    return token;
}

std::string scope_text(const std::vector<Permission>& scope) {
    std::string text;
    for (const Permission permission : scope) text.append(text.empty() ? "" : " ").append(to_string(permission));
    return text;
}

std::optional<std::vector<Permission>> read_scope(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::vector<Permission> scope;
    for (const auto name : std::views::split(text, ' ')) {
        const auto permission = permission_from(std::string_view{name});
        if (!permission) return std::nullopt;
        if (!std::ranges::contains(scope, *permission)) scope.push_back(*permission);
    }
    return scope;
}

std::vector<Permission> token_scope(Role role, const std::optional<std::vector<Permission>>& of_key) {
    std::vector<Permission> scope;
    for (const Permission permission : all_permissions()) {
        if (!allows(role, permission) || permission == Permission::api_keys_manage) continue;
        if (!of_key || std::ranges::contains(*of_key, permission)) scope.push_back(permission);
    }
    return scope;
}

std::vector<Permission> both(const std::vector<Permission>& some, const std::vector<Permission>& others) {
    std::vector<Permission> held;
    std::ranges::copy_if(some, std::back_inserter(held),
                         [&](Permission permission) { return std::ranges::contains(others, permission); });
    return held;
}

}  // namespace mobilytics::auth
