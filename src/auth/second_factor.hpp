#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/factor_verdict.hpp"
#include "src/auth/letters.hpp"
#include "src/auth/person.hpp"

// Front door of the second factor: a code of an authenticator app, one from paper, or a passkey, asked for beside the
// password.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

class Passkeys;
namespace store {
struct Factor;
}

struct SecondFactorView {
    std::optional<clock::Instant> since = {};  // that an app was added; nothing: there is none
    std::int64_t recovery_codes = 0;           // that are left
};

class SecondFactor {
public:
    // Secrets of apps are sealed: they must be read again, and a copy of the database must not give them away.
    SecondFactor(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters,
                 const crypto::Sealer& sealer, Passkeys& passkeys);

    Task<SecondFactorView> view(Person actor);

    // A new secret for the app, in base32; nothing is asked for before a code of it was shown. 409
    // auth.second_factor_on.
    Task<std::string> begin(Confirmed actor);

    // Asked for from now on; other sessions end. The answer holds the recovery codes, which are stored as hashes only.
    // 409 auth.second_factor_not_begun, 422 auth.wrong_code, 429 auth.too_many_attempts.
    Task<std::vector<std::string>> finish(Confirmed actor, std::string code);

    // Others than before, which are good no more. 409 auth.second_factor_off without app and passkey.
    Task<std::vector<std::string>> renew_recovery_codes(Confirmed actor);

    // The password alone signs in again, unless there are passkeys. 409 auth.second_factor_off.
    Task<void> remove(Confirmed actor);

    // For signing in and confirming, after the password was right. Who has an app or a passkey is asked for one of
    // them. A code is good once. 429 auth.too_many_attempts after ten in a row for the person, from wherever (waits up
    // to 15 min). Sources: ASVS 6.3.1, 6.5.1, 6.5.5.
    Task<FactorVerdict> judge(User user, ShownFactor shown);

    // For the command line, after secrets.key changed: what a former key sealed is sealed anew.
    Task<crypto::Renewal> reseal();

private:
    Task<User> find(UserId id);
    Task<FactorVerdict> judge_code(const User& user, std::string code, std::optional<store::Factor> app);
    Task<void> tell(db::Session& session, const User& user, Letter letter, trace::Cause cause);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    Letters& letters_;
    const crypto::Sealer& sealer_;
    Passkeys& passkeys_;
};

void add_routes(http::Router& router, SecondFactor& second_factor);

}  // namespace mobilytics::auth
