#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/db/neighbours.hpp"
#include "platform/db/query.hpp"
#include "platform/db/result.hpp"
#include "platform/db/values.hpp"
#include "platform/ids/id.hpp"

// The product's way to PostgreSQL: a pool of asynchronous libpq connections per I/O thread.
//
//   auto found = co_await database.read(db::Scope::of(company), db::bind(sql::find_campaign, company, id));
//   co_await database.transaction(db::Scope::of(company), [&](db::Session& session) -> Task<void> { ... });
//
// Every statement (but for run_alone) runs inside a transaction whose row-level-security scope is set first, pipelined
// ahead of it. What can be thrown: DatabaseError (the server refused a statement), Problem unavailable
// "database.unavailable" (server away; after a commit was sent the outcome is not known) or "database.busy"
// (no free connection in time), and boost::system::system_error operation_aborted in a cancelled coroutine.
namespace mobilytics::db {

// Whose rows a transaction may touch. Row-level security compares with it; without one, no tenant row is
// visible.
struct Scope {
    enum class Kind { nobody, company, system };

    Kind kind = Kind::nobody;
    ids::Uuid company;

    template <class CompanyId>
    static Scope of(const CompanyId& id) {
        return Scope{Kind::company, id.uuid};
    }

    // Rows of all companies: sign-in, staff, the job runner. Never from a company's request.
    static Scope system() { return Scope{Kind::system, {}}; }
    static Scope nobody() { return {}; }
};

// A statement with its parameters in wire form.
struct Statement {
    const Query* query = nullptr;
    Parameters parameters;
};

template <class... P>
Statement bind(const Query& query, const P&... parameters) {
    Statement statement{&query, {}};
    (statement.parameters.add(parameters), ...);
    return statement;
}

struct TransactionOptions {
    bool read_only = false;
    bool repeatable_read = false;                                // one snapshot for all statements
    std::optional<std::chrono::milliseconds> statement_timeout;  // instead of the pool's, for this transaction
};

class Connection;

// One open transaction. Lives only inside Database::transaction; passed to other rooms' front doors when
// their work belongs to the same transaction. One statement at a time. Once a statement failed, PostgreSQL
// refuses all further ones and the transaction cannot commit, even if the exception was caught.
class Session {
public:
    Session(Connection& connection, Scope scope, TransactionOptions options = {});

    Task<Result> run(Statement statement);

    // All statements in one pipeline with one Sync; results in order. The first failure fails the whole.
    Task<std::vector<Result>> run_all(std::vector<Statement> statements);

    template <class Row, class... P>
    Task<std::vector<Row>> many(const Query& query, P... parameters) {
        Result result = co_await run(db::bind(query, parameters...));
        co_return result.template all<Row>();
    }

    template <class Row, class... P>
    Task<std::optional<Row>> optional(const Query& query, P... parameters) {
        Result result = co_await run(db::bind(query, parameters...));
        co_return result.template first<Row>();
    }

    template <class Row, class... P>
    Task<Row> one(const Query& query, P... parameters) {
        Result result = co_await run(db::bind(query, parameters...));
        co_return result.template only<Row>();
    }

    // Number of rows changed.
    template <class... P>
    Task<std::int64_t> exec(const Query& query, P... parameters) {
        Result result = co_await run(db::bind(query, parameters...));
        co_return result.affected();
    }

    // `query` is COPY ... FROM STDIN (FORMAT binary); `rows` holds the tuples. Number of rows stored. Sent in
    // slices of at most 1 MiB, waiting while the server cannot take more.
    Task<std::int64_t> copy_in(const Query& query, const CopyRows& rows);

    // `query` is COPY (...) TO STDOUT (FORMAT binary); each tuple is handed over as it arrives, and nothing
    // more is read from the server until `take` is done. What `take` throws ends the transaction. Number of
    // tuples.
    Task<std::int64_t> copy_out(const Query& query, std::function<Task<void>(CopyTuple)> take);

