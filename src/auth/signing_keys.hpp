#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/crypto/sealer.hpp"
#include "platform/crypto/signature.hpp"
#include "platform/db/database.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/access_token.hpp"

// The keys that sign access tokens: in the database, private halves sealed, so that every process signs and verifies
// with the same ones. Time alone says which signs.
namespace mobilytics::auth {

inline constexpr std::chrono::days signing_key_life{90};
// Others keep what they fetched: a key is there for so long before it signs,
inline constexpr std::chrono::days published_before{7};
// and until the last token that it signed is over.
inline constexpr std::chrono::minutes published_after = access_token_life + std::chrono::minutes{5};

class SigningKeys {
public:
    SigningKeys(db::Database& database, const clock::Clock& clock, trail::Trail& trail, const crypto::Sealer& sealer);

    // The one that signs now; made when there is none. 503 auth.sealed_by_another_key.
    Task<crypto::SigningKey> current();

    // Public halves of those whose signatures count, or will: the oldest first.
    Task<std::vector<crypto::PublicKey>> published();

    // Kept once it was read: a key's name is its hash. That it is known says not that it still counts.
    Task<std::optional<crypto::PublicKey>> find(std::string id);

    // Keys that ended after that still count.
    clock::Instant counting_since() const { return clock_.now() - published_after; }

    // Makes the next one in time, and forgets those that are over.
    Task<void> tend();

    // When a private half may be in other hands: all end at once, and with them every access token; programs get others
    // with their refresh tokens. The first of those that come after.
    Task<std::string> replace(trail::By by);

    // After secrets.key changed: what a former key sealed is sealed anew.
    Task<crypto::Renewal> reseal();

private:
    Task<crypto::SigningKey> make(db::Session& session, clock::Instant from, trail::By by, std::string action);

    db::Database& database_;
    const clock::Clock& clock_;
    trail::Trail& trail_;
    const crypto::Sealer& sealer_;
    std::mutex mutex_;
    std::map<std::string, crypto::PublicKey> known_;
};

}  // namespace mobilytics::auth
