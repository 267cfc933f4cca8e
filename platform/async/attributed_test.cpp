#include "platform/async/attributed.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace mobilytics::async {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const log::Work> named(std::string name) {
    return std::make_shared<const log::Work>(log::Work{{"kind", std::move(name)}});
}

std::string kind_of_lines() { return log::doing() ? log::doing()->front().second : ""; }

class Attributed : public ::testing::Test {
protected:
    Attributed() { runtime.start(); }

    template <class T>
    T run(Task<T> task) {
        return boost::asio::co_spawn(runtime.executor(0), std::move(task), boost::asio::use_future).get();
    }

    Runtime runtime{1, 2}, other{1, 1};
};

TEST_F(Attributed, WorkIsNamedWhereverItGoesOn) {
    std::vector<std::string> seen;
    std::vector<std::thread::id> threads;
    run(attributed(named("t.one"), [&]() -> Task<void> {
        const auto look = [&] {
            seen.push_back(kind_of_lines());
            threads.push_back(std::this_thread::get_id());
        };
        look();
        co_await sleep_for(1ms);
        look();
        co_await runtime.in_background([&] { seen.push_back(kind_of_lines()); });
        look();
        co_await other.in_background([&] { seen.push_back(kind_of_lines()); });
        look();
    }));
    EXPECT_EQ(seen, std::vector<std::string>(6, "t.one"));
    for (const auto& thread : threads) EXPECT_EQ(thread, threads.front());
}

TEST_F(Attributed, OfTwoThatTakeTurnsOnAThreadEachKeepsItsName) {
    std::vector<std::string> wrong;
    const auto turns = [&](std::string name) {
        return attributed(named(name), [&wrong, name]() -> Task<void> {
            for (int turn = 0; turn < 20; ++turn) {
                if (kind_of_lines() != name) wrong.push_back(kind_of_lines());
                co_await sleep_for(1ms);
            }
        });
    };
    auto nameless = [&]() -> Task<void> {
        for (int turn = 0; turn < 20; ++turn) {
            if (!kind_of_lines().empty()) wrong.push_back(kind_of_lines());
            co_await sleep_for(1ms);
        }
    };
    auto started = [&](Task<void> task) {
        return boost::asio::co_spawn(runtime.executor(0), std::move(task), boost::asio::use_future);
    };
    auto first = started(turns("t.first")), second = started(turns("t.second")), third = started(nameless());
    first.get();
    second.get();
    third.get();
    EXPECT_EQ(wrong, std::vector<std::string>{});
}

TEST_F(Attributed, WhatItThrowsComesThrough) {
    EXPECT_THROW(run(attributed(named("t.one"),
                                []() -> Task<void> {
                                    co_await sleep_for(1ms);
                                    throw std::runtime_error{"no"};
                                })),
                 std::runtime_error);
}

TEST_F(Attributed, ItIsCancelledWithItsCaller) {
    auto stop = std::make_shared<Stop>();
    std::promise<bool> cancelled;
    runtime.spawn(
        "test",
        [&] {
            return attributed(named("t.one"), [&]() -> Task<void> {
                stop->request();
                try {
                    co_await sleep_for(1h);
                    cancelled.set_value(false);
                } catch (const boost::system::system_error&) {
                    cancelled.set_value(kind_of_lines() == "t.one");
                }
            });
        },
        0, stop);
    EXPECT_TRUE(cancelled.get_future().get());
    EXPECT_TRUE(runtime.drain(1min));
}

}  // namespace
}  // namespace mobilytics::async
