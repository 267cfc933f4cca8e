#include "platform/crypto/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "platform/crypto/encoding.hpp"
#include "platform/crypto/key_file.hpp"
#include "platform/testing/folder.hpp"

namespace mobilytics::crypto {
namespace {

SigningKey key_of(std::string_view hex) {
    SigningKey::Seed seed{};
    std::ranges::copy(from_hex(hex).value(), seed.begin());
    return SigningKey{seed};
}

TEST(Signature, is_that_of_the_published_vectors) {
    // RFC 8032 section 7.1, tests 1 and 2.
    const auto first = key_of("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    EXPECT_EQ(to_hex(first.public_key()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    EXPECT_EQ(to_hex(first.sign("")),
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
              "595bbe24655141438e7a100b");
    const auto second = key_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    EXPECT_EQ(to_hex(second.public_key()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    EXPECT_EQ(to_hex(second.sign("r")),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae"
              "b4302aeeb00d291612bb0c00");
}

TEST(Signature, holds_for_its_message_and_key_only) {
    const auto key = SigningKey::made();
    const auto signature = key.sign("pay 10");
    EXPECT_TRUE(verify(key.public_key(), "pay 10", signature));
    EXPECT_FALSE(verify(key.public_key(), "pay 11", signature));
    EXPECT_FALSE(verify(SigningKey::made().public_key(), "pay 10", signature));
    EXPECT_FALSE(verify(key.public_key(), "pay 10", std::span{signature}.first(63)));
}

TEST(Signature, a_key_file_is_made_once_and_kept_from_others) {
    const test::Folder folder;
    const auto file = folder.path() / "sub" / "audit.key";
    const auto made = signing_key_in(file);
    EXPECT_EQ(signing_key_in(file).public_key(), made.public_key());
    EXPECT_EQ(std::filesystem::status(file).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::ofstream{file} << "no key\n";
    EXPECT_THROW(signing_key_in(file), std::runtime_error);
}

}  // namespace
}  // namespace mobilytics::crypto
