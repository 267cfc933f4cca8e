#pragma once

#include <functional>
#include <memory>

#include "platform/async/task.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::async {

// Runs the body as a part of the caller. Lines of the log that are written meanwhile, by it or by what it calls, also
// on background threads, say for what: their writers need not pass it on to each other.
Task<void> attributed(std::shared_ptr<const log::Work> work, std::function<Task<void>()> body);

}  // namespace mobilytics::async
