#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/jobs/jobs.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::jobs {

// What each line says that is written while a job runs: which job, and as the line of a request does, for whom and
// because of whom.
std::shared_ptr<const log::Work> work_of(const Job& job, std::string_view company_prefix);

}  // namespace mobilytics::jobs
