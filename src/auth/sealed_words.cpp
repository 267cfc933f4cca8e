#include "src/auth/sealed_words.hpp"

#include <span>

#include "platform/crypto/encoding.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::auth {

std::string sealed_words(const crypto::Sealer& sealer, std::string_view words, std::string_view place) {
    if (words.empty()) return {};
    const auto bytes = sealer.seal(words, place);
    return crypto::to_base64url(std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string opened_words(const crypto::Sealer& sealer, std::string_view sealed, std::string_view place) {
    if (sealed.empty()) return {};
    const auto bytes = crypto::from_base64url(sealed);
    auto words = bytes ? sealer.open(std::as_bytes(std::span{*bytes}), place) : std::nullopt;
    if (!words)
        throw Problem{Kind::unavailable, "auth.letter_sealed_by_another_key",
                      "What the letter says was sealed by another key than this server has."};
    return *std::move(words);
}

}  // namespace mobilytics::auth
