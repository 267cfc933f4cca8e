#pragma once

#include "platform/db/database.hpp"
#include "platform/http/health.hpp"

namespace mobilytics::monitoring {

// What must work before a process gets requests: `database` answers, and its `schema` is as far as this program needs
// (the number of the newest migration that it knows). What each means for people: docs/operating.md.
void add_checks(http::Readiness& readiness, db::Database& database, int known_schema);

}  // namespace mobilytics::monitoring
