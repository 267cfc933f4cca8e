#include "platform/jobs/counts.hpp"

#include <string>

namespace mobilytics::jobs {

namespace {

constexpr db::Query count_jobs{"jobs.count_jobs",
                               "select kind, case when state = 'ready' and run_at > now() then 'later' else state end, "
                               "count(*) from jobs.jobs group by 1, 2",
                               db::Kind::many};

struct Row {
    std::string kind;
    std::string state;
    std::int64_t count = 0;
};

}  // namespace

Task<std::vector<metrics::Sample>> counts(db::Database& database) {
    std::vector<metrics::Sample> samples;
    for (const Row& row : co_await database.many<Row>(db::Scope::system(), count_jobs))
        samples.push_back({{{"kind", row.kind}, {"state", row.state}}, static_cast<double>(row.count)});
    co_return samples;
}

}  // namespace mobilytics::jobs
