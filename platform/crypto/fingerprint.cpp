#include "platform/crypto/fingerprint.hpp"

#include <cstddef>
#include <format>
#include <span>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"

namespace mobilytics::crypto {

namespace {

constexpr std::size_t kept_bytes = 12;

}  // namespace

std::string fingerprint(std::initializer_list<std::string_view> texts) {
    // With the lengths, so that "ab","c" is not "a","bc".
    std::string all;
    for (const std::string_view text : texts) all += std::format("{}:{}", text.size(), text);
    const Digest digest = sha256(all);
    return to_base64url(std::span{digest}.first(kept_bytes));
}

}  // namespace mobilytics::crypto
