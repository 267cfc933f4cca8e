#include "src/auth/staff_permissions.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "platform/json/enum_names.hpp"

// Who of the staff may what, as one table: a line a permission, the roles that hold it behind it. An admin holds all.
namespace mobilytics::auth {

namespace {

struct Line {
    StaffPermission permission;
    std::string_view name;
    bool support, fulfilment, finance;
    std::string_view sentence;
};

// clang-format off
constexpr Line table[] = {
    //                                                                  support fulfilment finance
    {StaffPermission::roles_read, "roles.read",                         true,  true,  true,
     "See what each role may do."},
    {StaffPermission::companies_read, "companies.read",                 true,  true,  true,
     "See all companies and their settings."},
    {StaffPermission::companies_create, "companies.create",             true,  false, false,
     "Make companies, with their first owner."},
    {StaffPermission::companies_edit, "companies.edit",                 true,  false, true,
     "Change the name, time zone and rules of a company."},
    {StaffPermission::companies_suspend, "companies.suspend",           false, false, true,
     "Keep a company's people and keys out, and let them in again."},
    {StaffPermission::device_models_read, "device_models.read",         true,  true,  true,
     "See the models of devices."},
    {StaffPermission::device_models_edit, "device_models.edit",         false, true,  false,
     "Add models of devices and calibrate them."},
    {StaffPermission::jobs_read, "jobs.read",                           true,  false, false,
     "See jobs and how they are getting on, and alerts."},
    {StaffPermission::jobs_manage, "jobs.manage",                       false, false, false,
     "Run jobs again, end them, pause kinds of jobs, and take alerts in hand."},
    {StaffPermission::audit_read, "audit.read",                         true,  false, false,
     "See what was done outside of companies and what staff did in them, by whom."},
    {StaffPermission::people_read, "people.read",                       true,  false, false,
     "Find somebody by their exact address or id, and see their account."},
    {StaffPermission::people_manage, "people.manage",                   true,  false, false,
     "Disable and enable accounts, and end their sessions."},
    {StaffPermission::people_recover, "people.recover",                 true,  false, false,
     "Begin a way back for somebody who lost phone and recovery codes."},
    {StaffPermission::staff_manage, "staff.manage",                     false, false, false,
     "See who is staff, change their roles, and revoke their keys."},
    {StaffPermission::staff_keys_own, "staff_keys.own",                 true,  true,  true,
     "Make keys for programs of one's own, which act as oneself; see and revoke them."},
};
// clang-format on

constexpr auto catalogue = [] {
    std::array<StaffPermission, std::size(table)> permissions{};
    std::ranges::transform(table, permissions.begin(), &Line::permission);
    return permissions;
}();

// The table is looked up by position.
static_assert([] {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (std::to_underlying(table[i].permission) != static_cast<int>(i)) return false;
    return std::size(table) == std::to_underlying(StaffPermission::staff_keys_own) + 1;
}());

const Line& line_of(StaffPermission permission) { return table[std::to_underlying(permission)]; }

}  // namespace

std::span<const StaffRole> all_staff_roles() { return json::enums::values<StaffRole>; }

std::string_view to_string(StaffRole role) { return json::name_of(role); }

std::optional<StaffRole> staff_role_from(std::string_view text) { return json::value_named<StaffRole>(text); }

std::string_view to_string(StaffPermission permission) { return line_of(permission).name; }

std::string_view sentence_of(StaffPermission permission) { return line_of(permission).sentence; }

std::span<const StaffPermission> all_staff_permissions() { return catalogue; }

bool allows(StaffRole role, StaffPermission permission) {
    const Line& line = line_of(permission);
    const bool by_role[] = {line.support, line.fulfilment, line.finance, true};
    return by_role[std::to_underlying(role)];
}

}  // namespace mobilytics::auth
