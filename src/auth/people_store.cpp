#include "src/auth/people_store.hpp"

#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"
#include "src/auth/session.hpp"

namespace mobilytics::auth::store {

namespace {

struct PersonRow {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    bool email_verified;
    clock::Instant created_at;
    std::optional<clock::Instant> disabled_at;
    std::optional<std::string> staff_role;
    bool has_app;
    std::int64_t passkeys;
    std::int64_t recovery_codes;
    std::int64_t sessions;
    std::optional<clock::Instant> recovery_until;

    KnownPerson value() const {
        return {.id = id,
                .email = email,
                .name = name,
                .locale = locale,
                .email_verified = email_verified,
                .created_at = created_at,
                .disabled_at = disabled_at,
                .staff = staff_role_of(staff_role),
                .has_app = has_app,
                .passkeys = passkeys,
                .recovery_codes = recovery_codes,
                .sessions = sessions,
                .recovery_until = recovery_until};
    }
};

struct StaffRow {
    UserId id;
    std::string email;
    std::string name;
    std::optional<std::string> role;
    clock::Instant created_at;
    bool disabled;
    bool has_factor;

    StaffMember value() const {
        return {id, email, name, staff_role_of(role).value(), created_at, disabled, has_factor};
    }
};

}  // namespace

Task<std::optional<KnownPerson>> see_person(db::Session& session, UserId id, clock::Instant now) {
    auto row = co_await session.optional<PersonRow>(sql::see_person, id, now, now - idle_limit);
    co_return row.transform(&PersonRow::value);
}

Task<std::vector<UserId>> hold_admins(db::Session& session) { return session.many<UserId>(sql::hold_admins); }

Task<void> disable_person(db::Session& session, UserId id, clock::Instant now) {
    co_await session.exec(sql::disable_person, id, now);
}

Task<void> enable_person(db::Session& session, UserId id) { co_await session.exec(sql::enable_person, id); }

Task<std::vector<std::pair<CompanyId, std::int64_t>>> revoke_keys_made_by(db::Session& session, UserId user,
                                                                          clock::Instant now) {
    struct Row {
        CompanyId company;
        std::int64_t keys;
    };
    std::vector<std::pair<CompanyId, std::int64_t>> revoked;
    for (const Row& row : co_await session.many<Row>(sql::revoke_keys_made_by, user, now))
        revoked.emplace_back(row.company, row.keys);
    co_return revoked;
}

Task<std::optional<clock::Instant>> password_reset_at(db::Session& session, UserId id) {
    struct Row {
        std::optional<clock::Instant> at;
    };
    const auto row = co_await session.one<Row>(sql::password_reset_at, id);
    co_return row.at;
}

Task<void> note_password_reset(db::Session& session, UserId id, clock::Instant now) {
    co_await session.exec(sql::note_password_reset, id, now);
}

Task<std::vector<StaffMember>> list_staff(db::Database& database, std::optional<UserId> after, int limit) {
    auto rows = co_await database.many<StaffRow>(db::Scope::nobody(), sql::list_staff, after, std::int64_t{limit});
    co_return values_of(rows);
}

Task<std::optional<StaffMember>> find_staff(db::Session& session, UserId id) {
    auto row = co_await session.optional<StaffRow>(sql::find_staff, id);
    co_return row.transform(&StaffRow::value);
}

Task<void> set_staff_role(db::Session& session, UserId id, std::optional<StaffRole> role) {
    co_await session.exec(sql::set_staff_role, id, text_of(role));
}

Task<std::vector<StaffKey>> list_staff_keys(db::Database& database, std::optional<UserId> of,
                                            std::optional<ApiKeyId> before, int limit) {
    return database.many<StaffKey>(db::Scope::nobody(), sql::list_staff_keys, of, before, std::int64_t{limit});
}

Task<std::optional<RevokedStaffKey>> revoke_staff_key(db::Session& session, ApiKeyId id, std::optional<UserId> of,
                                                      clock::Instant now) {
    return session.optional<RevokedStaffKey>(sql::revoke_staff_key, id, of, now);
}

Task<std::int64_t> revoke_staff_keys_of(db::Session& session, UserId user, clock::Instant now) {
    return session.exec(sql::revoke_staff_keys_of, user, now);
}

Task<std::int64_t> delete_recoveries_of(db::Session& session, UserId user) {
    return session.exec(sql::delete_recoveries_of, user);
}

Task<void> delete_factors_of(db::Session& session, UserId user) {
    co_await session.exec(sql::delete_any_factor, user);
    co_await session.exec(sql::delete_passkeys_of, user);
    co_await session.exec(sql::delete_recovery_codes, user);
}

}  // namespace mobilytics::auth::store
