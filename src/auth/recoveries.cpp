#include "src/auth/recoveries.hpp"

#include <optional>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/invitation_store.hpp"
#include "src/auth/people_store.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/staff_rules.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

// The third in a row makes the next one wait.
constexpr store::Patience with_letters{.free = 2, .longest_wait_s = 900};

}  // namespace

Recoveries::Recoveries(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
                       Letters& letters)
    : database_{database}, clock_{clock}, runtime_{runtime}, trail_{trail}, letters_{letters} {}

// System scope here and below: people belong to no company, nor does the trail of what guards their account.
Task<void> Recoveries::begin(ConfirmedStaffMay<StaffPermission::people_recover> actor, UserId id, std::string reason) {
    check_reason(reason);
    if (id == actor.user) throw own_account();
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto person = co_await store::see_person(session, id, now);
        if (!person) throw person_not_found();
        if (const auto refused = recovery_refused(*person)) throw Problem{*refused};
        const auto reset_at = co_await store::password_reset_at(session, id);
        if (reset_at && now < *reset_at + reset_pause)
            throw Problem{Kind::conflict, "auth.password_reset_lately",
                          "This person's password was chosen by letter within the last three days. Wait until those "
                          "are over: whoever reads the mailbox could have done it."};
        const store::AttemptKey key{crypto::sha256("recovery of " + id.text()), ""};
        const auto until = co_await store::count_attempt(session, key, with_letters, now);
        if (until) throw too_many_attempts(*until, now);
        co_await letters_.offer_recovery(session, id, actor.who().cause());
        co_await trail_.record(session, trail::no_company, actor.who(),
                               person_entry("person.recovery_begun", id, person->name, std::move(reason)));
    });
}

Task<void> Recoveries::complete(std::string token, std::string password, trail::By by) {
    const auto digest = crypto::sha256(token);
    const auto now = clock_.now();
    const auto mailed = co_await store::find_mailed_token(database_, digest, store::Purpose::recovery, now);
    if (!mailed) throw link_not_good();
    const auto user = co_await store::find_user(database_, mailed->user);
    if (!user || user->staff) throw link_not_good();
    const Guess guess{user->email, by.address};
    co_await count_guess(database_, guess, now);
    const Verdict verdict = co_await runtime_.in_background([&] { return judge(user, password); });
    if (!verdict.right) {
        co_await note_refusal(*user, person_behind(by, *user));
        throw wrong_password("/password");
    }
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const bool taken = co_await store::take_mailed_token(session, digest, store::Purpose::recovery, now);
        const auto still = co_await store::find_user(session, user->id);
        if (!taken || !still || still->disabled || still->staff || still->email != mailed->email) throw link_not_good();
        co_await forgive_guess(session, guess);
        co_await take_away(session, *still, person_behind(by, *still));
    });
}

Task<void> Recoveries::stop(std::string token, trail::By by) {
    const auto digest = crypto::sha256(token);
    const auto now = clock_.now();
    const auto mailed = co_await store::find_mailed_token(database_, digest, store::Purpose::recovery, now);
    if (!mailed) throw link_not_good();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto user = co_await store::find_user(session, mailed->user);
        const auto stopped = co_await store::delete_recoveries_of(session, mailed->user);
        if (!user || stopped == 0) throw link_not_good();
        auto entry = account_entry("account.recovery_stopped", user->id, user->name);
        co_await trail_.record(session, trail::no_company, person_behind(by, *user), std::move(entry));
    });
}

Task<UserId> Recoveries::recover(std::string email) {
    const auto user = co_await store::find_user_by_email(database_, normalized_email(email));
    if (!user) throw person_not_found();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const auto person = co_await store::see_person(session, user->id, clock_.now());
        if (!person || !person->has_factor()) throw no_factor();
        co_await take_away(session, *user, trail::by_operator());
    });
    co_return user->id;
}

Task<void> Recoveries::take_away(db::Session& session, const User& user, trail::By by) {
    co_await store::delete_factors_of(session, user.id);
    co_await store::delete_mailed_tokens_of(session, user.id);
    co_await store::delete_sessions_of(session, user.id);
    co_await letters_.notify(session, notice_to(user, Letter::factors_recovered), by.cause());
    co_await trail_.record(session, trail::no_company, std::move(by),
                           account_entry("account.recovered", user.id, user.name));
}

Task<void> Recoveries::note_refusal(const User& user, trail::By by) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        auto entry = account_entry("account.recovered", user.id, user.name);
        entry.outcome = trail::Outcome::refused;
        entry.reason = "wrong password";
        co_await trail_.record(session, trail::no_company, std::move(by), std::move(entry));
    });
}

}  // namespace mobilytics::auth
