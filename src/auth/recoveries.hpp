#pragma once

#include <string>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/known_person.hpp"
#include "src/auth/letters.hpp"
#include "src/auth/person.hpp"

// Front door of the way back for people who lost phone and recovery codes. It takes three: staff who begin it, the
// mailbox, and the password; none of them alone takes a factor away. Sources: ASVS 6.4.3, 6.4.4; OWASP cheat sheet on
// multi-factor authentication ("Resetting MFA").
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

// For so long after a password was chosen by letter no way back is begun: whoever reads the mailbox would otherwise
// need nothing but staff who believe them.
inline constexpr std::chrono::days reset_pause{3};

class Recoveries {
public:
    Recoveries(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
               Letters& letters);

    // Sends a letter whose link is good for recovery_span and once; one that was sent before is good no more. 404
    // auth.person_not_found; 409 auth.second_factor_off, auth.email_not_verified, auth.person_disabled,
    // auth.password_reset_lately, and auth.staff_recover_on_the_machine for staff, whose way is the command line; 422
    // auth.reason_wanted; 429 auth.too_many_attempts after three in a row for the person.
    Task<void> begin(ConfirmedStaffMay<StaffPermission::people_recover> actor, UserId id, std::string reason);

    // By the letter's token, once, and the password: app, passkeys and recovery codes are gone, and all sessions end.
    // Signs nobody in. Told by letter and in the trail. 404 auth.link_not_good, 403 auth.wrong_password, 429
    // auth.too_many_attempts as for signing in. Whoever has the letter.
    Task<void> complete(std::string token, std::string password, trail::By by);

    // The link is good for nothing any more. 404 auth.link_not_good. Whoever has the letter.
    Task<void> stop(std::string token, trail::By by);

    // For the command line: the operator takes the factors away from anybody, staff too. 404 auth.person_not_found, 409
    // auth.second_factor_off.
    Task<UserId> recover(std::string email);

private:
    Task<void> take_away(db::Session& session, const User& user, trail::By by);
    Task<void> note_refusal(const User& user, trail::By by);

    db::Database& database_;
    const clock::Clock& clock_;
    async::Runtime& runtime_;
    trail::Trail& trail_;
    Letters& letters_;
};

void add_routes(http::Router& router, Recoveries& recoveries);

}  // namespace mobilytics::auth
