#pragma once

#include <filesystem>
#include <string_view>

// Files written whole or not at all, readable by their owner alone: whoever looks at the name finds all of it or
// nothing, whenever the process or the machine stops. Folders on the way are made. What the system refuses throws
// std::filesystem::filesystem_error.
namespace mobilytics::files {

// Never replaces: false when something has that name already. Of all that write at once one wins.
bool put_new(const std::filesystem::path& file, std::string_view bytes);

// Takes the place of what had the name.
void put(const std::filesystem::path& file, std::string_view bytes);

// What a draft's name begins with, for those who list a folder: a process that was killed may leave one.
inline constexpr std::string_view draft_prefix = ".part-";

}  // namespace mobilytics::files
