#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/async/task.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/passkey.hpp"
#include "src/auth/person.hpp"

namespace mobilytics::auth {

// not_asked: the person has none.
enum class FactorVerdict { not_asked, passed, missing, wrong, wrong_passkey };

constexpr bool lets_in(FactorVerdict verdict) {
    return verdict == FactorVerdict::passed || verdict == FactorVerdict::not_asked;
}

// What was given beside the password.
struct ShownFactor {
    std::optional<std::string> code = {};
    std::optional<ShownPasskey> passkey = {};
    std::optional<SessionId> session = {};  // that it confirms; none: it signs in
    trail::By by = {};                      // who gave it, as the request says
};

// Asked after the password was right; SecondFactor::judge answers.
using JudgeFactor = std::function<Task<FactorVerdict>(User user, ShownFactor shown)>;

// Which ceremony a passkey is shown for.
struct PasskeyUse {
    std::optional<SessionId> session = {};  // that it confirms; none: it signs in
    std::optional<UserId> user = {};        // whose it must be; none: it says so itself, by its user handle
    trail::By by = {};                      // as the request says
};

// Whose passkey it is; Passkeys::prove answers.
using ProvePasskey = std::function<Task<std::optional<User>>(ShownPasskey shown, PasskeyUse use)>;

}  // namespace mobilytics::auth
