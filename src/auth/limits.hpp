#pragma once

#include <cstdint>

#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"

// How much a company may have. Counted after the event of the change was written, which others of the company who
// change something wait for, so that two at once cannot both be the last.
namespace mobilytics::auth {

inline constexpr std::int64_t most_members = 1000;
inline constexpr std::int64_t most_api_keys = 200;   // that are good
inline constexpr std::int64_t most_staff_keys = 20;  // of one person, that are good

// Throws Problem conflict "auth.too_many_members".
Task<void> refuse_too_many_members(db::Session& session, CompanyId company);
// Throws Problem conflict "auth.too_many_keys".
Task<void> refuse_too_many_keys(db::Session& session, CompanyId company, clock::Instant now);
Task<void> refuse_too_many_staff_keys(db::Session& session, UserId user, clock::Instant now);

}  // namespace mobilytics::auth
