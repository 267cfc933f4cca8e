#include "platform/db/pool.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/db/usage.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::db {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto first_pause = 20ms;
constexpr auto longest_pause = 500ms;
constexpr auto recovery_time = 10s;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Of all pools of the process.
struct Counts {
    std::atomic<int> connections{0}, in_use{0}, waiting{0};
};
Counts counts;

void count(std::atomic<int>& of, int change) { of.fetch_add(change, std::memory_order_relaxed); }

}  // namespace

Usage usage() { return {counts.connections.load(), counts.in_use.load(), counts.waiting.load()}; }

Pool::Pool(async::Runtime& runtime, int thread, PoolOptions options)
    : runtime_{runtime},
      thread_{thread},
      options_{std::move(options)},
      named_{needs_look_up(options_.conninfo)},
      watch_timer_{runtime.executor(thread)} {
    slots_.reserve(static_cast<std::size_t>(std::max(options_.connections_per_thread, 1)));
    count(counts.connections, static_cast<int>(slots_.capacity()));
}

Pool::~Pool() { count(counts.connections, -static_cast<int>(slots_.capacity())); }

Pool::Waiter::~Waiter() {
    if (given)
        pool.give_back(*given);
    else
        pool.forget(*this);
}

Task<Lease> Pool::acquire(Scope scope, bool fresh) {
    refuse_when_closed();
    const auto now = Steady::now();
    const auto deadline = now + options_.acquire_timeout;
    const Owner owner = scope.kind == Scope::Kind::company ? Owner{scope.company} : std::nullopt;
    if (owner) options_.neighbours->note(*owner, now);
    Connection* connection = take(owner);
    Lease lease = connection ? Lease{shared_from_this(), *connection} : co_await wait_for_connection(owner, deadline);
    watch();
    if (fresh) lease.connection().disconnect();
    if (!lease.connection().alive()) co_await ensure_connected(lease.connection(), deadline);
    co_return lease;
}

std::size_t Pool::held_by(const Owner& owner) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(slots_, [&](const Slot& slot) { return slot.taken && slot.owner == owner; }));
}

std::size_t Pool::most_for_one() const {
    const bool has_neighbours = options_.neighbours->within(options_.neighbours_stay, Steady::now());
    return std::max<std::size_t>(has_neighbours ? slots_.capacity() / 4 : slots_.capacity() - 1, 1);
}

bool Pool::may_take(const Owner& owner) const { return !owner || held_by(owner) < most_for_one(); }

Connection* Pool::take(const Owner& owner) {
    if (!may_take(owner)) return nullptr;
    if (free_.empty()) {
        if (slots_.size() == slots_.capacity()) return nullptr;
        slots_.push_back({std::make_unique<Connection>(runtime_.executor(thread_), options_)});
        free_.push_back(&slots_.back());
    }
    Slot& slot = *free_.back();
    free_.pop_back();
    slot.taken = true;
    slot.owner = owner;
    count(counts.in_use, 1);
    return slot.connection.get();
}

Task<Lease> Pool::wait_for_connection(Owner owner, Steady::time_point deadline) {
    auto self = shared_from_this();
    Waiter waiter{*this, owner, asio::steady_timer{runtime_.executor(thread_), deadline}};
    enqueue(waiter);
    auto [error] = co_await waiter.timer.async_wait(as_result);
    if (waiter.given) co_return Lease{self, *std::exchange(waiter.given, nullptr)};
    refuse_when_closed();
    if (error) throw boost::system::system_error{error};
    Problem busy{mobilytics::Kind::unavailable, "database.busy",
                 "All database connections are in use; try again shortly."};
    busy.retry_after_seconds = 1;
    throw busy;
}

Task<void> Pool::ensure_connected(Connection& connection, Steady::time_point deadline) {
    Steady::duration pause = first_pause;
    while (true) {
        std::optional<ConnectionLost> lost;
        try {
            std::optional<Hosts> hosts;
            if (named_) hosts = co_await runtime_.in_background([this] { return look_up(options_.conninfo); });
            auto until = std::min(deadline, Steady::now() + options_.connect_timeout);
            co_await within(until, connection, connection.connect(hosts));
        } catch (const ConnectionLost& failure) {
            lost = failure;
        }
        if (!lost) break;
        connection.disconnect();
        if (!std::exchange(reported_away_, true))
            log::warn("the database cannot be reached", {{"reason", lost->reason()}});
        refuse_when_closed();
        if (Steady::now() + pause >= deadline) throw *lost;
        asio::steady_timer timer{runtime_.executor(thread_), pause};
        co_await timer.async_wait(asio::use_awaitable);
        pause = std::min<Steady::duration>(pause * 2, longest_pause);
    }
    if (std::exchange(reported_away_, false)) log::info("the database was reached again");
}

