#include "src/auth/store.hpp"

#include <algorithm>
#include <format>
#include <ranges>
#include <span>
#include <stdexcept>

#include "src/auth/queries.hpp"

namespace mobilytics::auth::store {

namespace {

// Attempts within this span count as one streak.
constexpr std::chrono::hours attempt_memory{12};
// A person who mistypes waits for nothing; after the eleventh attempt in a row a second must pass, after each further
// one twice as long. The longest wait is short enough that nobody can keep a victim out for good.
constexpr std::int64_t free_attempts = 10;
constexpr double longest_wait_s = 900;

db::Bytes bytes_of(const crypto::Digest& digest) {
    auto bytes = std::as_bytes(std::span{digest});
    return {bytes.begin(), bytes.end()};
}

crypto::Digest digest_of(const db::Bytes& bytes) {
    crypto::Digest digest{};
    if (bytes.size() != digest.size()) throw std::logic_error{"a stored digest has another length"};
    std::ranges::transform(bytes, digest.begin(), [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    return digest;
}

Role role_of(const std::string& text) {
    if (auto role = role_from(text)) return *role;
    throw std::logic_error{std::format("the database holds a role named '{}'", text)};
}

std::string text_of(Role role) { return std::string{to_string(role)}; }

// Rows, column by column.

struct MemberRow {
    UserId user;
    std::string email;
    std::string name;
    std::string role;
    clock::Instant created_at;

    Member value() const { return {user, email, name, role_of(role), created_at}; }
};

struct MembershipRow {
    CompanyId company;
    std::string role;
    bool suspended;

    Membership value() const { return {company, role_of(role), suspended}; }
};

struct LiveSessionRow {
    SessionId id;
    UserId user;
    std::string name;
    std::string csrf_token;
    clock::Instant last_seen_at;
    bool staff;
    std::optional<CompanyId> company;
    std::optional<std::string> role;
    bool suspended;
};

struct ApiKeyRow {
    ApiKeyId id;
    std::string name;
    std::string role;
    std::string hint;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at;
    std::optional<clock::Instant> revoked_at;

    ApiKey value() const { return {id, name, role_of(role), hint, created_at, last_used_at, revoked_at}; }
};

struct KnownApiKeyRow {
    std::string name;
    db::Bytes secret_sha256;
    std::string role;
    std::optional<clock::Instant> last_used_at;
    bool suspended;
};

template <class Row>
auto values_of(const std::vector<Row>& rows) {
    return rows | std::views::transform(&Row::value) | std::ranges::to<std::vector>();
}

}  // namespace

// People

Task<std::optional<User>> find_user_by_email(db::Database& database, std::string email) {
    return database.optional<User>(db::Scope::nobody(), sql::find_user_by_email, std::move(email));
}

Task<std::optional<User>> find_user_by_email(db::Session& session, std::string email) {
    return session.optional<User>(sql::find_user_by_email, std::move(email));
}

Task<bool> insert_user(db::Session& session, UserId id, PreparedPerson person, bool staff, clock::Instant now) {
    auto added =
        co_await session.exec(sql::insert_user, id, person.email, person.name, person.password_hash, staff, now);
    co_return added == 1;
}

Task<void> update_password_hash(db::Session& session, UserId id, std::string hash) {
    co_await session.exec(sql::update_password_hash, id, std::move(hash));
}

Task<void> make_staff(db::Session& session, UserId id, PreparedPerson person) {
    co_await session.exec(sql::make_staff, id, person.name, person.password_hash);
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

Task<void> suspend_company(db::Session& session, CompanyId company, clock::Instant now) {
    co_await session.exec(sql::suspend_company, company, now);
}

Task<void> reinstate_company(db::Session& session, CompanyId company) {
    co_await session.exec(sql::reinstate_company, company);
}

// Sessions

Task<void> insert_session(db::Session& session, NewSession added) {
    co_await session.exec(sql::insert_session, added.id, added.user, bytes_of(added.token_sha256), added.csrf_token,
                          added.entered_company, added.created_at, added.expires_at);
}

// System scope: whether the person is a member of the company that the session entered is what is being found out.
Task<std::optional<LiveSession>> find_session(db::Database& database, crypto::Digest token_sha256, clock::Instant now) {
    auto row = co_await database.optional<LiveSessionRow>(db::Scope::system(), sql::find_session,
                                                          bytes_of(token_sha256), now, now - idle_limit);
    if (!row) co_return std::nullopt;
    LiveSession live{.id = row->id,
                     .user = row->user,
                     .name = std::move(row->name),
                     .csrf_token = row->csrf_token,
                     .last_seen_at = row->last_seen_at,
                     .staff = row->staff};
    if (row->company && row->role) {
        live.company = row->company;
        live.role = role_of(*row->role);
        live.company_suspended = row->suspended;
    }
    co_return live;
}

// System scope: a person's memberships are rows of several companies.
Task<std::optional<PersonsSession>> find_persons_session(db::Database& database, SessionId id, UserId user) {
    std::vector<db::Statement> statements;
    statements.push_back(db::bind(sql::find_persons_session, id, user));
    statements.push_back(db::bind(sql::find_user, user));
    statements.push_back(db::bind(sql::memberships_of_user, user));
    auto results = co_await database.read_all(db::Scope::system(), std::move(statements));
    auto session = results[0].first<SessionRecord>();
    auto person = results[1].first<User>();
    if (!session || !person) co_return std::nullopt;
    co_return PersonsSession{*session, *person, values_of(results[2].all<MembershipRow>())};
}

Task<std::vector<Membership>> memberships_of(db::Session& session, UserId user) {
    auto rows = co_await session.many<MembershipRow>(sql::memberships_of_user, user);
    co_return values_of(rows);
}

Task<void> touch_session(db::Session& session, SessionId id, clock::Instant now) {
    co_await session.exec(sql::touch_session, id, now);
}

Task<void> enter_company(db::Session& session, SessionId id, CompanyId company) {
    co_await session.exec(sql::enter_company, id, company);
}

Task<void> delete_session(db::Session& session, SessionId id) { co_await session.exec(sql::delete_session, id); }

Task<void> delete_session_by_token(db::Session& session, crypto::Digest token_sha256) {
    co_await session.exec(sql::delete_session_by_token, bytes_of(token_sha256));
}

Task<void> delete_sessions_of(db::Session& session, UserId user) {
    co_await session.exec(sql::delete_sessions_of, user);
}

Task<void> delete_ended_sessions(db::Session& session, clock::Instant now) {
    co_await session.exec(sql::delete_ended_sessions, now, now - idle_limit);
}

// Attempts to sign in

Task<std::optional<clock::Instant>> count_attempt(db::Session& session, AttemptKey key, clock::Instant now) {
    auto email = bytes_of(key.email_sha256);
    auto counted = co_await session.optional<std::int32_t>(sql::count_attempt, email, key.address, now, free_attempts,
                                                           longest_wait_s, now - attempt_memory);
    if (counted) co_return std::nullopt;
    auto until = co_await session.optional<clock::Instant>(sql::find_attempts, email, key.address);
    // A success elsewhere may have removed the row meanwhile; then one moment is wait enough.
    co_return until.value_or(now + std::chrono::seconds{1});
}

Task<void> forget_attempts(db::Session& session, AttemptKey key) {
    co_await session.exec(sql::forget_attempts, bytes_of(key.email_sha256), key.address);
}

Task<void> forget_old_attempts(db::Session& session, clock::Instant now) {
    co_await session.exec(sql::forget_old_attempts, now - attempt_memory);
}

// API keys

Task<void> insert_api_key(db::Session& session, CompanyId company, ApiKey key, crypto::Digest secret_sha256,
                          std::optional<UserId> created_by) {
    co_await session.exec(sql::insert_api_key, company, key.id, key.name, text_of(key.role), bytes_of(secret_sha256),
                          key.hint, created_by, key.created_at);
}

Task<std::optional<KnownApiKey>> find_api_key(db::Database& database, CompanyId company, ApiKeyId id) {
    auto row = co_await database.optional<KnownApiKeyRow>(db::Scope::of(company), sql::find_api_key, company, id);
    if (!row) co_return std::nullopt;
    co_return KnownApiKey{std::move(row->name), digest_of(row->secret_sha256), role_of(row->role), row->last_used_at,
                          row->suspended};
}

Task<void> touch_api_key(db::Session& session, CompanyId company, ApiKeyId id, clock::Instant now) {
    co_await session.exec(sql::touch_api_key, company, id, now, now - touch_interval);
}

Task<std::vector<ApiKey>> list_api_keys(db::Database& database, CompanyId company, std::optional<ApiKeyId> before,
                                        int limit) {
    auto rows = co_await database.many<ApiKeyRow>(db::Scope::of(company), sql::list_api_keys, company, before,
                                                  std::int64_t{limit});
    co_return values_of(rows);
}

Task<std::optional<RevokedApiKey>> revoke_api_key(db::Session& session, CompanyId company, ApiKeyId id,
                                                  clock::Instant now) {
    co_return co_await session.optional<RevokedApiKey>(sql::revoke_api_key, company, id, now);
}

Task<void> insert_staff_key(db::Session& session, ApiKeyId id, UserId user, std::string name,
                            crypto::Digest secret_sha256, clock::Instant now) {
    co_await session.exec(sql::insert_staff_key, id, user, name, bytes_of(secret_sha256), now);
}

Task<std::optional<KnownStaffKey>> find_staff_key(db::Database& database, ApiKeyId id) {
    struct Row {
        db::Bytes secret_sha256;
        UserId user;
        std::string name;
    };
    auto row = co_await database.optional<Row>(db::Scope::nobody(), sql::find_staff_key, id);
    if (!row) co_return std::nullopt;
    co_return KnownStaffKey{digest_of(row->secret_sha256), row->user, std::move(row->name)};
}

}  // namespace mobilytics::auth::store
