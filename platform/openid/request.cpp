#include "platform/openid/request.hpp"

#include <format>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/outbound/client.hpp"

namespace mobilytics::openid {

namespace {

// By the letter of the standard (5.4) what the scopes ask for is told elsewhere, unless it is asked for here.
constexpr std::string_view claims = R"({"id_token":{"email":null,"email_verified":null,"name":null}})";

}  // namespace

std::string authorization_url(const Discovery& provider, const Client& client, const Asked& asked) {
    using outbound::escaped;
    const auto more = provider.takes_claims ? "&claims=" + escaped(claims) : "";
    const auto challenge = crypto::to_base64url(crypto::sha256(asked.verifier));
    return std::format(
        "{}{}response_type=code&client_id={}&redirect_uri={}&scope=openid%20email%20profile&state={}&nonce={}"
        "&code_challenge={}&code_challenge_method=S256{}",
        provider.authorization_endpoint, provider.authorization_endpoint.contains('?') ? '&' : '?', escaped(client.id),
        escaped(client.redirect_uri), escaped(asked.state), escaped(asked.nonce), challenge, more);
}

}  // namespace mobilytics::openid
