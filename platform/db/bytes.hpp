#pragma once

#include <cstdint>
#include <span>

#include "platform/db/wire.hpp"

namespace mobilytics::db {

// A digest or another array of bytes as a bytea takes it.
inline Bytes bytes_of(std::span<const std::uint8_t> bytes) {
    const auto same = std::as_bytes(bytes);
    return {same.begin(), same.end()};
}

}  // namespace mobilytics::db
