#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/db/database.hpp"
#include "src/auth/person.hpp"
#include "src/auth/session.hpp"

// Rows of people, memberships and sessions to values and back. Reads that stand alone take the Database and cost one
// round trip; everything else works in the caller's transaction. People and sessions carry no company; memberships do.
namespace mobilytics::auth::store {

// People

Task<std::optional<User>> find_user_by_email(db::Database& database, std::string email);
Task<std::optional<User>> find_user_by_email(db::Session& session, std::string email);
Task<std::optional<User>> find_user(db::Database& database, UserId id);
Task<std::optional<User>> find_user(db::Session& session, UserId id);
// False when the address is taken.
Task<bool> insert_user(db::Session& session, UserId id, PreparedPerson person, std::optional<StaffRole> staff,
                       clock::Instant now);
Task<void> update_password_hash(db::Session& session, UserId id, std::string hash);
Task<void> update_profile(db::Session& session, UserId id, std::string name, std::string locale);
Task<void> verify_email(db::Session& session, UserId id, clock::Instant now);
// False when it is somebody else's.
Task<bool> change_email(db::Session& session, UserId id, std::string email, clock::Instant now);
Task<void> make_staff(db::Session& session, UserId id, StaffRole role, std::string name,
                      std::optional<std::string> password_hash);

// Memberships

// False when the person is a member already.
Task<void> insert_membership(db::Session& session, CompanyId company, UserId user, Role role, clock::Instant now);
Task<std::vector<Member>> list_members(db::Database& database, CompanyId company, std::optional<UserId> after,
                                       int limit);
Task<std::optional<Member>> find_member(db::Session& session, CompanyId company, UserId user);
// Locks them until the transaction ends.
Task<std::vector<UserId>> hold_owners(db::Session& session, CompanyId company);
Task<void> change_role(db::Session& session, CompanyId company, UserId user, Role role);
Task<void> delete_membership(db::Session& session, CompanyId company, UserId user);
// Whether the company asks a second factor of its members.
Task<bool> asks_factor(db::Database& database, CompanyId company);
Task<bool> asks_factor(db::Session& session, CompanyId company);
Task<void> ask_factor(db::Session& session, CompanyId company, clock::Instant now);
Task<void> stop_asking_factor(db::Session& session, CompanyId company);
Task<void> suspend_company(db::Session& session, CompanyId company, clock::Instant now);
Task<void> reinstate_company(db::Session& session, CompanyId company);

// Sessions

struct NewSession {
    SessionId id;
    UserId user;
    crypto::Digest token_sha256;
    std::string csrf_token;
    std::optional<CompanyId> entered_company = {};
    clock::Instant created_at;
    clock::Instant expires_at;
    std::string address;
    std::string user_agent;
    bool bound = false;  // to the company entered
};

// What a request's token stands for, if it has not ended.
struct LiveSession {
    SessionId id;
    UserId user;
    std::string name;
    std::string csrf_token;
    clock::Instant last_seen_at;
    std::optional<clock::Instant> confirmed_at = {};
    std::optional<StaffRole> staff = {};
    bool without_factor = false;            // of staff: the person has no second one
    std::optional<CompanyId> company = {};  // entered, and the person is still its member
    Role role = Role::viewer;
    bool company_suspended = false;
    bool factor_missing = false;  // the company asks a second factor, and the person has none
    bool bound = false;           // to that company, whose own provider opened it
};

struct PersonsSession {
    SessionRecord session;
    User user;
    std::vector<Membership> memberships;
    bool has_factor = false;
};

// In the place of the one that the browser still had; sessions and attempts that are over go with it.
Task<void> open_session(db::Session& session, NewSession added, std::optional<std::string> replaced_token);
Task<std::optional<LiveSession>> find_session(db::Database& database, crypto::Digest token_sha256, clock::Instant now);
// The session with its person and all their memberships, in one round trip.
Task<std::optional<PersonsSession>> find_persons_session(db::Database& database, SessionId id, UserId user);
Task<std::vector<Membership>> memberships_of(db::Session& session, UserId user);
// All of a person's, or those alone that a company's provider opened.
struct SessionsOf {
    UserId user;
    std::optional<CompanyId> bound_to = {};
};

// Newest first; only those that go on.
Task<std::vector<OpenSession>> list_sessions(db::Database& database, SessionsOf whose, clock::Instant now,
                                             std::optional<SessionId> before, int limit);
// A new token, made because the password was shown; the one before is good for rotation_grace.
Task<void> rotate_session(db::Session& session, SessionId id, crypto::Digest token_sha256, clock::Instant now);
Task<void> touch_session(db::Session& session, SessionId id, clock::Instant now);
Task<void> enter_company(db::Session& session, SessionId id, CompanyId company);
Task<void> delete_session(db::Session& session, SessionId id);
Task<void> delete_sessions_of(db::Session& session, UserId user);
// False when the person has no such session.
Task<bool> delete_session_of(db::Session& session, SessionsOf whose, SessionId id);
Task<std::int64_t> delete_other_sessions(db::Session& session, SessionsOf whose, SessionId kept);
Task<void> delete_sessions_in(db::Session& session, UserId user, CompanyId company);

// Attempts to sign in, and others that are counted like them

struct AttemptKey {
    crypto::Digest email_sha256;
    std::string address;
};

// So many attempts in a row cost nothing; then a second must pass, and twice as long after each further one, up to the
// longest wait. That is short enough that nobody can keep a victim out for good.
struct Patience {
    std::int64_t free = 10;
    double longest_wait_s = 900;
};

// Counts one more attempt. Returns until when the pair must wait, if it must: then nothing was counted.
Task<std::optional<clock::Instant>> count_attempt(db::Session& session, AttemptKey key, Patience patience,
                                                  clock::Instant now);
Task<void> forget_attempts(db::Session& session, AttemptKey key);
// Takes one back.
Task<void> uncount_attempt(db::Session& session, AttemptKey key);
// Whether the person with that address has a session that was opened from there.
Task<bool> has_session_from(db::Session& session, std::string email, std::string address);
// From every address.
Task<void> forget_attempts_of(db::Session& session, crypto::Digest email_sha256);

}  // namespace mobilytics::auth::store
