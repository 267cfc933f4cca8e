#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/problem/problem.hpp"
#include "src/auth/ids.hpp"
#include "src/auth/known_person.hpp"

// What holds for everything that staff do to people and to each other. Values only.
namespace mobilytics::auth {

Problem person_not_found();
// Nobody changes their own access as staff: somebody else must know of it.
Problem own_account();
Problem last_admin();

// Whether nobody but that person is left of those who were found.
bool is_last(const std::vector<UserId>& admins, UserId id);

// Why no letter may offer somebody a way back; nothing: it may, to an address that was shown to be theirs, to take away
// what is there. Staff's own way is the command line of the machine.
std::optional<Problem> recovery_refused(const KnownPerson& person);
// There is nothing to take away.
Problem no_factor();

// 422 auth.reason_wanted: the trail and those who read it want to know why.
void check_reason(const std::string& reason);

}  // namespace mobilytics::auth
