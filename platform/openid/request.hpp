#pragma once

#include <string>

#include "platform/openid/documents.hpp"

// Where a browser is sent so that a provider says who sits in front of it (OpenID Connect Core 1.0, 3.1.2.1). Pure.
namespace mobilytics::openid {

// What a provider knows us by.
struct Client {
    std::string issuer;
    std::string id;
    std::string secret;
    std::string redirect_uri;
};

// Random, and kept until the browser comes back.
struct Asked {
    std::string state;
    std::string nonce;
    std::string verifier;  // of PKCE (RFC 7636); only its SHA-256 travels
};

std::string authorization_url(const Discovery& provider, const Client& client, const Asked& asked);

}  // namespace mobilytics::openid
