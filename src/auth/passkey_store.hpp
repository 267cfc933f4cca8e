#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/db/database.hpp"
#include "platform/webauthn/webauthn.hpp"
#include "src/auth/passkey.hpp"

// Rows of passkeys. They belong to people, and people to no company.
namespace mobilytics::auth::store {

// What authenticators know the person by; `fresh` unless there is one already.
Task<std::string> give_passkey_handle(db::Session& session, UserId user, std::string fresh);

// Waits for another transaction that holds the person; until this one ends others wait.
Task<void> hold_user(db::Session& session, UserId user);
// In the order in which they were made.
Task<std::vector<Passkey>> list_passkeys(db::Database& database, UserId user, std::optional<PasskeyId> after = {},
                                         int limit = most_passkeys);
Task<std::vector<Passkey>> list_passkeys(db::Session& session, UserId user);
Task<bool> has_passkeys(db::Database& database, UserId user);
Task<bool> has_passkeys(db::Session& session, UserId user);

struct NewPasskey {
    PasskeyId id;
    UserId user;
    std::string name;
    webauthn::Credential credential;
    std::vector<std::string> transports;
    clock::Instant created_at;
};

// False when somebody has that credential already.
Task<bool> insert_passkey(db::Session& session, NewPasskey added);

struct KnownPasskey {
    PasskeyId id;
    UserId user;
    std::string name;
    webauthn::PublicKey key;
    std::string handle;  // of its person
};

// Of anybody who is not disabled.
Task<std::optional<KnownPasskey>> find_passkey(db::Database& database, std::string credential_id);
// Locks it until the transaction ends.
Task<std::optional<Passkey>> hold_passkey(db::Session& session, UserId user, PasskeyId id);
Task<void> rename_passkey(db::Session& session, UserId user, PasskeyId id, std::string name);
Task<void> delete_passkey(db::Session& session, UserId user, PasskeyId id);
// False when the counter did not grow.
Task<bool> use_passkey(db::Session& session, PasskeyId id, webauthn::Use use, clock::Instant now);

// False when it was spent before. Those that ended are forgotten.
Task<bool> spend_challenge(db::Session& session, crypto::Digest challenge_sha256, clock::Instant expires_at,
                           clock::Instant now);

}  // namespace mobilytics::auth::store
