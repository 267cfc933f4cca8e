#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "platform/clock/clock.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/sealer.hpp"
#include "src/auth/ids.hpp"

// What is kept between the way to a provider and the way back: sealed, with the browser, as `state`. So that beginning
// writes nothing, and anybody may begin.
namespace mobilytics::auth {

inline constexpr std::chrono::minutes sign_in_span{10};

struct SignInState {
    clock::Instant end;
    CompanyId company;
    clock::Instant provider_set_at;  // another setting is another provider
    std::string nonce;
    std::string verifier;    // of PKCE
    crypto::Digest browser;  // of the secret that the browser keeps as a cookie

    std::string sealed(const crypto::Sealer& sealer) const;
    // Nothing unless it was sealed here, and has not ended.
    static std::optional<SignInState> open(std::string_view text, const crypto::Sealer& sealer, clock::Instant now);
};

}  // namespace mobilytics::auth
