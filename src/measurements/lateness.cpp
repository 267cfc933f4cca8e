#include "src/measurements/lateness.hpp"

#include "src/measurements/queries.hpp"

namespace mobilytics::measurements {

Task<std::optional<clock::Instant>> oldest_mark(db::Database& database) {
    return database.optional<clock::Instant>(db::Scope::system(), sql::oldest_mark);
}

}  // namespace mobilytics::measurements
