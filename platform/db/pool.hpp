#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/db/connection.hpp"
#include "platform/db/database.hpp"

namespace mobilytics::db {

// The connections of one I/O thread. Everything here runs on that thread, so nothing is locked.
class Pool : public std::enable_shared_from_this<Pool> {
public:
    Pool(async::Runtime& runtime, int thread, PoolOptions options);

    // A connected, clean connection. While the server is away it keeps trying until acquire_timeout. `fresh`:
    // never one that was open before.
    Task<Lease> acquire(bool fresh);

    // From the destructor of the lease. An unfinished connection recovers first, in the background.
    void release(Connection& connection);

    void close();

    async::Runtime& runtime() const { return runtime_; }

private:
    using Steady = std::chrono::steady_clock;

    struct Waiter {
        Pool& pool;
        boost::asio::steady_timer timer;
        Connection* given = nullptr;
        ~Waiter();
    };

    Connection* free_connection();
    Task<Lease> wait_for_connection(Steady::time_point deadline);
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
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<Connection*> free_;  // last used first: its caches are warm
    std::list<Waiter*> waiters_;
    boost::asio::steady_timer watch_timer_;
    int leased_ = 0;
    bool watching_ = false;
    bool closed_ = false;
    bool reported_away_ = false;
};

}  // namespace mobilytics::db
