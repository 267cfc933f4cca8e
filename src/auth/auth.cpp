#include "src/auth/auth.hpp"

#include <algorithm>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/random.hpp"
#include "platform/problem/faults.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/breached_passwords.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/hashing.hpp"
#include "src/auth/limits.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/store.hpp"

namespace mobilytics::auth {

namespace {

// Where what a person did is written: in the company they are in; what belongs to none is the system's.
db::Scope scope_of(const std::optional<CompanyId>& company) {
    return company ? db::Scope::of(*company) : db::Scope::system();
}

ids::Uuid trail_of(const std::optional<CompanyId>& company) { return company ? company->uuid : trail::no_company; }

// What a session shows that is bound to a company: that one alone, and nobody of our staff. The company's own provider
// stands in for a second factor.
void keep_to(User& user, std::vector<Membership>& memberships, const std::optional<CompanyId>& company) {
    user.staff = std::nullopt;
    std::erase_if(memberships, [&](const Membership& membership) { return membership.company != company; });
    for (Membership& membership : memberships) membership.factor_missing = false;
}

Problem company_not_found() {
    return {Kind::missing, "auth.company_not_found", "There is no such company, or you are not its member."};
}

// As the trail has it: with what beside the password, where something was asked.
std::string method_of(FactorVerdict factor, bool by_passkey) {
    if (factor == FactorVerdict::not_asked) return "password";
    return by_passkey ? "password+passkey" : "password+code";
}

}  // namespace

Auth::Auth(db::Database& database, const clock::Clock& clock, async::Runtime& runtime, trail::Trail& trail,
           CompanyCards cards, JudgeFactor judge_factor, ProvePasskey prove_passkey, StaffRules staff_rules)
    : database_{database},
      clock_{clock},
      runtime_{runtime},
      trail_{trail},
      cards_{std::move(cards)},
      judge_factor_{std::move(judge_factor)},
      prove_passkey_{std::move(prove_passkey)},
      staff_rules_{staff_rules} {}

// Who it is, by what was shown.
struct Auth::Proven {
    User user;
    std::string method;
    std::optional<Guess> guess = {};  // that turned out right
    std::optional<std::string> new_hash = {};
};

Task<SignedIn> Auth::sign_in(SignIn attempt) {
    const bool is_passkey_alone = attempt.passkey && !attempt.email && !attempt.password;
    if (!is_passkey_alone && (!attempt.email || !attempt.password)) {
        Faults faults;
        if (!attempt.email) faults.add("/email", "is missing");
        if (!attempt.password) faults.add("/password", "is missing");
        faults.refuse("auth.incomplete_sign_in", "Give address and password, or a passkey.");
    }
    if (is_passkey_alone) {
        auto proven = co_await by_passkey(attempt);
        co_return co_await open_session(std::move(attempt), std::move(proven));
    }
    auto proven = co_await by_password(attempt);
    co_return co_await open_session(std::move(attempt), std::move(proven));
}

// The attempt is counted and committed before the password is looked at: guesses sent at the same time are counted
// one by one, and a success takes the count away again.
Task<Auth::Proven> Auth::by_password(SignIn attempt) {
    std::string email = normalized_email(*attempt.email);
    const Guess guess{email, attempt.address};
    co_await count_guess(database_, guess, clock_.now());
    std::optional<User> user;
    if (is_email(email)) user = co_await store::find_user_by_email(database_, email);
    Verdict verdict = co_await hash_in_background(runtime_, [&] { return judge(user, *attempt.password); });
    if (!verdict.right) {
        co_await note_refusal(attempt.origin, user, "wrong credentials");
        throw wrong_credentials();
    }
    const bool with_passkey = attempt.passkey.has_value();
    ShownFactor shown{.code = attempt.code, .passkey = attempt.passkey};
    if (attempt.origin) shown.by = *attempt.origin;
    const auto factor = co_await judge_factor_(*user, std::move(shown));
    if (factor == FactorVerdict::wrong) co_await note_refusal(attempt.origin, user, "wrong second factor");
    if (factor == FactorVerdict::wrong_passkey) co_await note_refusal(attempt.origin, user, "wrong passkey");
    if (!lets_in(factor)) throw factor_refused(factor);
    co_return Proven{.user = *std::move(user),
                     .method = method_of(factor, with_passkey),
                     .guess = guess,
                     .new_hash = std::move(verdict.new_hash)};
}

Task<Auth::Proven> Auth::by_passkey(SignIn attempt) {
    co_await count_passkey(database_, attempt.address, clock_.now());
    PasskeyUse use;
    if (attempt.origin) use.by = *attempt.origin;
    auto user = co_await prove_passkey_(*std::move(attempt.passkey), std::move(use));
    if (!user) {
        co_await note_refusal(attempt.origin, std::nullopt, "wrong passkey");
        throw wrong_passkey();
    }
    co_return Proven{.user = *std::move(user), .method = "passkey"};
}

Task<SignedIn> Auth::open_session(SignIn attempt, Proven proven) {
    const auto now = clock_.now();
    const User& user = proven.user;
    std::string token = crypto::random_token();
    SessionId id = SessionId::make();
    // System scope: the first company is chosen among memberships of several.
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        if (proven.guess)
            co_await forgive_guess(session, *proven.guess);
        else
            co_await forgive_passkey(session, attempt.address);
        if (proven.new_hash) co_await store::update_password_hash(session, user.id, *proven.new_hash);
        auto memberships = co_await store::memberships_of(session, user.id);
        store::NewSession added{.id = id,
                                .user = user.id,
                                .token_sha256 = crypto::sha256(token),
                                .csrf_token = crypto::random_token(),
                                .entered_company = first_to_enter(memberships),
                                .created_at = now,
                                .expires_at = now + absolute_limit,
                                .address = attempt.address,
                                .user_agent = shown_user_agent(attempt.user_agent)};
        co_await store::open_session(session, added, attempt.replaced_token);
        co_await trail_.record(session, trail_of(added.entered_company),
                               by_person(user, id, proven.method, attempt.origin), session_opened(id, user));
    });
    SessionView session = co_await view(id, user.id);
    co_return SignedIn{std::move(token), std::move(session)};
}

