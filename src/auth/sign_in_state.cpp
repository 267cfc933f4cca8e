#include "src/auth/sign_in_state.hpp"

#include <charconv>
#include <format>
#include <ranges>
#include <span>
#include <vector>

#include "platform/crypto/encoding.hpp"

namespace mobilytics::auth {

namespace {

constexpr std::string_view place = "sign-in by a provider";
constexpr std::size_t longest_state = 1000;

std::int64_t number(clock::Instant at) { return at.time_since_epoch().count(); }

std::optional<clock::Instant> instant(std::string_view text) {
    std::int64_t milliseconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return clock::Instant{clock::Milliseconds{milliseconds}};
}

std::optional<crypto::Digest> digest(std::string_view hex) {
    const auto bytes = crypto::from_hex(hex);
    crypto::Digest read{};
    if (!bytes || bytes->size() != read.size()) return std::nullopt;
    std::ranges::copy(*bytes, read.begin());
    return read;
}

}  // namespace

std::string SignInState::sealed(const crypto::Sealer& sealer) const {
    const auto text = std::format("{} {} {} {} {} {}", number(end), company.text(), number(provider_set_at), nonce,
                                  verifier, crypto::to_hex(browser));
    const auto bytes = sealer.seal(text, place);
    return crypto::to_base64url(std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<SignInState> SignInState::open(std::string_view text, const crypto::Sealer& sealer, clock::Instant now) {
    if (text.size() > longest_state) return std::nullopt;
    const auto bytes = crypto::from_base64url(text);
    if (!bytes) return std::nullopt;
    const auto opened = sealer.open(std::as_bytes(std::span{*bytes}), place);
    if (!opened) return std::nullopt;
    const auto parts = *opened | std::views::split(' ') |
                       std::views::transform([](auto part) { return std::string_view{part}; }) |
                       std::ranges::to<std::vector>();
    if (parts.size() != 6) return std::nullopt;
    const auto end = instant(parts[0]), provider_set_at = instant(parts[2]);
    const auto company = CompanyId::parse(parts[1]);
    const auto browser = digest(parts[5]);
    if (!end || !company || !provider_set_at || !browser || now >= *end) return std::nullopt;
    return SignInState{*end, *company, *provider_set_at, std::string{parts[3]}, std::string{parts[4]}, *browser};
}

}  // namespace mobilytics::auth
