#pragma once

#include <cstdint>
#include <string>

#include "platform/jobs/monitor.hpp"
#include "platform/trail/trail.hpp"

// What the trail says of what staff did to jobs. Pure.
namespace mobilytics::monitoring {

// Of a job as it was before.
trail::Entry retried(const jobs::JobView& before);
trail::Entry cancelled(const jobs::JobView& before);

trail::Entry redriven(const std::string& kind, jobs::JobState state, std::int64_t jobs);
trail::Entry paused(const std::string& kind);
trail::Entry resumed(const std::string& kind);

}  // namespace mobilytics::monitoring
