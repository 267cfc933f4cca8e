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

Problem no_factor() { return {Kind::conflict, "auth.second_factor_off", "No second factor is asked for."}; }

std::optional<Problem> recovery_refused(const KnownPerson& person) {
    if (person.staff)
        return Problem{Kind::conflict, "auth.staff_recover_on_the_machine",
                       "A member of staff gets back in by the operator's command line alone."};
    if (person.disabled_at)
        return Problem{Kind::conflict, "auth.person_disabled", "This account is disabled; enable it first."};
    if (!person.email_verified)
        return Problem{Kind::conflict, "auth.email_not_verified",
                       "Nobody has shown yet that this person's address is theirs."};
    if (!person.has_factor()) return no_factor();
    return std::nullopt;
}

void check_reason(const std::string& reason) {
    Faults faults;
    faults.check_line("/reason", reason, longest_reason);
    faults.refuse("auth.reason_wanted", "Say why, in a line.");
}

}  // namespace mobilytics::auth
