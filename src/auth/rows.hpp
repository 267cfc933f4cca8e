#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <format>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/db/bytes.hpp"
#include "platform/db/values.hpp"
#include "src/auth/actor.hpp"

// Digests, roles and lists of rows as columns hold them.
namespace mobilytics::auth::store {

using db::bytes_of;

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

inline std::optional<StaffRole> staff_role_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    if (auto role = staff_role_from(*text)) return role;
    throw std::logic_error{std::format("the database holds a role of staff named '{}'", *text)};
}

template <class Row>
auto values_of(const std::vector<Row>& rows) {
    return rows | std::views::transform(&Row::value) | std::ranges::to<std::vector>();
}

inline std::string text_of(Role role) { return std::string{to_string(role)}; }
inline std::string text_of(StaffRole role) { return std::string{to_string(role)}; }

template <class Named>
std::optional<std::string> text_of(const std::optional<Named>& named) {
    return named.transform([](Named one) { return text_of(one); });
}

}  // namespace mobilytics::auth::store
