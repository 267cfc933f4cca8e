#include "platform/ids/id.hpp"

#include <sys/random.h>

#include <cerrno>
#include <chrono>
#include <system_error>

namespace mobilytics::ids {

namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view hex_digits = "0123456789abcdef";

std::uint64_t random_bits() {
    std::uint64_t bits = 0;
    while (true) {
        auto got = ::getrandom(&bits, sizeof bits, 0);
        if (got == sizeof bits) return bits;
        if (got < 0 && errno != EINTR) throw std::system_error{errno, std::generic_category(), "getrandom"};
    }
}

std::uint64_t half(const Uuid& uuid, std::size_t start) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | uuid.bytes[start + i];
    return value;
}

int value_of(char c, std::string_view digits) {
    auto at = digits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

Uuid make_uuid7(std::uint64_t unix_ms, std::uint64_t random_high, std::uint64_t random_low) {
    std::uint64_t high = unix_ms << 16 | 0x7000U | (random_high & 0x0fffU);
    std::uint64_t low = 0x8000000000000000ULL | (random_low & 0x3fffffffffffffffULL);
    Uuid uuid;
    for (std::size_t i = 0; i < 8; ++i) {
        uuid.bytes[7 - i] = static_cast<std::uint8_t>(high >> (8 * i));
        uuid.bytes[15 - i] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    return uuid;
}

// The 74 random bits count up within a millisecond (RFC 9562, 6.2, method 2), starting low enough not to
// overflow.
Uuid new_uuid() {
    thread_local std::uint64_t last_ms = 0, high = 0, low = 0;
    auto since = std::chrono::system_clock::now().time_since_epoch();
    auto now = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
    constexpr std::uint64_t low_mask = 0x3fffffffffffffffULL;
    if (now > last_ms) {
        last_ms = now;
        high = random_bits() & 0x07ffU;
        low = random_bits() & low_mask;
    } else {
        // A step of random size keeps the next id from being guessed.
        low += 1 + (random_bits() & 0xffffffffU);
        if (low > low_mask) {
            low &= low_mask;
            high = (high + 1) & 0x0fffU;
            if (high == 0) ++last_ms;
        }
    }
    return make_uuid7(last_ms, high, low);
}

// 26 characters hold 130 bits; the first carries only the top three of the 128.
std::string to_base32(const Uuid& uuid) {
    std::uint64_t high = half(uuid, 0), low = half(uuid, 8);
    std::string text(26, '0');
    for (std::size_t i = 26; i-- > 0;) {
        text[i] = alphabet[low & 31U];
        low = low >> 5 | high << 59;
        high >>= 5;
    }
    return text;
}

std::optional<Uuid> from_base32(std::string_view text) {
    if (text.size() != 26 || text.front() > '7') return std::nullopt;
    std::uint64_t high = 0, low = 0;
    for (char c : text) {
        int value = value_of(c, alphabet);
        if (value < 0) return std::nullopt;
        high = high << 5 | low >> 59;
        low = low << 5 | static_cast<std::uint64_t>(value);
    }
    Uuid uuid;
    for (std::size_t i = 0; i < 8; ++i) {
        uuid.bytes[7 - i] = static_cast<std::uint8_t>(high >> (8 * i));
        uuid.bytes[15 - i] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    return uuid;
}

std::string to_hex(const Uuid& uuid) {
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += hex_digits[uuid.bytes[i] >> 4];
        text += hex_digits[uuid.bytes[i] & 15U];
    }
    return text;
}

std::optional<Uuid> from_hex(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid uuid;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        char lower = text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] + 32) : text[i];
        int value = value_of(lower, hex_digits);
        if (value < 0) return std::nullopt;
        auto& byte = uuid.bytes[digits++ / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
    }
    return uuid;
}

}  // namespace mobilytics::ids
