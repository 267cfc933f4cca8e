#pragma once

#include <string_view>

namespace mobilytics::db {

enum class Kind { one, optional, many, exec, copy };

// A statement of a room's queries.sql, compiled in by tools/embed_sql. The text is constant for the life of
// the process, so the set of prepared statements per connection is bounded by the number of queries.
struct Query {
    std::string_view name;  // "campaigns.find_campaign"
    std::string_view text;
    Kind kind;
};

}  // namespace mobilytics::db
