#pragma once

#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/letters.hpp"
#include "src/auth/person.hpp"

// What people change about their own account: name, language, password, address.
namespace mobilytics::auth {

struct ProfilePatch {
    std::optional<std::string> name = {};
    std::optional<std::string> locale = {};
};

struct PasswordChange {
    std::string current;
    std::string wanted;
    std::string address;  // of the caller
};

class Accounts {
public:
    Accounts(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
             Letters& letters);

    Task<User> edit(Person actor, ProfilePatch patch);

    // Other sessions end, and the caller's goes on with the token given back. 403 auth.wrong_password, 429
    // auth.too_many_attempts, 422 for a new one that is too short or guessed first.
    Task<std::string> change_password(Person actor, PasswordChange change);

    // Sends a letter to the address if it is somebody's; the answer, and the work of giving it, do not tell. 429
    // auth.too_many_attempts after three in a row for the address (waits up to 15 min), or thirty in all from the
    // caller's (5 s at most). Anyone.
    // Source: OWASP forgot password cheat sheet; ASVS 6.3.8, 6.4.3.
    Task<void> forgot_password(std::string email, trail::By by);

    // By the letter's token, once. All sessions end, and nobody waits for guesses made before. Signs nobody in, so that
    // nothing is passed by that a sign-in asks. 404 auth.link_not_good. Whoever has the letter.
    Task<void> reset_password(std::string token, std::string wanted, trail::By by);

    // Sends a letter to the address, which becomes the account's once the letter is answered. Whether it is somebody
    // else's is told to that mailbox only.
    Task<void> change_email(Confirmed actor, std::string email);

    // By the letter's token, once; the address before gets a notice. 404 auth.link_not_good, 409 auth.email_taken.
    // Whoever has the letter.
    Task<std::string> confirm_email(std::string token, trail::By by);

private:
    Task<User> find(UserId id);
    Task<void> tell(db::Session& session, const User& user, Letter letter, trace::Cause cause,
                    std::string new_email = {});

    db::Database& database_;
    const clock::Clock& clock_;
    async::Runtime& runtime_;
    trail::Trail& trail_;
    Letters& letters_;
};

void add_routes(http::Router& router, Accounts& accounts);

}  // namespace mobilytics::auth
