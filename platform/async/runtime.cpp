#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <condition_variable>
#include <thread>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::async {

namespace asio = boost::asio;

Task<void> sleep_for(std::chrono::milliseconds span) {
    asio::steady_timer timer{co_await asio::this_coro::executor, span};
    co_await timer.async_wait(asio::use_awaitable);
}

void Stop::bind(asio::any_io_executor executor) {
    std::lock_guard lock{mutex_};
    executor_ = std::move(executor);
}

void Stop::request() {
    if (requested_.exchange(true)) return;
    std::lock_guard lock{mutex_};
    if (!executor_) return;
    asio::post(*executor_, [self = shared_from_this()] { self->signal_.emit(asio::cancellation_type::terminal); });
}

struct Runtime::State {
    struct IoThread {
        asio::io_context context{1};
        asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    };

    // Shared with every spawned coroutine, since the last of them may end after the Runtime began to.
    struct Spawned {
        std::mutex mutex;
        std::condition_variable none_left;
        std::size_t count = 0;

        void add() {
            std::lock_guard lock{mutex};
            ++count;
        }
        void remove() {
            std::lock_guard lock{mutex};
            if (--count == 0) none_left.notify_all();
        }
    };

    explicit State(int background_threads) : background{static_cast<std::size_t>(std::max(background_threads, 1))} {}

    std::vector<std::unique_ptr<IoThread>> io;
    asio::thread_pool background;
    std::vector<std::thread> threads;
    std::shared_ptr<Spawned> spawned = std::make_shared<Spawned>();
    std::atomic<bool> stopping = false;
};

namespace {

void work(asio::io_context& context) {
    while (true) {
        try {
            context.run();
            return;
        } catch (const std::exception& failure) {
            log::error("an I/O handler threw", {{"what", failure.what()}});
        } catch (...) {
            log::error("an I/O handler threw something unknown");
        }
    }
}

void report(const std::string& name, std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) return;  // stopped on purpose
        log::error("a coroutine failed", {{"name", name}, {"what", error.what()}});
    } catch (const std::exception& error) {
        log::error("a coroutine failed", {{"name", name}, {"what", error.what()}});
    } catch (...) {
        log::error("a coroutine failed", {{"name", name}, {"what", "something unknown"}});
    }
}

// The body is a parameter, so its captures live in this frame as long as the coroutine that uses them.
Task<void> keep(std::function<Task<void>()> body) { co_await body(); }

}  // namespace

Runtime::Runtime(int io_threads, int background_threads) : state_{std::make_unique<State>(background_threads)} {
    for (int i = 0; i < std::max(io_threads, 1); ++i) state_->io.push_back(std::make_unique<State::IoThread>());
}

Runtime::~Runtime() {
    stop();
    for (auto& thread : state_->threads) thread.join();
    state_->background.stop();
    state_->background.join();
    // Suspended coroutines go with their context; what they release may still refer to this Runtime.
    for (auto& io : state_->io) io.reset();
}

int Runtime::io_threads() const { return static_cast<int>(state_->io.size()); }

asio::any_io_executor Runtime::executor(int index) {
    auto count = state_->io.size();
    return state_->io[static_cast<std::size_t>(index) % count]->context.get_executor();
}

void Runtime::spawn(std::string name, std::function<Task<void>()> body, int index, std::shared_ptr<Stop> stop) {
    // Counts until the coroutine ended or was destroyed with its context.
    struct Counted {
        std::shared_ptr<State::Spawned> spawned;
        explicit Counted(std::shared_ptr<State::Spawned> of) : spawned{std::move(of)} { spawned->add(); }
        ~Counted() { spawned->remove(); }
    };
    auto counted = std::make_shared<Counted>(state_->spawned);
    auto end = [name = std::move(name), counted, stop](std::exception_ptr failure) {
        if (failure) report(name, failure);
    };
    if (!stop) return asio::co_spawn(executor(index), keep(std::move(body)), std::move(end));
    if (stop->requested()) return;
    stop->bind(executor(index));
    // From the coroutine's own thread, so that the signal is never emitted while it is being connected.
    auto start = [stop, executor = executor(index), body = std::move(body), end = std::move(end)]() mutable {
        if (stop->requested()) return;
        asio::co_spawn(executor, keep(std::move(body)),
                       asio::bind_cancellation_slot(stop->signal_.slot(), std::move(end)));
    };
    asio::post(executor(index), std::move(start));
}

Task<void> Runtime::post_to_background(std::function<void()> work_to_do) {
    auto& pool = state_->background;
    auto start = [&pool](auto handler, std::function<void()> task) {
        asio::post(pool, [handler = std::move(handler), task = std::move(task), work = log::doing()]() mutable {
            std::exception_ptr failure;
            try {
                const log::Doing doing{std::move(work)};
                task();
            } catch (...) {
                failure = std::current_exception();
            }
            task = nullptr;
            auto executor = asio::get_associated_executor(handler);
            asio::post(executor, [handler = std::move(handler), failure]() mutable { std::move(handler)(failure); });
        });
    };
    co_await asio::async_initiate<decltype(asio::use_awaitable), void(std::exception_ptr)>(
        std::move(start), asio::use_awaitable, std::move(work_to_do));
}

void Runtime::start() {
    for (auto& io : state_->io) state_->threads.emplace_back([&context = io->context] { work(context); });
}

void Runtime::run() {
    for (std::size_t i = 1; i < state_->io.size(); ++i)
        state_->threads.emplace_back([&context = state_->io[i]->context] { work(context); });
    work(state_->io.front()->context);
    for (auto& thread : state_->threads) thread.join();
    state_->threads.clear();
}

void Runtime::stop() {
    state_->stopping = true;
    for (auto& io : state_->io)
        if (io) io->context.stop();
}

bool Runtime::stopping() const { return state_->stopping; }

bool Runtime::drain(std::chrono::milliseconds patience) {
    std::unique_lock lock{state_->spawned->mutex};
    return state_->spawned->none_left.wait_for(lock, patience, [&] { return state_->spawned->count == 0; });
}

}  // namespace mobilytics::async
