#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "platform/webauthn/site.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/factor_verdict.hpp"
#include "src/auth/letters.hpp"
#include "src/auth/passkey.hpp"
#include "src/auth/person.hpp"

// Front door of passkeys: keys on a person's devices that sign in and confirm a session without the password.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

// What navigator.credentials.create and .get are called with. Bytes are strings.
struct PasskeyRequest {
    webauthn::Site site;
    std::string challenge;
    std::vector<Passkey> known = {};  // that may answer; none: any that the browser has for the site
};

struct PasskeyOffer {
    PasskeyRequest request;  // `known` are those that the person has already
    std::string user_handle;
    std::string email;
    std::string name;
};

struct AddedPasskey {
    Passkey passkey;
    std::vector<std::string> recovery_codes;  // where the person had none yet
};

class Passkeys {
public:
    // Challenges are sealed, so that giving one out writes nothing; the site is where people reach the pages.
    Passkeys(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
             Letters& letters, const crypto::Sealer& sealer, webauthn::Site site);

    // At most ten, in the order in which they were made.
    Task<std::vector<Passkey>> list(Person actor, std::optional<PasskeyId> after, int limit);

    // Begins a registration in this session; good for five minutes. 409 auth.too_many_passkeys.
    Task<PasskeyOffer> begin(Confirmed actor);

    // The person's from now on: the password alone signs in no more, and other sessions end. 422 auth.invalid_passkey,
    // auth.passkey_refused; 409 auth.too_many_passkeys, auth.passkey_known.
    Task<AddedPasskey> add(Confirmed actor, CreatedPasskey created);

    // 404 auth.passkey_not_found, 422 auth.invalid_passkey.
    Task<Passkey> rename(Person actor, PasskeyId id, std::string name);

    // 404 auth.passkey_not_found.
    Task<void> remove(Confirmed actor, PasskeyId id);

    // For signing in: the same for everybody.
    PasskeyRequest sign_in_request() const;
    // For confirming this session.
    Task<PasskeyRequest> confirmation_request(Person actor);

    // For Auth, OpenSessions and SecondFactor. Whose passkey it is, if it answers a challenge of that ceremony for the
    // first time. Everything else is nothing, alike: an unknown passkey, another signature, challenge, site or person.
    // A counter that did not grow is told by letter and in the trail. Source: WebAuthn Level 3, 7.2.
    Task<std::optional<User>> prove(ShownPasskey shown, PasskeyUse use);

    Task<bool> any(UserId user);

private:
    std::string challenge_for(std::string_view ceremony) const;
    std::optional<clock::Instant> end_of(std::string_view challenge, std::string_view ceremony) const;
    Task<void> tell(db::Session& session, const User& user, Letter letter, std::string name, trace::Cause cause);
    Task<void> note_copy(db::Session& session, const User& user, const std::string& name, trail::By by);

    db::Database& database_;
    const clock::Clock& clock_;
    async::Runtime& runtime_;
    trail::Trail& trail_;
    Letters& letters_;
    const crypto::Sealer& sealer_;
    const webauthn::Site site_;
};

void add_routes(http::Router& router, Passkeys& passkeys);

}  // namespace mobilytics::auth
