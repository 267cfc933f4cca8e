#pragma once

#include <optional>
#include <span>
#include <string_view>

// What Mobilytics' own staff may do, beside the catalogue of companies' permissions (actor.hpp). Values only.
namespace mobilytics::auth {

enum class StaffRole { support, fulfilment, finance, admin };

std::span<const StaffRole> all_staff_roles();

std::string_view to_string(StaffRole role);
std::optional<StaffRole> staff_role_from(std::string_view text);

// Every operation of staff names one of these; which role may what is in staff_permissions.cpp.
enum class StaffPermission {
    roles_read,
    companies_read,
    companies_create,
    companies_edit,
    companies_suspend,
    device_models_read,
    device_models_edit,
    jobs_read,
    jobs_manage,
    audit_read,
    people_read,
    people_manage,
    people_recover,
    staff_manage,
    staff_keys_own,
};

std::string_view to_string(StaffPermission permission);    // "companies.edit"
std::string_view sentence_of(StaffPermission permission);  // what its holder may do
std::span<const StaffPermission> all_staff_permissions();
bool allows(StaffRole role, StaffPermission permission);

}  // namespace mobilytics::auth
