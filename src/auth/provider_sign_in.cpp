#include "src/auth/provider_sign_in.hpp"

#include <format>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"
#include "platform/problem/problem.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/passkey_store.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/provider_store.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

Problem over() {
    return {
        Kind::forbidden, "auth.provider_sign_in_over",
        "This sign-in was begun more than ten minutes ago, in another browser, or it was used already. Begin again."};
}

Problem unreachable() {
    return {Kind::unavailable, "auth.provider_unreachable",
            "Your company's provider does not answer as it should. Try again later, or ask whoever runs it."};
}

Problem denied(const std::string& why) {
    return {Kind::forbidden, "auth.provider_denied",
            std::format("Your company's provider let nobody in ({}). Begin again, or ask whoever runs it.", why)};
}

Problem doubtful(const std::string& why) {
    return {Kind::forbidden, "auth.provider_doubtful",
            std::format("What your company's provider said is not to be believed ({}). Ask whoever runs it.", why)};
}

Problem address_unverified() {
    return {Kind::forbidden, "auth.provider_address_unverified",
            "Your company's provider gives no e-mail address that it has verified, so that nobody is known by it."};
}

// One answer to whoever is no member, whether somebody else has their address or nobody.
Problem stranger() {
    return {Kind::forbidden, "auth.provider_stranger",
            "Your company's provider knows you, and your company here does not yet. Ask an owner for an invitation."};
}

Problem refusal_of(const openid::Failure& failure) {
    switch (failure.kind()) {
        case openid::Failure::Kind::unreachable:
        case openid::Failure::Kind::unusable:
            return unreachable();
        case openid::Failure::Kind::denied:
            return denied(failure.what());
        case openid::Failure::Kind::doubtful:
            return doubtful(failure.what());
    }
    std::unreachable();
}

// Words of the standards that a browser comes back with; another text of the provider's is not repeated.
std::string word_of(const std::string& error) {
    for (const auto* known :
         {"access_denied", "login_required", "consent_required", "interaction_required", "account_selection_required",
          "temporarily_unavailable", "server_error", "invalid_request", "unauthorized_client", "invalid_scope"})
        if (error == known) return error;
    return "no reason given";
}

// A name that a list can show, else what stands before the @.
std::string name_of(const openid::Identity& identity, const std::string& email) {
    Faults faults;
    check_name("/name", identity.name, faults);
    return faults.none() ? identity.name : email.substr(0, email.find('@'));
}

std::optional<std::string> address_in(const openid::Identity& identity) {
    if (!identity.email || identity.email_refuted) return std::nullopt;
    auto email = normalized_email(*identity.email);
    return is_email(email) ? std::optional{std::move(email)} : std::nullopt;
}

// Before anybody was let in: by whom the request came, as somebody.
trail::By by_newcomer(const User& user, const Origin& origin) {
    trail::By by = origin ? *origin : trail::By{};
    by.kind = "person";
    by.id = user.id.text();
    by.label = user.name;
    by.method = "provider";
    return by;
}

}  // namespace

struct ProviderSignIn::Opened {
    std::string token;
    SessionHolder holder;
};

ProviderSignIn::ProviderSignIn(db::Database& database, const clock::Clock& clock, async::Runtime& runtime,
                               trail::Trail& trail, const crypto::Sealer& sealer, Auth& auth,
                               IdentityProviders& settings, openid::Providers& providers)
    : database_{database},
      clock_{clock},
      runtime_{runtime},
      trail_{trail},
      sealer_{sealer},
      auth_{auth},
      settings_{settings},
      providers_{providers} {}

Task<std::string> ProviderSignIn::begin(std::string sign_in_name, std::string browser) {
    std::optional<CompanyId> company;
    if (is_sign_in_name(sign_in_name)) company = co_await store::find_sign_in_name(database_, sign_in_name);
    std::optional<IdentityProvider> provider;
    if (company) provider = co_await store::find_identity_provider(database_, *company);
    if (!provider)
        throw Problem{Kind::missing, "auth.sign_in_name_unknown", "No company signs its people in under this name."};
    const SignInState state{.end = clock_.now() + sign_in_span,
                            .company = provider->company,
                            .provider_set_at = provider->set_at,
                            .nonce = crypto::random_token(),
                            .verifier = crypto::random_token(),
                            .browser = crypto::sha256(browser)};
    const auto client = settings_.client_of(*provider);
    try {
        const auto discovery = co_await providers_.find(provider->issuer);
        co_return openid::authorization_url(discovery, client, {state.sealed(sealer_), state.nonce, state.verifier});
    } catch (const openid::Failure&) {
        throw unreachable();
    }
}

