#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

// Coroutines for the whole product. Rooms see Task, sleep_for, in_background; Asio stays in platform/.
namespace mobilytics::async {

template <class T = void>
using Task = boost::asio::awaitable<T>;

// Suspends the calling coroutine; cancellable.
Task<void> sleep_for(std::chrono::milliseconds span);

// Cancels a spawned coroutine: it wakes from what it awaits with system_error operation_aborted. Safe from
// any thread, before, during and after its life.
class Stop : public std::enable_shared_from_this<Stop> {
public:
    void request();
    bool requested() const { return requested_.load(); }

private:
    friend class Runtime;
    void bind(boost::asio::any_io_executor executor);

    std::atomic<bool> requested_ = false;
    std::mutex mutex_;
    std::optional<boost::asio::any_io_executor> executor_;
    boost::asio::cancellation_signal signal_;
};

// One io_context per I/O thread, plus a small pool of threads for work that would hold an I/O thread up
// (password hashing, the visit engine, compression).
class Runtime {
public:
    Runtime(int io_threads, int background_threads);
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    // Starts a coroutine that nobody awaits, on the I/O thread `index` (modulo their number). What it throws
    // is caught and logged under `name`: this is the only place where a coroutine is detached. May be called
    // from any thread. `stop`, when given, can cancel it.
    void spawn(std::string name, std::function<Task<void>()> body, int index = 0, std::shared_ptr<Stop> stop = {});

    // Runs `work` on a background thread and resumes the caller on its own executor with the result or
    // exception.
    template <class F>
    Task<std::invoke_result_t<F>> in_background(F work);

    int io_threads() const;
    boost::asio::any_io_executor executor(int index);

    // run() works on the calling thread too and returns after stop(); start() does not block. What a handler
    // throws is logged and does not end the thread.
    void run();
    void start();

    // Threads end after what they are doing right now; suspended coroutines are destroyed with the Runtime,
    // so that whatever they refer to must outlive it or be held by them. Safe from any thread and from a
    // coroutine.
    void stop();
    bool stopping() const;

    // Waits until everything spawned has ended; false when `patience` ran out first. Not from an I/O thread.
    bool drain(std::chrono::milliseconds patience);

private:
    Task<void> post_to_background(std::function<void()> work);

    struct State;
    std::unique_ptr<State> state_;
};

template <class F>
Task<std::invoke_result_t<F>> Runtime::in_background(F work) {
    using R = std::invoke_result_t<F>;
    if constexpr (std::is_void_v<R>) {
        co_await post_to_background(std::function<void()>{std::move(work)});
    } else {
        auto slot = std::make_shared<std::optional<R>>();
        auto shared = std::make_shared<F>(std::move(work));
        co_await post_to_background([slot, shared] { slot->emplace((*shared)()); });
        co_return std::move(**slot);
    }
}

}  // namespace mobilytics::async

namespace mobilytics {
using async::Task;
}
