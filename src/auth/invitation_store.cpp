#include "src/auth/invitation_store.hpp"

#include <ranges>
#include <utility>

#include "platform/json/enum_names.hpp"
#include "src/auth/queries.hpp"
#include "src/auth/rows.hpp"

namespace mobilytics::auth::store {

namespace {

struct InvitationRow {
    InvitationId id;
    std::string email;
    std::string role;
    std::string locale;
    std::optional<std::string> inviter;
    clock::Instant created_at;
    clock::Instant expires_at;
    std::optional<clock::Instant> sent_at;

    Invitation value() const { return {id, email, role_of(role), locale, inviter, created_at, expires_at, sent_at}; }
};

std::string text_of(Purpose purpose) { return std::string{json::name_of(purpose)}; }

}  // namespace

Task<bool> insert_invitation(db::Session& session, CompanyId company, InvitationId id, NewInvitation wanted,
                             std::optional<UserId> by, clock::Instant now) {
    auto added = co_await session.exec(sql::insert_invitation, company, id, wanted.email, text_of(wanted.role),
                                       wanted.locale, by, now, now + invitation_span);
    co_return added == 1;
}

Task<void> delete_expired_invitation(db::Session& session, CompanyId company, std::string email, clock::Instant now) {
    co_await session.exec(sql::delete_expired_invitation, company, std::move(email), now);
}

Task<std::int64_t> count_invitations(db::Session& session, CompanyId company, clock::Instant now) {
    return session.one<std::int64_t>(sql::count_invitations, company, now);
}

Task<std::vector<Invitation>> list_invitations(db::Database& database, CompanyId company,
                                               std::optional<InvitationId> before, int limit) {
    auto rows = co_await database.many<InvitationRow>(db::Scope::of(company), sql::list_invitations, company, before,
                                                      std::int64_t{limit});
    co_return rows | std::views::transform(&InvitationRow::value) | std::ranges::to<std::vector>();
}

Task<bool> has_owner(db::Session& session, CompanyId company) { return session.one<bool>(sql::has_owner, company); }

Task<std::optional<Invitation>> find_owners_invitation(db::Session& session, CompanyId company) {
    auto row = co_await session.optional<InvitationRow>(sql::find_owners_invitation, company);
    co_return row.transform(&InvitationRow::value);
}

Task<std::vector<DeletedInvitation>> delete_owners_invitations(db::Session& session, CompanyId company,
                                                               std::string email) {
    return session.many<DeletedInvitation>(sql::delete_owners_invitations, company, std::move(email));
}

Task<std::optional<Invitation>> find_invitation(db::Session& session, CompanyId company, InvitationId id) {
    auto row = co_await session.optional<InvitationRow>(sql::find_invitation, company, id);
    co_return row.transform(&InvitationRow::value);
}

Task<std::optional<Invitation>> find_invitation(db::Database& database, InvitationToken token, clock::Instant now) {
    auto row = co_await database.optional<InvitationRow>(db::Scope::of(token.company), sql::find_invitation_by_token,
                                                         token.company, token.id, bytes_of(token.sha256), now);
    co_return row.transform(&InvitationRow::value);
}

Task<bool> give_token(db::Session& session, InvitationToken token, clock::Instant now) {
    auto given =
        co_await session.exec(sql::give_invitation_token, token.company, token.id, bytes_of(token.sha256), now);
    co_return given == 1;
}

Task<void> prolong_invitation(db::Session& session, CompanyId company, InvitationId id, clock::Instant now) {
    co_await session.exec(sql::prolong_invitation, company, id, now + invitation_span, now);
}

Task<void> delete_invitation(db::Session& session, CompanyId company, InvitationId id) {
    co_await session.exec(sql::delete_invitation, company, id);
}

Task<bool> take_invitation(db::Session& session, InvitationToken token, clock::Instant now) {
    auto taken = co_await session.exec(sql::take_invitation, token.company, token.id, bytes_of(token.sha256), now);
    co_return taken == 1;
}

Task<void> insert_mailed_token(db::Session& session, crypto::Digest sha256, Purpose purpose, MailedToken token,
                               clock::Instant now, clock::Instant expires_at) {
    co_await session.exec(sql::delete_old_mailed_tokens, now);
    co_await session.exec(sql::insert_mailed_token, bytes_of(sha256), token.user, text_of(purpose), token.email, now,
                          expires_at);
}

Task<std::int64_t> count_mailed_tokens(db::Session& session, UserId user, Purpose purpose, clock::Instant now) {
    return session.one<std::int64_t>(sql::count_mailed_tokens, user, text_of(purpose), now);
}

Task<std::optional<MailedToken>> find_mailed_token(db::Database& database, crypto::Digest sha256, Purpose purpose,
                                                   clock::Instant now) {
    return database.optional<MailedToken>(db::Scope::nobody(), sql::find_mailed_token, bytes_of(sha256),
                                          text_of(purpose), now);
}

Task<bool> take_mailed_token(db::Session& session, crypto::Digest sha256, Purpose purpose, clock::Instant now) {
    auto taken = co_await session.exec(sql::take_mailed_token, bytes_of(sha256), text_of(purpose), now);
    co_return taken == 1;
}

Task<void> delete_mailed_tokens_of(db::Session& session, UserId user) {
    co_await session.exec(sql::delete_mailed_tokens_of, user);
}

}  // namespace mobilytics::auth::store
