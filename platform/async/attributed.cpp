#include "platform/async/attributed.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace mobilytics::async {

namespace asio = boost::asio;

namespace {

// A coroutine goes on, wherever it was waiting, through its executor: the one place that is passed each time.
class Attributing {
public:
    Attributing(asio::any_io_executor inner, std::shared_ptr<const log::Work> work) noexcept
        : inner_{std::move(inner)}, work_{std::move(work)} {}

    template <class F>
    void execute(F task) const {
        inner_.execute([task = std::move(task), work = work_]() mutable {
            const log::Doing doing{std::move(work)};
            std::move(task)();
        });
    }

    template <class Property>
        requires asio::can_query_v<const asio::any_io_executor&, Property>
    auto query(const Property& property) const -> decltype(auto) {
        return asio::query(inner_, property);
    }

    template <class Property>
        requires asio::can_require_v<const asio::any_io_executor&, Property>
    Attributing require(const Property& property) const {
        return {asio::require(inner_, property), work_};
    }

    template <class Property>
        requires asio::can_prefer_v<const asio::any_io_executor&, Property>
    Attributing prefer(const Property& property) const {
        return {asio::prefer(inner_, property), work_};
    }

    bool operator==(const Attributing&) const noexcept = default;

private:
    asio::any_io_executor inner_;
    std::shared_ptr<const log::Work> work_;
};

// The body is a parameter, so its captures live in this frame as long as the coroutine that uses them.
Task<void> keep(std::function<Task<void>()> body) { co_await body(); }

}  // namespace

Task<void> attributed(std::shared_ptr<const log::Work> work, std::function<Task<void>()> body) {
    const auto inner = co_await asio::this_coro::executor;
    const asio::any_io_executor executor{Attributing{inner, std::move(work)}};
    co_await asio::co_spawn(executor, keep(std::move(body)), asio::use_awaitable);
}

}  // namespace mobilytics::async
