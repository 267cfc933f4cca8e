#include "src/auth/second_factor.hpp"

#include <algorithm>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/one_time.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/credential.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/factor_store.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

constexpr int recovery_code_count = 10;
constexpr std::size_t recovery_code_length = 24;  // of five bits each: enough to be kept as a plain hash
constexpr std::size_t group_length = 6;

std::string place_of(UserId user) { return "second factor of " + user.text(); }

// Guesses of one person's codes count together, wherever they come from: only who knows the password can make them.
store::AttemptKey code_key(UserId user) { return {crypto::sha256("code of " + user.text()), ""}; }

// As people type it: with spaces, dashes and capitals.
std::string plain(std::string_view code) {
    std::string bare;
    for (const char c : code)
        if (c != ' ' && c != '-') bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return bare;
}

std::string random_recovery_code() {
    const std::string text = random_base32();
    return text.substr(text.size() - recovery_code_length);
}

std::string grouped(const std::string& code) {
    std::string shown;
    for (std::size_t i = 0; i < code.size(); i += group_length)
        shown.append(shown.empty() ? "" : "-").append(code.substr(i, group_length));
    return shown;
}

Problem is_off() { return {Kind::conflict, "auth.second_factor_off", "No second factor is asked for."}; }

Problem wrong_code() {
    return {Kind::invalid, "auth.wrong_code", "The code is wrong, or it was used already.", {{"/code", "is wrong"}}};
}

}  // namespace

SecondFactor::SecondFactor(db::Database& database, const clock::Clock& clock, trail::Trail& trail, Letters& letters,
                           const crypto::Sealer& sealer)
    : database_{database}, clock_{clock}, trail_{trail}, letters_{letters}, sealer_{sealer} {}

Task<SecondFactorView> SecondFactor::view(Person actor) {
    auto factor = co_await store::find_factor(database_, actor.user);
    if (!factor || !factor->confirmed_at) co_return SecondFactorView{};
    co_return SecondFactorView{factor->confirmed_at, factor->recovery_codes};
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
    const auto step = crypto::one_time_step(secret.value(), now, plain(code));
    if (!step) throw wrong_code();
    co_return co_await database_.transaction(
        db::Scope::system(), [&](db::Session& session) -> Task<std::vector<std::string>> {
            bool confirmed = co_await store::confirm_factor(session, user.id, *step, now);
            if (!confirmed) throw wrong_code();
            co_await store::forget_attempts(session, code_key(user.id));
            co_await store::delete_other_sessions(session, user.id, actor.session);
            auto codes = co_await write_codes(session, user.id);
            co_await tell(session, user, Letter::second_factor_added, actor.who().trace());
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
            if (!is_on) throw is_off();
            auto codes = co_await write_codes(session, user.id);
            co_await tell(session, user, Letter::recovery_codes_made, actor.who().trace());
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
        co_await tell(session, user, Letter::second_factor_removed, actor.who().trace());
        auto entry = account_entry("account.second_factor_removed", user.id, user.name);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
}

Task<FactorVerdict> SecondFactor::judge(User user, std::optional<std::string> code) {
    auto factor = co_await store::find_factor(database_, user.id);
    if (!factor || !factor->confirmed_at) co_return FactorVerdict::passed;
    if (!code || plain(*code).empty()) co_return FactorVerdict::missing;
    const auto now = clock_.now();
    co_await count_alone(database_, code_key(user.id), now);
    const auto secret = sealer_.open(factor->secret_sealed, place_of(user.id));
    const auto step = crypto::one_time_step(secret.value(), now, plain(*code));
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<FactorVerdict> {
        bool is_good = false;
        if (step) {
            is_good = co_await store::take_step(session, user.id, *step);
        } else {
            is_good = co_await store::take_recovery_code(session, user.id, crypto::sha256(plain(*code)));
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

Task<std::vector<std::string>> SecondFactor::write_codes(db::Session& session, UserId user) {
    std::vector<std::string> shown;
    std::vector<crypto::Digest> digests;
    for (int i = 0; i < recovery_code_count; ++i) {
        const std::string code = random_recovery_code();
        digests.push_back(crypto::sha256(code));
        shown.push_back(grouped(code));
    }
    co_await store::replace_recovery_codes(session, user, std::move(digests));
    co_return shown;
}

Task<void> SecondFactor::tell(db::Session& session, const User& user, Letter letter, trace::Context trace) {
    co_await letters_.notify(session, notice_to(user, letter), std::move(trace));
}

}  // namespace mobilytics::auth
