#include "src/monitoring/gauges.hpp"

#include <algorithm>
#include <chrono>
#include <format>
#include <utility>

#include "src/audit/audit.hpp"
#include "src/auth/staff.hpp"
#include "src/measurements/lateness.hpp"
#include "src/webhooks/webhooks.hpp"

namespace mobilytics::monitoring {

namespace {

constexpr int failed_often = 3;
constexpr std::chrono::hours day{24};

double seconds_since(Instant then, Instant now) {
    return std::max(0.0, std::chrono::duration<double>{now - then}.count());
}

}  // namespace

Gauges::Gauges(db::Database& database, jobs::Monitor monitor, audit::Audit& audit, webhooks::Webhooks& webhooks,
               Process process)
    : database_{database},
      monitor_{std::move(monitor)},
      audit_{audit},
      webhooks_{webhooks},
      process_{std::move(process)} {}

Task<void> Gauges::read_jobs(std::vector<Reading>& readings, Instant now) {
    for (const auto& kind : co_await monitor_.kinds()) {
        if (kind.dead > 0) readings.push_back({Rule::dead_jobs, kind.kind, static_cast<double>(kind.dead)});
        if (kind.oldest) readings.push_back({Rule::jobs_waiting, kind.kind, seconds_since(*kind.oldest, now)});
    }
    const double without_leader = co_await monitor_.seconds_without_leader();
    readings.push_back({Rule::no_leader, "", without_leader});
    const auto letters = co_await monitor_.count_failing(std::string{auth::line_of_letters}, failed_often);
    readings.push_back({Rule::mail_failing, "", static_cast<double>(letters)});
}

Task<void> Gauges::read_rooms(std::vector<Reading>& readings, Instant now) {
    if (const auto mark = co_await measurements::oldest_mark(database_))
        readings.push_back({Rule::rollups_behind, "", seconds_since(*mark, now)});
    if (const auto signing = co_await audit_.last_signing()) {
        readings.push_back({Rule::checkpoint_overdue, "", seconds_since(signing->at, now)});
        readings.push_back({Rule::trail_broken, "", static_cast<double>(signing->broken)});
    }
    const auto disabled = co_await webhooks_.count_disabled_since(now - day);
    readings.push_back({Rule::webhooks_disabled, "", static_cast<double>(disabled)});
}

Task<void> read_process(const Process& process, std::vector<Reading>& readings) {
    readings.push_back({Rule::files_low, process.name, process.files_open()});
    readings.push_back({Rule::disk_low, process.name, process.disk_full()});
    for (const auto& finding : co_await process.readiness.findings()) {
        // A process that stops is no trouble.
        if (finding.name == http::Readiness::shutdown || finding.reason.empty()) continue;
        readings.push_back({Rule::check_failing, std::format("{}@{}", finding.name, process.name), 1});
    }
}

Task<std::vector<Reading>> Gauges::read(Instant now) {
    std::vector<Reading> readings;
    co_await read_jobs(readings, now);
    co_await read_rooms(readings, now);
    co_await read_process(process_, readings);
    co_return readings;
}

}  // namespace mobilytics::monitoring
