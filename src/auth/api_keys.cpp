#include "src/auth/api_keys.hpp"

#include <algorithm>
#include <format>
#include <utility>

#include "platform/crypto/digest.hpp"
#include "platform/problem/faults.hpp"
#include "src/auth/credential.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/key_store.hpp"
#include "src/auth/limits.hpp"
#include "src/auth/token_store.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::size_t longest_key_name = 100;
constexpr std::size_t most_addresses = 50;
// A program that goes on with a dead key asks many times a second.
constexpr std::chrono::minutes refusal_pause{10};

Problem not_found() { return {Kind::missing, "auth.api_key_not_found", "There is no such API key."}; }

void check_end(const std::optional<clock::Instant>& expires_at, clock::Instant now, Faults& faults) {
    if (expires_at && *expires_at <= now) faults.add("/expires_at", "must be in the future");
}

std::optional<std::vector<Permission>> read_scopes(const NewApiKey& wanted, Faults& faults) {
    if (!wanted.scopes) return std::nullopt;
    if (wanted.scopes->empty()) faults.add("/scopes", "must name a permission, or be left out");
    std::vector<Permission> scopes;
    for (std::size_t i = 0; i < wanted.scopes->size(); ++i) {
        const auto scope = permission_from((*wanted.scopes)[i]);
        if (!scope)
            faults.add(std::format("/scopes/{}", i), "must be a permission of GET /v1/roles");
        else if (*scope == Permission::api_keys_manage)
            faults.add(std::format("/scopes/{}", i), "a key that is kept to scopes cannot make keys");
        else if (!allows(wanted.role, *scope))
            faults.add(std::format("/scopes/{}", i),
                       std::format("the role '{}' does not hold '{}'", to_string(wanted.role), to_string(*scope)));
        else if (!std::ranges::contains(scopes, *scope))
            scopes.push_back(*scope);
    }
    return scopes;
}

bool matches(const store::KnownApiKey& key, const crypto::Digest& digest) {
    return crypto::equal_in_constant_time(key.secret_sha256, digest) ||
           (key.previous_sha256 && crypto::equal_in_constant_time(*key.previous_sha256, digest));
}

std::string printed(CompanyId company, ApiKeyId id) { return print_credential(api_key_prefix, {company, id.uuid}); }

}  // namespace

ApiKeys::ApiKeys(db::Database& database, const clock::Clock& clock, trail::Trail& trail, StaffRules staff_rules)
    : database_{database}, clock_{clock}, trail_{trail}, staff_rules_{staff_rules} {}

Task<std::vector<ApiKey>> ApiKeys::list(May<Permission::api_keys_manage> actor, std::optional<ApiKeyId> before,
                                        int limit) {
    return store::list_api_keys(database_, actor.company, before, limit);
}

Task<CreatedApiKey> ApiKeys::create(May<Permission::api_keys_manage> actor, NewApiKey wanted) {
    const auto now = clock_.now();
    Faults faults;
    faults.check_line("/name", wanted.name, longest_key_name);
    auto scopes = read_scopes(wanted, faults);
    check_end(wanted.expires_at, now, faults);
    if (wanted.addresses) {
        if (wanted.addresses->empty() || wanted.addresses->size() > most_addresses)
            faults.add("/addresses", std::format("must hold 1 to {} addresses, or be left out", most_addresses));
        else
            for (const auto position : co_await wrong_addresses(*wanted.addresses))
                faults.add(std::format("/addresses/{}", position),
                           "must be an IP address, or a network without bits behind its prefix");
    }
    faults.refuse("auth.invalid_api_key", "The key cannot be made like this.");

    const ApiKeyId id = ApiKeyId::make();
    std::string text = printed(actor.company, id);
    ApiKey key{.id = id,
               .name = std::move(wanted.name),
               .role = wanted.role,
               .limits = {std::move(scopes), std::move(wanted.addresses), wanted.expires_at},
               .hint = hint_of(api_key_prefix, text),
               .created_at = now};
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        co_await store::insert_api_key(session, actor.company, key, crypto::sha256(text), actor.user);
        co_await trail_.record(session, actor.company, actor.who(), api_key_created(key));
        auto stored = co_await store::hold_api_key(session, actor.company, id);
        key.maker = std::move(stored.value().maker);
        co_await refuse_too_many_keys(session, actor.company, now);
    });
    co_return CreatedApiKey{std::move(key), std::move(text)};
}

// The database takes no text with a NUL, so what can be no address is not asked about.
Task<std::vector<std::int64_t>> ApiKeys::wrong_addresses(std::vector<std::string> addresses) {
    for (auto& address : addresses)
        if (address.find_first_not_of("0123456789abcdefABCDEF.:/") != std::string::npos) address.clear();
    return store::wrong_addresses(database_, std::move(addresses));
}

