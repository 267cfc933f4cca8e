#pragma once

#include <cstdint>
#include <string>

#include "platform/jobs/monitor.hpp"
#include "platform/trail/trail.hpp"
#include "src/monitoring/alert.hpp"

// What the trail says of what staff did to jobs, and of alerts. Pure.
namespace mobilytics::monitoring {

// Of a job as it was before.
trail::Entry retried(const jobs::JobView& before);
trail::Entry cancelled(const jobs::JobView& before);

trail::Entry redriven(const std::string& kind, jobs::JobState state, std::int64_t jobs);
trail::Entry paused(const std::string& kind);
trail::Entry resumed(const std::string& kind);

trail::Entry fired(const Alert& alert);
trail::Entry resolved(const Alert& alert);
trail::Entry acknowledged(const Alert& alert);

}  // namespace mobilytics::monitoring
