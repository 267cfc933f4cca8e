#pragma once

#include "platform/jobs/jobs.hpp"

namespace mobilytics::auth {

class Letters;

// Letters to people.
void add_jobs(jobs::Runner& runner, Letters& letters);

}  // namespace mobilytics::auth
