#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/http/health.hpp"
#include "platform/jobs/monitor.hpp"
#include "src/monitoring/alert.hpp"

namespace mobilytics::audit {
class Audit;
}
namespace mobilytics::webhooks {
class Webhooks;
}

// How everything is that an alert can be about, in numbers.
namespace mobilytics::monitoring {

struct Reading {
    Rule rule = Rule::dead_jobs;
    std::string about;
    double value = 0;
};

// What only this process knows of itself. Shares are of 1.
struct Process {
    std::string name;  // of the machine; two processes of one machine are told apart by nobody
    std::function<double()> files_open;
    std::function<double()> disk_full;
    const http::Readiness& readiness;
};

class Gauges {
public:
    Gauges(db::Database& database, jobs::Monitor monitor, audit::Audit& audit, webhooks::Webhooks& webhooks,
           Process process);

    // What is not there has no reading.
    Task<std::vector<Reading>> read(Instant now);

    const Process& process() const { return process_; }

private:
    Task<void> read_jobs(std::vector<Reading>& readings, Instant now);
    Task<void> read_rooms(std::vector<Reading>& readings, Instant now);

    db::Database& database_;
    jobs::Monitor monitor_;
    audit::Audit& audit_;
    webhooks::Webhooks& webhooks_;
    Process process_;
};

// Of this process alone.
Task<void> read_process(const Process& process, std::vector<Reading>& readings);

}  // namespace mobilytics::monitoring
