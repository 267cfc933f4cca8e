#include "platform/http/page.hpp"
#include "platform/http/router.hpp"
#include "src/auth/api_keys.hpp"

// URLs of API keys.
namespace mobilytics::auth {

namespace {

using Texts = std::optional<std::vector<std::string>>;

struct ApiKeyIn {
    std::string name;
    Role role = Role::viewer;
    Texts scopes;
    Texts addresses;
    std::optional<clock::Instant> expires_at;

    static constexpr json::Field about[] = {
        {.name = "name", .min_length = 1, .max_length = 100},
        {.name = "scopes",
         .description = "Permissions of the role that the key is kept to, of GET /v1/roles; null: all of them. A key "
                        "that is kept to anything never makes keys."},
        {.name = "addresses",
         .description = "IP addresses and networks (198.51.100.0/24) that it may be used from; null: from anywhere."},
        {.name = "expires_at", .description = "It ends then; null: when it is revoked."},
    };
};

struct ApiKeyOut {
    ApiKeyId id;
    std::string name;
    Role role = Role::viewer;
    Texts scopes = {};
    Texts addresses = {};
    std::optional<clock::Instant> expires_at = {};
    std::string hint;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at = {};
    std::optional<clock::Instant> previous_secret_until = {};
    std::optional<clock::Instant> revoked_at = {};
    std::optional<std::string> created_by = {};

    static constexpr json::Field about[] = {
        {.name = "created_by",
         .description = "A person's name, with whose membership the key ends; null: another key made it."},
        {.name = "scopes", .description = "Permissions that it is kept to; null: all that its role holds."},
        {.name = "addresses", .description = "Where it may be used from; null: anywhere."},
        {.name = "hint", .description = "The first and last characters of the key."},
        {.name = "last_used_at", .description = "To the minute."},
        {.name = "previous_secret_until",
         .description = "Until then the secret before the last rotation opens the door too."},
    };
};

struct ApiKeyRotationIn {
    std::optional<clock::Instant> expires_at;

    static constexpr json::Field about[] = {
        {.name = "expires_at", .description = "The key's new end; null: it stays as it is."}};
};

struct CreatedApiKeyOut {
    ApiKeyId id;
    std::string name;
    Role role = Role::viewer;
    Texts scopes = {};
    Texts addresses = {};
    std::optional<clock::Instant> expires_at = {};
    std::string hint;
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at = {};
    std::optional<clock::Instant> previous_secret_until = {};
    std::optional<clock::Instant> revoked_at = {};
    std::optional<std::string> created_by = {};
    std::string secret;

    static constexpr json::Field about[] = {
        {.name = "secret", .description = "The key itself, shown this once: Authorization: Bearer <secret>."}};
};

struct StaffKeyIn {
    std::string name;

    static constexpr json::Field about[] = {{.name = "name", .min_length = 1, .max_length = 100}};
};

struct CreatedStaffKeyOut {
    ApiKeyId id;
    std::string name;
    clock::Instant created_at;
    clock::Instant expires_at;
    std::string secret;

    static constexpr json::Field about[] = {
        {.name = "secret", .description = "The key itself, shown this once: Authorization: Bearer <secret>."}};
};

template <class Out>
Out shown(const ApiKey& key) {
    return {.id = key.id,
            .name = key.name,
            .role = key.role,
            .scopes = names_of(key.limits.scopes),
            .addresses = key.limits.addresses,
            .expires_at = key.limits.expires_at,
            .hint = key.hint,
            .created_at = key.created_at,
            .last_used_at = key.last_used_at,
            .previous_secret_until = key.previous_until,
            .revoked_at = key.revoked_at,
            .created_by = key.maker};
}

CreatedApiKeyOut with_secret(CreatedApiKey made) {
    auto out = shown<CreatedApiKeyOut>(made.key);
    out.secret = std::move(made.secret);
    return out;
}

}  // namespace

void add_routes(http::Router& router, ApiKeys& keys) {
    auto group = router.group("auth");
    group.get("/v1/api-keys", {.id = "api_keys.list", .summary = "API keys, newest first"},
              [&keys](May<Permission::api_keys_manage> actor, http::Paging paging) -> Task<http::Page<ApiKeyOut>> {
                  auto found = co_await keys.list(actor, paging.after_one<ApiKeyId>(), http::rows_wanted(paging));
                  co_return http::page_of(
                      paging, std::move(found), [](const ApiKey& key) { return shown<ApiKeyOut>(key); },
                      [](const ApiKey& key) { return http::encode_cursor(key.id); });
              });
    group.post("/v1/api-keys", {.id = "api_keys.create", .summary = "Make an API key"},
               [&keys](May<Permission::api_keys_manage> actor,
                       http::Body<ApiKeyIn> body) -> Task<http::Created<CreatedApiKeyOut>> {
                   auto made = co_await keys.create(
                       actor, {body->name, body->role, body->scopes, body->addresses, body->expires_at});
                   co_return http::Created<CreatedApiKeyOut>{with_secret(std::move(made)), ""};
               });
    group.post("/v1/api-keys/{id}/secret/rotate",
               {.id = "api_keys.rotate_secret",
                .summary = "Give an API key a new secret",
                .description = "The one until now opens the door for another 24 hours beside it."},
               [&keys](May<Permission::api_keys_manage> actor, ApiKeyId id,
                       http::Body<ApiKeyRotationIn> body) -> Task<CreatedApiKeyOut> {
                   co_return with_secret(co_await keys.rotate(actor, id, body->expires_at));
               });
    group.post("/v1/staff-keys",
               {.id = "staff_keys.create",
                .summary = "Make a key for a program of one's own",
                .description = "It acts as the member of staff who makes it, for as long as they are staff and 90 days "
                               "at most; it changes nothing that asks for the password."},
               [&keys](ConfirmedStaffMay<StaffPermission::staff_keys_own> actor,
                       http::Body<StaffKeyIn> body) -> Task<http::Created<CreatedStaffKeyOut>> {
                   auto made = co_await keys.create_for_staff(actor, body->name);
                   co_return http::Created<CreatedStaffKeyOut>{
                       {made.id, made.name, made.created_at, made.expires_at, made.secret}, ""};
               });
    group.remove("/v1/api-keys/{id}", {.id = "api_keys.revoke", .summary = "Revoke an API key"},
                 [&keys](May<Permission::api_keys_manage> actor, ApiKeyId id) -> Task<http::NoContent> {
                     co_await keys.revoke(actor, id);
                     co_return http::NoContent{};
                 });
}

}  // namespace mobilytics::auth
