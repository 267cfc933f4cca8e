#include "src/auth/signing_keys.hpp"

#include <algorithm>
#include <utility>

#include "platform/crypto/compact_jws.hpp"
#include "platform/problem/problem.hpp"
#include "platform/trail/resealing.hpp"
#include "src/auth/entries.hpp"
#include "src/auth/token_store.hpp"

namespace mobilytics::auth {

namespace {

// There are a handful; more means that the keys were replaced again and again.
constexpr std::size_t most_known = 100;

std::string place_of(const std::string& id) { return "signing key " + id; }

trail::By by_job() { return {.kind = "job", .id = "auth.tend_tokens"}; }

std::string_view text_of(const crypto::SigningKey::Seed& seed) {
    return {reinterpret_cast<const char*>(seed.data()), seed.size()};
}

crypto::SigningKey key_of(std::string_view text) {
    crypto::SigningKey::Seed seed{};
    if (text.size() != seed.size()) throw std::logic_error{"a signing key has another length"};
    std::ranges::transform(text, seed.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return crypto::SigningKey{seed};
}

}  // namespace

SigningKeys::SigningKeys(db::Database& database, const clock::Clock& clock, trail::Trail& trail,
                         const crypto::Sealer& sealer)
    : database_{database}, clock_{clock}, trail_{trail}, sealer_{sealer} {}

// Two processes that find none make two: both are published, and one of them signs.
Task<crypto::SigningKey> SigningKeys::current() {
    const auto now = clock_.now();
    auto found = co_await store::signing_key(database_, now);
    if (!found)
        co_return co_await database_.transaction(db::Scope::system(), [&](db::Session& session) {
            return make(session, now, by_job(), "signing_key.made");
        });
    const auto seed = sealer_.open(found->seed, place_of(found->id));
    if (!seed)
        throw Problem{Kind::unavailable, "auth.sealed_by_another_key",
                      "The key that signs was sealed by another key than this server's (secrets.key)."};
    co_return key_of(*seed);
}

Task<std::vector<crypto::PublicKey>> SigningKeys::published() {
    co_await current();
    co_return co_await store::published_keys(database_, counting_since());
}

Task<std::optional<crypto::PublicKey>> SigningKeys::find(std::string id) {
    {
        std::lock_guard lock{mutex_};
        if (const auto known = known_.find(id); known != known_.end()) co_return known->second;
    }
    auto found = co_await store::find_public_key(database_, id, counting_since());
    if (found) {
        std::lock_guard lock{mutex_};
        if (known_.size() >= most_known) known_.clear();
        known_.insert_or_assign(std::move(id), *found);
    }
    co_return found;
}

Task<void> SigningKeys::tend() {
    const auto now = clock_.now();
    co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await store::delete_old_signing_keys(session, now - published_after);
        const auto newest = co_await store::newest_signing_key(session);
        if (!newest || newest->until > now + published_before) co_return;
        // One that was not needed for long begins anew with the next that is.
        if (newest->until > now) co_await make(session, newest->until, by_job(), "signing_key.made");
    });
}

Task<std::string> SigningKeys::replace(trail::By by) {
    const auto now = clock_.now();
    const auto made =
        co_await database_.transaction(db::Scope::system(), [&](db::Session& session) -> Task<crypto::SigningKey> {
            co_await store::delete_signing_keys(session);
            co_return co_await make(session, now, by, "signing_key.replaced");
        });
    co_return crypto::thumbprint(made.public_key());
}

Task<crypto::SigningKey> SigningKeys::make(db::Session& session, clock::Instant from, trail::By by,
                                           std::string action) {
    const auto key = crypto::SigningKey::made();
    const auto id = crypto::thumbprint(key.public_key());
    store::NewSigningKey added{.id = id,
                               .public_key = key.public_key(),
                               .seed = sealer_.seal(text_of(key.seed()), place_of(id)),
                               .created_at = clock_.now(),
                               .span = {from, from + signing_key_life}};
    co_await store::insert_signing_key(session, std::move(added));
    co_await trail_.record(session, trail::no_company, std::move(by), signing_key_entry(std::move(action), id, from));
    co_return key;
}

Task<crypto::Renewal> SigningKeys::reseal() {
    return trail::reseal(database_, trail_, "keys that sign",
                         [this](db::Session& session, crypto::Renewal& found) -> Task<void> {
                             for (auto& row : co_await store::hold_signing_seeds(session)) {
                                 auto anew = sealer_.renew(row.seed, place_of(row.id), found);
                                 if (anew) co_await store::put_signing_seed(session, row.id, *std::move(anew));
                             }
                         });
}

}  // namespace mobilytics::auth
