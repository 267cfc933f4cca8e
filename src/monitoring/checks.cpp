#include "src/monitoring/checks.hpp"

#include <format>
#include <utility>

#include "src/monitoring/queries.hpp"

namespace mobilytics::monitoring {

namespace {

void add_probe(http::Readiness& readiness, std::string name, db::Database& database) {
    readiness.add(std::move(name), [&database]() -> Task<std::string> {
        co_await database.read(db::Scope::nobody(), db::bind(sql::probe));
        co_return "";
    });
}

}  // namespace

void add_checks(http::Readiness& readiness, Databases databases, int known_schema) {
    add_probe(readiness, "database", databases.app);
    add_probe(readiness, "ingest", databases.ingest);
    add_probe(readiness, "reporting", databases.reporting);
    readiness.add("schema", [&database = databases.app, known_schema]() -> Task<std::string> {
        const auto number = co_await database.one<std::int32_t>(db::Scope::nobody(), sql::newest_migration);
        if (number >= known_schema) co_return "";
        co_return std::format("the database is at {}, this program needs {}", number, known_schema);
    });
}

}  // namespace mobilytics::monitoring
