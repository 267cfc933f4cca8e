#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/db/database.hpp"
#include "src/auth/api_key.hpp"

// Rows of keys to values and back.
namespace mobilytics::auth::store {

// A permission that this release does not know gives nothing.
std::optional<std::vector<Permission>> permissions_named(const std::optional<std::vector<std::string>>& names);

struct KnownApiKey {
    std::string name;
    crypto::Digest secret_sha256;
    std::optional<crypto::Digest> previous_sha256 = {};  // while it is still good
    Role role = Role::viewer;
    KeyLimits limits = {};
    std::optional<clock::Instant> last_used_at = {};
    bool company_suspended = false;
    std::optional<std::string> refusal = {};  // "revoked", "expired", "address"
};

// Positions of the texts that are no address and no network.
Task<std::vector<std::int64_t>> wrong_addresses(db::Database& database, std::vector<std::string> addresses);
Task<void> insert_api_key(db::Session& session, CompanyId company, ApiKey key, crypto::Digest secret_sha256,
                          std::optional<UserId> created_by);
Task<std::optional<KnownApiKey>> find_api_key(db::Database& database, CompanyId company, ApiKeyId id,
                                              std::string address, clock::Instant now);
// The same of a result that was asked for among others.
std::optional<KnownApiKey> known_api_key(const db::Result& result);
Task<void> touch_api_key(db::Session& session, CompanyId company, ApiKeyId id, clock::Instant now);
// False when one was noted since.
Task<bool> note_refusal(db::Session& session, CompanyId company, ApiKeyId id, clock::Instant now, clock::Instant since);
Task<std::vector<ApiKey>> list_api_keys(db::Database& database, CompanyId company, std::optional<ApiKeyId> before,
                                        int limit);
// Locks it until the transaction ends.
Task<std::optional<ApiKey>> hold_api_key(db::Session& session, CompanyId company, ApiKeyId id);
// Its end, hint and the end of the secret before are the key's.
Task<void> rotate_api_key(db::Session& session, CompanyId company, ApiKey key, crypto::Digest secret_sha256);

struct RevokedApiKey {
    std::string name;
    bool was_active = false;
};

// Nothing when the company has no such key. A key revoked before keeps its date.
Task<std::optional<RevokedApiKey>> revoke_api_key(db::Session& session, CompanyId company, ApiKeyId id,
                                                  clock::Instant now);

// Those that the person made. How many were in force.
Task<std::int64_t> revoke_keys_of(db::Session& session, CompanyId company, UserId user, clock::Instant now);

struct KnownStaffKey {
    crypto::Digest secret_sha256;
    UserId user;
    std::string name;
    StaffRole role = StaffRole::support;
    bool without_factor = false;
};

Task<void> insert_staff_key(db::Session& session, ApiKeyId id, UserId user, std::string name,
                            crypto::Digest secret_sha256, clock::Instant now, clock::Instant expires_at);
// Only a key in force, of somebody who is still staff.
Task<std::optional<KnownStaffKey>> find_staff_key(db::Database& database, ApiKeyId id, clock::Instant now);

}  // namespace mobilytics::auth::store