// The connection gives its wait up at the deadline, and the work fails with ConnectionLost.
Task<void> Pool::within(Steady::time_point deadline, Connection& connection, Task<void> work) {
    // The timer's handler may already be queued when the work ends.
    auto under_way = std::make_shared<bool>(true);
    asio::steady_timer timer{runtime_.executor(thread_), deadline};
    timer.async_wait([under_way, &connection](const boost::system::error_code& error) {
        if (!error && *under_way) connection.give_up();
    });
    struct End {
        std::shared_ptr<bool> under_way;
        ~End() { *under_way = false; }
    } end{under_way};
    co_await std::move(work);
}

void Pool::release(Connection& connection) {
    connection.set_patience(options_.statement_timeout);
    if (connection.clean() || runtime_.stopping()) return give_back(connection);
    if (connection.broken()) {
        connection.disconnect();
        return give_back(connection);
    }
    auto self = shared_from_this();
    runtime_.spawn("db.recover", [self, &connection] { return self->recover(connection); }, thread_);
}

Task<void> Pool::recover(Connection& connection) {
    bool recovered = false;
    try {
        co_await within(Steady::now() + recovery_time, connection, connection.recover());
        recovered = connection.clean();
    } catch (const std::exception& failure) {
        log::debug("a database connection is replaced", {{"reason", failure.what()}});
    }
    if (!recovered) connection.disconnect();
    give_back(connection);
}

void Pool::give_back(Connection& connection) {
    if (closed_) connection.disconnect();
    const auto slot =
        std::ranges::find(slots_, &connection, [](const Slot& candidate) { return candidate.connection.get(); });
    slot->taken = false;
    count(counts.in_use, -1);
    free_.push_back(&*slot);
    serve_waiters();
}

void Pool::enqueue(Waiter& waiter) {
    auto queue = std::ranges::find(queues_, waiter.owner, &Queue::owner);
    if (queue == queues_.end()) queue = queues_.insert(queue, {waiter.owner, {}});
    queue->waiters.push_back(&waiter);
    count(counts.waiting, 1);
}

// Nothing to do for one that was served.
void Pool::forget(Waiter& waiter) {
    const auto queue = std::ranges::find(queues_, waiter.owner, &Queue::owner);
    if (queue == queues_.end()) return;
    count(counts.waiting, -static_cast<int>(queue->waiters.remove(&waiter)));
    if (queue->waiters.empty()) queues_.erase(queue);
}

// Of those who may hold one more, the queue of the owner that holds least.
std::list<Pool::Queue>::iterator Pool::next_queue() {
    auto best = queues_.end();
    for (auto queue = queues_.begin(); queue != queues_.end(); ++queue)
        if (may_take(queue->owner) && (best == queues_.end() || held_by(queue->owner) < held_by(best->owner)))
            best = queue;
    return best;
}

void Pool::serve_waiters() {
    while (!free_.empty()) {
        const auto next = next_queue();
        if (next == queues_.end()) return;
        Waiter* waiter = next->waiters.front();
        next->waiters.pop_front();
        count(counts.waiting, -1);
        // Owners who hold equally much take turns.
        if (next->waiters.empty())
            queues_.erase(next);
        else
            queues_.splice(queues_.end(), queues_, next);
        waiter->given = take(waiter->owner);
        waiter->timer.cancel();
    }
}

void Pool::refuse_when_closed() const {
    if (closed_)
        throw Problem{mobilytics::Kind::unavailable, "database.closed", "The server is stopping; try again shortly."};
}

void Pool::close() {
    closed_ = true;
    watch_timer_.cancel();
    for (Slot* slot : free_) slot->connection->disconnect();
    for (const Queue& queue : queues_)
        for (Waiter* waiter : queue.waiters) waiter->timer.cancel();
}

// Looks once a second, only while connections are out, for one whose server went silent.
void Pool::watch() {
    if (watching_) return;
    watching_ = true;
    watch_timer_.expires_after(1s);
    watch_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        auto self = weak.lock();
        if (!self) return;
        self->watching_ = false;
        if (error || std::ranges::none_of(self->slots_, &Slot::taken)) return;
        for (auto& slot : self->slots_) slot.connection->give_up_if_overdue(Steady::now());
        self->watch();
    });
}

}  // namespace mobilytics::db
