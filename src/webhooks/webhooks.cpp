#include "src/webhooks/webhooks.hpp"

#include <format>
#include <utility>

#include "platform/problem/problem.hpp"
#include "platform/trail/resealing.hpp"
#include "platform/trail/trail.hpp"
#include "src/webhooks/signature.hpp"
#include "src/webhooks/store.hpp"

// The part of the front door that is about endpoints and their secrets.
namespace mobilytics::webhooks {

namespace {

Endpoint only_one(std::vector<Endpoint> found) {
    if (found.empty()) throw Problem{Kind::missing, "webhooks.not_found", "There is no such webhook endpoint."};
    return std::move(found.front());
}

trail::Entry entry(std::string action, const Endpoint& endpoint, trail::Changes changes = {}) {
    return {.action = std::move(action),
            .resource_id = endpoint.id.text(),
            .resource_label = endpoint.origin(),
            .changes = std::move(changes)};
}

// Sealed bytes open in their own row only.
std::string place_of(CompanyId company, EndpointId id) {
    return std::format("webhooks.endpoints.secret {} {}", company.text(), id.text());
}

}  // namespace

Webhooks::Webhooks(db::Database& database, const clock::Clock& clock, jobs::Queue& queue, trail::Trail& trail,
                   crypto::Sealer sealer, Outside outside, Tally tally)
    : database_{database},
      clock_{clock},
      queue_{queue},
      trail_{trail},
      sealer_{std::move(sealer)},
      outside_{std::move(outside)},
      tally_{tally} {}

Task<std::vector<Endpoint>> Webhooks::list(auth::Company actor, std::optional<EndpointId> after, int limit) {
    auto result = co_await database_.read(db::Scope::of(actor.company), store::list(actor.company, after, limit));
    co_return store::endpoints_in(result);
}

Task<Endpoint> Webhooks::find(auth::Company actor, EndpointId id) {
    auto result = co_await database_.read(db::Scope::of(actor.company), store::find(actor.company, id));
    co_return only_one(store::endpoints_in(result));
}

Task<AddedEndpoint> Webhooks::add(auth::Company actor, NewEndpoint wanted) {
    AddedEndpoint added{Endpoint::made(EndpointId::make(), std::move(wanted), clock_.now(), outside_.wrong_with),
                        new_secret()};
    const Endpoint& endpoint = added.endpoint;
    const auto sealed = seal(actor.company, endpoint.id, added.secret);
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        co_await session.run(store::insert(actor.company, endpoint, sealed));
        co_await record(session, actor, entry("webhook.created", endpoint, made_with(endpoint)));
        // Events of one company are written one after another, so this counts what others added just now.
        auto counted = co_await session.run(store::count_endpoints(actor.company));
        if (counted.only<std::int64_t>() > most_endpoints)
            throw Problem{Kind::conflict, "webhooks.too_many",
                          std::format("A company has at most {} webhook endpoints; delete one first.", most_endpoints)};
    });
    co_return added;
}

Task<Endpoint> Webhooks::change(auth::Company actor, EndpointId id, EndpointChange change, ExpectVersion expect) {
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Endpoint> {
        const auto before = co_await hold(session, actor.company, id);
        expect(std::to_string(before.version));
        const auto after = before.changed(change, outside_.wrong_with);
        co_await session.run(store::update(actor.company, after));
        co_await record(session, actor, entry("webhook.changed", after, difference(before, after)));
        co_return after;
    });
}

Task<void> Webhooks::remove(auth::Company actor, EndpointId id, ExpectVersion expect) {
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto endpoint = co_await hold(session, actor.company, id);
        expect(std::to_string(endpoint.version));
        co_await session.run(store::remove(actor.company, id));
        co_await record(session, actor, entry("webhook.deleted", endpoint));
    });
}

Task<Endpoint> Webhooks::enable(auth::Company actor, EndpointId id, ExpectVersion expect) {
    co_return co_await move(
        actor, id, [](const Endpoint& endpoint) { return endpoint.enabled ? endpoint : endpoint.enabled_again(); },
        "webhook.enabled", std::move(expect));
}

