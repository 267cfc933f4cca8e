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

// Keeps what must be read again, such as a key that signs, from whoever sees the database or a copy of it:
// XChaCha20-Poly1305 with a random nonce for each sealing. `place` says where the sealed bytes belong (a row's key); it
// is not stored, and sealed bytes that were moved elsewhere do not open.
class Sealer {
public:
    static constexpr std::size_t key_size = 32;

    // Throws std::invalid_argument for a key of another size.
    explicit Sealer(std::string_view key);

    std::vector<std::byte> seal(std::string_view text, std::string_view place) const;
    // Nothing unless they were sealed with this key for this place.
    std::optional<std::string> open(std::span<const std::byte> sealed, std::string_view place) const;

private:
    std::array<std::uint8_t, key_size> key_{};
};

}  // namespace mobilytics::crypto
