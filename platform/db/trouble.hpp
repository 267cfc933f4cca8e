#pragma once

#include <exception>
#include <optional>

#include "platform/problem/problem.hpp"

namespace mobilytics::db {

// The refusals of PostgreSQL that pass by themselves, or once its operator has done something, as unavailable
// "database.overloaded": a deadlock, a statement that took too long, a full disk. Nothing for any other failure. Logs
// what it was, since the client is not told.
std::optional<Problem> passing_trouble(const std::exception& failure);

}  // namespace mobilytics::db
