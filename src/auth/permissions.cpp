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
    bool manager, analyst, viewer, installer, billing;
    std::string_view sentence;
};

// clang-format off
constexpr Line table[] = {
    //                                                      manager analyst viewer installer billing
    {Permission::company_read, "company.read",                 true,  true,  true,  true,  true,
     "See the company's name, time zone and settings."},
    {Permission::company_edit, "company.edit",                 false, false, false, false, false,
     "Change the company's settings."},
    {Permission::members_read, "members.read",                 true,  false, false, false, false,
     "See who belongs to the company, and open invitations."},
    {Permission::members_manage, "members.manage",             false, false, false, false, false,
     "Invite people, change their roles and remove them."},
    {Permission::api_keys_manage, "api_keys.manage",           false, false, false, false, false,
     "Make and revoke API keys."},
    {Permission::assets_read, "assets.read",                   true,  true,  true,  true,  false,
     "See vehicles and billboards."},
    {Permission::assets_edit, "assets.edit",                   true,  false, false, true,  false,
     "Add and change vehicles and billboards."},
    {Permission::devices_read, "devices.read",                 true,  true,  false, true,  false,
     "See devices, their health and where they are attached."},
    {Permission::devices_edit, "devices.edit",                 true,  false, false, true,  false,
     "Add devices, attach them, calibrate them and make their tokens."},
    {Permission::campaigns_read, "campaigns.read",             true,  true,  true,  false, true,
     "See campaigns and what they are booked on."},
    {Permission::campaigns_edit, "campaigns.edit",             true,  false, false, false, false,
     "Plan, book, launch and end campaigns."},
    {Permission::analytics_read, "analytics.read",             true,  true,  true,  false, false,
     "See numbers, charts and heat maps."},
    {Permission::ingest_write, "ingest.write",                 true,  false, false, false, false,
     "Send measurements by API key."},
    {Permission::audit_read, "audit.read",                     true,  false, false, false, false,
     "See what was done in the company, by whom."},
    {Permission::webhooks_read, "webhooks.read",               true,  true,  false, false, false,
     "See webhooks and what they were sent."},
    {Permission::webhooks_manage, "webhooks.manage",           true,  false, false, false, false,
     "Add, change and test webhooks, and send again."},
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
    return std::size(table) == std::to_underlying(Permission::webhooks_manage) + 1;
}());

const Line& line_of(Permission permission) { return table[std::to_underlying(permission)]; }

}  // namespace

std::string_view to_string(Role role) { return json::name_of(role); }

std::optional<Role> role_from(std::string_view text) { return json::value_named<Role>(text); }

std::string_view to_string(Permission permission) { return line_of(permission).name; }

std::string_view sentence_of(Permission permission) { return line_of(permission).sentence; }

std::optional<Permission> permission_from(std::string_view text) {
    const auto* line = std::ranges::find(table, text, &Line::name);
    return line == std::end(table) ? std::nullopt : std::optional{line->permission};
}

std::span<const Permission> all_permissions() { return catalogue; }

std::span<const Role> all_roles() {
    static constexpr std::array roles = {Role::owner,  Role::manager,   Role::analyst,
                                         Role::viewer, Role::installer, Role::billing};
    return roles;
}

bool allows(Role role, Permission permission) {
    const Line& line = line_of(permission);
    const bool by_role[] = {true, line.manager, line.analyst, line.viewer, line.installer, line.billing};
    return by_role[std::to_underlying(role)];
}

}  // namespace mobilytics::auth
