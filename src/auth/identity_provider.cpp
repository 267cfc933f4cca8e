#include "src/auth/identity_provider.hpp"

#include <algorithm>
#include <format>

namespace mobilytics::auth {

namespace {

constexpr std::size_t shortest_name = 3, longest_name = 40;

// What RFC 6749 lets stand in an id and a secret: VSCHAR.
bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 127; });
}

void check_text(std::string pointer, std::string_view text, std::size_t most, Faults& faults) {
    if (!is_visible(text))
        faults.add(std::move(pointer), "must have visible ASCII characters only");
    else
        faults.check_line(std::move(pointer), text, most);
}

}  // namespace

std::string version_of(const std::optional<IdentityProvider>& provider) {
    if (!provider) return "0";
    // Of one that was taken away and set again, the count begins anew.
    return std::format("{}-{}", provider->version, provider->set_at.time_since_epoch().count());
}

bool is_sign_in_name(std::string_view text) {
    const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return text.size() >= shortest_name && text.size() <= longest_name && std::ranges::all_of(text, is_plain) &&
           !text.starts_with('-') && !text.ends_with('-') && !text.contains("--");
}

void check(const WantedProvider& wanted, const std::optional<IdentityProvider>& before,
           const std::optional<std::string>& wrong_with_issuer, Faults& faults) {
    if (!is_sign_in_name(wanted.sign_in_name))
        faults.add("/sign_in_name", "must have 3 to 40 characters of a-z, 0-9 and hyphens between them");
    if (wrong_with_issuer) faults.add("/issuer", *wrong_with_issuer);
    check_text("/client_id", wanted.client_id, longest_client_id, faults);
    if (wanted.client_secret)
        check_text("/client_secret", *wanted.client_secret, longest_client_secret, faults);
    else if (!before || !before->knows_the_same_as(wanted))
        faults.add("/client_secret", "is missing");
    // Owners are made by owners: else whoever runs the provider would be one by saying so.
    if (wanted.joins_as == Role::owner) faults.add("/joins_as", "must not be owner");
}

}  // namespace mobilytics::auth
