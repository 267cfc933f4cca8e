#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// Letters that were written into a folder instead of being sent.
namespace mobilytics::mail {

// Names without their ending, oldest first: they begin with the time.
std::vector<std::string> kept_letters(const std::filesystem::path& folder);

// The file of a letter, ".eml" or ".json"; nothing unless the name is one that kept_letters gives.
std::optional<std::string> kept_file(const std::filesystem::path& folder, const std::string& name,
                                     const std::string& ending);

}  // namespace mobilytics::mail
