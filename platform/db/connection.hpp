#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/db/database.hpp"
#include "platform/db/hosts.hpp"
#include "platform/problem/problem.hpp"

struct pg_conn;
struct pg_result;

namespace mobilytics::db {

// The server went away, or was never reached. A read is tried again; everything else reaches the caller as
// what it is: Problem unavailable "database.unavailable".
class ConnectionLost : public Problem {
public:
    explicit ConnectionLost(std::string reason);

    // libpq's words: for the log, not for clients.
    const std::string& reason() const { return reason_; }

private:
    std::string reason_;
};

// One libpq connection on one I/O thread, always in pipeline mode but for COPY. Only one coroutine uses it at
// a time; one that is left in the middle of a statement is not `clean` and must be recovered before its next
// user.
class Connection {
public:
    using Steady = std::chrono::steady_clock;

    Connection(boost::asio::any_io_executor executor, const PoolOptions& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Throws ConnectionLost with libpq's words when it does not come about.
    Task<void> connect(std::optional<Hosts> hosts);
    void disconnect() noexcept;

    // Connected, and the server has not closed its end meanwhile (one system call).
    bool alive() const;

    // No statement under way, no transaction open.
    bool clean() const;
    bool broken() const { return broken_; }

    // A transaction is open and could be given a statement.
    bool in_transaction() const;

    // `opening` and `statements` in one pipeline with one Sync; the results of `statements` in order. The
    // first failure is thrown once everything the server had to say was read, so the connection is ready for
    // the next use. The statements live in the caller's frame until the end.
    Task<std::vector<Result>> exchange(std::vector<Statement> opening, std::span<const Statement> statements);

    Task<std::int64_t> copy_in(Query query, std::string_view tuples);
    Task<std::int64_t> copy_out(Query query, std::function<Task<void>(CopyTuple)> take);

    // Cancels what runs, reads it to its end and rolls back. Throws when that cannot be done: disconnect
    // then.
    Task<void> recover();

    // Ends the wait of a coroutine that the server has left without an answer for longer than any statement
    // may take (a host that vanished, a stopped server).
    void give_up_if_overdue(Steady::time_point now) noexcept;
    void give_up() noexcept;
    void set_patience(std::chrono::milliseconds statement_timeout) { patience_ = statement_timeout; }

private:
    struct CloseConnection {
        void operator()(pg_conn* connection) const noexcept;
    };
    struct ClearResult {
        void operator()(pg_result* result) const noexcept;
    };
    using ResultPointer = std::unique_ptr<pg_result, ClearResult>;

    // A text is prepared once per connection and set of parameter types.
    struct Prepared {
        std::vector<std::uint32_t> oids;
        std::string name;
    };
    struct Step {
        enum class What { preparation, opening, statement };
        What what;
        const Query* query;
        std::string prepared;
    };
    struct Failure {
        std::optional<DatabaseError> refusal;
        std::string lost;
        explicit operator bool() const { return refusal || !lost.empty(); }
    };
    struct TextHash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    void start_connecting(const std::optional<Hosts>& hosts);
    Task<void> finish_connecting();
    void settle_connected();

    std::vector<Step> send(std::span<const Statement> opening, std::span<const Statement> statements);
    void send_one(const Statement& statement, bool wanted, std::vector<Step>& steps);
    const Prepared* find_prepared(const Statement& statement) const;
    std::string_view prepare(const Statement& statement, std::vector<Step>& steps);
    void forget(std::string_view text, std::string_view name);
    Task<std::vector<Result>> receive(std::vector<Step> steps);
    void take_result(ResultPointer result, const Step& step, std::vector<Result>& results, Failure& failure);

    Task<ResultPointer> next_result();
    Task<void> flush();
    Task<void> await_input();
    Task<void> await_output();
    void after_wait(const boost::system::error_code& error);
    void consume();

    Task<void> start_copy(Query query, int expected_status);
    Task<std::int64_t> end_copy(Query query);
    Task<void> send_slice(std::string_view bytes);
    Task<int> receive_slice(char** slice);

    Task<void> cancel_and_drain();
    Task<void> cancel_statement();
    Task<void> drain();

    Failure failure_of(const pg_result* result, std::string_view query);
    [[noreturn]] void fail(Failure failure);
    [[noreturn]] void lose(std::string detail);
    void attach();
    void detach() noexcept;

    PoolOptions options_;
    std::unique_ptr<pg_conn, CloseConnection> pg_;
    boost::asio::posix::stream_descriptor socket_;
    std::unordered_map<std::string, std::vector<Prepared>, TextHash, std::equal_to<>> prepared_;
    std::uint64_t prepared_count_ = 0;
    bool broken_ = false;
    bool in_flight_ = false;
    bool copying_ = false;
    bool overdue_ = false;
    boost::asio::posix::stream_descriptor* cancelling_ = nullptr;  // waits besides socket_ while a cancel request runs
    std::optional<Steady::time_point> waiting_since_;
    std::size_t statements_in_flight_ = 1;
    std::chrono::milliseconds patience_;
};

}  // namespace mobilytics::db
