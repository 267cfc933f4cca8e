// COPY and recovery of a Connection: the two things that happen outside of a pipeline.
#include <libpq-fe.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <format>

#include "platform/db/connection.hpp"
#include "platform/db/result_holder.hpp"
#include "platform/db/slow_watch.hpp"

namespace mobilytics::db {

namespace asio = boost::asio;

namespace {

constexpr std::size_t copy_slice = 1024 * 1024;
constexpr std::string_view copy_header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::string_view copy_trailer{"\377\377", 2};

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

struct FreeCancel {
    void operator()(PGcancelConn* cancel) const noexcept { PQcancelFinish(cancel); }
};

}  // namespace

// Until the server takes more or has something to say, whichever comes first.
Task<void> Connection::await_output() {
    using namespace asio::experimental::awaitable_operators;
    waiting_since_ = Steady::now();
    auto first = co_await (socket_.async_wait(socket_.wait_write, as_result) ||
                           socket_.async_wait(socket_.wait_read, as_result));
    auto [error] = first.index() == 0 ? std::get<0>(first) : std::get<1>(first);
    after_wait(error);
    if (first.index() == 1) consume();
}

// COPY is not allowed in a pipeline; the transaction itself was opened in one and stays open.
Task<void> Connection::start_copy(Query query, int expected_status) {
    if (in_flight_ || copying_) throw std::logic_error{"a database session was used by two coroutines at once"};
    if (!PQexitPipelineMode(pg_.get())) lose(PQerrorMessage(pg_.get()));
    copying_ = true;
    statements_in_flight_ = 1;
    if (!PQsendQuery(pg_.get(), std::string{query.text}.c_str())) lose(PQerrorMessage(pg_.get()));
    co_await flush();
    while (PQisBusy(pg_.get())) co_await await_input();
    ResultPointer result{PQgetResult(pg_.get())};
    if (result && static_cast<int>(PQresultStatus(result.get())) == expected_status) co_return;
    if (!result || PQresultStatus(result.get()) != PGRES_FATAL_ERROR)
        lose(std::format("{}: not the COPY statement that was expected", query.name));
    Failure failure = failure_of(result.get(), query.name);
    if (failure.refusal) co_await end_copy(query);
    fail(std::move(failure));
}

// Reads to the end of the statement and goes back to the pipeline. What the server refused is thrown.
Task<std::int64_t> Connection::end_copy(Query query) {
    co_await flush();
    Failure failure;
    Result stored;
    while (true) {
        while (PQisBusy(pg_.get())) co_await await_input();
        ResultPointer result{PQgetResult(pg_.get())};
        if (!result) break;
        auto status = PQresultStatus(result.get());
        if (status == PGRES_FATAL_ERROR && !failure) failure = failure_of(result.get(), query.name);
        if (!failure.lost.empty()) fail(std::move(failure));
        if (status == PGRES_COMMAND_OK) stored.holder_ = std::make_shared<Result::Holder>(result.release());
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) lose("COPY did not end");
    }
    if (!PQenterPipelineMode(pg_.get())) lose(PQerrorMessage(pg_.get()));
    copying_ = false;
    if (failure) fail(std::move(failure));
    co_return stored.holder_ ? stored.affected() : 0;
}

Task<void> Connection::send_slice(std::string_view bytes) {
    while (true) {
        int taken = PQputCopyData(pg_.get(), bytes.data(), static_cast<int>(bytes.size()));
        if (taken < 0) lose(PQerrorMessage(pg_.get()));
        // libpq would buffer without bound; the next slice waits until the server took this one.
        co_await flush();
        if (taken == 1) co_return;
    }
}

Task<std::int64_t> Connection::copy_in(Query query, std::string_view tuples) {
    const SlowWatch watch{query.name};
    co_await start_copy(query, PGRES_COPY_IN);
    co_await send_slice(copy_header);
    for (std::size_t at = 0; at < tuples.size(); at += copy_slice) co_await send_slice(tuples.substr(at, copy_slice));
    co_await send_slice(copy_trailer);
    while (true) {
        int ended = PQputCopyEnd(pg_.get(), nullptr);
        if (ended < 0) lose(PQerrorMessage(pg_.get()));
        co_await flush();
        if (ended == 1) break;
    }
    co_return co_await end_copy(query);
}