Task<CreatedApiKey> ApiKeys::rotate(May<Permission::api_keys_manage> actor, ApiKeyId id,
                                    std::optional<clock::Instant> expires_at) {
    const auto now = clock_.now();
    Faults faults;
    check_end(expires_at, now, faults);
    faults.refuse("auth.invalid_api_key", "The key cannot be rotated like this.");
    std::string text = printed(actor.company, id);
    co_return co_await database_.transaction(
        db::Scope::of(actor.company), [&](db::Session& session) -> Task<CreatedApiKey> {
            auto key = co_await store::hold_api_key(session, actor.company, id);
            if (!key) throw not_found();
            const auto end = expires_at ? expires_at : key->limits.expires_at;
            if (key->revoked_at || (end && *end <= now))
                throw Problem{Kind::conflict, "auth.api_key_over",
                              "The key is revoked, or expired and given no new end. Make another."};
            // A secret that was good for nothing any more stays so.
            const bool was_over = key->limits.expires_at && *key->limits.expires_at <= now;
            auto entry = api_key_rotated(*key, end);
            key->limits.expires_at = end;
            key->hint = hint_of(api_key_prefix, text);
            key->previous_until = was_over ? now : now + secret_overlap;
            co_await store::rotate_api_key(session, actor.company, *key, crypto::sha256(text));
            co_await trail_.record(session, actor.company, actor.who(), std::move(entry));
            co_await refuse_too_many_keys(session, actor.company, now);
            co_return CreatedApiKey{*std::move(key), text};
        });
}

Task<void> ApiKeys::revoke(May<Permission::api_keys_manage> actor, ApiKeyId id) {
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto revoked = co_await store::revoke_api_key(session, actor.company, id, clock_.now());
        if (!revoked) throw not_found();
        co_await store::end_families_of(session, actor.company, id);
        if (revoked->was_active)
            co_await trail_.record(session, actor.company, actor.who(), api_key_revoked(id, revoked->name));
    });
}

Task<CreatedStaffKey> ApiKeys::create_for_staff(Staff actor, std::string name) {
    Faults faults;
    faults.check_line("/name", name, longest_key_name);
    faults.refuse("auth.invalid_api_key", "The key cannot be made like this.");
    const auto now = clock_.now();
    const ApiKeyId id = ApiKeyId::make();
    CreatedStaffKey made{.id = id,
                         .name = std::move(name),
                         .created_at = now,
                         .expires_at = now + staff_key_life,
                         .secret = print_credential(staff_key_prefix, {CompanyId{}, id.uuid})};
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await store::insert_staff_key(session, id, actor.user, made.name, crypto::sha256(made.secret), now,
                                         made.expires_at);
        co_await trail_.record(session, trail::no_company, actor.who(), staff_key_created(id, made.name));
        co_await refuse_too_many_staff_keys(session, actor.user, now);
    });
    co_return made;
}

Task<std::optional<Principal>> ApiKeys::find(std::string text, trail::By by) {
    auto named = read_credential(api_key_prefix, text);
    if (!named) co_return std::nullopt;
    const auto now = clock_.now();
    const ApiKeyId id{named->id};
    auto known = co_await store::find_api_key(database_, named->company, id, by.address, now);
    if (!known || !matches(*known, crypto::sha256(text))) co_return std::nullopt;
    co_return co_await admit(named->company, id, *std::move(known), std::move(by));
}

Task<std::optional<Principal>> ApiKeys::admit(CompanyId company, ApiKeyId id, store::KnownApiKey known, trail::By by) {
    const auto now = clock_.now();
    if (known.refusal) {
        co_await note_refusal(company, id, known.name, *known.refusal, std::move(by));
        if (*known.refusal != "address") co_return std::nullopt;
        throw Problem{Kind::forbidden, "auth.address_not_allowed",
                      "This key may not be used from the address that the request came from."};
    }
    if (!known.last_used_at || now - *known.last_used_at >= touch_interval)
        co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) {
            return store::touch_api_key(session, company, id, now);
        });
    co_return Principal{.key = id,
                        .name = std::move(known.name),
                        .company = company,
                        .role = known.role,
                        .scopes = scopes_of(known.role, known.limits),
                        .company_suspended = known.company_suspended};
}

Task<std::optional<Principal>> ApiKeys::find_of_staff(std::string text) {
    auto named = read_credential(staff_key_prefix, text);
    if (!named) co_return std::nullopt;
    const ApiKeyId id{named->id};
    auto known = co_await store::find_staff_key(database_, id, clock_.now());
    if (!known || !crypto::equal_in_constant_time(known->secret_sha256, crypto::sha256(text))) co_return std::nullopt;
    co_return Principal{.user = known->user,
                        .staff = known->role,
                        .staff_factor_missing = staff_rules_.factor_asked && known->without_factor,
                        .key = id,
                        .name = std::move(known->name)};
}

Task<void> ApiKeys::note_refusal(CompanyId company, ApiKeyId id, std::string name, std::string reason, trail::By by) {
    const auto now = clock_.now();
    by.kind = "key";
    by.id = id.text();
    by.label = name;
    by.method = "key";
    co_await database_.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> {
        const bool is_first = co_await store::note_refusal(session, company, id, now, now - refusal_pause);
        if (is_first) co_await trail_.record(session, company, by, api_key_refused(id, name, reason));
    });
}

std::optional<std::vector<std::string>> names_of(const std::optional<std::vector<Permission>>& scopes) {
    if (!scopes) return std::nullopt;
    std::vector<std::string> names;
    for (const Permission scope : *scopes) names.emplace_back(to_string(scope));
    return names;
}

std::optional<std::vector<Permission>> scopes_of(Role role, const KeyLimits& limits) {
    if (!limits.scopes && !limits.addresses && !limits.expires_at) return std::nullopt;
    std::vector<Permission> held;
    for (const Permission permission : all_permissions()) {
        if (!allows(role, permission) || permission == Permission::api_keys_manage) continue;
        if (!limits.scopes || std::ranges::contains(*limits.scopes, permission)) held.push_back(permission);
    }
    return held;
}

}  // namespace mobilytics::auth
