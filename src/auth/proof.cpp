#include "src/auth/proof.hpp"

#include <algorithm>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"
#include "platform/http/peer.hpp"

namespace mobilytics::auth {

namespace {

constexpr store::Patience with_guesses{.free = 10, .longest_wait_s = 900};
constexpr store::Patience with_many{.free = 100, .longest_wait_s = 2};
// In the place of an e-mail address, which is never in capitals, and of a caller's: all of them.
constexpr std::string_view at_everybody = "EVERYBODY";
constexpr std::string_view from_everywhere = "*";
constexpr std::size_t longest_user_agent = 300;

store::AttemptKey of_pair(const Guess& guess) { return {crypto::sha256(guess.email), guess.network}; }
store::AttemptKey of_caller(const Guess& guess) { return {crypto::sha256(at_everybody), guess.network}; }
store::AttemptKey of_person(const Guess& guess) { return {crypto::sha256(guess.email), std::string{from_everywhere}}; }

// Verified in the place of an unknown person's password, so that both take the same time.
const std::string& decoy_hash() {
    static const std::string hash = crypto::hash_password(crypto::random_token());
    return hash;
}

}  // namespace

Verdict judge(const std::optional<User>& user, const std::string& password) {
    const std::string& decoy = decoy_hash();
    bool right = crypto::verify_password(user ? user->password_hash : decoy, password);
    if (!right || !user || user->disabled) return {};
    if (crypto::password_needs_rehash(user->password_hash)) return {true, crypto::hash_password(password)};
    return {true, std::nullopt};
}

Guess::Guess(std::string_view whom, std::string_view from)
    : email{whom}, address{from}, network{http::network_of(from)} {}

// The same statements for an address that nobody has; a text that is none never reaches a table of people.
Task<void> count_guess(db::Database& database, Guess guess, clock::Instant now) {
    auto blocked_until = co_await database.transaction(
        db::Scope::nobody(), [&](db::Session& session) -> Task<std::optional<clock::Instant>> {
            auto until = co_await store::count_attempt(session, of_pair(guess), with_guesses, now);
            if (!until) until = co_await store::count_attempt(session, of_caller(guess), with_many, now);
            if (until) co_return until;
            bool is_known = false;
            if (is_email(guess.email)) is_known = co_await store::has_session_from(session, guess.email, guess.address);
            if (!is_known) until = co_await store::count_attempt(session, of_person(guess), with_many, now);
            co_return until;
        });
    if (blocked_until) throw too_many_attempts(*blocked_until, now);
}

Task<void> forgive_guess(db::Session& session, Guess guess) {
    co_await store::forget_attempts(session, of_pair(guess));
    co_await store::uncount_attempt(session, of_caller(guess));
    co_await store::forget_attempts(session, of_person(guess));
}

Task<void> count_passkey(db::Database& database, std::string address, clock::Instant now) {
    auto blocked_until = co_await database.transaction(db::Scope::nobody(), [&](db::Session& session) {
        return store::count_attempt(session, of_caller({"", address}), with_many, now);
    });
    if (blocked_until) throw too_many_attempts(*blocked_until, now);
}

Task<void> forgive_passkey(db::Session& session, std::string address) {
    co_await store::uncount_attempt(session, of_caller({"", address}));
}

Task<void> count_alone(db::Database& database, store::AttemptKey key, clock::Instant now) {
    auto blocked_until = co_await database.transaction(db::Scope::nobody(), [&](db::Session& session) {
        return store::count_attempt(session, key, with_guesses, now);
    });
    if (blocked_until) throw too_many_attempts(*blocked_until, now);
}

Problem wrong_credentials() {
    return {Kind::unauthenticated, "auth.wrong_credentials", "The e-mail address or the password is wrong."};
}

Problem link_not_good() {
    return {Kind::missing, "auth.link_not_good",
            "This link is not good: it was used or replaced, or it has expired. Ask for another."};
}

Problem company_suspended() {
    return {Kind::forbidden, "auth.company_suspended",
            "This company is suspended. Its data is kept; ask Mobilytics' support."};
}

Problem wrong_passkey() { return {Kind::forbidden, "auth.wrong_passkey", "This passkey does not sign you in here."}; }

Problem factor_refused(FactorVerdict verdict) {
    if (verdict == FactorVerdict::wrong_passkey) return wrong_passkey();
    if (verdict == FactorVerdict::wrong)
        return {Kind::forbidden,
                "auth.wrong_second_factor",
                "This code is wrong, or it was used already.",
                {{"/code", "is wrong"}}};
    return {Kind::forbidden,
            "auth.second_factor_required",
            "Give the code of your authenticator app too, a recovery code, or a passkey.",
            {{"/code", "is wanted"}}};
}

Problem wrong_password(std::string pointer) {
    return {Kind::forbidden, "auth.wrong_password", "The password is wrong.", {{std::move(pointer), "is wrong"}}};
}

Problem too_many_attempts(clock::Instant until, clock::Instant now) {
    Problem problem{Kind::too_many, "auth.too_many_attempts",
                    "Too many attempts. Wait for the time given in Retry-After, then try again."};
    auto wait = std::chrono::ceil<std::chrono::seconds>(until - now).count();
    problem.retry_after_seconds = std::max(1, static_cast<int>(wait));
    return problem;
}

std::string shown_user_agent(std::string_view header) {
    std::string shown{header.substr(0, longest_user_agent)};
    for (char& c : shown)
        if (c < ' ' || c == 127) c = '?';
    return shown;
}

}  // namespace mobilytics::auth
