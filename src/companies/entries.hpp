#pragma once

#include <optional>

#include "platform/trail/trail.hpp"
#include "src/companies/company.hpp"

// What the trail says of a change to a company. Pure.
namespace mobilytics::companies {

trail::Entry created(const Company& company);
trail::Entry changed(const Company& before, const Company& after);
trail::Entry parked_policy_set(const Company& company, const DatedParkedPolicy& policy);

}  // namespace mobilytics::companies
