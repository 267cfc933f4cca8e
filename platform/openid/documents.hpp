#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/crypto/foreign_jws.hpp"

// What an OpenID provider publishes and answers, read from JSON. What we do not need of it is not looked at. Pure.
namespace mobilytics::openid {

// Of the discovery document (OpenID Connect Discovery 1.0, 3), what a client needs.
struct Discovery {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    bool secret_in_body = false;  // client_secret_post; else client_secret_basic
    bool names_itself = false;    // answers carry `iss` (RFC 9207)
    bool takes_claims = false;    // may be asked what an ID token should say (OpenID Connect Core 1.0, 5.5)
};

// The document of exactly that issuer, or what is wrong with it, as the end of a sentence: "names another issuer". A
// provider must know the flow with a code, sign with RS256, and may not rule out PKCE with S256.
std::expected<Discovery, std::string> read_discovery(std::string_view json, std::string_view issuer);

struct NamedKey {
    std::string id;
    crypto::RsaKey key;
};

inline constexpr std::size_t most_keys = 50;

// Those of a JWK Set (RFC 7517) that may have signed with RS256; nothing when it is none. Of others (EC, for
// encryption, too short) it says nothing; of two with one name the first counts.
std::optional<std::vector<NamedKey>> read_keys(std::string_view json);

struct TokenAnswer {
    std::optional<std::string> id_token = {};
    std::string error = {};  // a word of RFC 6749, 5.2
};

TokenAnswer read_token_answer(std::string_view json);

}  // namespace mobilytics::openid
