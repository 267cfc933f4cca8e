#include "src/auth/staff_rules.hpp"

#include "platform/problem/faults.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t longest_reason = 300;

}  // namespace

Problem person_not_found() { return {Kind::missing, "auth.person_not_found", "There is no such person."}; }

Problem own_account() {
    return {Kind::conflict, "auth.own_account", "This is your own account; another member of staff must do this."};
}

Problem last_admin() {
    return {Kind::conflict, "auth.last_admin", "One admin must be left; make somebody else an admin first."};
}

bool is_last(const std::vector<UserId>& admins, UserId id) { return admins.size() == 1 && admins.front() == id; }

void check_reason(const std::string& reason) {
    Faults faults;
    faults.check_line("/reason", reason, longest_reason);
    faults.refuse("auth.reason_wanted", "Say why, in a line.");
}

}  // namespace mobilytics::auth
