#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>
#include <thread>

#include "platform/async/promise.hpp"
#include "platform/async/task.hpp"

namespace mobilytics::async {
namespace {

using namespace std::chrono_literals;

class RuntimeTest : public ::testing::Test {
protected:
    RuntimeTest() { runtime.start(); }

    template <class T>
    T run(Task<T> task) {
        return boost::asio::co_spawn(runtime.executor(0), std::move(task), boost::asio::use_future).get();
    }

    Runtime runtime{2, 2};
};

TEST_F(RuntimeTest, RunsWorkInTheBackgroundAndComesBackToItsThread) {
    auto threads = run([](Runtime& on) -> Task<std::vector<std::thread::id>> {
        std::vector<std::thread::id> seen{std::this_thread::get_id()};
        seen.push_back(co_await on.in_background([] { return std::this_thread::get_id(); }));
        seen.push_back(std::this_thread::get_id());
        co_return seen;
    }(runtime));
    EXPECT_NE(threads[0], threads[1]);
    EXPECT_EQ(threads[0], threads[2]);
}

TEST_F(RuntimeTest, BringsExceptionsBackFromTheBackground) {
    auto failing = [](Runtime& on) -> Task<int> {
        co_return co_await on.in_background([]() -> int { throw std::runtime_error{"no"}; });
    };
    EXPECT_THROW(run(failing(runtime)), std::runtime_error);
    EXPECT_EQ(run([](Runtime& on) -> Task<int> { co_return co_await on.in_background([] { return 7; }); }(runtime)), 7);
}

TEST_F(RuntimeTest, DrainsWhenAllThatWasSpawnedHasEnded) {
    std::atomic<int> ended = 0;
    for (int i = 0; i < 10; ++i)
        runtime.spawn(
            "test",
            [&]() -> Task<void> {
                co_await sleep_for(1ms);
                ++ended;
            },
            i);
    EXPECT_TRUE(runtime.drain(1min));
    EXPECT_EQ(ended, 10);
    auto stop = std::make_shared<Stop>();
    runtime.spawn("test", [] { return sleep_for(1h); }, 0, stop);
    EXPECT_FALSE(runtime.drain(1ms));
    stop->request();
    EXPECT_TRUE(runtime.drain(1min));
}

TEST_F(RuntimeTest, SurvivesWhatASpawnedCoroutineThrows) {
    runtime.spawn("test", []() -> Task<void> {
        throw std::runtime_error{"on purpose"};
        co_return;
    });
    EXPECT_TRUE(runtime.drain(1min));
    EXPECT_EQ(run([]() -> Task<int> { co_return 1; }()), 1);
}

TEST_F(RuntimeTest, StopsACoroutineBeforeItBeginsWhileItWaitsAndAfterItsEnd) {
    std::atomic<int> begun = 0, aborted = 0;
    auto body = [&]() -> Task<void> {
        ++begun;
        try {
            co_await sleep_for(1h);
        } catch (const boost::system::system_error&) {
            ++aborted;
        }
    };
    auto before = std::make_shared<Stop>();
    before->request();
    runtime.spawn("test", body, 0, before);
    EXPECT_TRUE(runtime.drain(1min));
    EXPECT_EQ(begun, 0);

    auto during = std::make_shared<Stop>();
    runtime.spawn("test", body, 1, during);
    while (begun == 0) std::this_thread::yield();
    during->request();
    EXPECT_TRUE(runtime.drain(1min));
    EXPECT_EQ(aborted, 1);
    during->request();
}

TEST_F(RuntimeTest, GivesAPromiseToTheOneWhoWaitsOnAnotherThread) {
    Promise<int> early, late;
    early.set(1);
    EXPECT_EQ(run(early.wait()), 1);
    runtime.spawn(
        "test",
        [late]() -> Task<void> {
            co_await sleep_for(1ms);
            late.set(2);
            late.set(3);
        },
        1);
    EXPECT_EQ(run(late.wait()), 2);
    Promise<int> failed;
    failed.fail(std::make_exception_ptr(std::runtime_error{"no"}));
    EXPECT_THROW(run(failed.wait()), std::runtime_error);
}

TEST(Runtime, DestroysWhatIsStillSuspendedWhenItEnds) {
    auto held = std::make_shared<int>(1);
    {
        Runtime runtime{1, 1};
        runtime.start();
        std::atomic<bool> begun = false;
        runtime.spawn("test", [&begun, held]() -> Task<void> {
            auto kept = held;
            begun = true;
            co_await sleep_for(1h);
        });
        while (!begun) std::this_thread::yield();
        EXPECT_GT(held.use_count(), 1);
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Runtime, RunsOnTheCallingThreadUntilStopped) {
    Runtime runtime{2, 1};
    std::thread::id worked{};
    runtime.spawn("test", [&]() -> Task<void> {
        worked = std::this_thread::get_id();
        runtime.stop();
        co_return;
    });
    runtime.run();
    EXPECT_EQ(worked, std::this_thread::get_id());
    EXPECT_TRUE(runtime.stopping());
}

}  // namespace
}  // namespace mobilytics::async
