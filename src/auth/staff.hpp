#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"
#include "src/auth/staff_permissions.hpp"

// Mobilytics' own people, for rooms that write to them.
namespace mobilytics::auth {

// The concurrency key of all jobs that send letters: one at a time, so that a slow mail server holds up nothing but
// mail.
inline constexpr std::string_view line_of_letters = "mail";

// What somebody of staff may do without, as the database names it: a letter when the product finds something wrong.
inline constexpr std::string_view alert_letters = "alert_fired";

struct StaffReader {
    UserId user;
    std::string email;
    std::string name;
    std::string locale;
};

// Those who can sign in, whose role holds the permission, and who do not do without these letters.
Task<std::vector<StaffReader>> staff_readers(db::Session& session, StaffPermission permission,
                                             std::string_view letters);

// One of them; nothing once they are none any more.
Task<std::optional<StaffReader>> staff_reader(db::Database& database, UserId user, StaffPermission permission);

}  // namespace mobilytics::auth
