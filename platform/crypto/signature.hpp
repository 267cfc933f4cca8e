#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace mobilytics::crypto {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

// Ed25519 (RFC 8032). The seed is the secret.
class SigningKey {
public:
    using Seed = std::array<std::uint8_t, 32>;

    static SigningKey made();
    explicit SigningKey(const Seed& seed);

    const Seed& seed() const { return seed_; }
    const PublicKey& public_key() const { return public_key_; }
    Signature sign(std::string_view message) const;

private:
    Seed seed_;
    PublicKey public_key_{};
};

bool verify(const PublicKey& key, std::string_view message, std::span<const std::uint8_t> signature);

}  // namespace mobilytics::crypto
