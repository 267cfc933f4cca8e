#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "src/auth/actor.hpp"

// Who may what, as one table: a line a permission, the roles that hold it behind it. The owner holds all.
namespace mobilytics::auth {

namespace {

struct Line {
    Permission permission;
    std::string_view name;
    bool manager, analyst, viewer, installer;
};

// clang-format off
constexpr Line table[] = {
    //                                                      manager analyst viewer installer
    {Permission::company_read, "company.read",                 true,  true,  true,  true},
    {Permission::company_edit, "company.edit",                 false, false, false, false},
    {Permission::members_read, "members.read",                 true,  false, false, false},
    {Permission::members_manage, "members.manage",             false, false, false, false},
    {Permission::api_keys_manage, "api_keys.manage",           false, false, false, false},
    {Permission::assets_read, "assets.read",                   true,  true,  true,  true},
    {Permission::assets_edit, "assets.edit",                   true,  false, false, true},
    {Permission::devices_read, "devices.read",                 true,  true,  false, true},
    {Permission::devices_edit, "devices.edit",                 true,  false, false, true},
    {Permission::campaigns_read, "campaigns.read",             true,  true,  true,  false},
    {Permission::campaigns_edit, "campaigns.edit",             true,  false, false, false},
    {Permission::analytics_read, "analytics.read",             true,  true,  true,  false},
    {Permission::ingest_write, "ingest.write",                 true,  false, false, false},
    {Permission::audit_read, "audit.read",                     true,  false, false, false},
};
// clang-format on

constexpr auto catalogue = [] {
    std::array<Permission, std::size(table)> permissions{};
    std::ranges::transform(table, permissions.begin(), &Line::permission);
    return permissions;
}();

// The table is looked up by position.
static_assert([] {
    for (std::size_t i = 0; i < std::size(table); ++i)
        if (std::to_underlying(table[i].permission) != static_cast<int>(i)) return false;
    return std::size(table) == std::to_underlying(Permission::audit_read) + 1;
}());

const Line& line_of(Permission permission) { return table[std::to_underlying(permission)]; }

}  // namespace

std::string_view to_string(Role role) { return json::name_of(role); }

std::optional<Role> role_from(std::string_view text) { return json::value_named<Role>(text); }

std::string_view to_string(Permission permission) { return line_of(permission).name; }

std::span<const Permission> all_permissions() { return catalogue; }

bool allows(Role role, Permission permission) {
    const Line& line = line_of(permission);
    const bool by_role[] = {true, line.manager, line.analyst, line.viewer, line.installer};
    return by_role[std::to_underlying(role)];
}

}  // namespace mobilytics::auth
