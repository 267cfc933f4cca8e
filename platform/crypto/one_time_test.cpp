#include "platform/crypto/one_time.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

namespace mobilytics::crypto {

namespace {

using namespace std::chrono_literals;

clock::Instant at(std::int64_t seconds) { return clock::Instant{std::chrono::seconds{seconds}}; }

// RFC 6238, appendix B, the rows of SHA-1.
TEST(OneTime, knows_the_codes_of_the_standard) {
    const std::string secret = "12345678901234567890";
    for (const auto& [seconds, code] : {std::pair{59L, "94287082"}, std::pair{1111111109L, "07081804"},
                                        std::pair{1111111111L, "14050471"}, std::pair{1234567890L, "89005924"},
                                        std::pair{2000000000L, "69279037"}, std::pair{20000000000L, "65353130"}}) {
        EXPECT_EQ(one_time_step(secret, at(seconds), code), seconds / 30) << seconds;
        EXPECT_EQ(one_time_code(secret, at(seconds)), std::string{code}.substr(2)) << seconds;
    }
}

TEST(OneTime, takes_the_step_before_and_after_and_no_other) {
    const std::string secret = new_one_time_secret();
    const auto now = at(1'800'000'000);
    for (int steps = -3; steps <= 3; ++steps) {
        const auto then = now + steps * 30s;
        const auto step = one_time_step(secret, now, one_time_code(secret, then));
        if (steps >= -1 && steps <= 1)
            EXPECT_EQ(step, 60'000'000 + steps);
        else
            EXPECT_EQ(step, std::nullopt) << steps;
    }
}

TEST(OneTime, takes_nothing_but_digits) {
    for (const char* code : {"", "12345", "123456789", "12345a", "-12345", " 123456", "１２３４５６"})
        EXPECT_EQ(one_time_step("12345678901234567890", at(59), code), std::nullopt) << code;
}

TEST(OneTime, prints_a_secret_as_apps_read_it) {
    EXPECT_EQ(base32("12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    EXPECT_EQ(base32("foob"), "MZXW6YQ");
    EXPECT_EQ(new_one_time_secret().size(), 20);
    EXPECT_NE(new_one_time_secret(), new_one_time_secret());
}

}  // namespace

}  // namespace mobilytics::crypto
