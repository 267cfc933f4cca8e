#include "src/auth/store.hpp"

#include <ranges>

#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

namespace {

// Attempts within this span count as one streak.
constexpr std::chrono::hours attempt_memory{12};

// Rows, column by column.

struct UserRow {
    UserId id;
    std::string email;
    std::string name;
    std::string password_hash;
    std::string locale;
    std::optional<std::string> staff_role;
    bool disabled;
    bool email_verified;

    User value() const {
        return {id, email, name, password_hash, locale, staff_role_of(staff_role), disabled, email_verified};
    }
};

struct MemberRow {
    UserId user;
    std::string email;
    std::string name;
    std::string role;
    clock::Instant created_at;
    bool has_factor;

    Member value() const { return {user, email, name, role_of(role), created_at, has_factor}; }
};

struct MembershipRow {
    CompanyId company;
    std::string role;
    bool suspended;
    bool factor_missing;

    Membership value() const { return {company, role_of(role), suspended, factor_missing}; }
};

struct LiveSessionRow {
    SessionId id;
    UserId user;
    std::string name;
    std::string csrf_token;
    clock::Instant last_seen_at;
    std::optional<clock::Instant> confirmed_at;
    std::optional<std::string> staff_role;
    bool without_factor;
    std::optional<CompanyId> company;
    std::optional<std::string> role;
    bool suspended;
    bool factor_missing;
    bool bound;

    LiveSession value() const {
        LiveSession live{.id = id,
                         .user = user,
                         .name = name,
                         .csrf_token = csrf_token,
                         .last_seen_at = last_seen_at,
                         .confirmed_at = confirmed_at,
                         .staff = bound ? std::nullopt : staff_role_of(staff_role),
                         .without_factor = without_factor,
                         .bound = bound};
        if (company && role) {
            live.company = company;
            live.role = role_of(*role);
            live.company_suspended = suspended;
            live.factor_missing = factor_missing && !bound;
        }
        return live;
    }
};

}  // namespace

// People

Task<std::optional<User>> find_user_by_email(db::Database& database, std::string email) {
    auto row = co_await database.optional<UserRow>(db::Scope::nobody(), sql::find_user_by_email, std::move(email));
    co_return row.transform(&UserRow::value);
}

Task<std::optional<User>> find_user_by_email(db::Session& session, std::string email) {
    auto row = co_await session.optional<UserRow>(sql::find_user_by_email, std::move(email));
    co_return row.transform(&UserRow::value);
}

Task<std::optional<User>> find_user(db::Database& database, UserId id) {
    auto row = co_await database.optional<UserRow>(db::Scope::nobody(), sql::find_user, id);
    co_return row.transform(&UserRow::value);
}

Task<std::optional<User>> find_user(db::Session& session, UserId id) {
    auto row = co_await session.optional<UserRow>(sql::find_user, id);
    co_return row.transform(&UserRow::value);
}

Task<bool> insert_user(db::Session& session, UserId id, PreparedPerson person, std::optional<StaffRole> staff,
                       clock::Instant now) {
    const auto role = text_of(staff);
    auto added = co_await session.exec(sql::insert_user, id, person.email, person.name, person.password_hash,
                                       person.locale, role, now, person.email_verified_at);
    co_return added == 1;
}

Task<void> update_password_hash(db::Session& session, UserId id, std::string hash) {
    co_await session.exec(sql::update_password_hash, id, std::move(hash));
}

Task<void> update_profile(db::Session& session, UserId id, std::string name, std::string locale) {
    co_await session.exec(sql::update_profile, id, std::move(name), std::move(locale));
}

Task<void> verify_email(db::Session& session, UserId id, clock::Instant now) {
    co_await session.exec(sql::verify_email, id, now);
}

Task<bool> change_email(db::Session& session, UserId id, std::string email, clock::Instant now) {
    auto changed = co_await session.exec(sql::change_email, id, std::move(email), now);
    co_return changed == 1;
}

