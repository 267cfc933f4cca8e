#include "src/auth/key_store.hpp"

#include <utility>

#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"
#include "src/auth/session.hpp"

namespace mobilytics::auth::store {

namespace {

using Texts = std::optional<std::vector<std::string>>;

struct ApiKeyRow {
    ApiKeyId id;
    std::string name;
    std::string role;
    Texts scopes;
    Texts addresses;
    std::optional<clock::Instant> expires_at;
    std::string hint;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at;
    std::optional<clock::Instant> previous_until;
    std::optional<clock::Instant> revoked_at;
    std::optional<std::string> maker;

    ApiKey value() const {
        return {.id = id,
                .name = name,
                .role = role_of(role),
                .limits = {permissions_named(scopes), addresses, expires_at},
                .hint = hint,
                .created_at = created_at,
                .last_used_at = last_used_at,
                .previous_until = previous_until,
                .revoked_at = revoked_at,
                .maker = maker};
    }
};

struct KnownApiKeyRow {
    std::string name;
    db::Bytes secret_sha256;
    std::optional<db::Bytes> previous_sha256;
    std::string role;
    Texts scopes;
    Texts addresses;
    std::optional<clock::Instant> expires_at;
    std::optional<clock::Instant> last_used_at;
    bool suspended;
    std::optional<std::string> refusal;

    KnownApiKey value() const {
        return {.name = name,
                .secret_sha256 = digest_of(secret_sha256),
                .previous_sha256 = previous_sha256.transform(digest_of),
                .role = role_of(role),
                .limits = {permissions_named(scopes), addresses, expires_at},
                .last_used_at = last_used_at,
                .company_suspended = suspended,
                .refusal = refusal};
    }
};

}  // namespace

std::optional<std::vector<Permission>> permissions_named(const Texts& names) {
    if (!names) return std::nullopt;
    std::vector<Permission> permissions;
    for (const auto& name : *names)
        if (auto permission = permission_from(name)) permissions.push_back(*permission);
    return permissions;
}

Task<std::vector<std::int64_t>> wrong_addresses(db::Database& database, std::vector<std::string> addresses) {
    return database.many<std::int64_t>(db::Scope::nobody(), sql::wrong_addresses, std::move(addresses));
}

Task<void> insert_api_key(db::Session& session, CompanyId company, ApiKey key, crypto::Digest secret_sha256,
                          std::optional<UserId> created_by) {
    co_await session.exec(sql::insert_api_key, company, key.id, key.name, text_of(key.role), bytes_of(secret_sha256),
                          key.hint, created_by, key.created_at, names_of(key.limits.scopes), key.limits.addresses,
                          key.limits.expires_at);
}

Task<std::optional<KnownApiKey>> find_api_key(db::Database& database, CompanyId company, ApiKeyId id,
                                              std::string address, clock::Instant now) {
    auto row = co_await database.optional<KnownApiKeyRow>(db::Scope::of(company), sql::find_api_key, company, id,
                                                          std::move(address), now);
    co_return row.transform(&KnownApiKeyRow::value);
}

std::optional<KnownApiKey> known_api_key(const db::Result& result) {
    return result.first<KnownApiKeyRow>().transform(&KnownApiKeyRow::value);
}

Task<void> touch_api_key(db::Session& session, CompanyId company, ApiKeyId id, clock::Instant now) {
    co_await session.exec(sql::touch_api_key, company, id, now, now - touch_interval);
}

Task<bool> note_refusal(db::Session& session, CompanyId company, ApiKeyId id, clock::Instant now,
                        clock::Instant since) {
    auto noted = co_await session.exec(sql::note_refusal, company, id, now, since);
    co_return noted == 1;
}

Task<std::vector<ApiKey>> list_api_keys(db::Database& database, CompanyId company, std::optional<ApiKeyId> before,
                                        int limit) {
    auto rows = co_await database.many<ApiKeyRow>(db::Scope::of(company), sql::list_api_keys, company, before,
                                                  std::int64_t{limit});
    co_return values_of(rows);
}

Task<std::optional<ApiKey>> hold_api_key(db::Session& session, CompanyId company, ApiKeyId id) {
    auto row = co_await session.optional<ApiKeyRow>(sql::hold_api_key, company, id);
    co_return row.transform(&ApiKeyRow::value);
}

Task<void> rotate_api_key(db::Session& session, CompanyId company, ApiKey key, crypto::Digest secret_sha256) {
    co_await session.exec(sql::rotate_api_key, company, key.id, bytes_of(secret_sha256), key.hint, key.previous_until,
                          key.limits.expires_at);
}

Task<std::optional<RevokedApiKey>> revoke_api_key(db::Session& session, CompanyId company, ApiKeyId id,
                                                  clock::Instant now) {
    co_return co_await session.optional<RevokedApiKey>(sql::revoke_api_key, company, id, now);
}

Task<std::int64_t> revoke_keys_of(db::Session& session, CompanyId company, UserId user, clock::Instant now) {
    return session.exec(sql::revoke_keys_of, company, user, now);
}

Task<void> insert_staff_key(db::Session& session, ApiKeyId id, UserId user, std::string name,
                            crypto::Digest secret_sha256, clock::Instant now, clock::Instant expires_at) {
    co_await session.exec(sql::insert_staff_key, id, user, name, bytes_of(secret_sha256), now, expires_at);
}

Task<std::optional<KnownStaffKey>> find_staff_key(db::Database& database, ApiKeyId id, clock::Instant now) {
    struct Row {
        db::Bytes secret_sha256;
        UserId user;
        std::string name;
        std::optional<std::string> role;
        bool without_factor;
    };
    auto row = co_await database.optional<Row>(db::Scope::nobody(), sql::find_staff_key, id, now);
    if (!row) co_return std::nullopt;
    co_return KnownStaffKey{digest_of(row->secret_sha256), row->user, std::move(row->name),
                            staff_role_of(row->role).value(), row->without_factor};
}

}  // namespace mobilytics::auth::store
