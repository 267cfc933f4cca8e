#pragma once

#include <array>
#include <chrono>
#include <string>

#include "platform/json/enum_names.hpp"
#include "platform/metrics/metrics.hpp"

namespace mobilytics::jobs {

// How a run ended, in a word for the log and the metrics. Done, dead, discarded and cancelled end the job as well.
enum class RunEnd { done, retried, dead, discarded, cancelled, snoozed, given_back };

// How long jobs of one kind wait and run, and how their runs end. Made once for a kind, so that counting looks nothing
// up; made by itself it counts nothing.
class RunMetrics {
public:
    RunMetrics() = default;
    RunMetrics(metrics::Registry& registry, const std::string& kind);

    void begun(std::chrono::duration<double> waited) const { wait_.observe(waited.count()); }
    void ended(RunEnd end, std::chrono::duration<double> took) const;
    // Its worker vanished, so nobody knows how long it ran.
    void lost(RunEnd end) const;

private:
    metrics::Histogram wait_, run_;
    std::array<metrics::Counter, json::enums::count<RunEnd>()> ended_;
};

}  // namespace mobilytics::jobs
