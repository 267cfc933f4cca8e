#pragma once

#include <string>

// What this process knows of itself beside its metrics.
namespace mobilytics::metrics {

// process_open_fds over process_max_fds.
double share_of_files_open();

std::string machine_name();

}  // namespace mobilytics::metrics