// The state is spent first, so that of two who bring the same back one goes on, whatever the provider answers.
Task<SignedIn> ProviderSignIn::finish(ReturnedSignIn returned) {
    co_await count_passkey(database_, returned.address, clock_.now());
    std::optional<Problem> refusal;
    std::string why;
    std::optional<CompanyId> company;  // in whose trail a refusal is: once its provider has said who it is
    try {
        const auto state = co_await spend(returned.state, returned.browser);
        const auto provider = co_await provider_of(state);
        auto who = co_await identity(provider, state, returned);
        company = provider.company;
        const auto opened = co_await open(provider, std::move(who), returned);
        auto view = co_await auth_.session(opened.holder);
        co_return SignedIn{opened.token, std::move(view)};
    } catch (const openid::Failure& failure) {
        refusal = refusal_of(failure);
        why = failure.what();
    } catch (const Problem& problem) {
        refusal = problem;
        why = problem.code();
    }
    co_await note_refusal(company, returned.origin, "provider: " + why);
    throw Problem{*refusal};
}

Task<SignInState> ProviderSignIn::spend(std::string text, std::string browser) {
    const auto now = clock_.now();
    auto state = SignInState::open(text, sealer_, now);
    const auto digest = crypto::sha256(browser);
    if (!state || browser.empty() || !crypto::equal_in_constant_time(state->browser, digest)) throw over();
    bool is_fresh = co_await database_.transaction(db::Scope::nobody(), [&](db::Session& session) {
        return store::spend_challenge(session, crypto::sha256(text), state->end, now);
    });
    if (!is_fresh) throw over();
    co_return *std::move(state);
}

// The one that the browser was sent to; nothing that was set since.
Task<IdentityProvider> ProviderSignIn::provider_of(SignInState state) {
    auto provider = co_await store::find_identity_provider(database_, state.company);
    if (!provider || provider->set_at != state.provider_set_at) throw over();
    co_return *std::move(provider);
}

Task<openid::Identity> ProviderSignIn::identity(IdentityProvider provider, SignInState state, ReturnedSignIn returned) {
    const auto discovery = co_await providers_.find(provider.issuer);
    // Another provider's answer, brought to this one (RFC 9207, 2.4).
    if (returned.issuer ? *returned.issuer != provider.issuer : discovery.names_itself)
        throw openid::Failure{openid::Failure::Kind::doubtful, "iss"};
    if (returned.error || !returned.code)
        throw openid::Failure{openid::Failure::Kind::denied, word_of(returned.error.value_or(""))};
    openid::Grant grant{*std::move(returned.code), std::move(state.nonce), std::move(state.verifier)};
    co_return co_await providers_.redeem(settings_.client_of(provider), std::move(grant));
}

// What it finds is decided in one transaction, in the company's own scope: nothing of another can be reached by it.
Task<ProviderSignIn::Opened> ProviderSignIn::open(IdentityProvider provider, openid::Identity identity,
                                                  ReturnedSignIn returned) {
    const auto now = clock_.now();
    const CompanyId company = provider.company;
    auto newcomer_found = co_await newcomer(provider, identity);
    std::string token = crypto::random_token();
    const SessionId id = SessionId::make();
    const trail::By by = returned.origin ? *returned.origin : trail::By{.kind = "anyone"};
    auto user = co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<User> {
        const auto held = co_await store::hold_identity_provider(session, company);
        if (!held || held->set_at != provider.set_at) throw over();
        bool suspended = co_await store::is_suspended(session, company);
        if (suspended) throw company_suspended();
        auto found = co_await person(session, provider, identity, newcomer_found, by);
        co_await forgive_passkey(session, returned.address);
        store::NewSession added{.id = id,
                                .user = found.id,
                                .token_sha256 = crypto::sha256(token),
                                .csrf_token = crypto::random_token(),
                                .entered_company = company,
                                .created_at = now,
                                .expires_at = now + absolute_limit,
                                .address = returned.address,
                                .user_agent = shown_user_agent(returned.user_agent),
                                .bound = true};
        co_await store::open_session(session, added, returned.replaced_token);
        found.staff = std::nullopt;
        co_await trail_.record(session, company, by_person(found, id, "provider", returned.origin),
                               session_opened(id, found));
        co_return found;
    });
    co_return Opened{std::move(token),
                     {.user = user.id, .session = id, .staff = false, .company = company, .bound = true}};
}

