#include "src/auth/passkeys.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"
#include "platform/problem/faults.hpp"
#include "platform/problem/problem.hpp"
#include "platform/webauthn/ceremony.hpp"
#include "platform/webauthn/webauthn.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/factor_store.hpp"
#include "src/auth/passkey_store.hpp"
#include "src/auth/recovery_codes.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t handle_size = 32;
constexpr std::size_t most_transports = 8, longest_transport = 20;

// A challenge is good for one ceremony, and of those that need a session for one session: it is sealed for that place.
std::string signing_in() { return "passkey that signs in"; }
std::string confirming(SessionId session) { return "passkey that confirms " + session.text(); }
std::string registering(SessionId session) { return "passkey made in " + session.text(); }

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    crypto::fill_random({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    return bytes;
}

void check_name_of_passkey(const std::string& name) {
    Faults faults;
    faults.check_line("/name", name, longest_passkey_name);
    faults.refuse("auth.invalid_passkey", "The passkey cannot be kept like this.");
}

// A hint for browsers, which send what they know: words that are none are left out.
std::vector<std::string> usable(std::vector<std::string> transports) {
    std::erase_if(transports, [](const std::string& word) {
        return word.empty() || word.size() > longest_transport ||
               word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != std::string::npos;
    });
    if (transports.size() > most_transports) transports.resize(most_transports);
    return transports;
}

Problem not_found() { return {Kind::missing, "auth.passkey_not_found", "You have no such passkey."}; }

Problem too_many() { return {Kind::conflict, "auth.too_many_passkeys", "You have ten passkeys; remove one first."}; }

Problem refused() {
    return {Kind::invalid, "auth.passkey_refused",
            "This passkey was not accepted: it was made too long ago, on another site, or without a PIN or the like."};
}

}  // namespace

Passkeys::Passkeys(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
                   Letters& letters, const crypto::Sealer& sealer, webauthn::Site site)
    : database_{database},
      clock_{clock},
      runtime_{runtime},
      trail_{trail},
      letters_{letters},
      sealer_{sealer},
      site_{std::move(site)} {}

Task<std::vector<Passkey>> Passkeys::list(Person actor, std::optional<PasskeyId> after, int limit) {
    return store::list_passkeys(database_, actor.user, after, limit);
}

Task<PasskeyOffer> Passkeys::begin(Confirmed actor) {
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<PasskeyOffer> {
        auto user = co_await store::find_user(session, actor.user);
        auto known = co_await store::list_passkeys(session, actor.user);
        if (std::ssize(known) >= most_passkeys) throw too_many();
        auto handle = co_await store::give_passkey_handle(session, actor.user, random_bytes(handle_size));
        auto entry = account_entry("account.passkey_begun", actor.user, user.value().name);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
        PasskeyRequest request{site_, challenge_for(registering(actor.session)), std::move(known)};
        co_return PasskeyOffer{std::move(request), std::move(handle), user->email, user->name};
    });
}

Task<AddedPasskey> Passkeys::add(Confirmed actor, CreatedPasskey created) {
    check_name_of_passkey(created.name);
    const auto now = clock_.now();
    const auto data = webauthn::read_ceremony(created.client_data);
    const auto end = data ? end_of(data->challenge, registering(actor.session)) : std::nullopt;
    if (!end) throw refused();
    auto verified = co_await runtime_.in_background(
        [&] { return webauthn::verify(site_, data->challenge, {created.client_data, created.attestation_object}); });
    if (!verified || verified->id != created.credential_id) throw refused();
    const Passkey made{.id = PasskeyId::make(),
                       .name = created.name,
                       .credential_id = verified->id,
                       .transports = usable(std::move(created.transports)),
                       .backed_up = verified->backed_up,
                       .created_at = now};
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<AddedPasskey> {
        co_await store::hold_user(session, actor.user);  // so that ten stay ten
        auto user = co_await store::find_user(session, actor.user);
        bool is_fresh = co_await store::spend_challenge(session, crypto::sha256(data->challenge), *end, now);
        if (!is_fresh) throw refused();
        auto known = co_await store::list_passkeys(session, actor.user);
        if (std::ssize(known) >= most_passkeys) throw too_many();
        store::NewPasskey row{made.id, actor.user, made.name, *verified, made.transports, now};
        bool is_new = co_await store::insert_passkey(session, std::move(row));
        if (!is_new) throw Problem{Kind::conflict, "auth.passkey_known", "This passkey is in use already."};
        std::vector<std::string> codes;
        auto had = co_await store::count_recovery_codes(session, actor.user);
        if (had == 0) codes = co_await fresh_recovery_codes(session, actor.user);
        co_await store::delete_other_sessions(session, {actor.user}, actor.session);
        co_await tell(session, *user, Letter::passkey_added, made.name, actor.who().cause());
        auto entry = account_entry("account.passkey_added", actor.user, user->name);
        entry.changes.made("passkey", made.name);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
        co_return AddedPasskey{made, std::move(codes)};
    });
}

