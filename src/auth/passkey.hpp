#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "src/auth/ids.hpp"

// Passkeys as values. What browsers send is bytes here, in strings.
namespace mobilytics::auth {

inline constexpr int most_passkeys = 10;
inline constexpr std::size_t longest_passkey_name = 100;
// How long a challenge may be answered.
inline constexpr std::chrono::minutes challenge_span{5};

struct Passkey {
    PasskeyId id;
    std::string name;
    std::string credential_id;
    std::vector<std::string> transports;
    bool backed_up = false;  // a copy lies with the authenticator's maker
    clock::Instant created_at;
    std::optional<clock::Instant> last_used_at = {};
};

// What navigator.credentials.create gave.
struct CreatedPasskey {
    std::string name;
    std::string credential_id;
    std::string client_data;
    std::string attestation_object;
    std::vector<std::string> transports;
};

// What navigator.credentials.get gave.
struct ShownPasskey {
    std::string credential_id;
    std::string client_data;
    std::string authenticator_data;
    std::string signature;
    std::optional<std::string> user_handle = {};
};

}  // namespace mobilytics::auth
