#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/crypto/compact_jws.hpp"
#include "src/auth/actor.hpp"

// What a program shows instead of its key for a quarter of an hour: a signed JWT (RFC 9068). Pure. It proves which key
// and family it comes from; what that key may is read from the database at each request. Sources: RFC 8725, ASVS V9.
namespace mobilytics::auth {

inline constexpr std::chrono::minutes access_token_life{15};
// Clocks of two servers may differ by so much.
inline constexpr std::chrono::seconds clock_skew{10};

struct AccessToken {
    CompanyId company;
    ApiKeyId key;
    TokenFamilyId family;
    AccessTokenId id;
    std::vector<Permission> scope = {};  // it may these at most
    clock::Instant issued_at;

    // Its time has come and is not over.
    bool is_in_time(clock::Instant now) const;
};

// Who issues tokens and for whom, from the address that people reach the server by.
std::string issuer_of(std::string_view address);
std::string audience_of(std::string_view address);

std::string print_access_token(const AccessToken& token, std::string_view address, const crypto::SigningKey& key);

// A text of the form of our tokens, with a header that is letter by letter the one that we write: so there is no choice
// of algorithm, no key and no address of one in it, and no second spelling. Nothing else of it is believed.
class UnverifiedToken {
public:
    static std::optional<UnverifiedToken> read(std::string_view text);

    // Of the key that is said to have signed it; has the form of one.
    const std::string& key_id() const { return key_id_; }

    // What it says, if that key signed it here and for us, and its time has come and is not over.
    std::optional<AccessToken> verified_by(const crypto::PublicKey& key, std::string_view address,
                                           clock::Instant now) const;

private:
    crypto::CompactJws jws_;
    std::string key_id_;
};

// "campaigns.read assets.read" and back; nothing for a text with a name that is no permission, or with none.
std::string scope_text(const std::vector<Permission>& scope);
std::optional<std::vector<Permission>> read_scope(std::string_view text);

// What a token of a key may: what the key may, but never make keys, which would outlive it.
std::vector<Permission> token_scope(Role role, const std::optional<std::vector<Permission>>& of_key);

// Those of the first that the second holds too.
std::vector<Permission> both(const std::vector<Permission>& some, const std::vector<Permission>& others);

}  // namespace mobilytics::auth
