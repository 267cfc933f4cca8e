#include "src/auth/staff.hpp"

#include "src/auth/queries.hpp"

namespace mobilytics::auth {

Task<std::vector<StaffReader>> staff_readers(db::Session& session, StaffPermission permission,
                                             std::string_view letters) {
    std::vector<std::string> roles;
    for (const StaffRole role : all_staff_roles())
        if (allows(role, permission)) roles.emplace_back(to_string(role));
    return session.many<StaffReader>(sql::staff_readers, std::move(roles), std::string{letters});
}

}  // namespace mobilytics::auth