// An address that nobody has and a wrong password leave an event each, in the trail of no company: the same work, and
// no company learns of somebody who mistyped at another.
Task<void> Auth::note_refusal(Origin origin, std::optional<User> user, std::string reason) {
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await trail_.record(session, trail::no_company, origin ? *origin : trail::By{.kind = "anyone"},
                               sign_in_refused(user, std::move(reason)));
    });
}

Task<SessionView> Auth::session(SessionHolder actor) { return view(actor.session, actor.user); }

Task<SessionView> Auth::enter(SessionHolder actor, CompanyId company) {
    if (actor.bound && actor.company != company) throw company_not_found();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        auto memberships = co_await store::memberships_of(session, actor.user);
        auto membership = std::ranges::find(memberships, company, &Membership::company);
        if (membership == memberships.end()) throw company_not_found();
        if (membership->suspended) throw company_suspended();
        co_await store::enter_company(session, actor.session, company);
        co_await trail_.record(session, company, actor.who(), company_entered(actor.session));
    });
    co_return co_await view(actor.session, actor.user);
}

Task<void> Auth::sign_out(SessionHolder actor) {
    co_await database_.transaction(scope_of(actor.company), [&](db::Session& session) -> Task<void> {
        co_await store::delete_session(session, actor.session);
        co_await trail_.record(session, trail_of(actor.company), actor.who(), session_ended(actor.session));
    });
}

Task<SessionView> Auth::view(SessionId id, UserId user) {
    auto found = co_await store::find_persons_session(database_, id, user);
    if (!found) throw Problem{Kind::unauthenticated, "auth.session_ended", "The session has ended. Sign in again."};
    SessionView view{.id = id,
                     .user = std::move(found->user),
                     .csrf_token = found->session.csrf_token,
                     .expires_at = found->session.expires_at,
                     .confirmed_until = found->session.confirmed_at.transform(
                         [](clock::Instant at) { return at + confirmation_span; }),
                     .bound = found->session.bound};
    if (view.bound) keep_to(view.user, found->memberships, found->session.entered_company);
    auto entered = std::ranges::find(found->memberships, found->session.entered_company,
                                     [](const Membership& membership) { return std::optional{membership.company}; });
    if (entered != found->memberships.end()) {
        view.suspended = entered->suspended;
        view.factor_missing = entered->factor_missing;
        if (!entered->suspended && !entered->factor_missing) view.permissions = permissions_of(entered->role);
    }
    if (view.user.staff) {
        view.staff_factor_missing = staff_rules_.factor_asked && !found->has_factor;
        if (!view.staff_factor_missing) view.staff_permissions = permissions_of(*view.user.staff);
    }
    view.companies = co_await entrances(found->memberships);
    for (const SessionCompany& company : view.companies)
        if (company.card.id == found->session.entered_company) view.company = company;
    co_return view;
}

Task<std::vector<SessionCompany>> Auth::entrances(std::vector<Membership> memberships) {
    std::vector<CompanyId> ids;
    for (const Membership& membership : memberships) ids.push_back(membership.company);
    std::vector<SessionCompany> companies;
    if (ids.empty()) co_return companies;
    auto cards = co_await cards_(std::move(ids));
    for (const Membership& membership : memberships) {
        auto card = std::ranges::find(cards, membership.company, &CompanyCard::id);
        if (card != cards.end()) companies.push_back({*card, membership.role});
    }
    co_return companies;
}

