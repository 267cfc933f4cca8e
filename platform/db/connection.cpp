#include "platform/db/connection.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/container/small_vector.hpp>
#include <format>
#include <stdexcept>

#include "platform/db/result_holder.hpp"
#include "platform/db/slow_watch.hpp"

namespace mobilytics::db {

namespace asio = boost::asio;

namespace {

// Composed SQL could make ever new texts; a connection with that many prepared statements is replaced
// instead.
constexpr std::uint64_t most_prepared = 2000;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// The server says these when it stops or was never fully up: the connection, not the statement, is at fault.
bool means_lost(std::string_view sqlstate) {
    return sqlstate.empty() || sqlstate.starts_with("08") || sqlstate == "57P01" || sqlstate == "57P02" ||
           sqlstate == "57P03" || sqlstate == "57P05" || sqlstate == "25P03";
}

std::string_view field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text ? std::string_view{text} : std::string_view{};
}

}  // namespace

ConnectionLost::ConnectionLost(std::string reason)
    : Problem{mobilytics::Kind::unavailable, "database.unavailable",
              "The database cannot be reached at the moment; try again shortly."},
      reason_{std::move(reason)} {
    retry_after_seconds = 1;
}

void Connection::CloseConnection::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

void Connection::ClearResult::operator()(pg_result* result) const noexcept { PQclear(result); }

Connection::Connection(asio::any_io_executor executor, const PoolOptions& options)
    : options_{options}, socket_{std::move(executor)}, patience_{options.statement_timeout} {}

Connection::~Connection() { disconnect(); }

bool Connection::clean() const {
    return pg_ && !broken_ && !in_flight_ && !copying_ && PQtransactionStatus(pg_.get()) == PQTRANS_IDLE;
}

bool Connection::in_transaction() const {
    return pg_ && !broken_ && !in_flight_ && !copying_ && PQtransactionStatus(pg_.get()) != PQTRANS_IDLE;
}

std::vector<Connection::Step> Connection::send(std::span<const Statement> opening,
                                               std::span<const Statement> statements) {
    if (in_flight_ || copying_) throw std::logic_error{"a database session was used by two coroutines at once"};
    std::vector<Step> steps;
    steps.reserve(opening.size() + statements.size() + 2);
    in_flight_ = true;
    statements_in_flight_ = statements.size();
    for (const Statement& statement : opening) send_one(statement, false, steps);
    for (const Statement& statement : statements) send_one(statement, true, steps);
    if (!PQpipelineSync(pg_.get())) lose(PQerrorMessage(pg_.get()));
    return steps;
}

void Connection::send_one(const Statement& statement, bool wanted, std::vector<Step>& steps) {
    std::string_view name = prepare(statement, steps);
    const Parameters& parameters = statement.parameters;
    boost::container::small_vector<const char*, 16> values;
    boost::container::small_vector<int, 16> lengths;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        auto value = parameters.value(i);
        values.push_back(value ? value->data() : nullptr);
        lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
    boost::container::small_vector<int, 16> formats(parameters.size(), 1);
    if (!PQsendQueryPrepared(pg_.get(), name.data(), static_cast<int>(parameters.size()), values.data(), lengths.data(),
                             formats.data(), 1))
        lose(PQerrorMessage(pg_.get()));
    steps.push_back({wanted ? Step::What::statement : Step::What::opening, statement.query, {}});
}

const Connection::Prepared* Connection::find_prepared(const Statement& statement) const {
    auto found = prepared_.find(statement.query->text);
    if (found == prepared_.end()) return nullptr;
    auto oids = statement.parameters.oids();
    for (const Prepared& prepared : found->second)
        if (std::ranges::equal(prepared.oids, oids)) return &prepared;
    return nullptr;
}

// The name of the statement on this connection, preceded in the pipeline by its preparation if it is new. The
// name ends with a NUL and is good until the next call.
std::string_view Connection::prepare(const Statement& statement, std::vector<Step>& steps) {
    if (const Prepared* known = find_prepared(statement)) return known->name;
    std::string text{statement.query->text};
    auto oids = statement.parameters.oids();
    std::string name = std::format("s{}", ++prepared_count_);
    if (!PQsendPrepare(pg_.get(), name.c_str(), text.c_str(), static_cast<int>(oids.size()), oids.data()))
        lose(PQerrorMessage(pg_.get()));
    steps.push_back({Step::What::preparation, statement.query, name});
    auto& of_text = prepared_[std::move(text)];
    of_text.push_back({{oids.begin(), oids.end()}, std::move(name)});
    return of_text.back().name;
}

void Connection::forget(std::string_view text, std::string_view name) {
    auto found = prepared_.find(text);
    if (found == prepared_.end()) return;
    std::erase_if(found->second, [&](const Prepared& prepared) { return name.empty() || prepared.name == name; });
    if (found->second.empty()) prepared_.erase(found);
}

Task<std::vector<Result>> Connection::exchange(std::vector<Statement> opening, std::span<const Statement> statements) {
    const SlowWatch watch{statements};
    auto steps = send(opening, statements);
    co_await flush();
    co_return co_await receive(std::move(steps));
}

