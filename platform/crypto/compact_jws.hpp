#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "platform/crypto/signature.hpp"

// Signed texts in JWS compact form (RFC 7515) with Ed25519 (RFC 8037): header.payload.signature, each in base64url.
// What header and payload say is the caller's to judge, the payload only once a signature was found to hold.
namespace mobilytics::crypto {

inline constexpr std::size_t longest_compact_jws = 4096;

struct CompactJws {
    std::string header;   // JSON
    std::string payload;  // not to be believed before holds()
    std::string signed_text;
    Signature signature{};
};

std::string sign_compact(const SigningKey& key, std::string_view header, std::string_view payload);

// Strict: exactly three parts, each with one spelling only (no padding, no stray bits), a signature of 64 bytes, no
// more than longest_compact_jws. Proves nothing by itself.
std::optional<CompactJws> read_compact(std::string_view text);

bool holds(const CompactJws& jws, const PublicKey& key);

// RFC 7638 of the key as a JWK: 43 characters that name it.
std::string thumbprint(const PublicKey& key);

// Whether a text may be such a name.
bool is_thumbprint(std::string_view text);

}  // namespace mobilytics::crypto
