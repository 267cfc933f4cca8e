#include "src/auth/accounts.hpp"

#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/random.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/breached_passwords.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/hashing.hpp"
#include "src/auth/invitation_store.hpp"
#include "src/auth/people_store.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

constexpr store::Patience with_letters{.free = 3, .longest_wait_s = 900};
// Many people may share an address, behind a proxy all of them: they are slowed down, and wait for nobody long.
constexpr store::Patience with_caller{.free = 30, .longest_wait_s = 5};

}  // namespace

Accounts::Accounts(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
                   Letters& letters)
    : database_{database}, clock_{clock}, runtime_{runtime}, trail_{trail}, letters_{letters} {}

Task<User> Accounts::edit(Person actor, ProfilePatch patch) {
    Faults faults;
    if (patch.name) check_name("/name", *patch.name, faults);
    if (patch.locale && !is_locale(*patch.locale)) faults.add("/locale", "must be en-CA or fr-CA");
    faults.refuse("auth.invalid_profile", "The profile cannot be like that.");
    // System scope: the trail of what belongs to no company, here and below.
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<User> {
        auto user = co_await store::find_user(session, actor.user);
        auto entry = account_entry("account.edited", actor.user, user.value().name);
        const std::string name = patch.name.value_or(user->name), locale = patch.locale.value_or(user->locale);
        entry.changes.field("name", user->name, name).field("locale", user->locale, locale);
        co_await store::update_profile(session, actor.user, name, locale);
        if (!entry.changes.empty()) co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
        user->name = name;
        user->locale = locale;
        co_return *std::move(user);
    });
}

Task<std::string> Accounts::change_password(Person actor, PasswordChange change) {
    std::optional<User> user = co_await find(actor.user);
    const auto now = clock_.now();
    const Guess guess{user->email, change.address};
    co_await count_guess(database_, guess, now);
    Verdict verdict = co_await hash_in_background(runtime_, [&] { return judge(user, change.current); });
    if (!verdict.right) throw wrong_password("/current_password");
    Faults faults;
    check_password("/new_password", change.wanted, user->email, faults);
    faults.refuse("auth.invalid_password", "This password cannot be chosen.");
    const std::string hash =
        co_await hash_in_background(runtime_, [&] { return hash_new_password("/new_password", change.wanted); });
    std::string token = crypto::random_token();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await forgive_guess(session, guess);
        co_await store::update_password_hash(session, user->id, hash);
        co_await store::delete_mailed_tokens_of(session, user->id);
        co_await store::delete_other_sessions(session, {user->id}, actor.session);
        co_await store::rotate_session(session, actor.session, crypto::sha256(token), now);
        co_await tell(session, *user, Letter::password_changed, actor.who().cause());
        auto entry = account_entry("account.password_changed", user->id, user->name);
        entry.changes.hidden("password");
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
    co_return token;
}

// The same statements for every address: who it belongs to is looked up when the letter is sent.
Task<void> Accounts::forgot_password(std::string email, trail::By by) {
    email = normalized_email(email);
    Faults faults;
    check_email("/email", email, faults);
    faults.refuse("auth.invalid_email", "No letter can be sent there.");
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
        const store::AttemptKey of_caller{crypto::sha256("password reset"), by.address};
        const store::AttemptKey of_address{crypto::sha256("password reset of " + email), by.address};
        auto until = co_await store::count_attempt(session, of_caller, with_caller, now);
        if (!until) until = co_await store::count_attempt(session, of_address, with_letters, now);
        if (until) throw too_many_attempts(*until, now);
        co_await letters_.offer_new_password(session, email, by.cause());
    });
}

Task<void> Accounts::reset_password(std::string token, std::string wanted, trail::By by) {
    const auto digest = crypto::sha256(token);
    auto mailed = co_await store::find_mailed_token(database_, digest, store::Purpose::password, clock_.now());
    if (!mailed) throw link_not_good();
    Faults faults;
    check_password("/password", wanted, mailed->email, faults);
    faults.refuse("auth.invalid_password", "This password cannot be chosen.");
    const std::string hash =
        co_await hash_in_background(runtime_, [&] { return hash_new_password("/password", wanted); });
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        bool taken = co_await store::take_mailed_token(session, digest, store::Purpose::password, now);
        auto user = co_await store::find_user(session, mailed->user);
        if (!taken || !user || user->disabled || user->email != mailed->email) throw link_not_good();
        co_await store::update_password_hash(session, user->id, hash);
        co_await store::verify_email(session, user->id, now);
        co_await store::note_password_reset(session, user->id, now);
        co_await store::delete_mailed_tokens_of(session, user->id);
        co_await store::delete_sessions_of(session, user->id);
        co_await store::forget_attempts_of(session, crypto::sha256(user->email));
        co_await tell(session, *user, Letter::password_changed, by.cause());
        auto entry = account_entry("account.password_reset", user->id, user->name);
        entry.changes.hidden("password");
        co_await trail_.record(session, trail::no_company, person_behind(by, *user), std::move(entry));
    });
}

Task<void> Accounts::change_email(Confirmed actor, std::string email) {
    email = normalized_email(email);
    Faults faults;
    check_email("/email", email, faults);
    faults.refuse("auth.invalid_email", "No letter can be sent there.");
    const auto now = clock_.now();
    const User user = co_await find(actor.user);
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        const store::AttemptKey key{crypto::sha256("change of address of " + user.id.text()), ""};
        auto until = co_await store::count_attempt(session, key, with_letters, now);
        if (until) throw too_many_attempts(*until, now);
        co_await letters_.ask_to_confirm(session, user.id, email, actor.who().cause());
        auto entry = account_entry("account.email_change_asked", user.id, user.name);
        entry.changes.made("email", email);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
}

Task<std::string> Accounts::confirm_email(std::string token, trail::By by) {
    const auto digest = crypto::sha256(token);
    const auto now = clock_.now();
    auto mailed = co_await store::find_mailed_token(database_, digest, store::Purpose::email, now);
    if (!mailed) throw link_not_good();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        bool taken = co_await store::take_mailed_token(session, digest, store::Purpose::email, now);
        auto user = co_await store::find_user(session, mailed->user);
        if (!taken || !user || user->disabled) throw link_not_good();
        bool changed = co_await store::change_email(session, user->id, mailed->email, now);
        if (!changed)
            throw Problem{Kind::conflict, "auth.email_taken", "Another account has this e-mail address by now."};
        // Letters to the old address are good for nothing any more.
        co_await store::delete_mailed_tokens_of(session, user->id);
        const auto person = person_behind(by, *user);
        const bool moved = user->email != mailed->email;
        if (moved) co_await tell(session, *user, Letter::email_changed, person.cause(), mailed->email);
        auto entry = account_entry(moved ? "account.email_changed" : "account.email_confirmed", user->id, user->name);
        entry.changes.field("email", user->email, mailed->email);
        co_await trail_.record(session, trail::no_company, person, std::move(entry));
    });
    co_return mailed->email;
}

Task<User> Accounts::find(UserId id) {
    auto user = co_await store::find_user(database_, id);
    if (!user) throw Problem{Kind::unauthenticated, "auth.session_ended", "The session has ended. Sign in again."};
    co_return *std::move(user);
}

Task<void> Accounts::tell(db::Session& session, const User& user, Letter letter, trace::Cause cause,
                          std::string new_email) {
    Notice notice = notice_to(user, letter);
    notice.new_email = std::move(new_email);
    co_await letters_.notify(session, std::move(notice), std::move(cause));
}

}  // namespace mobilytics::auth
