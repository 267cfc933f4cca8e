#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "platform/async/task.hpp"

namespace mobilytics::async {

// A value that one coroutine waits for and another, on any thread, sets once.
template <class T>
class Promise {
public:
    Promise() : state_{std::make_shared<State>()} {}

    void set(T value) const {
        settle([&](State& state) { state.value.emplace(std::move(value)); });
    }

    void fail(std::exception_ptr failure) const {
        settle([&](State& state) { state.failure = std::move(failure); });
    }

    // Awaited once, by one coroutine, which goes on on its own executor.
    Task<T> wait() const {
        auto state = state_;
        co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void()>(
            [state](auto handler) {
                // Posted, not called: the waiter goes on on its own executor, whoever sets the value.
                auto executor = boost::asio::get_associated_executor(handler);
                Resume resume = [executor, waiter = std::move(handler)]() mutable {
                    boost::asio::post(executor, std::move(waiter));
                };
                std::unique_lock lock{state->mutex};
                if (!state->settled) {
                    state->resume = std::move(resume);
                    return;
                }
                lock.unlock();
                resume();
            },
            boost::asio::use_awaitable);
        if (state->failure) std::rethrow_exception(state->failure);
        co_return std::move(*state->value);
    }

private:
    using Resume = std::move_only_function<void()>;

    struct State {
        std::mutex mutex;
        bool settled = false;
        std::optional<T> value;
        std::exception_ptr failure;
        Resume resume;
    };

    template <class F>
    void settle(F fill) const {
        std::unique_lock lock{state_->mutex};
        if (state_->settled) return;
        fill(*state_);
        state_->settled = true;
        Resume resume = std::move(state_->resume);
        lock.unlock();
        if (resume) resume();
    }

    std::shared_ptr<State> state_;
};

}  // namespace mobilytics::async
