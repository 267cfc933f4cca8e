#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/db/database.hpp"
#include "src/auth/invitation.hpp"

// Rows of what letters let their readers do: join a company, choose a password, confirm an address.
namespace mobilytics::auth::store {

// False when the address has an open invitation.
Task<bool> insert_invitation(db::Session& session, CompanyId company, InvitationId id, NewInvitation wanted,
                             std::optional<UserId> by, clock::Instant now);
Task<void> delete_expired_invitation(db::Session& session, CompanyId company, std::string email, clock::Instant now);
// Also one whose account is disabled.
Task<bool> has_owner(db::Session& session, CompanyId company);
// Of those that would make somebody an owner; the newest.
Task<std::optional<Invitation>> find_owners_invitation(db::Session& session, CompanyId company);
struct DeletedInvitation {
    InvitationId id;
    std::string email;
};
// And those of that address.
Task<std::vector<DeletedInvitation>> delete_owners_invitations(db::Session& session, CompanyId company,
                                                               std::string email);
Task<std::int64_t> count_invitations(db::Session& session, CompanyId company, clock::Instant now);
Task<std::vector<Invitation>> list_invitations(db::Database& database, CompanyId company,
                                               std::optional<InvitationId> before, int limit);
Task<std::optional<Invitation>> find_invitation(db::Session& session, CompanyId company, InvitationId id);

// An invitation as its token names it.
struct InvitationToken {
    CompanyId company;
    InvitationId id;
    crypto::Digest sha256;
};

// Nothing unless it is open and the token is its last letter's.
Task<std::optional<Invitation>> find_invitation(db::Database& database, InvitationToken token, clock::Instant now);
// The letters before are good for nothing from then on. False when the invitation is not open.
Task<bool> give_token(db::Session& session, InvitationToken token, clock::Instant now);
Task<void> prolong_invitation(db::Session& session, CompanyId company, InvitationId id, clock::Instant now);
Task<void> delete_invitation(db::Session& session, CompanyId company, InvitationId id);
// The end of an invitation by its token; false for all but one of those who try.
Task<bool> take_invitation(db::Session& session, InvitationToken token, clock::Instant now);

enum class Purpose { password, email, recovery };

struct MailedToken {
    UserId user;
    std::string email;  // where the letter went
};

Task<void> insert_mailed_token(db::Session& session, crypto::Digest sha256, Purpose purpose, MailedToken token,
                               clock::Instant now, clock::Instant expires_at);
Task<std::int64_t> count_mailed_tokens(db::Session& session, UserId user, Purpose purpose, clock::Instant now);
// Nothing when it was used, has expired, or its person is disabled.
Task<std::optional<MailedToken>> find_mailed_token(db::Database& database, crypto::Digest sha256, Purpose purpose,
                                                   clock::Instant now);
Task<bool> take_mailed_token(db::Session& session, crypto::Digest sha256, Purpose purpose, clock::Instant now);
Task<void> delete_mailed_tokens_of(db::Session& session, UserId user);

}  // namespace mobilytics::auth::store
