#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/db/migration.hpp"

namespace mobilytics::db {

struct MigrationReport {
    std::vector<int> applied;        // now, in order
    int newest = 0;                  // number the database is at
    bool database_is_newer = false;  // it has migrations this program does not know
};

// Brings the database to the newest of `migrations`, in order, each in its own transaction together with its
// line in platform.migrations. One process at a time: others wait for the advisory lock, up to five minutes.
// `conninfo` is the owner's, on a direct connection (no pooler). Blocks the thread.
//
// A migration whose first line is `-- no transaction` holds one statement that refuses a transaction (CREATE
// INDEX CONCURRENTLY); it must be safe to run again.
//
// Throws std::runtime_error, with the database as it was before the failing step, when a migration fails,
// when the text of one that ran has changed, or when a new one is numbered before one that ran.
MigrationReport migrate(const std::string& conninfo, std::span<const Migration> migrations);

}  // namespace mobilytics::db