// The subject decides once it is linked; the address does so the first time only.
Task<User> ProviderSignIn::person(db::Session& session, IdentityProvider provider, openid::Identity identity,
                                  std::optional<PreparedPerson> newcomer_found, trail::By by) {
    const CompanyId company = provider.company;
    const auto linked = co_await store::find_outside_identity(session, company, identity.subject);
    if (linked) {
        auto user = co_await store::find_user(session, *linked);
        if (!user || user->disabled) throw stranger();
        co_return *std::move(user);
    }
    const auto email = address_in(identity);
    if (!email) throw address_unverified();
    auto known = co_await store::find_user_by_email(session, *email);
    if (!known && newcomer_found) known = co_await join(session, provider, *std::move(newcomer_found), by);
    if (!known || known->disabled) throw stranger();
    auto member = co_await store::find_member(session, company, known->id);
    if (!member) throw stranger();
    bool is_linked = co_await store::link_outside_identity(session, company, identity.subject, known->id, clock_.now());
    // The provider gave the address of one subject to another. Whoever had it before is not to be stood in for.
    if (!is_linked) throw stranger();
    // Without the subject: with some providers it is an address.
    trail::Entry entry{.action = "member.linked", .resource_id = known->id.text(), .resource_label = known->name};
    co_await trail_.record(session, company, by_newcomer(*known, std::make_shared<const trail::By>(by)),
                           std::move(entry));
    co_return *std::move(known);
}

// Whose address nobody has: a member without a password, until a letter gives them one.
Task<User> ProviderSignIn::join(db::Session& session, IdentityProvider provider, PreparedPerson newcomer_found,
                                trail::By by) {
    const auto now = clock_.now();
    const UserId id = UserId::make();
    bool is_new = co_await store::insert_user(session, id, newcomer_found, std::nullopt, now);
    if (!is_new) throw stranger();  // somebody else took the address a moment ago
    co_await store::insert_membership(session, provider.company, id, provider.joins_as.value(), now);
    auto user = co_await store::find_user(session, id);
    co_await trail_.record(session, provider.company, by_newcomer(user.value(), std::make_shared<const trail::By>(by)),
                           member_added(id, user->name, provider.joins_as.value()));
    co_return *std::move(user);
}

// Nothing unless the company lets strangers join, and this is one. The hash is of a text that nobody keeps: verifying
// against it costs what it costs for everybody.
Task<std::optional<PreparedPerson>> ProviderSignIn::newcomer(IdentityProvider provider, openid::Identity identity) {
    const auto email = address_in(identity);
    if (!provider.joins_as || !email) co_return std::nullopt;
    const auto known = co_await store::find_user_by_email(database_, *email);
    if (known) co_return std::nullopt;
    PreparedPerson person{.email = *email, .name = name_of(identity, *email), .password_hash = {}};
    person.password_hash =
        co_await runtime_.in_background([] { return crypto::hash_password(crypto::random_token()); });
    co_return person;
}

// Before a provider has said who it is anybody may bring a refusal about: it is in the trail of no company then.
Task<void> ProviderSignIn::note_refusal(std::optional<CompanyId> company, Origin origin, std::string reason) {
    const auto scope = company ? db::Scope::of(*company) : db::Scope::system();
    const auto where = company ? company->uuid : trail::no_company;
    co_await database_.transaction(scope, [&](db::Session& session) -> Task<void> {
        co_await trail_.record(session, where, origin ? *origin : trail::By{.kind = "anyone"},
                               sign_in_refused(std::nullopt, reason));
    });
}

}  // namespace mobilytics::auth
