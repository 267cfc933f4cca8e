#include "platform/crypto/random.hpp"

#include <vector>

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/sodium.hpp"

namespace mobilytics::crypto {

void fill_random(std::span<std::uint8_t> bytes) {
    need_sodium();
    randombytes_buf(bytes.data(), bytes.size());
}

std::string random_token(std::size_t bytes) {
    std::vector<std::uint8_t> random(bytes);
    fill_random(random);
    return to_base64url(random);
}

}  // namespace mobilytics::crypto
