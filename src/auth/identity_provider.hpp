#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/problem/faults.hpp"
#include "src/auth/actor.hpp"

// The OpenID provider that signs a company's people in. One at most; it speaks for that company alone.
namespace mobilytics::auth {

inline constexpr std::size_t longest_client_id = 255, longest_client_secret = 1000;

// As an owner sets it. Without a secret the one before stays, for the same issuer and client.
struct WantedProvider {
    std::string sign_in_name;
    std::string issuer;
    std::string client_id;
    std::optional<std::string> client_secret = {};
    std::optional<Role> joins_as = {};
};

struct IdentityProvider {
    CompanyId company;
    std::string sign_in_name;  // what people type, or have in a link
    std::string issuer;
    std::string client_id;
    std::optional<Role> joins_as = {};  // of whom nobody knows yet; none: they are refused
    std::vector<std::byte> secret_sealed;
    int version = 1;
    clock::Instant set_at;

    // Whether subjects of the one mean the same people to the other.
    bool knows_the_same_as(const WantedProvider& wanted) const {
        return issuer == wanted.issuer && client_id == wanted.client_id;
    }
};

// Tells apart what was set at one time from what was at another, and from nothing.
std::string version_of(const std::optional<IdentityProvider>& provider);

// 3 to 40 of a-z, 0-9 and single hyphens between them.
bool is_sign_in_name(std::string_view text);

// By field; `wrong_with_issuer` is what a look at the URL said. `before` is what was set until now.
void check(const WantedProvider& wanted, const std::optional<IdentityProvider>& before,
           const std::optional<std::string>& wrong_with_issuer, Faults& faults);

}  // namespace mobilytics::auth
