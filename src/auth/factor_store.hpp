#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/db/database.hpp"
#include "src/auth/ids.hpp"

// Rows of second factors. They belong to people, and people to no company.
namespace mobilytics::auth::store {

struct Factor {
    db::Bytes secret_sealed;
    std::optional<clock::Instant> confirmed_at = {};
};

Task<std::optional<Factor>> find_factor(db::Database& database, UserId user);
// In place of one that was begun before. False when one is asked for.
Task<bool> begin_factor(db::Session& session, UserId user, db::Bytes secret_sealed, clock::Instant now);
// False when there is none, or it is asked for already.
Task<bool> confirm_factor(db::Session& session, UserId user, std::int64_t step, clock::Instant now);
// Locks it until the transaction ends. False when none is asked for.
Task<bool> hold_factor(db::Session& session, UserId user);
// False when none was asked for.
Task<bool> delete_factor(db::Session& session, UserId user);
// False when a code of this step or a later one was taken before.
Task<bool> take_step(db::Session& session, UserId user, std::int64_t step);
Task<std::int64_t> count_recovery_codes(db::Database& database, UserId user);
Task<std::int64_t> count_recovery_codes(db::Session& session, UserId user);
Task<void> replace_recovery_codes(db::Session& session, UserId user, std::vector<crypto::Digest> codes);
// Those of a person who has neither an app nor a passkey any more.
Task<void> drop_idle_codes(db::Session& session, UserId user);
// False when the person has no such code left.
Task<bool> take_recovery_code(db::Session& session, UserId user, crypto::Digest code_sha256);

struct SealedFactor {
    UserId user;
    db::Bytes secret;
};
// Of everybody, locked until the transaction ends.
Task<std::vector<SealedFactor>> hold_factor_secrets(db::Session& session);
Task<void> put_factor_secret(db::Session& session, UserId user, db::Bytes secret);

}  // namespace mobilytics::auth::store
