#include <gtest/gtest.h>

#include <set>
#include <string>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/fingerprint.hpp"
#include "platform/crypto/password.hpp"
#include "platform/crypto/random.hpp"
#include "platform/crypto/sealer.hpp"

namespace mobilytics::crypto {

namespace {

TEST(Password, VerifiesItsOwnHashOnly) {
    auto encoded = hash_password("correct horse");
    EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << encoded;
    EXPECT_TRUE(verify_password(encoded, "correct horse"));
    EXPECT_FALSE(verify_password(encoded, "correct horsf"));
    EXPECT_FALSE(verify_password(encoded, ""));
    EXPECT_FALSE(password_needs_rehash(encoded));
    EXPECT_NE(hash_password("correct horse"), encoded);
}

TEST(Password, TextThatIsNoHashVerifiesNothing) {
    for (std::string text : {std::string{}, std::string{"x"}, std::string(500, '$'), std::string{"$argon2id$\0x", 12}})
        EXPECT_FALSE(verify_password(text, "x"));
    EXPECT_TRUE(password_needs_rehash("$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHQ$aGFzaA"));
}

TEST(Digest, MatchesPublishedVectors) {
    // FIPS 180-4 and RFC 4231 case 2.
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Fingerprint, TellsTextsAndTheirBordersApart) {
    EXPECT_EQ(fingerprint({"ab", "c"}), fingerprint({"ab", "c"}));
    EXPECT_EQ(fingerprint({"ab", "c"}).size(), 16U);
    std::set<std::string> seen;
    for (const auto& one : {fingerprint({"ab", "c"}), fingerprint({"a", "bc"}), fingerprint({"abc"}),
                            fingerprint({"abc", ""}), fingerprint({"c", "ab"}), fingerprint({})})
        EXPECT_TRUE(seen.insert(one).second) << one;
}

TEST(Digest, ComparesContent) {
    EXPECT_TRUE(equal_in_constant_time(std::string_view{"abc"}, std::string_view{"abc"}));
    EXPECT_FALSE(equal_in_constant_time(std::string_view{"abc"}, std::string_view{"abd"}));
    EXPECT_FALSE(equal_in_constant_time(std::string_view{"abc"}, std::string_view{"ab"}));
    EXPECT_TRUE(equal_in_constant_time(std::string_view{}, std::string_view{}));
}

TEST(Encoding, Base64urlHasOneSpellingForAValue) {
    EXPECT_EQ(to_base64url(std::string_view{"\xfb\xff\xfe"}), "-__-");
    EXPECT_EQ(to_base64url(std::string_view{}), "");
    for (std::string text : {"", "a", "ab", "abc", "abcd"}) EXPECT_EQ(from_base64url(to_base64url(text)), text);
    for (std::string_view bad : {"a", "YQ==", "Y Q", "+/+/", "YR", "YWI\n"}) EXPECT_FALSE(from_base64url(bad)) << bad;
}

TEST(Encoding, Base64HasOneSpellingForAValue) {
    EXPECT_EQ(to_base64(std::string_view{"\xfb\xff\xfe"}), "+//+");
    EXPECT_EQ(to_base64(std::string_view{"a"}), "YQ==");
    for (std::string text : {"", "a", "ab", "abc", "abcd"}) EXPECT_EQ(from_base64(to_base64(text)), text);
    for (std::string_view bad : {"a", "YQ", "Y Q=", "-_-_", "YR==", "YWI=\n"}) EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Sealing, OpensWithItsKeyAtItsPlaceOnly) {
    const Sealer sealer{std::string(32, 'k')};
    const auto sealed = sealer.seal("a secret", "row 1");
    EXPECT_EQ(sealer.open(sealed, "row 1"), "a secret");
    EXPECT_EQ(sealer.open(sealed, "row 2"), std::nullopt);
    EXPECT_EQ(Sealer{std::string(32, 'x')}.open(sealed, "row 1"), std::nullopt);
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        auto damaged = sealed;
        damaged[at] ^= std::byte{1};
        EXPECT_EQ(sealer.open(damaged, "row 1"), std::nullopt) << at;
        EXPECT_EQ(sealer.open(std::span{sealed}.first(at), "row 1"), std::nullopt) << at;
    }
    EXPECT_NE(sealer.seal("a secret", "row 1"), sealed) << "each sealing has a nonce of its own";
    EXPECT_EQ(sealer.open(sealer.seal("", ""), ""), "");
    EXPECT_THROW(Sealer{"short"}, std::invalid_argument);
}

TEST(Sealing, GoesOnWhileItsKeyIsChanged) {
    const Sealer before{std::string(32, 'a')};
    const Sealer between{std::string(32, 'b'), {std::string(32, 'x'), std::string(32, 'a')}};
    const Sealer after{std::string(32, 'b')};
    Renewal found;
    const auto old = before.seal("a secret", "row 1");
    EXPECT_EQ(between.open(old, "row 1"), "a secret");
    EXPECT_EQ(between.open(old, "row 2"), std::nullopt);
    EXPECT_EQ(after.open(old, "row 1"), std::nullopt);
    EXPECT_EQ(before.open(between.seal("another", "row 1"), "row 1"), std::nullopt) << "only the present key seals";

    const auto renewed = between.renew(old, "row 1", found);
    EXPECT_EQ(after.open(renewed.value(), "row 1"), "a secret");
    EXPECT_EQ(between.renew(*renewed, "row 1", found), std::nullopt);
    EXPECT_EQ(between.renew(old, "row 2", found), std::nullopt);
    EXPECT_EQ(std::tuple(found.renewed, found.current, found.lost), std::tuple(1, 1, 1));
    EXPECT_THROW((Sealer{std::string(32, 'a'), {"short"}}), std::invalid_argument);
}

TEST(Encoding, HexIsLowerCaseAndWhole) {
    EXPECT_EQ(from_hex("00ff"), (std::vector<std::uint8_t>{0, 255}));
    for (std::string_view bad : {"0", "0g", "FF"}) EXPECT_FALSE(from_hex(bad)) << bad;
}

TEST(Random, TokensDiffer) {
    EXPECT_EQ(random_token().size(), 43u);
    EXPECT_NE(random_token(), random_token());
}

}  // namespace

}  // namespace mobilytics::crypto