// Length of the next slice, 0 at the end of the data.
Task<int> Connection::receive_slice(char** slice) {
    while (true) {
        int length = PQgetCopyData(pg_.get(), slice, 1);
        if (length == -2) lose(PQerrorMessage(pg_.get()));
        if (length != 0) co_return std::max(length, 0);
        co_await await_input();
    }
}

Task<std::int64_t> Connection::copy_out(Query query, std::function<Task<void>(CopyTuple)> take) {
    co_await start_copy(query, PGRES_COPY_OUT);
    std::int64_t tuples = 0;
    bool header = true;
    while (true) {
        char* slice = nullptr;
        int length = co_await receive_slice(&slice);
        if (length == 0) break;
        std::unique_ptr<char, decltype(&PQfreemem)> owned{slice, &PQfreemem};
        std::string_view bytes{slice, static_cast<std::size_t>(length)};
        // The server sends one tuple a message; the header comes with the first of them or before it.
        if (std::exchange(header, false)) bytes.remove_prefix(copy_header.size());
        if (bytes.empty() || bytes == copy_trailer) continue;
        co_await take(CopyTuple{bytes});
        ++tuples;
    }
    co_await end_copy(query);
    co_return tuples;
}

Task<void> Connection::cancel_statement() {
    std::unique_ptr<PGcancelConn, FreeCancel> cancel{PQcancelCreate(pg_.get())};
    if (!cancel || !PQcancelStart(cancel.get())) lose("the statement could not be cancelled");
    asio::posix::stream_descriptor descriptor{co_await asio::this_coro::executor};
    struct Detach {
        Connection& connection;
        asio::posix::stream_descriptor& descriptor;
        ~Detach() {
            connection.cancelling_ = nullptr;
            if (descriptor.is_open()) descriptor.release();
        }
    } detach_at_end{*this, descriptor};
    cancelling_ = &descriptor;
    auto state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        descriptor.assign(PQcancelSocket(cancel.get()));
        auto wait = state == PGRES_POLLING_WRITING ? descriptor.wait_write : descriptor.wait_read;
        auto [error] = co_await descriptor.async_wait(wait, as_result);
        descriptor.release();
        after_wait(error);
        state = PQcancelPoll(cancel.get());
        if (state == PGRES_POLLING_FAILED) lose(PQcancelErrorMessage(cancel.get()));
    }
}

// Everything up to the end of the pipeline, whatever it is.
Task<void> Connection::drain() {
    co_await flush();
    while (true) {
        while (PQisBusy(pg_.get())) co_await await_input();
        ResultPointer result{PQgetResult(pg_.get())};
        if (!result && PQstatus(pg_.get()) != CONNECTION_OK) lose("the connection ended");
        if (result && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
    }
    in_flight_ = false;
    // What was being prepared may or may not have got there.
    prepared_.clear();
}

// A cancel request that reaches the server before it has begun with the statement has no effect, so it is repeated
// until the statement has come to its end. Each has been delivered before the next thing is sent, so none can hit a
// later statement.
Task<void> Connection::cancel_and_drain() {
    constexpr std::chrono::milliseconds again_after{250};
    while (in_flight_) {
        co_await cancel_statement();
        auto waiting = std::make_shared<bool>(true);
        bool again = false;
        asio::steady_timer timer{socket_.get_executor(), again_after};
        timer.async_wait([this, waiting, &again](const boost::system::error_code& error) {
            if (error || !*waiting) return;
            again = true;
            boost::system::error_code ignored;
            socket_.cancel(ignored);
        });
        struct End {
            std::shared_ptr<bool> waiting;
            ~End() { *waiting = false; }
        } end{waiting};
        try {
            co_await drain();
        } catch (const boost::system::system_error&) {
            if (!again) throw;
        }
    }
}

Task<void> Connection::recover() {
    static constexpr Query rollback{"db.rollback", "ROLLBACK", Kind::exec};
    if (!pg_ || broken_ || copying_) lose("left in the middle of a COPY");
    co_await cancel_and_drain();
    if (PQtransactionStatus(pg_.get()) == PQTRANS_IDLE) co_return;
    std::vector<Statement> statements;
    statements.push_back(db::bind(rollback));
    co_await exchange({}, statements);
}

}  // namespace mobilytics::db
