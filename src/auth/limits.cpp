#include "src/auth/limits.hpp"

#include <format>

#include "platform/problem/problem.hpp"
#include "src/auth/queries.hpp"

namespace mobilytics::auth {

Task<void> refuse_too_many_members(db::Session& session, CompanyId company) {
    const auto members = co_await session.one<std::int64_t>(sql::count_members, company);
    if (members > most_members)
        throw Problem{Kind::conflict, "auth.too_many_members",
                      std::format("A company has at most {} members.", most_members)};
}

Task<void> refuse_too_many_keys(db::Session& session, CompanyId company, clock::Instant now) {
    const auto keys = co_await session.one<std::int64_t>(sql::count_good_api_keys, company, now);
    if (keys > most_api_keys)
        throw Problem{Kind::conflict, "auth.too_many_keys",
                      std::format("A company has at most {} API keys that are good; revoke one first.", most_api_keys)};
}

Task<void> refuse_too_many_staff_keys(db::Session& session, UserId user, clock::Instant now) {
    const auto keys = co_await session.one<std::int64_t>(sql::count_good_staff_keys, user, now);
    if (keys > most_staff_keys)
        throw Problem{
            Kind::conflict, "auth.too_many_keys",
            std::format("A member of staff has at most {} keys that are good; revoke one first.", most_staff_keys)};
}

}  // namespace mobilytics::auth
