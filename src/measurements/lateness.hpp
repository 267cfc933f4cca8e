#pragma once

#include <optional>

#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"

namespace mobilytics::measurements {

// Since when the oldest mark of any company has been waiting for a refresh; nothing where none waits.
Task<std::optional<clock::Instant>> oldest_mark(db::Database& database);

}  // namespace mobilytics::measurements
