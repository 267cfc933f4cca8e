#include "src/auth/second_factor.hpp"

#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/one_time.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/resealing.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/factor_store.hpp"
#include "src/auth/passkey_store.hpp"
#include "src/auth/passkeys.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/recovery_codes.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

std::string place_of(UserId user) { return "second factor of " + user.text(); }

// Guesses of one person's codes count together, wherever they come from: only who knows the password can make them.
store::AttemptKey code_key(UserId user) { return {crypto::sha256("code of " + user.text()), ""}; }

Problem is_off() { return {Kind::conflict, "auth.second_factor_off", "No second factor is asked for."}; }

Problem wrong_code() {
    return {Kind::invalid, "auth.wrong_code", "The code is wrong, or it was used already.", {{"/code", "is wrong"}}};
}

}  // namespace

SecondFactor::SecondFactor(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters,
                           const crypto::Sealer& sealer, Passkeys& passkeys)
    : database_{database}, clock_{clock}, trail_{trail}, letters_{letters}, sealer_{sealer}, passkeys_{passkeys} {}

Task<SecondFactorView> SecondFactor::view(Person actor) {
    auto factor = co_await store::find_factor(database_, actor.user);
    const auto codes = co_await store::count_recovery_codes(database_, actor.user);
    co_return SecondFactorView{factor ? factor->confirmed_at : std::nullopt, codes};
}

Task<std::string> SecondFactor::begin(Confirmed actor) {
    const std::string secret = crypto::new_one_time_secret();
    const auto now = clock_.now();
    auto sealed = sealer_.seal(secret, place_of(actor.user));
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        bool begun = co_await store::begin_factor(session, actor.user, std::move(sealed), now);
        if (!begun)
            throw Problem{Kind::conflict, "auth.second_factor_on",
                          "A second factor is asked for already; take it away before you set up another."};
        auto entry = account_entry("account.second_factor_begun", actor.user, "");
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
    co_return crypto::base32(secret);
}

Task<std::vector<std::string>> SecondFactor::finish(Confirmed actor, std::string code) {
    const auto now = clock_.now();
    const User user = co_await find(actor.user);
    auto factor = co_await store::find_factor(database_, user.id);
    if (!factor || factor->confirmed_at)
        throw Problem{Kind::conflict, "auth.second_factor_not_begun", "Ask for a secret first."};
    co_await count_alone(database_, code_key(user.id), now);
    const auto secret = sealer_.open(factor->secret_sealed, place_of(user.id));
    const auto step = crypto::one_time_step(secret.value(), now, plain_code(code));
    if (!step) throw wrong_code();
    co_return co_await database_.transaction(
        db::Scope::system(), [&](db::Session& session) -> Task<std::vector<std::string>> {
            bool confirmed = co_await store::confirm_factor(session, user.id, *step, now);
            if (!confirmed) throw wrong_code();
            co_await store::forget_attempts(session, code_key(user.id));
            co_await store::delete_other_sessions(session, {user.id}, actor.session);
            auto codes = co_await fresh_recovery_codes(session, user.id);
            co_await tell(session, user, Letter::second_factor_added, actor.who().cause());
            auto entry = account_entry("account.second_factor_added", user.id, user.name);
            co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
            co_return codes;
        });
}

Task<std::vector<std::string>> SecondFactor::renew_recovery_codes(Confirmed actor) {
    const User user = co_await find(actor.user);
    co_return co_await database_.transaction(
        db::Scope::system(), [&](db::Session& session) -> Task<std::vector<std::string>> {
            bool is_on = co_await store::hold_factor(session, user.id);
            if (!is_on) is_on = co_await store::has_passkeys(session, user.id);
            if (!is_on) throw is_off();
            auto codes = co_await fresh_recovery_codes(session, user.id);
            co_await tell(session, user, Letter::recovery_codes_made, actor.who().cause());
            auto entry = account_entry("account.recovery_codes_made", user.id, user.name);
            co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
            co_return codes;
        });
}

Task<void> SecondFactor::remove(Confirmed actor) {
    const User user = co_await find(actor.user);
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        bool was_on = co_await store::delete_factor(session, user.id);
        if (!was_on) throw is_off();
        co_await store::drop_idle_codes(session, user.id);
        co_await tell(session, user, Letter::second_factor_removed, actor.who().cause());
        auto entry = account_entry("account.second_factor_removed", user.id, user.name);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
}

Task<FactorVerdict> SecondFactor::judge(User user, ShownFactor shown) {
    if (shown.passkey) {
        PasskeyUse use{shown.session, user.id, std::move(shown.by)};
        auto owner = co_await passkeys_.prove(*std::move(shown.passkey), std::move(use));
        co_return owner ? FactorVerdict::passed : FactorVerdict::wrong_passkey;
    }
    auto factor = co_await store::find_factor(database_, user.id);
    const bool has_app = factor && factor->confirmed_at;
    bool is_asked = has_app;
    if (!is_asked) is_asked = co_await passkeys_.any(user.id);
    if (!is_asked) co_return FactorVerdict::not_asked;
    std::string code = plain_code(shown.code.value_or(""));
    if (code.empty()) co_return FactorVerdict::missing;
    co_return co_await judge_code(user, std::move(code), has_app ? std::move(factor) : std::nullopt);
}

Task<FactorVerdict> SecondFactor::judge_code(const User& user, std::string code, std::optional<store::Factor> app) {
    const auto now = clock_.now();
    co_await count_alone(database_, code_key(user.id), now);
    std::optional<std::int64_t> step;
    if (app) {
        const auto secret = sealer_.open(app->secret_sealed, place_of(user.id));
        step = crypto::one_time_step(secret.value(), now, code);
    }
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<FactorVerdict> {
        bool is_good = false;
        if (step) {
            is_good = co_await store::take_step(session, user.id, *step);
        } else {
            is_good = co_await store::take_recovery_code(session, user.id, crypto::sha256(code));
            if (is_good) {
                co_await tell(session, user, Letter::recovery_code_used, {});
                const trail::By by{.kind = user.staff ? "staff" : "person", .id = user.id.text(), .label = user.name};
                auto entry = account_entry("account.recovery_code_used", user.id, user.name);
                co_await trail_.record(session, trail::no_company, by, std::move(entry));
            }
        }
        if (!is_good) co_return FactorVerdict::wrong;
        co_await store::forget_attempts(session, code_key(user.id));
        co_return FactorVerdict::passed;
    });
}

Task<User> SecondFactor::find(UserId id) {
    auto user = co_await store::find_user(database_, id);
    co_return std::move(user).value();
}

Task<void> SecondFactor::tell(db::Session& session, const User& user, Letter letter, trace::Cause cause) {
    co_await letters_.notify(session, notice_to(user, letter), std::move(cause));
}

Task<crypto::Renewal> SecondFactor::reseal() {
    return trail::reseal(database_, trail_, "second factors",
                         [this](db::Session& session, crypto::Renewal& found) -> Task<void> {
                             for (auto& row : co_await store::hold_factor_secrets(session)) {
                                 auto anew = sealer_.renew(row.secret, place_of(row.user), found);
                                 if (anew) co_await store::put_factor_secret(session, row.user, *std::move(anew));
                             }
                         });
}

}  // namespace mobilytics::auth
