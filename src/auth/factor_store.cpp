#include "src/auth/factor_store.hpp"

#include <utility>

#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

Task<std::optional<Factor>> find_factor(db::Database& database, UserId user) {
    return database.optional<Factor>(db::Scope::nobody(), sql::find_factor, user);
}

Task<bool> begin_factor(db::Session& session, UserId user, db::Bytes secret_sealed, clock::Instant now) {
    co_return co_await session.exec(sql::begin_factor, user, std::move(secret_sealed), now) == 1;
}

Task<bool> confirm_factor(db::Session& session, UserId user, std::int64_t step, clock::Instant now) {
    co_return co_await session.exec(sql::confirm_factor, user, step, now) == 1;
}

Task<bool> hold_factor(db::Session& session, UserId user) {
    auto held = co_await session.optional<bool>(sql::hold_factor, user);
    co_return held.has_value();
}

Task<bool> delete_factor(db::Session& session, UserId user) {
    co_return co_await session.exec(sql::delete_factor, user) == 1;
}

Task<bool> take_step(db::Session& session, UserId user, std::int64_t step) {
    co_return co_await session.exec(sql::take_step, user, step) == 1;
}

Task<std::int64_t> count_recovery_codes(db::Database& database, UserId user) {
    return database.one<std::int64_t>(db::Scope::nobody(), sql::count_recovery_codes, user);
}

Task<std::int64_t> count_recovery_codes(db::Session& session, UserId user) {
    return session.one<std::int64_t>(sql::count_recovery_codes, user);
}

Task<void> drop_idle_codes(db::Session& session, UserId user) { co_await session.exec(sql::drop_idle_codes, user); }

Task<void> replace_recovery_codes(db::Session& session, UserId user, std::vector<crypto::Digest> codes) {
    std::vector<db::Bytes> digests;
    for (const auto& code : codes) digests.push_back(bytes_of(code));
    co_await session.exec(sql::delete_recovery_codes, user);
    co_await session.exec(sql::insert_recovery_codes, user, std::move(digests));
}

Task<bool> take_recovery_code(db::Session& session, UserId user, crypto::Digest code_sha256) {
    co_return co_await session.exec(sql::take_recovery_code, user, bytes_of(code_sha256)) == 1;
}

Task<std::vector<SealedFactor>> hold_factor_secrets(db::Session& session) {
    return session.many<SealedFactor>(sql::hold_factor_secrets);
}

Task<void> put_factor_secret(db::Session& session, UserId user, db::Bytes secret) {
    co_await session.exec(sql::put_factor_secret, user, std::move(secret));
}

}  // namespace mobilytics::auth::store
