#include "platform/jobs/counts.hpp"

#include <string>

#include "platform/jobs/queries.hpp"

namespace mobilytics::jobs {

namespace {

struct Row {
    std::string kind;
    std::string state;
    std::int64_t count = 0;
};

}  // namespace

Task<std::vector<metrics::Sample>> counts(db::Database& database, clock::Instant now) {
    std::vector<metrics::Sample> samples;
    for (const Row& row : co_await database.many<Row>(db::Scope::system(), sql::count_by_state, now))
        samples.push_back({{{"kind", row.kind}, {"state", row.state}}, static_cast<double>(row.count)});
    co_return samples;
}

}  // namespace mobilytics::jobs
