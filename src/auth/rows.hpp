#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <format>
#include <span>
#include <stdexcept>
#include <string>

#include "platform/crypto/digest.hpp"
#include "platform/db/values.hpp"
#include "src/auth/actor.hpp"

// Digests and roles as columns hold them.
namespace mobilytics::auth::store {

inline db::Bytes bytes_of(const crypto::Digest& digest) {
    auto bytes = std::as_bytes(std::span{digest});
    return {bytes.begin(), bytes.end()};
}

inline crypto::Digest digest_of(const db::Bytes& bytes) {
    crypto::Digest digest{};
    if (bytes.size() != digest.size()) throw std::logic_error{"a stored digest has another length"};
    std::ranges::transform(bytes, digest.begin(), [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    return digest;
}

inline Role role_of(const std::string& text) {
    if (auto role = role_from(text)) return *role;
    throw std::logic_error{std::format("the database holds a role named '{}'", text)};
}

inline std::string text_of(Role role) { return std::string{to_string(role)}; }

}  // namespace mobilytics::auth::store
