#include "platform/crypto/compact_jws.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "platform/crypto/encoding.hpp"

namespace mobilytics::crypto {
namespace {

// RFC 8037 appendix A.1.
SigningKey published_key() {
    const auto seed = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").value();
    SigningKey::Seed bytes{};
    std::ranges::transform(seed, bytes.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return SigningKey{bytes};
}

// RFC 8037 appendix A.4.
constexpr std::string_view published =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

TEST(CompactJws, is_that_of_the_published_vectors) {
    const auto key = published_key();
    EXPECT_EQ(to_base64url(key.public_key()), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    EXPECT_EQ(thumbprint(key.public_key()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k") << "appendix A.3";
    EXPECT_EQ(sign_compact(key, R"({"alg":"EdDSA"})", "Example of Ed25519 signing"), published);
    const auto read = read_compact(published);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->header, R"({"alg":"EdDSA"})");
    EXPECT_EQ(read->payload, "Example of Ed25519 signing");
    EXPECT_TRUE(holds(*read, key.public_key()));
    EXPECT_FALSE(holds(*read, SigningKey::made().public_key()));
}

TEST(CompactJws, has_one_spelling) {
    const std::string good{published};
    const auto first = good.find('.'), second = good.rfind('.');
    for (const std::string& text :
         {std::string{}, std::string{"."}, std::string{".."}, good + ".", "." + good, good + "=", good + "\n",
          good + " ", good.substr(0, second), good.substr(0, second + 1),
          good.substr(0, first) + "=" + good.substr(first), good.substr(0, first) + "\n" + good.substr(first),
          good.substr(0, good.size() - 1),
          // The last character of the signature holds four bits and two that must be zero.
          good.substr(0, good.size() - 1) + "h", good.substr(0, good.size() - 2) + "+g",
          good.substr(0, second + 1) + "AA" + good.substr(second + 1), good + good.substr(second + 1),
          std::string(longest_compact_jws, 'A') + good.substr(first)})
        EXPECT_FALSE(read_compact(text)) << text;
}

TEST(CompactJws, with_any_bit_changed_does_not_hold) {
    const auto key = published_key().public_key();
    for (std::size_t place = 0; place < published.size(); ++place) {
        std::string text{published};
        text[place] = text[place] == 'A' ? 'B' : 'A';
        const auto read = read_compact(text);
        EXPECT_FALSE(read && holds(*read, key)) << place;
    }
}

TEST(CompactJws, a_name_of_a_key_is_43_characters_of_base64url) {
    EXPECT_TRUE(is_thumbprint("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    for (std::string_view text : {"", "kPrK", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4l", "../../etc/passwd",
                                  "kPrK+qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "' or true --"})
        EXPECT_FALSE(is_thumbprint(text)) << text;
}

}  // namespace
}  // namespace mobilytics::crypto
