#include "src/auth/provider_store.hpp"

#include <utility>

#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

namespace {

struct IdentityProviderRow {
    CompanyId company;
    std::string sign_in_name;
    std::string issuer;
    std::string client_id;
    std::optional<std::string> joins_as;
    db::Bytes secret_sealed;
    std::int32_t version;
    clock::Instant set_at;

    IdentityProvider value() const {
        return {.company = company,
                .sign_in_name = sign_in_name,
                .issuer = issuer,
                .client_id = client_id,
                .joins_as = joins_as.transform(role_of),
                .secret_sealed = secret_sealed,
                .version = version,
                .set_at = set_at};
    }
};

}  // namespace

Task<std::optional<IdentityProvider>> find_identity_provider(db::Database& database, CompanyId company) {
    auto row =
        co_await database.optional<IdentityProviderRow>(db::Scope::of(company), sql::find_identity_provider, company);
    co_return row.transform(&IdentityProviderRow::value);
}

Task<std::optional<CompanyId>> find_sign_in_name(db::Database& database, std::string sign_in_name) {
    return database.optional<CompanyId>(db::Scope::nobody(), sql::find_sign_in_name, std::move(sign_in_name));
}

Task<std::optional<IdentityProvider>> hold_identity_provider(db::Session& session, CompanyId company) {
    auto row = co_await session.optional<IdentityProviderRow>(sql::hold_identity_provider, company);
    co_return row.transform(&IdentityProviderRow::value);
}

Task<bool> put_identity_provider(db::Session& session, IdentityProvider provider) {
    co_await delete_identity_provider(session, provider.company);
    const auto named = co_await session.exec(sql::insert_sign_in_name, provider.sign_in_name, provider.company);
    if (named == 0) co_return false;
    co_return co_await session.exec(sql::insert_identity_provider, provider.company, provider.issuer,
                                    provider.client_id, text_of(provider.joins_as), provider.secret_sealed,
                                    std::int32_t{provider.version}, provider.set_at) == 1;
}

Task<void> delete_identity_provider(db::Session& session, CompanyId company) {
    co_await session.exec(sql::delete_sign_in_name, company);
    co_await session.exec(sql::delete_identity_provider, company);
}

Task<std::optional<UserId>> find_outside_identity(db::Session& session, CompanyId company, std::string subject) {
    return session.optional<UserId>(sql::find_outside_identity, company, std::move(subject));
}

Task<bool> link_outside_identity(db::Session& session, CompanyId company, std::string subject, UserId user,
                                 clock::Instant now) {
    co_return co_await session.exec(sql::link_outside_identity, company, std::move(subject), user, now) == 1;
}

Task<void> forget_provider(db::Session& session, CompanyId company) {
    co_await session.exec(sql::drop_outside_identities, company);
    co_await session.exec(sql::end_bound_sessions, company);
}

Task<std::vector<SealedClientSecret>> hold_provider_secrets(db::Session& session) {
    return session.many<SealedClientSecret>(sql::hold_provider_secrets);
}

Task<void> put_provider_secret(db::Session& session, CompanyId company, db::Bytes secret) {
    co_await session.exec(sql::put_provider_secret, company, std::move(secret));
}

Task<bool> is_suspended(db::Session& session, CompanyId company) {
    return session.one<bool>(sql::is_suspended, company);
}

}  // namespace mobilytics::auth::store
