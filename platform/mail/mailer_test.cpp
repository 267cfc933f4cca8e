#include "platform/mail/mailer.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <format>
#include <functional>
#include <stdexcept>

#include "platform/problem/problem.hpp"

namespace mobilytics::mail {

namespace {

class Scripted : public Transport {
public:
    explicit Scripted(const std::function<void()>& next) : next_{next} {}
    void deliver(const Letter&) override { next_(); }

private:
    const std::function<void()>& next_;
};

class CountedLetters : public ::testing::Test {
protected:
    CountedLetters() { runtime.start(); }

    template <class T>
    T run(Task<T> task) {
        return boost::asio::co_spawn(runtime.executor(0), std::move(task), boost::asio::use_future).get();
    }

    void send(std::string address = "ada@example.com") {
        run(mailer.deliver({"one", {"Ada", std::move(address)}, "en-CA", "Hello", "Hello\n", "<p>Hello</p>"}));
    }

    async::Runtime runtime{1, 1};
    metrics::Registry registry;
    clock::SystemClock clock;
    std::function<void()> next = [] {};
    Mailer mailer{clock, {"Mobilytics", "no-reply@example.com"}, std::make_unique<Scripted>(next), &registry};
};

TEST_F(CountedLetters, AreSentRefusedForGoodOrFailedForNow) {
    send();
    EXPECT_THROW(send("not an address\r\n"), Problem);
    next = [] { throw Problem{Kind::invalid, "mail.refused", "No."}; };
    EXPECT_THROW(send(), Problem);
    next = [] { throw Problem{Kind::unavailable, "mail.unavailable", "Later."}; };
    EXPECT_THROW(send(), Problem);
    next = [] { throw std::runtime_error{"the disk is full"}; };
    EXPECT_THROW(send(), std::runtime_error);
    const auto text = "\n" + run(registry.text());
    for (const auto& [outcome, letters] : {std::pair{"sent", 1}, {"refused", 2}, {"failed", 2}})
        EXPECT_TRUE(text.contains(std::format("\nmail_letters_total{{outcome=\"{}\"}} {}\n", outcome, letters)))
            << text;
}

}  // namespace

}  // namespace mobilytics::mail
