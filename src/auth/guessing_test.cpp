#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "platform/problem/problem.hpp"
#include "src/auth/proof.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class Guessing : public WorldTest {
protected:
    // "in", or the status and the seconds to wait.
    std::string attempt(std::string secret, std::string address = "192.0.2.1", std::string_view who = "ada") {
        try {
            run(auth.sign_in({.email = email_of(std::string{who}), .password = std::move(secret), .address = address}));
            return "in";
        } catch (const Problem& problem) {
            auto status = std::to_string(http_status(problem.kind()));
            return problem.retry_after_seconds ? std::format("{} {}", status, *problem.retry_after_seconds) : status;
        }
    }

    // What a guess costs before the password is looked at, without the second that looking takes.
    void count(const std::string& email, const std::string& address) {
        run(count_guess(database(), Guess{email, address}, clock().now()));
    }

    std::string right{password};
};

TEST_F(Guessing, is_slowed_down_after_ten_attempts_and_never_by_more_than_a_quarter_of_an_hour) {
    for (int i = 0; i < 11; ++i) EXPECT_EQ(attempt("wrong"), "401") << i;
    EXPECT_EQ(attempt("wrong"), "429 1");
    EXPECT_EQ(attempt(right), "429 1") << "the right password waits too";
    std::string longest;
    for (int i = 0; i < 14; ++i) {
        std::string waits = attempt("wrong");
        ASSERT_TRUE(waits.starts_with("429 ")) << waits;
        longest = waits;
        clock().set(clock().now() + std::chrono::seconds{std::stoi(waits.substr(4))});
        EXPECT_EQ(attempt("wrong"), "401");
    }
    EXPECT_EQ(longest, "429 900");
    clock().set(clock().now() + 900s);
    EXPECT_EQ(attempt(right), "in");
    EXPECT_EQ(attempt("wrong"), "401") << "a success clears the count";
    EXPECT_EQ(attempt(right), "in");
}

TEST_F(Guessing, from_one_address_does_not_delay_the_owner_at_another) {
    for (int i = 0; i < 12; ++i) attempt("wrong");
    EXPECT_EQ(attempt(right).substr(0, 3), "429");
    EXPECT_EQ(attempt(right, "198.51.100.7"), "in");
}

TEST_F(Guessing, is_forgotten_after_twelve_hours) {
    for (int i = 0; i < 12; ++i) attempt("wrong");
    clock().set(clock().now() + 12h + 1s);
    for (int i = 0; i < 10; ++i) EXPECT_EQ(attempt("wrong"), "401") << i;
    EXPECT_EQ(attempt(right), "in");
}

TEST_F(Guessing, from_one_network_of_ipv6_is_one_caller_s) {
    for (int i = 0; i < 11; ++i) EXPECT_EQ(attempt("wrong", std::format("2001:db8:0:7::{:x}", i + 1)), "401") << i;
    EXPECT_EQ(attempt("wrong", "2001:db8:0:7:ffff::1"), "429 1");
    EXPECT_EQ(attempt("wrong", "2001:db8:0:8::1"), "401") << "somebody else's network";
}

// A list of accounts is tried from one address, each with the likeliest password.
TEST_F(Guessing, of_many_accounts_by_one_caller_is_slowed_down) {
    for (int i = 0; i < 101; ++i) count(std::format("nobody.{}@example.com", i), "192.0.2.1");
    EXPECT_EQ(attempt("wrong", "192.0.2.1", "max"), "429 1");
    EXPECT_EQ(attempt(right, "192.0.2.2", "max"), "in") << "others are not";
    clock().set(clock().now() + 2s);
    EXPECT_EQ(attempt(right, "192.0.2.1", "max"), "in") << "who shares the address waits two seconds";
}

TEST_F(Guessing, of_one_account_by_many_callers_is_slowed_down_and_keeps_nobody_out) {
    EXPECT_EQ(attempt(right, "198.51.100.7"), "in");
    for (int i = 0; i < 101; ++i) count(email_of("ada"), std::format("203.0.113.{}", i));
    EXPECT_EQ(attempt("wrong", "192.0.2.200"), "429 1");
    EXPECT_EQ(attempt(right, "198.51.100.7"), "in") << "from where she has a session";
    clock().set(clock().now() + 2s);
    EXPECT_EQ(attempt(right, "192.0.2.201"), "in");
}

TEST_F(Guessing, that_was_right_leaves_no_count) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(attempt(right), "in") << i;
    EXPECT_EQ(sql_value("select coalesce(sum(attempts), 0) from auth.sign_in_attempts"), "0");
}

// Counted before the password is looked at: a burst gets no more guesses than a queue.
TEST_F(Guessing, in_parallel_is_counted_one_by_one) {
    std::mutex mutex;
    std::map<Kind, int> refusals;
    auto guess = [&]() -> Task<void> {
        try {
            co_await auth.sign_in({.email = email_of("ada"), .password = "wrong", .address = "192.0.2.1"});
        } catch (const Problem& problem) {
            std::lock_guard lock{mutex};
            ++refusals[problem.kind()];
        }
    };
    for (int i = 0; i < 40; ++i) runtime().spawn("guess", guess, i);
    ASSERT_TRUE(runtime().drain(2min));
    EXPECT_EQ(refusals[Kind::unauthenticated], 11);
    EXPECT_EQ(refusals[Kind::too_many], 29);
}

}  // namespace

}  // namespace mobilytics::auth
