#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "platform/clock/clock.hpp"
#include "platform/problem/faults.hpp"
#include "src/auth/actor.hpp"

// An invitation into a company, open until it is accepted, withdrawn or a week old.
namespace mobilytics::auth {

struct InvitationTag {
    static constexpr std::string_view prefix = "inv";
};
using InvitationId = ids::Id<InvitationTag>;

inline constexpr std::chrono::hours invitation_span{7 * 24};
// A letter to somebody who may not want it: not more often than that.
inline constexpr std::chrono::minutes invitation_pause{1};
inline constexpr int most_invitations = 200;  // open at the same time, in a company

struct NewInvitation {
    std::string email;
    Role role = Role::viewer;
    std::string locale;
};

// What makes an invitation acceptable; `pointer` is where it stands in the request.
void check(const NewInvitation& wanted, std::string_view pointer, Faults& faults);

struct Invitation {
    InvitationId id;
    std::string email;
    Role role = Role::viewer;
    std::string locale;
    std::optional<std::string> inviter;  // nothing: an API key
    clock::Instant created_at;
    clock::Instant expires_at;
    std::optional<clock::Instant> sent_at;
};

// Whom a company has as owner, as staff see it.
struct FirstOwner {
    bool joined = false;                // there is an owner, maybe with a disabled account
    std::optional<Invitation> invited;  // while nobody is
};

}  // namespace mobilytics::auth