    // Called once the commit was acknowledged, in order, on the same thread; must not throw. Not at all after
    // a rollback.
    void after_commit(std::function<void()> call) { after_commit_.push_back(std::move(call)); }

    const Scope& scope() const { return scope_; }

private:
    friend class Database;
    std::vector<Statement> opening();

    Connection& connection_;
    Scope scope_;
    TransactionOptions options_;
    bool begun_ = false;
    std::vector<std::function<void()>> after_commit_;
};

struct PoolOptions {
    std::string conninfo;
    int connections_per_thread = 4;
    std::chrono::milliseconds statement_timeout{30000};  // 0: none
    std::chrono::milliseconds acquire_timeout{10000};
    std::chrono::milliseconds connect_timeout{5000};  // one attempt
    // A company counts as a neighbour of the others for so long after its last request; 0: they are never held back.
    std::chrono::milliseconds neighbours_stay{1000};
    std::shared_ptr<Neighbours> neighbours = std::make_shared<Neighbours>();  // of all pools that are given the same
};

class Pool;

// A connection taken from the pool; goes back when the lease ends, through recovery if it was left
// unfinished.
class Lease {
public:
    Lease(std::shared_ptr<Pool> pool, Connection& connection);
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection& connection() const { return *connection_; }

private:
    std::shared_ptr<Pool> pool_;
    Connection* connection_;
};

class Database {
public:
    Database(async::Runtime& runtime, PoolOptions options);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Read-only statements in one round trip: scope, statements, one Sync; they are one transaction. A read
    // that fails because the server went away is tried again once on a new connection.
    Task<std::vector<Result>> read_all(Scope scope, std::vector<Statement> statements);
    Task<Result> read(Scope scope, Statement statement);

    template <class Row, class... P>
    Task<std::vector<Row>> many(Scope scope, const Query& query, P... parameters) {
        Result result = co_await read(scope, db::bind(query, parameters...));
        co_return result.template all<Row>();
    }

    template <class Row, class... P>
    Task<std::optional<Row>> optional(Scope scope, const Query& query, P... parameters) {
        Result result = co_await read(scope, db::bind(query, parameters...));
        co_return result.template first<Row>();
    }

    template <class Row, class... P>
    Task<Row> one(Scope scope, const Query& query, P... parameters) {
        Result result = co_await read(scope, db::bind(query, parameters...));
        co_return result.template only<Row>();
    }

    // Commits when the body returns, rolls back when it throws. The body must use the Session for all its
    // statements. Returns what the body returns, after the commit was acknowledged.
    template <class F>
    auto transaction(Scope scope, F body, TransactionOptions options = {}) -> std::invoke_result_t<F, Session&>;

    // A statement that refuses to be in a transaction, as VACUUM does; in no scope, so that it sees no tenant's rows.
    Task<void> run_alone(Statement statement);

    // No new work from now on (Problem unavailable "database.closed"); idle connections are closed. Safe from
    // any thread. The runtime must outlive the Database.
    void close();

private:
    Task<Lease> acquire(Scope scope, bool fresh);
    Task<void> commit(Session& session);
    Task<void> rollback(Session& session);

    struct Pools;
    std::unique_ptr<Pools> pools_;
};

template <class F>
auto Database::transaction(Scope scope, F body, TransactionOptions options) -> std::invoke_result_t<F, Session&> {
    using R = typename std::invoke_result_t<F, Session&>::value_type;
    Lease lease = co_await acquire(scope, false);
    Session session{lease.connection(), scope, options};
    std::optional<std::conditional_t<std::is_void_v<R>, std::monostate, R>> value;
    std::exception_ptr failure;
    try {
        if constexpr (std::is_void_v<R>) {
            co_await body(session);
        } else {
            value.emplace(co_await body(session));
        }
        co_await commit(session);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        co_await rollback(session);
        std::rethrow_exception(failure);
    }
    if constexpr (!std::is_void_v<R>) co_return std::move(*value);
}

}  // namespace mobilytics::db
