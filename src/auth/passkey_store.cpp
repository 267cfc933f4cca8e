#include "src/auth/passkey_store.hpp"

#include <span>
#include <utility>

#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

namespace {

db::Bytes bytes_in(std::string_view text) {
    const auto bytes = std::as_bytes(std::span{text});
    return {bytes.begin(), bytes.end()};
}

std::string text_in(const db::Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

struct PasskeyRow {
    PasskeyId id;
    std::string name;
    db::Bytes credential_id;
    std::vector<std::string> transports;
    bool backed_up;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at;

    Passkey value() const {
        return {id, name, text_in(credential_id), transports, backed_up, created_at, last_used_at};
    }
};

struct KnownPasskeyRow {
    PasskeyId id;
    UserId user;
    std::string name;
    std::int32_t algorithm;
    db::Bytes public_key;
    db::Bytes handle;

    KnownPasskey value() const { return {id, user, name, {algorithm, text_in(public_key)}, text_in(handle)}; }
};

}  // namespace

Task<std::string> give_passkey_handle(db::Session& session, UserId user, std::string fresh) {
    auto handle = co_await session.one<db::Bytes>(sql::give_passkey_handle, user, bytes_in(fresh));
    co_return text_in(handle);
}

Task<void> hold_user(db::Session& session, UserId user) { co_await session.exec(sql::hold_user, user); }

Task<std::vector<Passkey>> list_passkeys(db::Database& database, UserId user, std::optional<PasskeyId> after,
                                         int limit) {
    auto rows =
        co_await database.many<PasskeyRow>(db::Scope::nobody(), sql::list_passkeys, user, after, std::int64_t{limit});
    co_return values_of(rows);
}

Task<std::vector<Passkey>> list_passkeys(db::Session& session, UserId user) {
    auto rows = co_await session.many<PasskeyRow>(sql::list_passkeys, user, std::optional<PasskeyId>{},
                                                  std::int64_t{most_passkeys});
    co_return values_of(rows);
}

Task<bool> has_passkeys(db::Database& database, UserId user) {
    return database.one<bool>(db::Scope::nobody(), sql::has_passkeys, user);
}

Task<bool> has_passkeys(db::Session& session, UserId user) { return session.one<bool>(sql::has_passkeys, user); }

Task<bool> insert_passkey(db::Session& session, NewPasskey added) {
    const auto& made = added.credential;
    co_return co_await session.exec(sql::insert_passkey, added.id, added.user, bytes_in(made.id),
                                    std::int32_t{made.key.algorithm}, bytes_in(made.key.bytes),
                                    std::int64_t{made.sign_count}, added.name, bytes_in(made.aaguid), added.transports,
                                    made.backup_eligible, made.backed_up, added.created_at) == 1;
}

Task<std::optional<KnownPasskey>> find_passkey(db::Database& database, std::string credential_id) {
    auto row =
        co_await database.optional<KnownPasskeyRow>(db::Scope::nobody(), sql::find_passkey, bytes_in(credential_id));
    co_return row.transform(&KnownPasskeyRow::value);
}

Task<std::optional<Passkey>> hold_passkey(db::Session& session, UserId user, PasskeyId id) {
    auto row = co_await session.optional<PasskeyRow>(sql::hold_passkey, user, id);
    co_return row.transform(&PasskeyRow::value);
}

Task<void> rename_passkey(db::Session& session, UserId user, PasskeyId id, std::string name) {
    co_await session.exec(sql::rename_passkey, user, id, std::move(name));
}

Task<void> delete_passkey(db::Session& session, UserId user, PasskeyId id) {
    co_await session.exec(sql::delete_passkey, user, id);
}

Task<bool> use_passkey(db::Session& session, PasskeyId id, webauthn::Use use, clock::Instant now) {
    co_return co_await session.exec(sql::use_passkey, id, std::int64_t{use.sign_count}, use.backed_up, now) == 1;
}

Task<bool> spend_challenge(db::Session& session, crypto::Digest challenge_sha256, clock::Instant expires_at,
                           clock::Instant now) {
    co_await session.exec(sql::forget_challenges, now);
    co_return co_await session.exec(sql::spend_challenge, bytes_of(challenge_sha256), expires_at) == 1;
}

}  // namespace mobilytics::auth::store
