#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "platform/db/migration.hpp"
#include "platform/embedded/embedded.hpp"

// Tests against a real PostgreSQL. One private cluster per test program (or the one whose socket folder is
// named by MOBILYTICS_TEST_CLUSTER), a template that is migrated once, and a database of its own for every
// test. Nothing stays behind, also when the program is killed. The namespace is `test`, since inside
// mobilytics a `testing` would hide GoogleTest's.
namespace mobilytics::test {

class DatabaseTest : public ::testing::Test {
protected:
    DatabaseTest();
    ~DatabaseTest() override;

    // As the server sees it, as the ingest role does, and as the owner, for whom row-level security holds
    // too.
    db::Database& database();
    db::Database& ingest_database();
    db::Database& reporting_database();
    db::Database& owner_database();
    std::string conninfo(embedded::Role role);

    // Stands at 2026-03-08T07:00:00Z until told otherwise.
    clock::ManualClock& clock() { return clock_; }
    async::Runtime& runtime() { return *runtime_; }

    // What a test arranges and looks at behind the server's back: as superuser, past row-level security,
    // blocking.
    void sql(const std::string& statements);
    std::optional<std::string> sql_value(const std::string& statement);

    // Runs a coroutine, or a function that gives one, on an I/O thread to its end; what it throws is thrown
    // here.
    template <class T>
    T run(Task<T> task) {
        auto result = boost::asio::co_spawn(runtime_->executor(0), std::move(task), boost::asio::use_future);
        if (result.wait_for(longest_run) != std::future_status::ready) {
            // The coroutine refers to the stack of the test, so nothing can go on.
            std::fputs("a test's coroutine did not end\n", stderr);
            std::abort();
        }
        return result.get();
    }

    template <class F>
        requires std::is_invocable_v<F>
    auto run(F function) {
        return run(function());
    }

    // The same without waiting, on that I/O thread: for what must happen at once. What the task refers to must live
    // until its future was asked.
    template <class T>
    std::future<T> start(Task<T> task, int thread) {
        return boost::asio::co_spawn(runtime_->executor(thread), std::move(task), boost::asio::use_future);
    }

    // The schema under test; a test of the platform itself may bring its own.
    virtual std::span<const db::Migration> migrations() const;

private:
    static constexpr std::chrono::minutes longest_run{3};

    db::Database& connected(std::unique_ptr<db::Database>& database, embedded::Role role);
    const std::string& name();

    clock::ManualClock clock_;
    std::unique_ptr<async::Runtime> runtime_;
    std::string name_;
    std::unique_ptr<db::Database> app_, ingest_, reporting_, owner_;
};

}  // namespace mobilytics::test
