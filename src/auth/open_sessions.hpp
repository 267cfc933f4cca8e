#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/factor_verdict.hpp"
#include "src/auth/session.hpp"

// The sessions of a person, as that person sees and ends them.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth {

struct Confirmation {
    std::optional<std::string> password = {};
    std::optional<std::string> code = {};
    std::optional<ShownPasskey> passkey = {};
    std::string address;  // of the caller
};

class OpenSessions {
public:
    OpenSessions(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
                 JudgeFactor judge_factor, ProvePasskey prove_passkey);

    // Newest first. A session that a company's provider opened sees, and ends, those alone that were opened so.
    Task<std::vector<OpenSession>> list(SessionHolder actor, std::optional<SessionId> before, int limit);

    // Bites at the next request that uses it. 404 auth.session_not_found.
    Task<void> end(SessionHolder actor, SessionId id);

    // All but the caller's.
    Task<void> end_others(SessionHolder actor);

    // The person shows the password again, and a second factor where one is asked for, or a passkey alone; for fifteen
    // minutes the session may then change what guards the account. It goes on with the token given back. 403
    // auth.wrong_password, auth.second_factor_required, auth.wrong_second_factor, auth.wrong_passkey; 422
    // auth.incomplete_confirmation; 429 auth.too_many_attempts. Sources: ASVS 7.2.4, 7.5.1.
    Task<std::string> confirm(Person actor, Confirmation shown);

private:
    Task<void> prove_by_password(Person actor, Confirmation shown);
    Task<void> prove_by_passkey(Person actor, Confirmation shown);

    db::Database& database_;
    const clock::Clock& clock_;
    async::Runtime& runtime_;
    trail::Trail& trail_;
    JudgeFactor judge_factor_;
    ProvePasskey prove_passkey_;
};

void add_routes(http::Router& router, OpenSessions& sessions);

}  // namespace mobilytics::auth
