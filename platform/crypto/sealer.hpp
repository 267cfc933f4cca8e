#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mobilytics::crypto {

// Of sealed bytes that were looked through after the key changed.
struct Renewal {
    int renewed = 0;
    int current = 0;  // were sealed with the present key
    int lost = 0;     // no key opens them

    Renewal& operator+=(const Renewal& more);
};

// Keeps what must be read again, such as a key that signs, from whoever sees the database or a copy of it:
// XChaCha20-Poly1305 with a random nonce for each sealing. `place` says where the sealed bytes belong (a row's key); it
// is not stored, and sealed bytes that were moved elsewhere do not open. While a key is changed there are former keys,
// which open and seal nothing.
class Sealer {
public:
    static constexpr std::size_t key_size = 32;

    // Throws std::invalid_argument for a key of another size.
    explicit Sealer(std::string_view key, const std::vector<std::string>& former = {});

    std::vector<std::byte> seal(std::string_view text, std::string_view place) const;
    // Nothing unless they were sealed with one of the keys for this place.
    std::optional<std::string> open(std::span<const std::byte> sealed, std::string_view place) const;

    // The bytes anew if a former key sealed them, else nothing; counts which it was.
    std::optional<std::vector<std::byte>> renew(std::span<const std::byte> sealed, std::string_view place,
                                                Renewal& found) const;

private:
    using Key = std::array<std::uint8_t, key_size>;

    static std::optional<std::string> open_by(const Key& key, std::span<const std::byte> sealed,
                                              std::string_view place);

    std::vector<Key> keys_;  // the one that seals, then those before it
};

}  // namespace mobilytics::crypto
