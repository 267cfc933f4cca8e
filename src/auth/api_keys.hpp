#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/actor.hpp"
#include "src/auth/api_key.hpp"
#include "src/auth/principal.hpp"
#include "src/auth/session.hpp"

// Front door of keys: how programs get in.
namespace mobilytics::http {
class Router;
}

namespace mobilytics::auth::store {
struct KnownApiKey;
}

namespace mobilytics::auth {

class ApiKeys {
public:
    ApiKeys(db::Database& database, const clock::Clock& clock, trail::Trail& trail, StaffRules staff_rules = {});

    // Newest first, revoked ones too. Owner.
    Task<std::vector<ApiKey>> list(May<Permission::api_keys_manage> actor, std::optional<ApiKeyId> before, int limit);

    // The answer holds the printed key, which is stored as a hash only. 422 auth.invalid_api_key. Owner.
    Task<CreatedApiKey> create(May<Permission::api_keys_manage> actor, NewApiKey wanted);

    // A new secret for the same key; the one before is good for secret_overlap more. An end that is given replaces the
    // key's own. 404 auth.api_key_not_found, 409 auth.api_key_over when it is revoked, or expired and given no new end.
    // Owner.
    Task<CreatedApiKey> rotate(May<Permission::api_keys_manage> actor, ApiKeyId id,
                               std::optional<clock::Instant> expires_at);

    // Bites at the next request that uses the key. Revoking twice is no error. 404 auth.api_key_not_found. Owner.
    Task<void> revoke(May<Permission::api_keys_manage> actor, ApiKeyId id);

    // A key for staff's own programs, shown once. It acts as the person, only while they are staff, for staff_key_life.
    // 422 auth.invalid_api_key, 409 auth.too_many_keys.
    Task<CreatedStaffKey> create_for_staff(Staff actor, std::string name);

    // For authentication.hpp -----------------------------------------------------------------------------------

    // Nothing for a text that is malformed or unknown, or a key that is revoked or expired; 403
    // auth.address_not_allowed from an address that is none of the key's own. Who shows the right secret of a key that
    // is not good leaves an event, once in refusal_pause. `by` says from where.
    Task<std::optional<Principal>> find(std::string text, trail::By by);
    // The same once it is known whose row it is, and that the holder has the secret or a token of it.
    Task<std::optional<Principal>> admit(CompanyId company, ApiKeyId id, store::KnownApiKey known, trail::By by);
    Task<std::optional<Principal>> find_of_staff(std::string text);

private:
    Task<std::vector<std::int64_t>> wrong_addresses(std::vector<std::string> addresses);
    Task<void> note_refusal(CompanyId company, ApiKeyId id, std::string name, std::string reason, trail::By by);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    const StaffRules staff_rules_;
};

void add_routes(http::Router& router, ApiKeys& keys);

}  // namespace mobilytics::auth