Task<void> make_staff(db::Session& session, UserId id, StaffRole role, std::string name,
                      std::optional<std::string> password_hash) {
    co_await session.exec(sql::make_staff, id, text_of(role), std::move(name), std::move(password_hash));
}

// Memberships

Task<void> insert_membership(db::Session& session, CompanyId company, UserId user, Role role, clock::Instant now) {
    co_await session.exec(sql::insert_membership, company, user, text_of(role), now);
}

Task<std::vector<Member>> list_members(db::Database& database, CompanyId company, std::optional<UserId> after,
                                       int limit) {
    auto rows = co_await database.many<MemberRow>(db::Scope::of(company), sql::list_members, company, after,
                                                  std::int64_t{limit});
    co_return values_of(rows);
}

Task<std::optional<Member>> find_member(db::Session& session, CompanyId company, UserId user) {
    auto row = co_await session.optional<MemberRow>(sql::find_member, company, user);
    co_return row.transform(&MemberRow::value);
}

Task<std::vector<UserId>> hold_owners(db::Session& session, CompanyId company) {
    return session.many<UserId>(sql::hold_owners, company);
}

Task<void> change_role(db::Session& session, CompanyId company, UserId user, Role role) {
    co_await session.exec(sql::change_role, company, user, text_of(role));
}

Task<void> delete_membership(db::Session& session, CompanyId company, UserId user) {
    co_await session.exec(sql::delete_membership, company, user);
}

Task<bool> asks_factor(db::Database& database, CompanyId company) {
    return database.one<bool>(db::Scope::of(company), sql::asks_factor, company);
}

Task<bool> asks_factor(db::Session& session, CompanyId company) { return session.one<bool>(sql::asks_factor, company); }

Task<void> ask_factor(db::Session& session, CompanyId company, clock::Instant now) {
    co_await session.exec(sql::ask_factor, company, now);
}

Task<void> stop_asking_factor(db::Session& session, CompanyId company) {
    co_await session.exec(sql::stop_asking_factor, company);
}

Task<void> suspend_company(db::Session& session, CompanyId company, clock::Instant now) {
    co_await session.exec(sql::suspend_company, company, now);
}

Task<void> reinstate_company(db::Session& session, CompanyId company) {
    co_await session.exec(sql::reinstate_company, company);
}

// Sessions

Task<void> open_session(db::Session& session, NewSession added, std::optional<std::string> replaced_token) {
    const auto now = added.created_at;
    co_await session.exec(sql::forget_old_attempts, now - attempt_memory);
    co_await session.exec(sql::delete_ended_sessions, now, now - idle_limit);
    if (replaced_token) co_await session.exec(sql::delete_session_by_token, bytes_of(crypto::sha256(*replaced_token)));
    co_await session.exec(sql::insert_session, added.id, added.user, bytes_of(added.token_sha256), added.csrf_token,
                          added.entered_company, added.created_at, added.expires_at, added.address, added.user_agent,
                          added.bound);
}

// System scope: whether the person is a member of the company that the session entered is what is being found out.
Task<std::optional<LiveSession>> find_session(db::Database& database, crypto::Digest token_sha256, clock::Instant now) {
    auto row = co_await database.optional<LiveSessionRow>(db::Scope::system(), sql::find_session,
                                                          bytes_of(token_sha256), now, now - idle_limit);
    if (!row)
        row = co_await database.optional<LiveSessionRow>(db::Scope::system(), sql::find_rotated_session,
                                                         bytes_of(token_sha256), now, now - idle_limit);
    co_return row.transform(&LiveSessionRow::value);
}

