#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/person.hpp"
#include "src/auth/store.hpp"

// Whether somebody knows a password: judged alike for everybody, and counted before it is looked at.
namespace mobilytics::auth {

struct Verdict {
    bool right = false;
    std::optional<std::string> new_hash = {};  // when the stored one was made with older parameters
};

// One argon2 computation, whether the person is there or not. Blocks: for Runtime::in_background.
Verdict judge(const std::optional<User>& user, const std::string& password);

// By person and caller.
store::AttemptKey guess_key(std::string_view email, std::string address);

// Ten in a row are free: a person who mistypes waits for nothing. Throws 429 auth.too_many_attempts.
Task<void> count_guess(db::Database& database, store::AttemptKey key, clock::Instant now);

Problem wrong_credentials();
// Beside the right password a code is wanted, or another one than was given.
Problem code_wanted(bool was_given);
// Of somebody who is signed in; `pointer` names the field.
Problem wrong_password(std::string pointer);
Problem too_many_attempts(clock::Instant until, clock::Instant now);

// What a list of sessions shows of the browser: of any length and bytes when it comes in.
std::string shown_user_agent(std::string_view header);

}  // namespace mobilytics::auth
