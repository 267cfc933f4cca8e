#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/known_person.hpp"

// Rows of people as staff see them, of staff and of their keys. They belong to no company.
namespace mobilytics::auth::store {

// Without the companies.
Task<std::optional<KnownPerson>> see_person(db::Session& session, UserId id, clock::Instant now);
// Those who are not disabled. Locks them until the transaction ends.
Task<std::vector<UserId>> hold_admins(db::Session& session);
Task<void> disable_person(db::Session& session, UserId id, clock::Instant now);
Task<void> enable_person(db::Session& session, UserId id);
// How many were in force, by company; of the system's scope.
Task<std::vector<std::pair<CompanyId, std::int64_t>>> revoke_keys_made_by(db::Session& session, UserId user,
                                                                          clock::Instant now);
// When a password was chosen by letter last.
Task<std::optional<clock::Instant>> password_reset_at(db::Session& session, UserId id);
Task<void> note_password_reset(db::Session& session, UserId id, clock::Instant now);

Task<std::vector<StaffMember>> list_staff(db::Database& database, std::optional<UserId> after, int limit);
Task<std::optional<StaffMember>> find_staff(db::Session& session, UserId id);
// None: no member of staff any more.
Task<void> set_staff_role(db::Session& session, UserId id, std::optional<StaffRole> role);

// Newest first.
// `of`: that person's alone.
Task<std::vector<StaffKey>> list_staff_keys(db::Database& database, std::optional<UserId> of,
                                            std::optional<ApiKeyId> before, int limit);
struct RevokedStaffKey {
    std::string name;
    bool was_active = false;
};
// A key revoked before keeps its date.
Task<std::optional<RevokedStaffKey>> revoke_staff_key(db::Session& session, ApiKeyId id, std::optional<UserId> of,
                                                      clock::Instant now);
// How many were not revoked.
Task<std::int64_t> revoke_staff_keys_of(db::Session& session, UserId user, clock::Instant now);

// Links to a way back that were sent before.
Task<std::int64_t> delete_recoveries_of(db::Session& session, UserId user);
// Of what kinds there were any is told by see_person before.
Task<void> delete_factors_of(db::Session& session, UserId user);

}  // namespace mobilytics::auth::store
