#include "platform/crypto/password.hpp"

#include <array>
#include <atomic>
#include <new>
#include <string>

#include "platform/crypto/sodium.hpp"

namespace mobilytics::crypto {

namespace {

// OWASP's minimum for argon2id: 19 MiB and two passes.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = std::size_t{19} * 1024 * 1024;

std::atomic<std::uint64_t> computations = 0;

}  // namespace

std::string hash_password(std::string_view password) {
    need_sodium();
    ++computations;
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), passes, memory_bytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();  // the only way it fails
    return out.data();
}

bool verify_password(std::string_view encoded, std::string_view password) {
    need_sodium();
    // libsodium reads a terminated string of at most STRBYTES.
    if (encoded.size() >= crypto_pwhash_STRBYTES || encoded.find('\0') != std::string_view::npos) return false;
    ++computations;
    std::string text{encoded};
    return crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
}

bool password_needs_rehash(std::string_view encoded) {
    need_sodium();
    if (encoded.size() >= crypto_pwhash_STRBYTES) return true;
    std::string text{encoded};
    return crypto_pwhash_str_needs_rehash(text.c_str(), passes, memory_bytes) != 0;
}

std::uint64_t password_computations() { return computations; }

}  // namespace mobilytics::crypto
