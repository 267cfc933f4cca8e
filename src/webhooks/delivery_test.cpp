#include "src/webhooks/delivery.hpp"

#include <gtest/gtest.h>

namespace mobilytics::webhooks {
namespace {

using namespace std::chrono_literals;

const Instant start = clock::from_rfc3339("2026-03-08T07:00:00Z").value();
constexpr double middle = 0.5;

Attempt attempt(int number, Instant at, std::optional<int> status) {
    return {.number = number, .at = at, .status = status};
}

TEST(Retries, are_ten_attempts_over_75_hours_and_35_minutes) {
    Delivery delivery{.next_attempt_at = start, .created_at = start};
    Instant now = start;
    int attempts = 0;
    while (delivery.state == DeliveryState::pending) {
        now = delivery.next_attempt_at.value();
        delivery = after(delivery, attempt(++attempts, now, 500), now, std::nullopt, middle);
    }
    EXPECT_EQ(delivery.state, DeliveryState::failed);
    EXPECT_EQ(attempts, 10);
    EXPECT_EQ(delivery.attempts, 10);
    EXPECT_EQ(now - start, 75h + 35min + 5s);
    EXPECT_EQ(delivery.round_began_at, start);
    EXPECT_EQ(delivery.ended_at, now);
    EXPECT_EQ(delivery.next_attempt_at, std::nullopt);
}

TEST(Retries, stray_by_a_tenth) {
    EXPECT_EQ(next_attempt(2, start, std::nullopt, 0), start + 4min + 30s);
    EXPECT_EQ(next_attempt(2, start, std::nullopt, 0.5), start + 5min);
    EXPECT_LT(next_attempt(2, start, std::nullopt, 0.999), start + 5min + 30s);
}

TEST(Retries, heed_the_receiver_up_to_a_day) {
    EXPECT_EQ(next_attempt(1, start, 120s, middle), start + 120s);
    EXPECT_EQ(next_attempt(2, start, 120s, middle), start + 5min) << "sooner than we would have come";
    EXPECT_EQ(next_attempt(1, start, 1000h, middle), start + 24h);
    EXPECT_EQ(next_attempt(10, start, 120s, middle), std::nullopt);
}

TEST(Deliveries, succeed_by_2xx_only) {
    const Delivery delivery{.next_attempt_at = start, .created_at = start};
    for (const int fine : {200, 201, 202, 204, 299})
        EXPECT_EQ(after(delivery, attempt(1, start, fine), start, {}, middle).state, DeliveryState::succeeded) << fine;
    for (const int wrong : {100, 199, 300, 301, 302, 307, 400, 401, 404, 429, 500, 502, 503, 504})
        EXPECT_EQ(after(delivery, attempt(1, start, wrong), start, {}, middle).state, DeliveryState::pending) << wrong;
    EXPECT_EQ(after(delivery, attempt(1, start, std::nullopt), start, {}, middle).state, DeliveryState::pending);
    EXPECT_EQ(after(delivery, attempt(1, start, 410), start, {}, middle).state, DeliveryState::failed);
}

TEST(Deliveries, asked_for_again_begin_a_new_round_and_keep_counting) {
    Delivery delivery{.next_attempt_at = start, .created_at = start};
    delivery = after(delivery, attempt(1, start, 200), start, {}, middle);
    const auto later = start + 1h;
    auto again = delivery.asked_for_again(later);
    EXPECT_EQ(again.state, DeliveryState::pending);
    EXPECT_EQ(again.next_attempt_at, later);
    EXPECT_EQ(again.ended_at, std::nullopt);
    again = after(again, attempt(2, later, 500), later, {}, middle);
    EXPECT_EQ(again.attempts, 2);
    EXPECT_EQ(again.round, 1);
    EXPECT_EQ(again.round_began_at, later);
    EXPECT_EQ(again.next_attempt_at, later + 5s);
    const auto sooner = again.asked_for_again(later + 1s);
    EXPECT_EQ(sooner.round, 1) << "one that waits only comes sooner";
    EXPECT_EQ(sooner.next_attempt_at, later + 1s);
}

TEST(Answers, are_kept_as_text) {
    EXPECT_EQ(readable("fine\n\xc3\xa9"), "fine\n\xc3\xa9");
    EXPECT_EQ(readable(std::string_view{"a\0b\x01\xff", 5}), "a\uFFFDb\uFFFD\uFFFD");
    EXPECT_EQ(readable("cut \xc3"), "cut \uFFFD");
}

}  // namespace
}  // namespace mobilytics::webhooks
