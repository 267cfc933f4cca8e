#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/signature.hpp"
#include "platform/db/database.hpp"
#include "src/auth/access_token.hpp"
#include "src/auth/key_store.hpp"
#include "src/auth/token_family.hpp"

// Rows of keys that sign and of families of tokens.
namespace mobilytics::auth::store {

// Of no company.

struct SealedSigningKey {
    db::Bytes seed;
    std::string id;
};

struct SigningSpan {
    clock::Instant from;
    clock::Instant until;
};

struct NewSigningKey {
    std::string id;
    crypto::PublicKey public_key{};
    db::Bytes seed;
    clock::Instant created_at;
    SigningSpan span;
};

// The one that signs now.
Task<std::optional<SealedSigningKey>> signing_key(db::Database& database, clock::Instant now);
Task<std::optional<SigningSpan>> newest_signing_key(db::Session& session);
// Those that sign, will, or did after `since`.
Task<std::vector<crypto::PublicKey>> published_keys(db::Database& database, clock::Instant since);
Task<std::optional<crypto::PublicKey>> find_public_key(db::Database& database, std::string id, clock::Instant since);
Task<void> insert_signing_key(db::Session& session, NewSigningKey added);
Task<void> delete_old_signing_keys(db::Session& session, clock::Instant until);
Task<void> delete_signing_keys(db::Session& session);
// All of them, locked until the transaction ends.
Task<std::vector<SealedSigningKey>> hold_signing_seeds(db::Session& session);
Task<void> put_signing_seed(db::Session& session, std::string id, db::Bytes seed);

// Families

struct NewFamily {
    TokenFamilyId id;
    ApiKeyId key;
    std::optional<std::vector<Permission>> scopes = {};
    crypto::Digest token_sha256{};
    std::string address;
    clock::Instant created_at;
};

// A family that goes on, as somebody sees it who shows a refresh token.
struct KnownFamily {
    ApiKeyId key;
    std::optional<std::vector<Permission>> scopes = {};
    RefreshState state;
    std::optional<db::Bytes> successor_sealed = {};
};

struct Rotation {
    crypto::Digest token_sha256{};
    db::Bytes successor_sealed;
};

Task<void> insert_family(db::Session& session, CompanyId company, NewFamily family);
Task<std::optional<KnownFamily>> find_family(db::Database& database, CompanyId company, TokenFamilyId id,
                                             crypto::Digest shown, clock::Instant now);
// Locks it until the transaction ends.
Task<std::optional<KnownFamily>> hold_family(db::Session& session, CompanyId company, TokenFamilyId id,
                                             crypto::Digest shown, clock::Instant now);
// The token `shown` is spent from now on.
Task<void> rotate_family(db::Session& session, CompanyId company, TokenFamilyId id, crypto::Digest shown,
                         Rotation rotation, clock::Instant now);
// Newest first; only those that go on.
Task<std::vector<TokenFamily>> list_families(db::Database& database, CompanyId company, ApiKeyId key,
                                             clock::Instant now, std::optional<TokenFamilyId> before, int limit);
// Leaves so many of the key and those that may have access tokens in force, and says how many that are.
Task<std::int64_t> trim_families(db::Session& session, CompanyId company, ApiKeyId key, std::int64_t kept,
                                 clock::Instant now);

struct EndedFamily {
    ApiKeyId key;
    std::string key_name;
};

// Nothing when there is no such family, or it is none of the key, where one is named.
Task<std::optional<EndedFamily>> end_family(db::Session& session, CompanyId company, TokenFamilyId id,
                                            std::optional<ApiKeyId> key);
Task<void> end_families_of(db::Session& session, CompanyId company, ApiKeyId key);
// Of every company.
Task<void> delete_ended_families(db::Session& session, clock::Instant now);

// The key's row as find_api_key gives it, in one round trip with whether the token's family goes on and the key that
// signed it still counts; nothing where not.
Task<std::optional<KnownApiKey>> find_key_of_token(db::Database& database, AccessToken token, std::string signing_key,
                                                   std::string address, clock::Instant now, clock::Instant since);

}  // namespace mobilytics::auth::store
