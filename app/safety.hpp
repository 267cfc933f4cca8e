#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/settings.hpp"

// Settings under which others could listen in, or read what is secret.
namespace mobilytics::app {

// Each says what is unsafe and what to set. No verb begins with any of them.
std::vector<std::string> dangers(const Settings& settings);

// Throws config::ConfigError.
void refuse_dangers(const Settings& settings);

// Whether a file holds secrets (by `keys`) and everybody on the machine may read it.
bool is_read_by_all(const std::filesystem::path& file, const config::Keys& keys);

}  // namespace mobilytics::app
