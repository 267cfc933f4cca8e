#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/factor_verdict.hpp"
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

// Who is guessed at, and from where: an IPv6 caller is the /64 that every one of them has whole.
struct Guess {
    Guess(std::string_view email, std::string_view address);

    std::string email;
    std::string address;  // as the caller's sessions have it
    std::string network;
};

// Before the password is looked at. Ten in a row by one caller for one person are free, then waits grow to 15 min; a
// hundred by one caller for anybody, and a hundred for one person by callers who have no session of theirs, then each
// waits 2 s for the one before. That is little enough that nobody is kept out by it. Throws 429
// auth.too_many_attempts.
Task<void> count_guess(db::Database& database, Guess guess, clock::Instant now);
// Once everything was right.
Task<void> forgive_guess(db::Session& session, Guess guess);

// A passkey tells only afterwards whose it is: it counts among the caller's guesses at anybody. 429
// auth.too_many_attempts.
Task<void> count_passkey(db::Database& database, std::string address, clock::Instant now);
Task<void> forgive_passkey(db::Session& session, std::string address);

// One kind of attempt with a count of its own. Throws 429 auth.too_many_attempts.
Task<void> count_alone(db::Database& database, store::AttemptKey key, clock::Instant now);

Problem wrong_credentials();
// One answer for every link of a letter that lets nobody do anything any more.
Problem link_not_good();
// One answer for every passkey that proves nothing.
Problem company_suspended();
Problem wrong_passkey();
// Beside the right password a factor is wanted, or another one than was given.
Problem factor_refused(FactorVerdict verdict);
// Of somebody who is signed in; `pointer` names the field.
Problem wrong_password(std::string pointer);
Problem too_many_attempts(clock::Instant until, clock::Instant now);

// What a list of sessions shows of the browser: of any length and bytes when it comes in.
std::string shown_user_agent(std::string_view header);

}  // namespace mobilytics::auth
