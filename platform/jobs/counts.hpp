#pragma once

#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/metrics/metrics.hpp"

namespace mobilytics::jobs {

// How many jobs there are by kind and state, in the whole installation; ready ones of later have the state `later`.
// Finished ones are gone, so it is a short table.
Task<std::vector<metrics::Sample>> counts(db::Database& database, clock::Instant now);

}  // namespace mobilytics::jobs
