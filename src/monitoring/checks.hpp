#pragma once

#include "platform/db/database.hpp"
#include "platform/http/health.hpp"

namespace mobilytics::monitoring {

// The same database, as each of the roles that this program signs in with.
struct Databases {
    db::Database& app;
    db::Database& ingest;
    db::Database& reporting;
};

// What must work before a process gets requests: `database` answers, to `ingest` and to `reporting` too, and its
// `schema` is as far as this program needs (the number of the newest migration that it knows). What each means for
// people: docs/operating.md.
void add_checks(http::Readiness& readiness, Databases databases, int known_schema);

}  // namespace mobilytics::monitoring