Task<Passkey> Passkeys::rename(Person actor, PasskeyId id, std::string name) {
    check_name_of_passkey(name);
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<Passkey> {
        auto passkey = co_await store::hold_passkey(session, actor.user, id);
        if (!passkey) throw not_found();
        auto user = co_await store::find_user(session, actor.user);
        co_await store::rename_passkey(session, actor.user, id, name);
        auto entry = account_entry("account.passkey_renamed", actor.user, user.value().name);
        entry.changes.field("passkey", passkey->name, name);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
        passkey->name = name;
        co_return *std::move(passkey);
    });
}

Task<void> Passkeys::remove(Confirmed actor, PasskeyId id) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        auto passkey = co_await store::hold_passkey(session, actor.user, id);
        if (!passkey) throw not_found();
        auto user = co_await store::find_user(session, actor.user);
        co_await store::delete_passkey(session, actor.user, id);
        co_await store::drop_idle_codes(session, actor.user);
        co_await tell(session, user.value(), Letter::passkey_removed, passkey->name, actor.who().cause());
        auto entry = account_entry("account.passkey_removed", actor.user, user->name);
        entry.changes.gone("passkey", passkey->name);
        co_await trail_.record(session, trail::no_company, actor.who(), std::move(entry));
    });
}

PasskeyRequest Passkeys::sign_in_request() const { return {site_, challenge_for(signing_in())}; }

Task<PasskeyRequest> Passkeys::confirmation_request(Person actor) {
    auto known = co_await store::list_passkeys(database_, actor.user);
    co_return PasskeyRequest{site_, challenge_for(confirming(actor.session)), std::move(known)};
}

// What costs nothing is judged first: the challenge, before a row is looked for.
Task<std::optional<User>> Passkeys::prove(ShownPasskey shown, PasskeyUse use) {
    const auto now = clock_.now();
    const auto data = webauthn::read_ceremony(shown.client_data);
    if (!data) co_return std::nullopt;
    const auto end = end_of(data->challenge, use.session ? confirming(*use.session) : signing_in());
    if (!end) co_return std::nullopt;
    auto known = co_await store::find_passkey(database_, shown.credential_id);
    if (!known || known->user != use.user.value_or(known->user)) co_return std::nullopt;
    const bool names_person = shown.user_handle ? *shown.user_handle == known->handle : use.user.has_value();
    if (!names_person) co_return std::nullopt;
    const webauthn::Assertion assertion{std::move(shown.client_data), std::move(shown.authenticator_data),
                                        std::move(shown.signature)};
    const auto used = co_await runtime_.in_background(
        [&] { return webauthn::verify(site_, data->challenge, assertion, known->key); });
    if (!used) co_return std::nullopt;
    co_return co_await database_.transaction(
        db::Scope::system(), [&](db::Session& session) -> Task<std::optional<User>> {
            bool is_fresh = co_await store::spend_challenge(session, crypto::sha256(data->challenge), *end, now);
            if (!is_fresh) co_return std::nullopt;
            auto user = co_await store::find_user(session, known->user);
            if (!user || user->disabled) co_return std::nullopt;
            bool has_grown = co_await store::use_passkey(session, known->id, *used, now);
            if (has_grown) co_return user;
            co_await note_copy(session, *user, known->name, use.by);
            co_return std::nullopt;
        });
}

Task<bool> Passkeys::any(UserId user) { return store::has_passkeys(database_, user); }

std::string Passkeys::challenge_for(std::string_view ceremony) const {
    const auto end = clock_.now() + challenge_span;
    const auto sealed = sealer_.seal(std::to_string(end.time_since_epoch().count()), ceremony);
    return {reinterpret_cast<const char*>(sealed.data()), sealed.size()};
}

// Nothing unless it was given out for that ceremony, and may still be answered.
std::optional<clock::Instant> Passkeys::end_of(std::string_view challenge, std::string_view ceremony) const {
    const auto text = sealer_.open(std::as_bytes(std::span{challenge}), ceremony);
    if (!text) return std::nullopt;
    std::int64_t milliseconds = 0;
    std::from_chars(text->data(), text->data() + text->size(), milliseconds);
    const clock::Instant end{clock::Milliseconds{milliseconds}};
    return clock_.now() < end ? std::optional{end} : std::nullopt;
}

Task<void> Passkeys::tell(db::Session& session, const User& user, Letter letter, std::string name, trace::Cause cause) {
    Notice notice = notice_to(user, letter);
    notice.subject = std::move(name);
    co_await letters_.notify(session, std::move(notice), std::move(cause));
}

// Somebody else may hold the key: the person is told, and the copy does not get in.
Task<void> Passkeys::note_copy(db::Session& session, const User& user, const std::string& name, trail::By by) {
    co_await tell(session, user, Letter::passkey_copied, name, by.cause());
    auto entry = account_entry("account.passkey_copied", user.id, user.name);
    entry.outcome = trail::Outcome::refused;
    entry.reason = "the counter of " + name + " did not grow";
    co_await trail_.record(session, trail::no_company, std::move(by), std::move(entry));
}

}  // namespace mobilytics::auth
