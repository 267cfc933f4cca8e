#include "platform/crypto/sha1.hpp"

#include <openssl/evp.h>

#include <array>
#include <format>
#include <stdexcept>

namespace mobilytics::crypto {

std::string sha1_hex(std::string_view text) {
    std::array<unsigned char, 20> digest{};
    unsigned int size = digest.size();
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error{"SHA-1 cannot be had"};
    std::string hex;
    for (const unsigned char byte : digest) hex += std::format("{:02X}", byte);
    return hex;
}

}  // namespace mobilytics::crypto
