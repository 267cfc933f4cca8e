#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/db/connection.hpp"
#include "platform/db/database.hpp"

namespace mobilytics::db {

// The connections of one I/O thread. Everything here runs on that thread, so nothing is locked.
//
// A company that asks for much waits for itself and not the others for it: it never holds the last connection, of those
// that wait the one that holds least is served first, and while other companies come too, it holds a quarter at most.
// PostgreSQL knows no priorities: what keeps its processors free for the others is statements that have not begun.
class Pool : public std::enable_shared_from_this<Pool> {
public:
    Pool(async::Runtime& runtime, int thread, PoolOptions options);
    ~Pool();

    // A connected, clean connection for the scope's work. While the server is away it keeps trying until
    // acquire_timeout. `fresh`: never one that was open before.
    Task<Lease> acquire(Scope scope, bool fresh);

    // From the destructor of the lease. An unfinished connection recovers first, in the background.
    void release(Connection& connection);

    void close();

    async::Runtime& runtime() const { return runtime_; }

private:
    using Steady = std::chrono::steady_clock;

    // Of one company, or of all work that is nobody's or the system's.
    using Owner = std::optional<ids::Uuid>;

    struct Slot {
        std::unique_ptr<Connection> connection;
        bool taken = false;
        Owner owner;
    };

    struct Waiter {
        Pool& pool;
        Owner owner;
        boost::asio::steady_timer timer;
        Connection* given = nullptr;
        ~Waiter();
    };

    // Of one owner, never empty: however many wait, choosing among them is choosing among owners.
    struct Queue {
        Owner owner;
        std::list<Waiter*> waiters;
    };

    std::size_t held_by(const Owner& owner) const;
    std::size_t most_for_one() const;
    bool may_take(const Owner& owner) const;
    Connection* take(const Owner& owner);
    Task<Lease> wait_for_connection(Owner owner, Steady::time_point deadline);
    void enqueue(Waiter& waiter);
    void forget(Waiter& waiter);
    std::list<Queue>::iterator next_queue();
    void serve_waiters();
    Task<void> ensure_connected(Connection& connection, Steady::time_point deadline);
    Task<void> within(Steady::time_point deadline, Connection& connection, Task<void> work);
    Task<void> recover(Connection& connection);
    void give_back(Connection& connection);
    void refuse_when_closed() const;
    void watch();

    async::Runtime& runtime_;
    int thread_;
    PoolOptions options_;
    bool named_;  // the server's name has to be looked up for each connection
    std::vector<Slot> slots_;
    std::vector<Slot*> free_;  // last used first: its caches are warm
    std::list<Queue> queues_;
    boost::asio::steady_timer watch_timer_;
    bool watching_ = false;
    bool closed_ = false;
    bool reported_away_ = false;
};

}  // namespace mobilytics::db
