#include "src/auth/staff.hpp"

#include <utility>

#include "src/auth/queries.hpp"

namespace mobilytics::auth {

namespace {

std::vector<std::string> roles_with(StaffPermission permission) {
    std::vector<std::string> roles;
    for (const StaffRole role : all_staff_roles())
        if (allows(role, permission)) roles.emplace_back(to_string(role));
    return roles;
}

}  // namespace

Task<std::vector<StaffReader>> staff_readers(db::Session& session, StaffPermission permission,
                                             std::string_view letters) {
    return session.many<StaffReader>(sql::staff_readers, roles_with(permission), std::string{letters});
}

Task<std::optional<StaffReader>> staff_reader(db::Database& database, UserId user, StaffPermission permission) {
    return database.optional<StaffReader>(db::Scope::nobody(), sql::staff_reader, user, roles_with(permission));
}

}  // namespace mobilytics::auth
