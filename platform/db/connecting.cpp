// How a Connection comes about and ends.
#include <libpq-fe.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <format>
#include <string>
#include <vector>

#include "platform/db/connection.hpp"

namespace mobilytics::db {

namespace asio = boost::asio;

namespace {

// The options that the operator's conninfo carries already, to which ours are added.
std::string options_of(const std::string& conninfo) {
    std::string found;
    char* error = nullptr;
    PQconninfoOption* parsed = PQconninfoParse(conninfo.c_str(), &error);
    for (auto* option = parsed; option && option->keyword; ++option)
        if (std::string_view{option->keyword} == "options" && option->val) found = option->val;
    PQconninfoFree(parsed);
    PQfreemem(error);
    return found;
}

// Warnings of the server are of no use to a request; what matters comes as an error.
void drop_notice(void*, const PGresult*) {}

}  // namespace

void Connection::start_connecting(const std::optional<Hosts>& hosts) {
    disconnect();
    // A server whose client has gone would finish a long statement first and keep its locks; it looks up now and then.
    std::string options = std::format(
        "{} -c statement_timeout={} -c idle_in_transaction_session_timeout=300000 "
        "-c client_connection_check_interval=2000 -c timezone=UTC -c jit=off",
        options_of(options_.conninfo), options_.statement_timeout.count());
    // A host that vanished is noticed by the kernel within half a minute, also between statements.
    std::vector<const char*> keywords{
        "dbname",     "options",         "client_encoding",     "fallback_application_name",
        "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"};
    std::vector<const char*> values{
        options_.conninfo.c_str(), options.c_str(), "UTF8", "mobilytics", "1", "10", "5", "3"};
    if (hosts) {
        keywords.insert(keywords.end(), {"host", "hostaddr", "port"});
        values.insert(values.end(), {hosts->hosts.c_str(), hosts->addresses.c_str(), hosts->ports.c_str()});
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    pg_.reset(PQconnectStartParams(keywords.data(), values.data(), 1));
    if (!pg_) throw std::bad_alloc{};
    if (PQstatus(pg_.get()) == CONNECTION_BAD) lose(PQerrorMessage(pg_.get()));
}

Task<void> Connection::connect(std::optional<Hosts> hosts) {
    start_connecting(hosts);
    co_await finish_connecting();
    settle_connected();
}

Task<void> Connection::finish_connecting() {
    auto state = PGRES_POLLING_WRITING;
    while (true) {
        // libpq may replace the socket with each step (another address, another attempt), so it is lent to
        // Asio for one wait only.
        attach();
        auto wait = state == PGRES_POLLING_WRITING ? socket_.wait_write : socket_.wait_read;
        waiting_since_ = Steady::now();
        auto [error] = co_await socket_.async_wait(wait, asio::as_tuple(asio::use_awaitable));
        detach();
        after_wait(error);
        state = PQconnectPoll(pg_.get());
        if (state == PGRES_POLLING_OK) co_return;
        if (state == PGRES_POLLING_FAILED) lose(PQerrorMessage(pg_.get()));
    }
}

void Connection::settle_connected() {
    PQsetNoticeReceiver(pg_.get(), drop_notice, nullptr);
    if (PQsetnonblocking(pg_.get(), 1) != 0 || !PQenterPipelineMode(pg_.get())) lose(PQerrorMessage(pg_.get()));
    attach();
    broken_ = false;
}

void Connection::disconnect() noexcept {
    detach();
    pg_.reset();
    prepared_.clear();
    prepared_count_ = 0;
    in_flight_ = copying_ = overdue_ = false;
    waiting_since_.reset();
    broken_ = true;
}

bool Connection::alive() const {
    if (!pg_ || broken_) return false;
    char first = 0;
    auto size = ::recv(PQsocket(pg_.get()), &first, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    // Unasked a server sends changed settings (S) and notices (N), which libpq may take, or its farewell (E).
    return size > 0 && !PQsslInUse(pg_.get()) && (first == 'S' || first == 'N');
}

void Connection::attach() { socket_.assign(PQsocket(pg_.get())); }

// The descriptor belongs to libpq, which closes it; Asio must let go of it first.
void Connection::detach() noexcept {
    if (socket_.is_open()) socket_.release();
}

}  // namespace mobilytics::db
