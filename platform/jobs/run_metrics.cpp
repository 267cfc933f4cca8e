#include "platform/jobs/run_metrics.hpp"

#include <vector>

namespace mobilytics::jobs {

namespace {

const std::vector<double> wait_bounds = {0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600};
const std::vector<double> run_bounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900};

}  // namespace

RunMetrics::RunMetrics(metrics::Registry& registry, const std::string& kind)
    : wait_{registry.histogram("jobs_wait_seconds", "From when a job was due until a run of it began, in seconds.",
                               {{"kind", kind}}, wait_bounds)},
      run_{registry.histogram("jobs_run_seconds", "How long runs of jobs took, in seconds.", {{"kind", kind}},
                              run_bounds)} {
    for (const RunEnd end : json::enums::values<RunEnd>)
        ended_.at(static_cast<std::size_t>(end)) =
            registry.counter("jobs_ended_total", "Runs of jobs that ended, by kind and outcome.",
                             {{"kind", kind}, {"outcome", std::string{json::name_of(end)}}});
}

void RunMetrics::ended(RunEnd end, std::chrono::duration<double> took) const {
    run_.observe(took.count());
    lost(end);
}

void RunMetrics::lost(RunEnd end) const { ended_.at(static_cast<std::size_t>(end)).add(); }

}  // namespace mobilytics::jobs
