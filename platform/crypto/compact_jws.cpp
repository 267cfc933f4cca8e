#include "platform/crypto/compact_jws.hpp"

#include <algorithm>
#include <format>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"

namespace mobilytics::crypto {

std::string sign_compact(const SigningKey& key, std::string_view header, std::string_view payload) {
    std::string text = to_base64url(header) + "." + to_base64url(payload);
    const Signature signature = key.sign(text);
    return text + "." + to_base64url(signature);
}

std::optional<CompactJws> read_compact(std::string_view text) {
    if (text.size() > longest_compact_jws || std::ranges::count(text, '.') != 2) return std::nullopt;
    const auto first = text.find('.'), second = text.rfind('.');
    auto header = from_base64url(text.substr(0, first));
    auto payload = from_base64url(text.substr(first + 1, second - first - 1));
    const auto signature = from_base64url(text.substr(second + 1));
    CompactJws jws;
    if (!header || !payload || !signature || signature->size() != jws.signature.size()) return std::nullopt;
    jws.header = *std::move(header);
    jws.payload = *std::move(payload);
    jws.signed_text = text.substr(0, second);
    std::ranges::transform(*signature, jws.signature.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return jws;
}

bool holds(const CompactJws& jws, const PublicKey& key) { return verify(key, jws.signed_text, jws.signature); }

std::string thumbprint(const PublicKey& key) {
    const Digest digest = sha256(std::format(R"({{"crv":"Ed25519","kty":"OKP","x":"{}"}})", to_base64url(key)));
    return to_base64url(digest);
}

bool is_thumbprint(std::string_view text) {
    const auto bytes = from_base64url(text);
    return bytes && bytes->size() == std::tuple_size_v<Digest>;
}

}  // namespace mobilytics::crypto
