#include <cstring>
#include <span>
#include <utility>

#include "platform/http/operation.hpp"
#include "platform/http/request.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/credential.hpp"
#include "src/devices/devices.hpp"
#include "src/devices/entries.hpp"
#include "src/devices/store.hpp"

// The part of the front door that is about tokens.
namespace mobilytics::devices {

namespace {

constexpr std::chrono::minutes use_recorded_every{1};

bool equal(const db::Bytes& stored, const crypto::Digest& presented) {
    const std::span bytes{reinterpret_cast<const std::uint8_t*>(stored.data()), stored.size()};
    return crypto::equal_in_constant_time(bytes, presented);
}

}  // namespace

DeviceActor DeviceActor::from(const http::Request& request) {
    if (const auto* actor = request.principal<DeviceActor>()) return *actor;
    throw Problem{Kind::unauthenticated, "devices.token_needed",
                  "Send the device's token in `Authorization: Bearer mob_dev_...`."};
}

void DeviceActor::describe(http::Operation& doc) { doc.security = {"device_token"}; }

Task<std::vector<Token>> Devices::list_tokens(auth::Company actor, DeviceId id, std::optional<TokenId> after,
                                              int limit) {
    auto results = co_await database_.read_all(
        db::Scope::of(actor.company),
        {store::find(actor.company, id, clock_.now()), store::list_tokens(actor.company, id, after, limit)});
    if (results.at(0).rows() == 0) throw no_such_device();
    co_return store::tokens_in(results.at(1));
}

Task<IssuedToken> Devices::issue_token(auth::Company actor, DeviceId id) {
    IssuedToken issued{{TokenId::make(), clock_.now(), std::nullopt, std::nullopt}, ""};
    issued.secret = auth::print_credential(auth::device_token_prefix, {actor.company, issued.token.id.uuid});
    const auto digest = crypto::sha256(issued.secret);
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        co_await hold(session, actor.company, id);
        auto active = co_await session.run(store::count_active_tokens(actor.company, id));
        if (active.only<std::int64_t>() >= most_active_tokens)
            throw Problem{Kind::conflict, "devices.too_many_tokens",
                          "The device has two active tokens; revoke one of them first."};
        co_await session.run(store::insert(actor.company, id, issued.token, digest));
        co_await trail_.record(session, actor.company, actor.who(), token_issued(id, issued.token.id));
    });
    co_return issued;
}

Task<void> Devices::revoke_token(auth::Company actor, DeviceId id, TokenId token) {
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        auto revoked = co_await session.run(store::revoke(actor.company, id, token, clock_.now()));
        if (revoked.rows() == 0)
            throw Problem{Kind::missing, "devices.token_not_found", "The device has no such token."};
        const bool was_active = revoked.only<bool>();
        if (was_active) co_await trail_.record(session, actor.company, actor.who(), token_revoked(id, token));
    });
    tokens_.drop(token);
}

Task<std::optional<DeviceActor>> Devices::authenticate(std::string text) {
    const auto name = auth::read_credential(auth::device_token_prefix, text);
    if (!name) co_return std::nullopt;
    const TokenId token{name->id};
    const auto presented = crypto::sha256(text);
    const auto now = clock_.now();
    if (const auto known = tokens_.find(token, now)) {
        const bool proven =
            known->actor.company == name->company && crypto::equal_in_constant_time(known->secret, presented);
        co_return proven ? std::optional{known->actor} : std::nullopt;
    }

    const auto era = tokens_.era();
    auto result = co_await database_.read(db::Scope::of(name->company), store::active_token(name->company, token));
    const auto stored = result.first<store::StoredToken>();
    if (!stored || !equal(stored->secret_sha256, presented)) co_return std::nullopt;
    const DeviceActor actor{name->company, stored->device, token};
    tokens_.put(token, KnownToken{presented, actor}, now, era);
    if (!stored->last_used_at || *stored->last_used_at + use_recorded_every <= now)
        co_await database_.transaction(db::Scope::of(name->company), [&](db::Session& session) -> Task<void> {
            co_await session.run(store::touch(name->company, token, now));
        });
    co_return actor;
}

}  // namespace mobilytics::devices
