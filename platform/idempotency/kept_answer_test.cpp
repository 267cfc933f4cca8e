#include "platform/idempotency/kept_answer.hpp"

#include <gtest/gtest.h>

namespace mobilytics::idempotency {

namespace {

const std::string key = "8e03978e-40d5-43dd-bc93-6894a57f9324";

TEST(KeptAnswer, ComesBackByItsKeyAsItWas) {
    const KeptAnswer answers[] = {
        {},
        {.status = 201,
         .content_type = "application/json",
         .etag = "7",
         .cache_control = "no-store",
         .headers = {{"Location", "/v1/things/1"}, {"Set-Cookie", "a=b"}, {"Set-Cookie", "c=d:3:x"}},
         .body = std::string{"{\"secret\":\"12:34\"}\0\xff", 20}},
    };
    for (const auto& answer : answers) EXPECT_EQ(open(seal(answer, key), key), answer);
}

TEST(KeptAnswer, IsClosedToEverybodyElse) {
    const auto sealed = seal({.body = "the new API key"}, key);
    const std::string text{reinterpret_cast<const char*>(sealed.data()), sealed.size()};
    EXPECT_EQ(text.find("API key"), std::string::npos);
    EXPECT_NE(sealed, seal({.body = "the new API key"}, key));
    EXPECT_FALSE(open(sealed, key + "x"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed[i] ^= std::byte{1};
        EXPECT_FALSE(open(changed, key)) << i;
        EXPECT_FALSE(open(std::span{sealed}.first(i), key)) << i;
    }
}

}  // namespace

}  // namespace mobilytics::idempotency
