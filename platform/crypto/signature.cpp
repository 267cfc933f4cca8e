#include "platform/crypto/signature.hpp"

#include "platform/crypto/random.hpp"
#include "platform/crypto/sodium.hpp"

namespace mobilytics::crypto {

namespace {

using Pair = std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES>;

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

Pair pair_of(const SigningKey::Seed& seed, PublicKey& public_key) {
    need_sodium();
    Pair pair;
    crypto_sign_seed_keypair(public_key.data(), pair.data(), seed.data());
    return pair;
}

}  // namespace

SigningKey SigningKey::made() {
    Seed seed;
    fill_random(seed);
    return SigningKey{seed};
}

SigningKey::SigningKey(const Seed& seed) : seed_{seed} { pair_of(seed_, public_key_); }

Signature SigningKey::sign(std::string_view message) const {
    PublicKey same;
    const auto pair = pair_of(seed_, same);
    Signature signature;
    crypto_sign_detached(signature.data(), nullptr, bytes_of(message), message.size(), pair.data());
    return signature;
}

bool verify(const PublicKey& key, std::string_view message, std::span<const std::uint8_t> signature) {
    need_sodium();
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(signature.data(), bytes_of(message), message.size(), key.data()) == 0;
}

}  // namespace mobilytics::crypto
