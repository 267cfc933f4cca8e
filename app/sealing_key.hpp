#pragma once

#include <string>

#include "app/settings.hpp"

namespace mobilytics::app {

// The 32 bytes that seal secrets in the database: secrets.key of the settings, else the file of that name in the home
// folder, which is made the first time and then readable by its owner alone. Whoever loses it loses what it sealed, so
// it belongs to the backup, and apart from the database's. Throws config::ConfigError for what is no key.
std::string sealing_key(const Settings& settings);

}  // namespace mobilytics::app