// System scope: a person's memberships are rows of several companies.
Task<std::optional<PersonsSession>> find_persons_session(db::Database& database, SessionId id, UserId user) {
    std::vector<db::Statement> statements;
    statements.push_back(db::bind(sql::find_persons_session, id, user));
    statements.push_back(db::bind(sql::find_user, user));
    statements.push_back(db::bind(sql::memberships_of_user, user));
    statements.push_back(db::bind(sql::has_factor, user));
    auto results = co_await database.read_all(db::Scope::system(), std::move(statements));
    auto session = results[0].first<SessionRecord>();
    auto person = results[1].first<UserRow>();
    if (!session || !person) co_return std::nullopt;
    co_return PersonsSession{*session, person->value(), values_of(results[2].all<MembershipRow>()),
                             results[3].only<bool>()};
}

Task<std::vector<Membership>> memberships_of(db::Session& session, UserId user) {
    auto rows = co_await session.many<MembershipRow>(sql::memberships_of_user, user);
    co_return values_of(rows);
}

Task<std::vector<OpenSession>> list_sessions(db::Database& database, SessionsOf whose, clock::Instant now,
                                             std::optional<SessionId> before, int limit) {
    return database.many<OpenSession>(db::Scope::nobody(), sql::list_sessions, whose.user, whose.bound_to, now,
                                      now - idle_limit, before, std::int64_t{limit});
}

Task<void> rotate_session(db::Session& session, SessionId id, crypto::Digest token_sha256, clock::Instant now) {
    co_await session.exec(sql::rotate_session, id, bytes_of(token_sha256), now + rotation_grace, now);
}

Task<void> touch_session(db::Session& session, SessionId id, clock::Instant now) {
    co_await session.exec(sql::touch_session, id, now);
}

Task<void> enter_company(db::Session& session, SessionId id, CompanyId company) {
    co_await session.exec(sql::enter_company, id, company);
}

Task<void> delete_session(db::Session& session, SessionId id) { co_await session.exec(sql::delete_session, id); }

Task<void> delete_sessions_of(db::Session& session, UserId user) {
    co_await session.exec(sql::delete_sessions_of, user);
}

Task<bool> delete_session_of(db::Session& session, SessionsOf whose, SessionId id) {
    auto deleted = co_await session.exec(sql::delete_session_of, whose.user, whose.bound_to, id);
    co_return deleted == 1;
}

Task<std::int64_t> delete_other_sessions(db::Session& session, SessionsOf whose, SessionId kept) {
    return session.exec(sql::delete_other_sessions, whose.user, whose.bound_to, kept);
}

Task<void> delete_sessions_in(db::Session& session, UserId user, CompanyId company) {
    co_await session.exec(sql::delete_sessions_in, user, company);
}

// Attempts to sign in

Task<std::optional<clock::Instant>> count_attempt(db::Session& session, AttemptKey key, Patience patience,
                                                  clock::Instant now) {
    auto email = bytes_of(key.email_sha256);
    auto counted = co_await session.optional<std::int32_t>(sql::count_attempt, email, key.address, now, patience.free,
                                                           patience.longest_wait_s, now - attempt_memory);
    if (counted) co_return std::nullopt;
    auto until = co_await session.optional<clock::Instant>(sql::find_attempts, email, key.address);
    // A success elsewhere may have removed the row meanwhile; then one moment is wait enough.
    co_return until.value_or(now + std::chrono::seconds{1});
}

Task<void> uncount_attempt(db::Session& session, AttemptKey key) {
    co_await session.exec(sql::uncount_attempt, bytes_of(key.email_sha256), key.address);
}

Task<bool> has_session_from(db::Session& session, std::string email, std::string address) {
    auto found = co_await session.optional<bool>(sql::has_session_from, std::move(email), std::move(address));
    co_return found.value_or(false);
}

Task<void> forget_attempts(db::Session& session, AttemptKey key) {
    co_await session.exec(sql::forget_attempts, bytes_of(key.email_sha256), key.address);
}

Task<void> forget_attempts_of(db::Session& session, crypto::Digest email_sha256) {
    co_await session.exec(sql::forget_attempts_of, bytes_of(email_sha256));
}

}  // namespace mobilytics::auth::store