Task<std::vector<Result>> Connection::receive(std::vector<Step> steps) {
    std::vector<Result> results;
    Failure failure;
    for (const Step& step : steps) {
        while (PQisBusy(pg_.get())) co_await await_input();
        ResultPointer result{PQgetResult(pg_.get())};
        if (!result) lose("the server's answer ended too early");
        take_result(std::move(result), step, results, failure);
        while (PQisBusy(pg_.get())) co_await await_input();
        if (ResultPointer more{PQgetResult(pg_.get())}) lose("the server answered a statement twice");
    }
    // A deferred constraint of a transaction without BEGIN speaks up only at the Sync, in front of its
    // result.
    while (true) {
        while (PQisBusy(pg_.get())) co_await await_input();
        ResultPointer last{PQgetResult(pg_.get())};
        if (last && PQresultStatus(last.get()) == PGRES_PIPELINE_SYNC) break;
        if (!last && PQstatus(pg_.get()) != CONNECTION_OK) lose(PQerrorMessage(pg_.get()));
        if (last && !failure) failure = failure_of(last.get(), steps.back().query->name);
        if (!failure.lost.empty()) fail(std::move(failure));
    }
    in_flight_ = false;
    if (prepared_count_ > most_prepared) broken_ = true;
    if (failure) fail(std::move(failure));
    co_return results;
}

void Connection::take_result(ResultPointer result, const Step& step, std::vector<Result>& results, Failure& failure) {
    bool prepares = step.what == Step::What::preparation;
    switch (PQresultStatus(result.get())) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK: {
            if (step.what != Step::What::statement) return;
            Result taken;
            taken.holder_ = std::make_shared<Result::Holder>(result.release());
            results.push_back(std::move(taken));
            return;
        }
        case PGRES_PIPELINE_ABORTED:
            if (prepares) forget(step.query->text, step.prepared);
            return;
        case PGRES_FATAL_ERROR:
            if (prepares) forget(step.query->text, step.prepared);
            if (!failure) failure = failure_of(result.get(), step.query->name);
            if (!failure.lost.empty()) fail(std::move(failure));
            // The table changed under a prepared plan, or a pooler gave us another server: prepare again next
            // time.
            if (failure.refusal->sqlstate() == "0A000" || failure.refusal->sqlstate() == "26000")
                forget(step.query->text, {});
            return;
        default:
            lose(std::format("{}: not a statement to run in a pipeline", step.query->name));
    }
}

Connection::Failure Connection::failure_of(const pg_result* result, std::string_view query) {
    std::string_view sqlstate = field(result, PG_DIAG_SQLSTATE);
    if (means_lost(sqlstate) || PQstatus(pg_.get()) != CONNECTION_OK) {
        std::string words = PQresultErrorMessage(result);
        return {std::nullopt, words.empty() ? "the connection ended" : words};
    }
    std::string message = std::format("{}: {} ({})", query, field(result, PG_DIAG_MESSAGE_PRIMARY), sqlstate);
    return {
        DatabaseError{std::string{sqlstate}, std::move(message), std::string{field(result, PG_DIAG_CONSTRAINT_NAME)},
                      std::string{field(result, PG_DIAG_MESSAGE_DETAIL)}},
        {}};
}

void Connection::fail(Failure failure) {
    if (failure.refusal) throw *std::move(failure.refusal);
    lose(std::move(failure.lost));
}

void Connection::lose(std::string detail) {
    broken_ = true;
    throw ConnectionLost{std::move(detail)};
}

// Sends what libpq holds back. Reads meanwhile: a server that cannot write its answers would not read on
// either.
Task<void> Connection::flush() {
    while (true) {
        int pending = PQflush(pg_.get());
        if (pending == 0) co_return;
        if (pending < 0) lose(PQerrorMessage(pg_.get()));
        co_await await_output();
    }
}

Task<void> Connection::await_input() {
    waiting_since_ = Steady::now();
    auto [error] = co_await socket_.async_wait(socket_.wait_read, as_result);
    after_wait(error);
    consume();
}

void Connection::after_wait(const boost::system::error_code& error) {
    waiting_since_.reset();
    if (overdue_) lose("the server gave no answer in time");
    if (error) throw boost::system::system_error{error};
}

void Connection::consume() {
    if (!PQconsumeInput(pg_.get())) lose(PQerrorMessage(pg_.get()));
}

void Connection::give_up_if_overdue(Steady::time_point now) noexcept {
    constexpr std::chrono::seconds grace{5};
    if (!waiting_since_ || patience_.count() == 0) return;
    auto count = static_cast<std::int64_t>(std::max<std::size_t>(statements_in_flight_, 1));
    if (now - *waiting_since_ < patience_ * count + grace) return;
    give_up();
}

void Connection::give_up() noexcept {
    overdue_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
    if (cancelling_) cancelling_->cancel(ignored);
}

}  // namespace mobilytics::db
