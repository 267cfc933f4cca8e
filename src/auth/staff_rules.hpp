#pragma once

#include <string>
#include <vector>

#include "platform/problem/problem.hpp"
#include "src/auth/ids.hpp"

// What holds for everything that staff do to people and to each other. Values only.
namespace mobilytics::auth {

Problem person_not_found();
// Nobody changes their own access as staff: somebody else must know of it.
Problem own_account();
Problem last_admin();

// Whether nobody but that person is left of those who were found.
bool is_last(const std::vector<UserId>& admins, UserId id);

// 422 auth.reason_wanted: the trail and those who read it want to know why.
void check_reason(const std::string& reason);

}  // namespace mobilytics::auth
