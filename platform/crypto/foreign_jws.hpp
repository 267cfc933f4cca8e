#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Signed texts of others in JWS compact form with RS256 (RSASSA-PKCS1-v1_5 and SHA-256, RFC 7518 3.3): what OpenID
// providers sign ID tokens with. We sign with nothing but Ed25519 (compact_jws.hpp), and neither reader takes the
// other's: here a signature has the length of an RSA key, there 64 bytes.
namespace mobilytics::crypto {

inline constexpr std::size_t longest_foreign_jws = 16 * 1024;

struct ForeignJws {
    std::string header;   // JSON
    std::string payload;  // not to be believed before holds()
    std::string signed_text;
    std::string signature;
};

// As strict as read_compact: exactly three parts, each with one spelling only, no more than longest_foreign_jws.
std::optional<ForeignJws> read_foreign(std::string_view text);

// The public half of an RSA key.
class RsaKey {
public:
    static constexpr std::size_t least_bits = 2048, most_bits = 8192;

    // From modulus and exponent, big endian. Nothing for a modulus of fewer or more bits than these, and for an
    // exponent that is even, 1, or longer than 32 bits, which only makes verifying slow.
    static std::optional<RsaKey> from(std::string_view modulus, std::string_view exponent);

    bool verifies(std::string_view text, std::string_view signature) const;

private:
    struct Free {
        void operator()(void* key) const;
    };
    explicit RsaKey(std::shared_ptr<void> key) : key_{std::move(key)} {}

    std::shared_ptr<void> key_;  // OpenSSL's EVP_PKEY, which nobody changes
};

bool holds(const ForeignJws& jws, const RsaKey& key);

}  // namespace mobilytics::crypto