Task<Endpoint> Webhooks::disable(auth::Company actor, EndpointId id, ExpectVersion expect) {
    const auto now = clock_.now();
    co_return co_await move(
        actor, id,
        [now](const Endpoint& endpoint) {
            return endpoint.enabled ? endpoint.disabled(DisabledBecause::person, now) : endpoint;
        },
        "webhook.disabled", std::move(expect));
}

Task<Endpoint> Webhooks::move(auth::Company actor, EndpointId id, std::function<Endpoint(const Endpoint&)> step,
                              std::string action, ExpectVersion expect) {
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Endpoint> {
        const auto before = co_await hold(session, actor.company, id);
        const auto after = step(before);
        if (after.version == before.version) co_return before;
        expect(std::to_string(before.version));
        co_await session.run(store::update(actor.company, after));
        co_await record(session, actor, entry(action, after, difference(before, after)));
        co_return after;
    });
}

Task<Secret> Webhooks::secret(auth::Company actor, EndpointId id) {
    co_return co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<Secret> {
        const auto endpoint = co_await hold(session, actor.company, id);
        auto result = co_await session.run(store::find_secret(actor.company, id));
        const auto stored = result.only<store::SealedSecret>();
        co_await record(session, actor, entry("webhook.secret_shown", endpoint));
        co_return Secret{open(actor.company, id, stored.secret), stored.previous_until, endpoint.version};
    });
}

Task<Secret> Webhooks::rotate_secret(auth::Company actor, EndpointId id, ExpectVersion expect) {
    Secret fresh{new_secret(), clock_.now() + previous_secret_lasts};
    co_await database_.transaction(db::Scope::of(actor.company), [&](db::Session& session) -> Task<void> {
        const auto endpoint = co_await hold(session, actor.company, id);
        expect(std::to_string(endpoint.version));
        fresh.version = endpoint.version + 1;
        co_await session.run(
            store::rotate_secret(actor.company, id, seal(actor.company, id, fresh.text), fresh.previous_until.value()));
        co_await record(session, actor, entry("webhook.secret_rotated", endpoint, trail::Changes{}.hidden("secret")));
    });
    co_return fresh;
}

Task<Endpoint> Webhooks::hold(db::Session& session, CompanyId company, EndpointId id) {
    auto result = co_await session.run(store::hold(company, id));
    co_return only_one(store::endpoints_in(result));
}

Task<Endpoint> Webhooks::hold_enabled(db::Session& session, CompanyId company, EndpointId id) {
    auto endpoint = co_await hold(session, company, id);
    if (!endpoint.enabled)
        throw Problem{Kind::conflict, "webhooks.disabled", "The endpoint is disabled; enable it first."};
    co_return endpoint;
}

Task<void> Webhooks::record(db::Session& session, auth::Company actor, trail::Entry entry) {
    co_await trail_.record(session, actor.company, actor.who(), std::move(entry));
}

std::string Webhooks::open(CompanyId company, EndpointId id, const db::Bytes& sealed) const {
    auto text = sealer_.open(sealed, place_of(company, id));
    if (!text)
        throw Problem{Kind::unavailable, "webhooks.sealed_by_another_key",
                      "The secret was sealed by another key than this server's (secrets.key)."};
    return *std::move(text);
}

db::Bytes Webhooks::seal(CompanyId company, EndpointId id, const std::string& secret) const {
    return sealer_.seal(secret, place_of(company, id));
}

Task<crypto::Renewal> Webhooks::reseal() {
    return trail::reseal(
        database_, trail_, "webhooks", [this](db::Session& session, crypto::Renewal& found) -> Task<void> {
            const auto held = co_await session.run(store::hold_secrets(clock_.now()));
            for (auto secrets : held.all<store::HeldSecrets>()) {
                const auto place = place_of(secrets.company, secrets.endpoint);
                auto secret = sealer_.renew(secrets.secret, place, found);
                auto previous = secrets.previous ? sealer_.renew(*secrets.previous, place, found) : std::nullopt;
                if (!secret && !previous) continue;
                if (secret) secrets.secret = *std::move(secret);
                if (previous) secrets.previous = std::move(previous);
                co_await session.run(store::put_secrets(secrets));
            }
        });
}

}  // namespace mobilytics::webhooks
