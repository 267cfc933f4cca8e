#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "platform/crypto/foreign_jws.hpp"

// ID tokens (OpenID Connect Core 1.0, 2 and 3.1.3.7), signed with RS256 and nothing else: what a provider says of
// somebody who has just shown it who they are. Pure.
namespace mobilytics::openid {

// Why a token is not believed, for the trail and the log: "signature".
using Doubt = std::string_view;

// A token by its form: its header asks for RS256 and says nothing else that would have to be understood.
struct UnverifiedIdToken {
    crypto::ForeignJws jws;
    std::string key_id;  // "" where it names none

    static std::expected<UnverifiedIdToken, Doubt> read(std::string_view text);
};

struct Expectations {
    std::string issuer;
    std::string client_id;
    std::string nonce;
    clock::Instant now;
};

// Clocks of others differ from ours by no more; and a token that was just made is no older.
inline constexpr std::chrono::minutes clock_difference{1};
inline constexpr std::chrono::minutes oldest_token{10};
inline constexpr std::size_t longest_subject = 255;

struct Identity {
    std::string subject;
    std::optional<std::string> email = {};
    bool email_refuted = false;  // the provider says itself that nobody has verified it
    std::string name = {};
};

// Who it is, once the key's signature holds and every claim is as expected: issuer, audience (this client, alone or as
// azp), end, age, nonce, a subject.
std::expected<Identity, Doubt> judge(const UnverifiedIdToken& token, const crypto::RsaKey& key,
                                     const Expectations& expected);

}  // namespace mobilytics::openid
