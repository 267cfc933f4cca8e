#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/identity_provider.hpp"

// Rows of identity providers, and of whom their subjects are.
namespace mobilytics::auth::store {

Task<std::optional<IdentityProvider>> find_identity_provider(db::Database& database, CompanyId company);
// Whose name it is.
Task<std::optional<CompanyId>> find_sign_in_name(db::Database& database, std::string sign_in_name);
// Nobody sets another until the transaction ends.
Task<std::optional<IdentityProvider>> hold_identity_provider(db::Session& session, CompanyId company);
// In the place of the one before. False when another company has the name: then nothing may be committed.
Task<bool> put_identity_provider(db::Session& session, IdentityProvider provider);
Task<void> delete_identity_provider(db::Session& session, CompanyId company);

Task<std::optional<UserId>> find_outside_identity(db::Session& session, CompanyId company, std::string subject);
// False when the subject is somebody else, or the person another subject. The person must be a member.
Task<bool> link_outside_identity(db::Session& session, CompanyId company, std::string subject, UserId user,
                                 clock::Instant now);
// Nobody is known by the provider any more, and the sessions that it opened end.
Task<void> forget_provider(db::Session& session, CompanyId company);

struct SealedClientSecret {
    CompanyId company;
    db::Bytes secret;
};
// Of all companies, locked until the transaction ends.
Task<std::vector<SealedClientSecret>> hold_provider_secrets(db::Session& session);
Task<void> put_provider_secret(db::Session& session, CompanyId company, db::Bytes secret);

Task<bool> is_suspended(db::Session& session, CompanyId company);

}  // namespace mobilytics::auth::store
