#include "src/webhooks/signature.hpp"

#include <array>
#include <chrono>
#include <format>
#include <stdexcept>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/random.hpp"

namespace mobilytics::webhooks {

namespace {

constexpr std::string_view prefix = "whsec_";

std::int64_t seconds_of(clock::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

}  // namespace

std::string new_secret() {
    std::array<std::uint8_t, 32> bytes{};
    crypto::fill_random(bytes);
    return std::string{prefix} + crypto::to_base64(bytes);
}

std::string signature_of(std::string_view secret, std::string_view id, clock::Instant at, std::string_view body) {
    if (!secret.starts_with(prefix)) throw std::invalid_argument{"a secret of webhooks begins with whsec_"};
    const auto key = crypto::from_base64(secret.substr(prefix.size()));
    if (!key || key->empty()) throw std::invalid_argument{"a secret of webhooks is base64"};
    const auto digest = crypto::hmac_sha256(*key, std::format("{}.{}.{}", id, seconds_of(at), body));
    return "v1," + crypto::to_base64(digest);
}

std::vector<std::string> signed_headers(const std::vector<std::string>& secrets, std::string_view id, clock::Instant at,
                                        std::string_view body) {
    std::string signatures;
    for (const std::string& secret : secrets) {
        if (!signatures.empty()) signatures += ' ';
        signatures += signature_of(secret, id, at, body);
    }
    return {"content-type: application/json", "user-agent: Mobilytics-Webhooks/1.0", std::format("webhook-id: {}", id),
            std::format("webhook-timestamp: {}", seconds_of(at)), "webhook-signature: " + signatures};
}

}  // namespace mobilytics::webhooks
