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

Renewal& Renewal::operator+=(const Renewal& more) {
    renewed += more.renewed;
    current += more.current;
    lost += more.lost;
    return *this;
}

Sealer::Sealer(std::string_view key, const std::vector<std::string>& former) {
    need_sodium();
    const auto add = [&](std::string_view text) {
        if (text.size() != key_size) throw std::invalid_argument{"a key that seals has 32 bytes"};
        std::ranges::copy(text, keys_.emplace_back().begin());
    };
    add(key);
    for (const auto& one : former) add(one);
}

// The version, the nonce, then what was encrypted.
std::vector<std::byte> Sealer::seal(std::string_view text, std::string_view place) const {
    std::vector<std::byte> sealed(1 + nonce_size + text.size() + seal_size);
    sealed[0] = version;
    auto* nonce = reinterpret_cast<unsigned char*>(sealed.data() + 1);
    randombytes_buf(nonce, nonce_size);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_size, nullptr, bytes_of(text), text.size(),
                                               bytes_of(place), place.size(), nullptr, nonce, keys_.front().data());
    return sealed;
}

std::optional<std::string> Sealer::open(std::span<const std::byte> sealed, std::string_view place) const {
    for (const Key& key : keys_)
        if (auto text = open_by(key, sealed, place)) return text;
    return std::nullopt;
}

std::optional<std::vector<std::byte>> Sealer::renew(std::span<const std::byte> sealed, std::string_view place,
                                                    Renewal& found) const {
    if (open_by(keys_.front(), sealed, place)) {
        ++found.current;
        return std::nullopt;
    }
    const auto text = open(sealed, place);
    ++(text ? found.renewed : found.lost);
    return text.transform([&](const std::string& opened) { return seal(opened, place); });
}

std::optional<std::string> Sealer::open_by(const Key& key, std::span<const std::byte> sealed, std::string_view place) {
    if (sealed.size() < 1 + nonce_size + seal_size || sealed[0] != version) return std::nullopt;
    const auto* nonce = reinterpret_cast<const unsigned char*>(sealed.data() + 1);
    std::string text(sealed.size() - 1 - nonce_size - seal_size, '\0');
    const bool opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
                            reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, nonce + nonce_size,
                            text.size() + seal_size, bytes_of(place), place.size(), nonce, key.data()) == 0;
    if (!opened) return std::nullopt;
    return text;
}

}  // namespace mobilytics::crypto
