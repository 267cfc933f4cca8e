#include "src/webhooks/signature.hpp"

#include <gmock/gmock.h>

namespace mobilytics::webhooks {
namespace {

using testing::ElementsAre;

constexpr std::string_view secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view body = R"({"test": 2432232314})";
const clock::Instant at{std::chrono::seconds{1614265330}};

// The vector of the specification's own tests.
TEST(Signatures, are_those_of_standard_webhooks) {
    EXPECT_EQ(signature_of(secret, id, at, body), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signatures, are_over_whole_seconds_id_and_body) {
    const auto right = signature_of(secret, id, at, body);
    EXPECT_EQ(signature_of(secret, id, at + std::chrono::milliseconds{999}, body), right);
    EXPECT_NE(signature_of(secret, id, at + std::chrono::seconds{1}, body), right);
    EXPECT_NE(signature_of(secret, "msg_other", at, body), right);
    EXPECT_NE(signature_of(secret, id, at, "{}"), right);
    EXPECT_NE(signature_of(new_secret(), id, at, body), right);
}

TEST(Signatures, of_both_secrets_are_sent_while_one_takes_over) {
    const std::string other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    EXPECT_THAT(signed_headers({other, std::string{secret}}, id, at, body),
                ElementsAre("content-type: application/json", "user-agent: Mobilytics-Webhooks/1.0",
                            "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
                            "webhook-signature: " + signature_of(other, id, at, body) +
                                " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

TEST(Signatures, want_a_secret_that_is_one) {
    for (const char* none : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64"})
        EXPECT_THROW(signature_of(none, id, at, body), std::invalid_argument) << none;
}

TEST(Secrets, hold_32_random_bytes) {
    EXPECT_EQ(new_secret().size(), 6 + 44U);
    EXPECT_NE(new_secret(), new_secret());
}

}  // namespace
}  // namespace mobilytics::webhooks
