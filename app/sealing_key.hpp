#pragma once

#include <string>
#include <vector>

#include "app/settings.hpp"

namespace mobilytics::app {

struct SealingKeys {
    std::string present;
    std::vector<std::string> former = {};
};

// The keys of 32 bytes that seal secrets in the database: secrets.key and secrets.former_keys of the settings, else the
// first line and those after it of the file secrets.key in the home folder, which is made the first time and then
// readable by its owner alone. Whoever loses them loses what they sealed, so they belong to the backup, and apart from
// the database's. Throws config::ConfigError for what is no key.
SealingKeys sealing_keys(const Settings& settings);

}  // namespace mobilytics::app
