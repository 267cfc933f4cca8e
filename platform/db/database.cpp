#include "platform/db/database.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <span>
#include <stdexcept>

#include "platform/db/connection.hpp"
#include "platform/db/pool.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::db {

namespace asio = boost::asio;

namespace {

constexpr Query begin{"db.begin", "BEGIN", Kind::exec};
constexpr Query begin_read_only{"db.begin_read_only", "BEGIN READ ONLY", Kind::exec};
constexpr Query begin_snapshot{"db.begin_snapshot", "BEGIN ISOLATION LEVEL REPEATABLE READ", Kind::exec};
constexpr Query begin_read_only_snapshot{"db.begin_read_only_snapshot",
                                         "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Kind::exec};
constexpr Query commit_transaction{"db.commit", "COMMIT", Kind::exec};
constexpr Query rollback_transaction{"db.rollback", "ROLLBACK", Kind::exec};
constexpr Query set_scope{
    "db.set_scope", "SELECT set_config('app.company_id', $1, true), set_config('app.scope', $2, true)", Kind::one};
constexpr Query set_timeout{"db.set_timeout", "SELECT set_config('statement_timeout', $1, true)", Kind::one};

// Statements between two Syncs are one transaction without BEGIN and COMMIT, which saves the server two of
// the four statements of a read. The setting is local to it like the scope.
constexpr Query set_read_scope{"db.set_read_scope",
                               "SELECT set_config('app.company_id', $1, true), set_config('app.scope', $2, true),"
                               " set_config('transaction_read_only', 'on', true)",
                               Kind::one};

Statement scope_statement(const Query& query, const Scope& scope) {
    switch (scope.kind) {
        case Scope::Kind::company:
            return db::bind(query, ids::to_hex(scope.company), "company");
        case Scope::Kind::system:
            return db::bind(query, "", "system");
        case Scope::Kind::nobody:
            break;
    }
    return db::bind(query, "", "nobody");
}

const Query& begin_of(const TransactionOptions& options) {
    if (options.read_only) return options.repeatable_read ? begin_read_only_snapshot : begin_read_only;
    return options.repeatable_read ? begin_snapshot : begin;
}

std::vector<Statement> single(Statement statement) {
    std::vector<Statement> statements;
    statements.push_back(std::move(statement));
    return statements;
}

// Prepared for a table or a server that has changed since; another connection prepares it anew.
bool is_stale_plan(const DatabaseError& error) { return error.sqlstate() == "0A000" || error.sqlstate() == "26000"; }

}  // namespace

Lease::Lease(std::shared_ptr<Pool> pool, Connection& connection) : pool_{std::move(pool)}, connection_{&connection} {}

Lease::Lease(Lease&& other) noexcept
    : pool_{std::move(other.pool_)}, connection_{std::exchange(other.connection_, nullptr)} {}

Lease::~Lease() {
    if (connection_) pool_->release(*connection_);
}

Session::Session(Connection& connection, Scope scope, TransactionOptions options)
    : connection_{connection}, scope_{scope}, options_{options} {}

std::vector<Statement> Session::opening() {
    std::vector<Statement> statements;
    if (begun_) return statements;
    begun_ = true;
    statements.push_back(db::bind(begin_of(options_)));
    statements.push_back(scope_statement(set_scope, scope_));
    if (options_.statement_timeout) {
        statements.push_back(db::bind(set_timeout, std::to_string(options_.statement_timeout->count())));
        connection_.set_patience(*options_.statement_timeout);
    }
    return statements;
}

Task<Result> Session::run(Statement statement) {
    auto results = co_await connection_.exchange(opening(), std::span{&statement, 1});
    co_return std::move(results.front());
}

Task<std::vector<Result>> Session::run_all(std::vector<Statement> statements) {
    if (statements.empty()) co_return std::vector<Result>{};
    co_return co_await connection_.exchange(opening(), statements);
}

Task<std::int64_t> Session::copy_in(const Query& query, const CopyRows& rows) {
    if (!begun_) co_await connection_.exchange(opening(), {});
    co_return co_await connection_.copy_in(query, rows.bytes());
}

Task<std::int64_t> Session::copy_out(const Query& query, std::function<Task<void>(CopyTuple)> take) {
    if (!begun_) co_await connection_.exchange(opening(), {});
    co_return co_await connection_.copy_out(query, std::move(take));
}

struct Database::Pools {
    struct OfThread {
        asio::execution_context* context;
        asio::any_io_executor executor;
        std::shared_ptr<Pool> pool;
    };
    std::vector<OfThread> threads;

    const std::shared_ptr<Pool>& on(const asio::any_io_executor& executor) const {
        auto* context = &asio::query(executor, asio::execution::context);
        for (const OfThread& thread : threads)
            if (thread.context == context) return thread.pool;
        throw std::logic_error{"the database was used outside of the runtime's I/O threads"};
    }
};

Database::Database(async::Runtime& runtime, PoolOptions options) : pools_{std::make_unique<Pools>()} {
    for (int thread = 0; thread < runtime.io_threads(); ++thread) {
        auto executor = runtime.executor(thread);
        auto* context = &asio::query(executor, asio::execution::context);
        pools_->threads.push_back({context, executor, std::make_shared<Pool>(runtime, thread, options)});
    }
}

Database::~Database() { close(); }

void Database::close() {
    for (auto& thread : pools_->threads) asio::post(thread.executor, [pool = thread.pool] { pool->close(); });
}

Task<Lease> Database::acquire(Scope scope, bool fresh) {
    auto pool = pools_->on(co_await asio::this_coro::executor);
    co_return co_await pool->acquire(scope, fresh);
}

Task<std::vector<Result>> Database::read_all(Scope scope, std::vector<Statement> statements) {
    if (statements.empty()) co_return std::vector<Result>{};
    for (bool again = false;; again = true) {
        Lease lease = co_await acquire(scope, again);
        try {
            co_return co_await lease.connection().exchange(single(scope_statement(set_read_scope, scope)), statements);
        } catch (const ConnectionLost& lost) {
            if (again) throw;
            log::debug("a read is tried again", {{"reason", lost.reason()}});
        } catch (const DatabaseError& error) {
            if (again || !is_stale_plan(error)) throw;
        }
    }
}

Task<Result> Database::read(Scope scope, Statement statement) {
    auto results = co_await read_all(scope, single(std::move(statement)));
    co_return std::move(results.front());
}

Task<void> Database::run_alone(Statement statement) {
    Lease lease = co_await acquire(Scope::nobody(), false);
    co_await lease.connection().exchange({}, std::span{&statement, 1});
}

Task<void> Database::commit(Session& session) {
    if (session.begun_) {
        auto statements = single(db::bind(commit_transaction));
        auto results = co_await session.connection_.exchange({}, statements);
        // PostgreSQL answers COMMIT of a failed transaction with success and the word ROLLBACK.
        if (results.front().command() == "ROLLBACK")
            throw DatabaseError{"25P02", "db.commit: nothing was stored, because a statement had failed (25P02)", "",
                                ""};
    }
    for (const auto& call : session.after_commit_) call();
}

// Leaves a connection that is in no state for it to the recovery at the end of the lease.
Task<void> Database::rollback(Session& session) {
    if (!session.begun_ || !session.connection_.in_transaction()) co_return;
    auto statements = single(db::bind(rollback_transaction));
    try {
        co_await session.connection_.exchange({}, statements);
    } catch (const std::exception& failure) {
        log::debug("a rollback is left to recovery", {{"reason", failure.what()}});
    }
}

}  // namespace mobilytics::db
