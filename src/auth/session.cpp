#include "src/auth/session.hpp"

#include <algorithm>

namespace mobilytics::auth {

std::optional<CompanyId> first_to_enter(const std::vector<Membership>& memberships) {
    if (memberships.empty()) return std::nullopt;
    auto open = std::ranges::find(memberships, false, &Membership::suspended);
    return open != memberships.end() ? open->company : memberships.front().company;
}

std::vector<Permission> permissions_of(Role role) {
    std::vector<Permission> held;
    std::ranges::copy_if(all_permissions(), std::back_inserter(held),
                         [role](Permission permission) { return allows(role, permission); });
    return held;
}

std::vector<StaffPermission> permissions_of(StaffRole role) {
    std::vector<StaffPermission> held;
    std::ranges::copy_if(all_staff_permissions(), std::back_inserter(held),
                         [role](StaffPermission permission) { return allows(role, permission); });
    return held;
}

}  // namespace mobilytics::auth
