#include "platform/webauthn/ceremony.hpp"

#include <utility>

#include "platform/crypto/encoding.hpp"
#include "platform/json/json.hpp"

namespace mobilytics::webauthn {

// Named as the standard names them, and not hidden: clang, which fuzzes this, reflects no type of an unnamed namespace.
struct CeremonyJson {
    std::string type;
    std::string challenge;
    std::string origin;
    std::optional<bool> crossOrigin;
    std::optional<std::string> topOrigin;
};

namespace {

struct LenientOptions : json::ReadOptions {
    constexpr LenientOptions() { error_on_unknown_keys = false; }
};
constexpr LenientOptions lenient_options{};

}  // namespace

std::optional<Ceremony> read_ceremony(std::string_view json) {
    CeremonyJson read;
    if (glz::read<lenient_options>(read, json)) return std::nullopt;
    auto challenge = crypto::from_base64url(read.challenge);
    if (!challenge) return std::nullopt;
    return Ceremony{.type = std::move(read.type),
                    .challenge = *std::move(challenge),
                    .origin = std::move(read.origin),
                    .cross_origin = read.crossOrigin.value_or(false) || read.topOrigin.has_value()};
}

}  // namespace mobilytics::webauthn
