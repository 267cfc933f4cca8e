#include "platform/openid/id_token.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "platform/openid/lenient_json.hpp"

namespace mobilytics::openid {

// Named as the standards name them, and not hidden: clang, which fuzzes this, reflects no type of an unnamed namespace.
struct IdTokenHeaderJson {
    std::optional<std::string> alg;
    std::optional<std::string> kid;
    std::optional<std::string> typ;
    std::optional<glz::raw_json> crit;
};

struct IdClaimsJson {
    std::optional<std::string> iss;
    std::optional<std::string> sub;
    std::optional<glz::raw_json> aud;  // a text or a list of them
    std::optional<std::string> azp;
    std::optional<double> exp;
    std::optional<double> iat;
    std::optional<double> nbf;
    std::optional<std::string> nonce;
    std::optional<std::string> email;
    std::optional<glz::raw_json> email_verified;  // true, and from some providers "true"
    std::optional<std::string> name;
};

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

std::optional<std::vector<std::string>> audiences(const std::optional<glz::raw_json>& aud) {
    if (!aud) return std::nullopt;
    std::vector<std::string> all;
    if (!glz::read<lenient>(all, aud->str)) return all;
    std::string one;
    if (glz::read<lenient>(one, aud->str)) return std::nullopt;
    return std::vector{std::move(one)};
}

bool is_for(const IdClaimsJson& claims, const std::string& client) {
    const auto all = audiences(claims.aud);
    if (!all || !std::ranges::contains(*all, client)) return false;
    if (claims.azp) return *claims.azp == client;
    return all->size() == 1;
}

std::optional<Doubt> wrong_time(const IdClaimsJson& claims, clock::Instant now) {
    constexpr double slack = duration_cast<seconds>(clock_difference).count();
    constexpr double oldest = duration_cast<seconds>(oldest_token).count();
    const double at = static_cast<double>(now.time_since_epoch().count()) / 1000;
    if (!claims.exp || !std::isfinite(*claims.exp) || *claims.exp + slack <= at) return "expired";
    if (!claims.iat || !std::isfinite(*claims.iat) || *claims.iat - slack > at) return "from the future";
    if (*claims.iat + oldest + slack < at) return "too old";
    if (claims.nbf && !(*claims.nbf - slack <= at)) return "not yet good";
    return std::nullopt;
}

bool is_subject(const std::string& subject) {
    return !subject.empty() && subject.size() <= longest_subject &&
           std::ranges::all_of(subject, [](char c) { return c >= ' ' && c < 127; });
}

bool is_refuted(const std::optional<glz::raw_json>& verified) {
    return verified && verified->str != "true" && verified->str != R"("true")";
}

}  // namespace

std::expected<UnverifiedIdToken, Doubt> UnverifiedIdToken::read(std::string_view text) {
    auto jws = crypto::read_foreign(text);
    if (!jws) return std::unexpected("form");
    IdTokenHeaderJson header;
    if (glz::read<lenient>(header, jws->header)) return std::unexpected("header");
    if (header.alg != "RS256") return std::unexpected("algorithm");
    if (header.crit) return std::unexpected("critical header");
    if (header.typ.value_or("JWT") != "JWT") return std::unexpected("type");
    if (header.kid && header.kid->empty()) return std::unexpected("key's name");
    return UnverifiedIdToken{*std::move(jws), header.kid.value_or("")};
}

std::expected<Identity, Doubt> judge(const UnverifiedIdToken& token, const crypto::RsaKey& key,
                                     const Expectations& expected) {
    if (!crypto::holds(token.jws, key)) return std::unexpected("signature");
    IdClaimsJson claims;
    if (glz::read<lenient>(claims, token.jws.payload)) return std::unexpected("claims");
    if (claims.iss != expected.issuer) return std::unexpected("issuer");
    if (!is_for(claims, expected.client_id)) return std::unexpected("audience");
    if (const auto wrong = wrong_time(claims, expected.now)) return std::unexpected(*wrong);
    if (claims.nonce != expected.nonce) return std::unexpected("nonce");
    if (!claims.sub || !is_subject(*claims.sub)) return std::unexpected("subject");
    return Identity{.subject = *std::move(claims.sub),
                    .email = std::move(claims.email),
                    .email_refuted = is_refuted(claims.email_verified),
                    .name = claims.name.value_or("")};
}

}  // namespace mobilytics::openid
