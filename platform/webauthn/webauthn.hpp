#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>

#include "platform/webauthn/site.hpp"

// What a relying party verifies of passkeys (WebAuthn Level 3, 7.1 and 7.2); libfido2 reads and verifies the bytes.
// Bytes are strings. The user must have been verified by the authenticator (a PIN, a finger), so that a passkey is two
// factors in one.
namespace mobilytics::webauthn {

// COSE's numbers, best first. libfido2 takes RSA keys of 2048 bits alone.
inline constexpr std::array<int, 3> algorithms{-7, -8, -257};  // ES256, EdDSA, RS256

// More than any authenticator sends.
inline constexpr std::size_t largest_client_data = 4096;
inline constexpr std::size_t largest_attestation = 16384;
inline constexpr std::size_t largest_authenticator_data = 4096;
inline constexpr std::size_t largest_signature = 1024;
inline constexpr std::size_t largest_credential_id = 1023;

struct PublicKey {
    int algorithm = 0;
    std::string bytes;  // as libfido2 holds them
};

struct Credential {
    std::string id;
    PublicKey key;
    std::uint32_t sign_count = 0;
    std::string aaguid;  // the kind of authenticator, 16 bytes; zeros where it does not say
    bool backup_eligible = false;
    bool backed_up = false;
};

struct Registration {
    std::string client_data;  // JSON
    std::string attestation_object;
};

struct Assertion {
    std::string client_data;
    std::string authenticator_data;
    std::string signature;
};

struct Use {
    std::uint32_t sign_count = 0;
    bool backed_up = false;
};

// Why something was refused: for tests and the trail, never for the caller.
enum class Fault {
    form,         // bytes that are not what they should be
    type,         // another ceremony
    challenge,    // another challenge
    origin,       // another site's page, or a frame in one
    site,         // made for another relying party
    attestation,  // signed wrongly, or of a form that was not asked for
    signature,
    not_present,
    not_verified,
};

// A new credential. The attestation says nothing that is trusted: none is asked for, and a packed one must be right in
// itself.
std::expected<Credential, Fault> verify(const Site& site, const std::string& challenge,
                                        const Registration& registration);

// A credential in use. That its counter grew is the caller's to see.
std::expected<Use, Fault> verify(const Site& site, const std::string& challenge, const Assertion& assertion,
                                 const PublicKey& key);

}  // namespace mobilytics::webauthn
