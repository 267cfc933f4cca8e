#include "platform/crypto/sealer.hpp"

#include <algorithm>

#include "platform/crypto/sodium.hpp"

namespace mobilytics::crypto {

namespace {

constexpr std::byte version{1};
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t seal_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(Sealer::key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

Sealer::Sealer(std::string_view key) {
    need_sodium();
    if (key.size() != key_size) throw std::invalid_argument{"a key that seals has 32 bytes"};
    std::ranges::copy(key, key_.begin());
}

// The version, the nonce, then what was encrypted.
std::vector<std::byte> Sealer::seal(std::string_view text, std::string_view place) const {
    std::vector<std::byte> sealed(1 + nonce_size + text.size() + seal_size);
    sealed[0] = version;
    auto* nonce = reinterpret_cast<unsigned char*>(sealed.data() + 1);
    randombytes_buf(nonce, nonce_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, bytes_of(text), text.size(),
                                               bytes_of(place), place.size(), nullptr, nonce, key_.data());
    return sealed;
}

std::optional<std::string> Sealer::open(std::span<const std::byte> sealed, std::string_view place) const {
    if (sealed.size() < 1 + nonce_size + seal_size || sealed[0] != version) return std::nullopt;
    const auto* nonce = reinterpret_cast<const unsigned char*>(sealed.data() + 1);
    std::string text(sealed.size() - 1 - nonce_size - seal_size, '\0');
    const bool opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
                            reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, nonce + nonce_size,
                            text.size() + seal_size, bytes_of(place), place.size(), nonce, key_.data()) == 0;
    if (!opened) return std::nullopt;
    return text;
}

}  // namespace mobilytics::crypto