Task<std::vector<Member>> Auth::members(May<Permission::members_read> actor, std::optional<UserId> after, int limit) {
    return store::list_members(database_, actor.company, after, limit);
}

Task<Member> Auth::add_member(May<Permission::members_manage> actor, NewPerson person, Role role) {
    Faults faults;
    check(person, "", faults);
    faults.refuse("auth.invalid_member", "The member cannot be added like this.");
    PreparedPerson prepared = co_await prepare(std::move(person));
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Member> {
        UserId user = co_await join(session, actor.company, prepared, role, actor.who());
        auto member = co_await store::find_member(session, actor.company, user);
        co_return member.value();
    });
}

Task<PreparedPerson> Auth::prepare(NewPerson person) {
    std::string hash =
        co_await hash_in_background(runtime_, [&] { return hash_new_password("/password", person.password); });
    co_return PreparedPerson{normalized_email(person.email), person.name, std::move(hash)};
}

Task<void> Auth::add_first_owner(db::Session& session, CompanyId company, PreparedPerson person, Staff actor) {
    co_await join(session, company, std::move(person), Role::owner, actor.who());
}

Task<UserId> Auth::join(db::Session& session, CompanyId company, PreparedPerson person, Role role, trail::By by) {
    auto now = clock_.now();
    UserId user = UserId::make();
    bool is_new = co_await store::insert_user(session, user, person, std::nullopt, now);
    if (!is_new) {
        auto known = co_await store::find_user_by_email(session, person.email);
        auto member = co_await store::find_member(session, company, known.value().id);
        if (member)
            throw Problem{Kind::conflict, "auth.already_member",
                          "The person with this e-mail address is a member already."};
        // Another company chose that person's password, and nobody has shown whose address it is: letting them in here
        // would let in whoever came first.
        throw Problem{Kind::conflict, "auth.person_known",
                      "Somebody uses this e-mail address already, in another company."};
    }
    co_await store::insert_membership(session, company, user, role, now);
    co_await trail_.record(session, company, std::move(by), member_added(user, person.name, role));
    co_await refuse_too_many_members(session, company);
    co_return user;
}

Task<void> Auth::suspend(db::Session& session, CompanyId company) {
    return store::suspend_company(session, company, clock_.now());
}

Task<void> Auth::reinstate(db::Session& session, CompanyId company) {
    return store::reinstate_company(session, company);
}

Task<UserId> Auth::add_staff(std::string email, std::string name, std::optional<std::string> password, StaffRole role) {
    const bool chosen = password.has_value();
    NewPerson wanted{std::move(email), std::move(name), chosen ? *std::move(password) : crypto::random_token()};
    Faults faults;
    check(wanted, "", faults);
    faults.refuse("auth.invalid_person", "The person cannot be added like this.");
    const PreparedPerson person = co_await prepare(std::move(wanted));
    const auto known_ones_hash = chosen ? std::optional{person.password_hash} : std::nullopt;
    co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<UserId> {
        UserId user = UserId::make();
        bool is_new = co_await store::insert_user(session, user, person, role, clock_.now());
        if (!is_new) {
            auto known = co_await store::find_user_by_email(session, person.email);
            user = known.value().id;
            co_await store::make_staff(session, user, role, person.name, known_ones_hash);
            co_await store::delete_sessions_of(session, user);
        }
        co_await trail_.record(session, trail::no_company, trail::by_operator(),
                               staff_changed(user, person.name, std::nullopt, role));
        co_return user;
    });
}

Task<std::optional<KnownSession>> Auth::find_session(std::string token) {
    auto now = clock_.now();
    auto live = co_await store::find_session(database_, crypto::sha256(token), now);
    if (!live) co_return std::nullopt;
    if (now - live->last_seen_at >= touch_interval)
        co_await database_.transaction(
            db::Scope::nobody(), [&](db::Session& session) { return store::touch_session(session, live->id, now); });
    co_return KnownSession{
        .principal = {.user = live->user,
                      .session = live->id,
                      .bound = live->bound,
                      .confirmed = live->confirmed_at && now < *live->confirmed_at + confirmation_span,
                      .staff = live->staff,
                      .staff_factor_missing = staff_rules_.factor_asked && live->without_factor,
                      .name = std::move(live->name),
                      .company = live->company,
                      .role = live->role,
                      .company_suspended = live->company_suspended,
                      .factor_missing = live->factor_missing},
        .csrf_token = live->csrf_token};
}

}  // namespace mobilytics::auth
