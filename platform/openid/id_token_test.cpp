#include "platform/openid/id_token.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <utility>
#include <vector>

#include "platform/crypto/compact_jws.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/rsa_signer_test.hpp"

namespace mobilytics::openid {
namespace {

using namespace std::chrono_literals;
using crypto::to_base64url;

const clock::Instant now = clock::from_rfc3339("2026-03-08T07:00:00Z").value();

std::int64_t seconds(clock::Instant at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

const crypto::RsaSigner& signer() {
    static const crypto::RsaSigner made;
    return made;
}
const crypto::RsaKey& key() {
    static const auto made = crypto::RsaKey::from(signer().modulus(), signer().exponent()).value();
    return made;
}

const Expectations expected{"https://id.example.com", "mobilytics", "n-0S6", now};
constexpr std::string_view header = R"({"alg":"RS256","kid":"one","typ":"JWT"})";

// Claims as they should be, with one of them replaced, or left out for "".
std::string claims(const std::string& name = "", const std::string& value = "", const std::string& more = "") {
    std::vector<std::pair<std::string, std::string>> all = {{"iss", R"("https://id.example.com")"},
                                                            {"sub", R"("248289761001")"},
                                                            {"aud", R"("mobilytics")"},
                                                            {"exp", std::to_string(seconds(now + 10min))},
                                                            {"iat", std::to_string(seconds(now))},
                                                            {"nonce", R"("n-0S6")"},
                                                            {"email", R"("Ann@Example.com")"},
                                                            {"email_verified", "true"},
                                                            {"name", R"("Ann Lee")"}};
    std::string text;
    for (auto& [claim, said] : all) {
        if (claim == name) said = value;
        if (!said.empty()) text += std::format(R"({}"{}":{})", text.empty() ? "" : ",", claim, said);
    }
    return "{" + text + more + "}";
}

std::expected<Identity, Doubt> taken(const std::string& text) {
    const auto token = UnverifiedIdToken::read(text);
    if (!token) return std::unexpected(token.error());
    return judge(*token, key(), expected);
}

std::string doubt(const std::string& text) {
    const auto who = taken(text);
    return who ? "" : std::string{who.error()};
}
std::string doubt_of_claims(const std::string& payload) { return doubt(signer().jws(header, payload)); }

TEST(IdTokens, say_who_it_is) {
    const auto who = taken(signer().jws(header, claims("", "", R"(,"at_hash":"x","groups":[1,{"a":2}])"))).value();
    EXPECT_EQ(who.subject, "248289761001");
    EXPECT_EQ(who.email, "Ann@Example.com");
    EXPECT_EQ(who.name, "Ann Lee");
    EXPECT_FALSE(who.email_refuted);
    EXPECT_EQ(UnverifiedIdToken::read(signer().jws(header, claims()))->key_id, "one");
    EXPECT_EQ(UnverifiedIdToken::read(signer().jws(R"({"alg":"RS256"})", claims()))->key_id, "");
}

TEST(IdTokens, may_refute_their_address) {
    const auto refuted = [](const char* said) {
        return taken(signer().jws(header, claims("email_verified", said)))->email_refuted;
    };
    EXPECT_FALSE(refuted("true"));
    EXPECT_FALSE(refuted(R"("true")"));
    EXPECT_FALSE(refuted("")) << "it says nothing";
    for (const char* said : {"false", R"("false")", "0", "1", R"("yes")", "{}"}) EXPECT_TRUE(refuted(said)) << said;
}

TEST(IdTokens, are_signed_with_rs256_and_nothing_else) {
    const auto payload = claims();
    const auto text = [&](std::string_view head) { return to_base64url(head) + "." + to_base64url(payload); };
    for (const char* none :
         {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":""})", R"({})", R"({"alg":"rs256"})"}) {
        EXPECT_EQ(doubt(text(none) + "."), "algorithm") << none;
        EXPECT_EQ(doubt(signer().jws(none, payload)), "algorithm") << none;
    }
    // The public key as the secret of an HMAC, in the two forms in which libraries have taken it.
    for (const auto& secret : {signer().modulus(), signer().jwk("one")}) {
        const auto head = text(R"({"alg":"HS256","kid":"one"})");
        EXPECT_EQ(doubt(head + "." + to_base64url(crypto::hmac_sha256(secret, head))), "algorithm");
        const auto posing = text(header);
        EXPECT_EQ(doubt(posing + "." + to_base64url(crypto::hmac_sha256(secret, posing))), "signature");
    }
    for (const char* other : {"ES256", "PS256", "RS384", "RS512", "EdDSA", "HS256"})
        EXPECT_EQ(doubt(signer().jws(std::format(R"({{"alg":"{}"}})", other), payload)), "algorithm") << other;
    const auto ours = crypto::SigningKey::made();
    EXPECT_EQ(doubt(crypto::sign_compact(ours, R"({"alg":"EdDSA","typ":"at+jwt"})", payload)), "algorithm");
    EXPECT_EQ(doubt(crypto::sign_compact(ours, header, payload)), "signature");
    EXPECT_EQ(doubt(text(header) + "."), "signature");
    EXPECT_EQ(doubt(crypto::RsaSigner{}.jws(header, payload)), "signature");
    EXPECT_EQ(doubt(signer().jws(R"({"alg":"RS256","crit":["exp"]})", payload)), "critical header");
    EXPECT_EQ(doubt(signer().jws(R"({"alg":"RS256","typ":"logout+jwt"})", payload)), "type");
    EXPECT_EQ(doubt(signer().jws(R"({"alg":"RS256","typ":"at+jwt"})", payload)), "type");
    EXPECT_EQ(doubt(signer().jws(R"(["RS256"])", payload)), "header");
    EXPECT_EQ(doubt("x.y"), "form");
    EXPECT_EQ(doubt(signer().jws(header, claims("name", '"' + std::string(20'000, 'x') + '"'))), "form") << "too long";
}

TEST(IdTokens, are_for_this_client_and_this_sign_in) {
    EXPECT_EQ(doubt_of_claims(claims("iss", R"("https://id.example.com/")")), "issuer");
    EXPECT_EQ(doubt_of_claims(claims("iss", R"("https://evil.example.com")")), "issuer");
    EXPECT_EQ(doubt_of_claims(claims("iss", "")), "issuer");
    for (const char* wrong :
         {R"("other")", R"("MOBILYTICS")", "", "[]", "7", R"(["other"])", R"(["mobilytics","other"])"})
        EXPECT_EQ(doubt_of_claims(claims("aud", wrong)), "audience") << wrong;
    EXPECT_EQ(doubt_of_claims(claims("aud", R"(["mobilytics"])")), "");
    EXPECT_EQ(doubt_of_claims(claims("aud", R"(["mobilytics","other"])", R"(,"azp":"mobilytics")")), "");
    EXPECT_EQ(doubt_of_claims(claims("aud", R"(["mobilytics","other"])", R"(,"azp":"other")")), "audience");
    EXPECT_EQ(doubt_of_claims(claims("", "", R"(,"azp":"other")")), "audience");
    EXPECT_EQ(doubt_of_claims(claims("nonce", R"("another")")), "nonce");
    EXPECT_EQ(doubt_of_claims(claims("nonce", "")), "nonce");
    for (const auto& wrong : {std::string{}, std::string{R"("")"}, '"' + std::string(256, 's') + '"',
                              std::string{R"("a\u0000b")"}, std::string{R"("é")"}})
        EXPECT_EQ(doubt_of_claims(claims("sub", wrong)), "subject") << wrong.substr(0, 20);
    EXPECT_EQ(doubt_of_claims(claims("sub", "7")), "claims");
    EXPECT_EQ(doubt_of_claims("[]"), "claims");
    EXPECT_EQ(doubt_of_claims(claims() + "x"), "claims");
}

TEST(IdTokens, are_good_for_a_while) {
    const auto at = [](clock::Instant when) { return std::to_string(seconds(when)); };
    EXPECT_EQ(doubt_of_claims(claims("exp", at(now - 59s))), "") << "clocks differ";
    EXPECT_EQ(doubt_of_claims(claims("exp", at(now - 60s))), "expired");
    EXPECT_EQ(doubt_of_claims(claims("exp", "")), "expired");
    EXPECT_EQ(doubt_of_claims(claims("exp", "1e308")), "") << "any end that is a number";
    EXPECT_EQ(doubt_of_claims(claims("exp", R"("never")")), "claims");
    EXPECT_EQ(doubt_of_claims(claims("iat", at(now + 60s))), "");
    EXPECT_EQ(doubt_of_claims(claims("iat", at(now + 61s))), "from the future");
    EXPECT_EQ(doubt_of_claims(claims("iat", at(now - 11min))), "");
    EXPECT_EQ(doubt_of_claims(claims("iat", at(now - 11min - 1s))), "too old");
    EXPECT_EQ(doubt_of_claims(claims("iat", "")), "from the future");
    EXPECT_EQ(doubt_of_claims(claims("", "", R"(,"nbf":)" + at(now + 60s))), "");
    EXPECT_EQ(doubt_of_claims(claims("", "", R"(,"nbf":)" + at(now + 61s))), "not yet good");
}

}  // namespace
}  // namespace mobilytics::openid
