#include "src/auth/token_store.hpp"

#include <algorithm>
#include <utility>

#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

namespace {

using Texts = std::optional<std::vector<std::string>>;

struct FamilyRow {
    ApiKeyId key;
    Texts scopes;
    db::Bytes token_sha256;
    std::optional<db::Bytes> previous_sha256;
    std::optional<clock::Instant> previous_until;
    std::optional<db::Bytes> successor_sealed;
    bool was_spent;

    KnownFamily value(const crypto::Digest& shown) const {
        const auto is = [&](const db::Bytes& digest) {
            return crypto::equal_in_constant_time(digest_of(digest), shown);
        };
        return {.key = key,
                .scopes = permissions_named(scopes),
                .state = {.is_current = is(token_sha256),
                          .is_previous = previous_sha256 && is(*previous_sha256),
                          .was_spent = was_spent,
                          .previous_until = previous_until},
                .successor_sealed = successor_sealed};
    }
};

struct ListedFamilyRow {
    TokenFamilyId id;
    Texts scopes;
    std::string address;
    clock::Instant created_at;
    clock::Instant used_at;
    clock::Instant expires_at;

    TokenFamily value() const {
        return {.id = id,
                .scopes = permissions_named(scopes),
                .address = address,
                .created_at = created_at,
                .last_used_at = used_at,
                .expires_at = std::min(expires_at, used_at + family_idle_limit)};
    }
};

}  // namespace

Task<std::optional<SealedSigningKey>> signing_key(db::Database& database, clock::Instant now) {
    return database.optional<SealedSigningKey>(db::Scope::nobody(), sql::signing_key, now);
}

Task<std::optional<SigningSpan>> newest_signing_key(db::Session& session) {
    return session.optional<SigningSpan>(sql::newest_signing_key);
}

Task<std::vector<crypto::PublicKey>> published_keys(db::Database& database, clock::Instant since) {
    std::vector<crypto::PublicKey> keys;
    for (const auto& row : co_await database.many<db::Bytes>(db::Scope::nobody(), sql::published_keys, since))
        keys.push_back(digest_of(row));
    co_return keys;
}

Task<std::optional<crypto::PublicKey>> find_public_key(db::Database& database, std::string id, clock::Instant since) {
    auto row = co_await database.optional<db::Bytes>(db::Scope::nobody(), sql::find_public_key, std::move(id), since);
    co_return row.transform(digest_of);
}

Task<void> insert_signing_key(db::Session& session, NewSigningKey added) {
    co_await session.exec(sql::insert_signing_key, added.id, bytes_of(added.public_key), added.seed, added.created_at,
                          added.span.from, added.span.until);
}

Task<void> delete_old_signing_keys(db::Session& session, clock::Instant until) {
    co_await session.exec(sql::delete_old_signing_keys, until);
}

Task<void> delete_signing_keys(db::Session& session) { co_await session.exec(sql::delete_signing_keys); }

Task<std::vector<SealedSigningKey>> hold_signing_seeds(db::Session& session) {
    return session.many<SealedSigningKey>(sql::hold_signing_seeds);
}

Task<void> put_signing_seed(db::Session& session, std::string id, db::Bytes seed) {
    co_await session.exec(sql::put_signing_seed, std::move(id), std::move(seed));
}

Task<void> insert_family(db::Session& session, CompanyId company, NewFamily family) {
    co_await session.exec(sql::insert_family, company, family.id, family.key, names_of(family.scopes),
                          bytes_of(family.token_sha256), family.address, family.created_at,
                          family.created_at + family_life);
}

Task<std::optional<KnownFamily>> find_family(db::Database& database, CompanyId company, TokenFamilyId id,
                                             crypto::Digest shown, clock::Instant now) {
    auto row = co_await database.optional<FamilyRow>(db::Scope::of(company), sql::find_family, company, id,
                                                     bytes_of(shown), now, now - family_idle_limit);
    co_return row.transform([&](const FamilyRow& found) { return found.value(shown); });
}

Task<std::optional<KnownFamily>> hold_family(db::Session& session, CompanyId company, TokenFamilyId id,
                                             crypto::Digest shown, clock::Instant now) {
    co_await session.exec(sql::hold_family, company, id);
    auto row = co_await session.optional<FamilyRow>(sql::find_family, company, id, bytes_of(shown), now,
                                                    now - family_idle_limit);
    co_return row.transform([&](const FamilyRow& found) { return found.value(shown); });
}

Task<void> rotate_family(db::Session& session, CompanyId company, TokenFamilyId id, crypto::Digest shown,
                         Rotation rotation, clock::Instant now) {
    co_await session.exec(sql::spend_token, company, id, bytes_of(shown));
    co_await session.exec(sql::rotate_family, company, id, bytes_of(rotation.token_sha256), now + refresh_grace,
                          rotation.successor_sealed, now);
}

Task<std::vector<TokenFamily>> list_families(db::Database& database, CompanyId company, ApiKeyId key,
                                             clock::Instant now, std::optional<TokenFamilyId> before, int limit) {
    auto rows = co_await database.many<ListedFamilyRow>(db::Scope::of(company), sql::list_families, company, key, now,
                                                        now - family_idle_limit, before, std::int64_t{limit});
    co_return values_of(rows);
}

Task<std::int64_t> trim_families(db::Session& session, CompanyId company, ApiKeyId key, std::int64_t kept,
                                 clock::Instant now) {
    co_await session.exec(sql::trim_families, company, key, kept, now - access_token_life);
    co_return co_await session.one<std::int64_t>(sql::count_families, company, key);
}

Task<std::optional<EndedFamily>> end_family(db::Session& session, CompanyId company, TokenFamilyId id,
                                            std::optional<ApiKeyId> key) {
    return session.optional<EndedFamily>(sql::end_family, company, id, key);
}

Task<void> end_families_of(db::Session& session, CompanyId company, ApiKeyId key) {
    co_await session.exec(sql::end_families_of, company, key);
}

Task<void> delete_ended_families(db::Session& session, clock::Instant now) {
    co_await session.exec(sql::delete_ended_families, now, now - family_idle_limit);
}

Task<std::optional<KnownApiKey>> find_key_of_token(db::Database& database, AccessToken token, std::string signing_key,
                                                   std::string address, clock::Instant now, clock::Instant since) {
    std::vector<db::Statement> statements;
    statements.push_back(
        db::bind(sql::is_token_in_force, token.company, token.family, token.key, signing_key, since, now));
    statements.push_back(db::bind(sql::find_api_key, token.company, token.key, address, now));
    const auto results = co_await database.read_all(db::Scope::of(token.company), std::move(statements));
    if (!results.at(0).first<bool>()) co_return std::nullopt;
    co_return known_api_key(results.at(1));
}

}  // namespace mobilytics::auth::store
