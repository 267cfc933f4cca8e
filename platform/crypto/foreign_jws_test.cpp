#include "platform/crypto/foreign_jws.hpp"

#include <gtest/gtest.h>

#include <format>
#include <utility>
#include <vector>

#include "platform/crypto/compact_jws.hpp"
#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/rsa_signer_test.hpp"

namespace mobilytics::crypto {
namespace {

const RsaSigner& signer() {
    static const RsaSigner made;
    return made;
}
RsaKey key_of(const RsaSigner& one) { return RsaKey::from(one.modulus(), one.exponent()).value(); }

std::string bytes(std::string_view url) { return from_base64url(url).value(); }

// RFC 7515, appendix A.2: key and text of the standard itself.
constexpr std::string_view published_modulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
    "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"
    "UTo7WTBEMa2R2CapHg665xs"
    "mtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
    "h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
constexpr std::string_view published =
    "eyJhbGciOiJSUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
    "eOkHWEsqtFZESc6BfI7noOPqv"
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

TEST(ForeignJws, is_that_of_the_published_vector) {
    const auto key = RsaKey::from(bytes(published_modulus), bytes("AQAB")).value();
    const auto jws = read_foreign(published).value();
    EXPECT_EQ(jws.header, R"({"alg":"RS256"})");
    EXPECT_TRUE(holds(jws, key));
    auto other = jws;
    other.signed_text.back() = 'X';
    EXPECT_FALSE(holds(other, key));
    EXPECT_FALSE(holds(jws, key_of(signer())));
}

TEST(ForeignJws, has_one_spelling) {
    const std::string good = signer().jws("{}", "{}");
    EXPECT_TRUE(read_foreign(good));
    for (const std::string& bad : {std::string{}, std::string{"a.b"}, good + ".x", good + "=", " " + good, good + "\n",
                                   "!" + good, std::string(longest_foreign_jws, 'A') + good})
        EXPECT_FALSE(read_foreign(bad)) << bad.substr(0, 60);
}

// In the manner of Project Wycheproof: what a lenient reader of RSA signatures has been seen to take.
TEST(RsaSignatures, hold_in_one_form_only) {
    const auto key = key_of(signer());
    const std::string text = "what the provider says";
    const auto good = signer().sign(text);
    EXPECT_TRUE(key.verifies(text, good));
    auto flipped = good;
    flipped[17] = static_cast<char>(flipped[17] ^ 1);
    const std::string zeros(good.size(), '\0'), ones(good.size(), '\xff');
    const std::string one = std::string(good.size() - 1, '\0') + '\1';
    const std::vector<std::pair<const char*, std::string>> refused = {
        {"nothing", ""},
        {"cut", good.substr(0, good.size() - 1)},
        {"longer", good + std::string(1, '\0')},
        {"a zero in front", std::string(1, '\0') + good},
        {"a bit", flipped},
        {"zero", zeros},
        {"one", one},
        {"above the modulus", ones},
        {"the modulus", signer().modulus()},
        {"PSS", signer().sign(text, EVP_sha256(), RSA_PKCS1_PSS_PADDING)},
        {"SHA-1", signer().sign(text, EVP_sha1())},
        {"SHA-384", signer().sign(text, EVP_sha384())},
        {"SHA-512", signer().sign(text, EVP_sha512())},
        {"of another text", signer().sign(text + " ")},
        {"by another key", RsaSigner{}.sign(text)}};
    for (const auto& [what, signature] : refused) EXPECT_FALSE(key.verifies(text, signature)) << what;
}

TEST(RsaKeys, have_a_length_and_an_exponent_that_are_safe) {
    const auto modulus = signer().modulus(), exponent = signer().exponent();
    EXPECT_TRUE(RsaKey::from(modulus, exponent));
    EXPECT_TRUE(RsaKey::from(std::string(1, '\0') + modulus, exponent)) << "the same number";
    const RsaSigner weak{1024};
    EXPECT_FALSE(RsaKey::from(weak.modulus(), weak.exponent()));
    auto even = modulus;
    even.back() = static_cast<char>(even.back() & ~1);
    EXPECT_FALSE(RsaKey::from(even, exponent));
    EXPECT_FALSE(RsaKey::from(std::string(2048, '\xff'), exponent)) << "16384 bits";
    EXPECT_FALSE(RsaKey::from("", ""));
    for (const std::string& wrong :
         {std::string{}, std::string{"\1"}, std::string{"\2"}, std::string{"\1\0\0\0\1", 5}, std::string(300, '\3')})
        EXPECT_FALSE(RsaKey::from(modulus, wrong)) << wrong.size();
}

// Neither can be mistaken for the other, whatever their headers say.
TEST(ForeignJws, is_no_token_of_ours_and_ours_is_none) {
    const auto ours = SigningKey::made();
    const auto token = sign_compact(ours, R"({"alg":"RS256"})", "{}");
    const auto read = read_foreign(token).value();
    EXPECT_FALSE(holds(read, key_of(signer())));
    EXPECT_FALSE(read_compact(signer().jws(R"({"alg":"EdDSA","typ":"at+jwt"})", "{}")))
        << "256 bytes are no signature of ours";
    // The public key as the secret of an HMAC: the oldest of all mistakes.
    const std::string text = to_base64url(R"({"alg":"HS256"})") + "." + to_base64url("{}");
    const auto mac = hmac_sha256(signer().modulus(), text);
    EXPECT_FALSE(holds(read_foreign(text + "." + to_base64url(mac)).value(), key_of(signer())));
    EXPECT_FALSE(holds(read_foreign(text + ".").value_or(ForeignJws{}), key_of(signer())));
}

}  // namespace
}  // namespace mobilytics::crypto
