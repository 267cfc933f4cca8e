#include "src/auth/staff.hpp"

#include "src/auth/queries.hpp"

namespace mobilytics::auth {

Task<std::vector<StaffReader>> staff_readers(db::Session& session) {
    return session.many<StaffReader>(sql::staff_readers);
}

}  // namespace mobilytics::auth
