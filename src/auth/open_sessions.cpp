#include "src/auth/open_sessions.hpp"

#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/random.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/hashing.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

// A provider may open a session of anybody whom it says to know: such a session reaches its like, and none that the
// person opened.
store::SessionsOf within_reach(const SessionHolder& actor) {
    if (!actor.bound) return {actor.user};
    if (!actor.company)
        throw Problem{Kind::forbidden, "auth.no_company", "You are not a member of its company any more."};
    return {actor.user, actor.company};
}

}  // namespace

OpenSessions::OpenSessions(db::Database& database, const clock::Clock& clock, async::Runtime& runtime,
                           trail::Trail& trail, JudgeFactor judge_factor, ProvePasskey prove_passkey)
    : database_{database},
      clock_{clock},
      runtime_{runtime},
      trail_{trail},
      judge_factor_{std::move(judge_factor)},
      prove_passkey_{std::move(prove_passkey)} {}

Task<std::vector<OpenSession>> OpenSessions::list(SessionHolder actor, std::optional<SessionId> before, int limit) {
    return store::list_sessions(database_, within_reach(actor), clock_.now(), before, limit);
}

// System scope: the trail of what belongs to no company, here and below.
Task<void> OpenSessions::end(SessionHolder actor, SessionId id) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        bool ended = co_await store::delete_session_of(session, within_reach(actor), id);
        if (!ended) throw Problem{Kind::missing, "auth.session_not_found", "There is no such session."};
        co_await trail_.record(session, trail::no_company, actor.who(), session_ended(id));
    });
}

Task<void> OpenSessions::end_others(SessionHolder actor) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto ended = co_await store::delete_other_sessions(session, within_reach(actor), actor.session);
        trail::Entry entry{.action = "session.others_ended", .resource_id = actor.user.text(), .resource_label = {}};
        entry.changes.made("ended", ended);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
}

Task<std::string> OpenSessions::confirm(Person actor, Confirmation shown) {
    if (shown.password) {
        co_await prove_by_password(actor, std::move(shown));
    } else {
        co_await prove_by_passkey(actor, std::move(shown));
    }
    std::string token = crypto::random_token();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await store::rotate_session(session, actor.session, crypto::sha256(token), clock_.now());
        trail::Entry entry{.action = "session.confirmed", .resource_id = actor.session.text(), .resource_label = {}};
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
    co_return token;
}

Task<void> OpenSessions::prove_by_password(Person actor, Confirmation shown) {
    auto user = co_await store::find_user(database_, actor.user);
    const Guess guess{user.value().email, shown.address};
    co_await count_guess(database_, guess, clock_.now());
    Verdict verdict = co_await hash_in_background(runtime_, [&] { return judge(user, *shown.password); });
    if (!verdict.right) throw wrong_password("/password");
    ShownFactor beside{std::move(shown.code), std::move(shown.passkey), actor.session, actor.who()};
    const auto factor = co_await judge_factor_(user.value(), std::move(beside));
    if (!lets_in(factor)) throw factor_refused(factor);
    co_await database_.transaction(db::Scope::nobody(),
                                   [&](db::Session& session) { return forgive_guess(session, guess); });
}

Task<void> OpenSessions::prove_by_passkey(Person actor, Confirmation shown) {
    if (!shown.passkey)
        throw Problem{Kind::invalid,
                      "auth.incomplete_confirmation",
                      "Give the password, or a passkey.",
                      {{"/password", "is missing"}}};
    co_await count_passkey(database_, shown.address, clock_.now());
    PasskeyUse use{actor.session, actor.user, actor.who()};
    auto owner = co_await prove_passkey_(*std::move(shown.passkey), std::move(use));
    if (!owner) throw wrong_passkey();
    co_await database_.transaction(db::Scope::nobody(),
                                   [&](db::Session& session) { return forgive_passkey(session, shown.address); });
}

}  // namespace mobilytics::auth
