#pragma once

#include <string_view>

namespace mobilytics::db {

// One step of the schema's timeline, compiled in from db/migrations/NNNN_name.sql.
struct Migration {
    int number;
    std::string_view name;
    std::string_view text;
    std::string_view sha256;
};

}  // namespace mobilytics::db
