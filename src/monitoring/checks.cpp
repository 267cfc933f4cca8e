#include "src/monitoring/checks.hpp"

#include <format>

#include "src/monitoring/queries.hpp"

namespace mobilytics::monitoring {

void add_checks(http::Readiness& readiness, db::Database& database, int known_schema) {
    readiness.add("database", [&database]() -> Task<std::string> {
        co_await database.read(db::Scope::nobody(), db::bind(sql::probe));
        co_return "";
    });
    readiness.add("schema", [&database, known_schema]() -> Task<std::string> {
        const auto number = co_await database.one<std::int32_t>(db::Scope::nobody(), sql::newest_migration);
        if (number >= known_schema) co_return "";
        co_return std::format("the database is at {}, this program needs {}", number, known_schema);
    });
}

}  // namespace mobilytics::monitoring
