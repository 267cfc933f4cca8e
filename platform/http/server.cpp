#include "platform/http/server.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <format>
#include <stdexcept>

#include "platform/http/connection.hpp"
#include "platform/http/lane.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Beyond the limit some connections still hear why; a flood of them is closed without a word.
constexpr std::size_t most_overloaded = 64;
constexpr std::chrono::milliseconds pause_without_descriptors{50};
constexpr std::chrono::milliseconds drain_step{20};

// Shells start programs with a low limit that the program may raise itself; each connection takes a descriptor.
void allow_descriptors(std::size_t connections) {
    constexpr rlim_t others = 256;
    const rlim_t wanted = connections + most_overloaded + others;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min(wanted, limit.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
        log::info("too few files may be open for as many connections as are allowed",
                  {{"connections", connections}, {"open_files", limit.rlim_cur}});
}

// Forward secrecy and authenticated encryption alone, the strongest first (BSI TR-02102-2, Mozilla's "intermediate"
// without DHE).
constexpr const char* ciphers_of_tls_1_2 =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
constexpr const char* ciphers_of_tls_1_3 = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";

void use_certificate(asio::ssl::context& tls, const ServerOptions& options) {
    try {
        tls.use_certificate_chain_file(options.certificate_file);
        tls.use_private_key_file(options.key_file, asio::ssl::context::pem);
    } catch (const boost::system::system_error& refused) {
        throw std::runtime_error{std::format(
            "the certificate {} or its key {} cannot be used: {} (a key needs 128 bits of strength, as P-256 or RSA of "
            "3072 bits have)",
            options.certificate_file, options.key_file, refused.code().message())};
    }
}

std::unique_ptr<asio::ssl::context> make_tls(const ServerOptions& options) {
    if (options.certificate_file.empty() && options.key_file.empty()) return nullptr;
    auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
    auto* native = tls->native_handle();
    // Nothing below 128 bits: no key of RSA under 3072 bits, no SHA-1.
    SSL_CTX_set_security_level(native, 3);
    SSL_CTX_set_options(native, SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (SSL_CTX_set_cipher_list(native, ciphers_of_tls_1_2) != 1 ||
        SSL_CTX_set_ciphersuites(native, ciphers_of_tls_1_3) != 1)
        throw std::runtime_error{"this OpenSSL lacks the ciphers of TLS that are wanted"};
    use_certificate(*tls, options);
    return tls;
}

// The registry outlives the server, which then has nothing to say.
void add_gauges(metrics::Registry& registry, const std::weak_ptr<Serving>& weak) {
    const auto sample = [&](const char* name, const char* help, std::atomic<std::size_t> Serving::* count) {
        registry.sampled(name, help, metrics::Kind::gauge, [weak, count] {
            std::vector<metrics::Sample> samples;
            if (auto serving = weak.lock()) samples.push_back({{}, static_cast<double>((*serving.*count).load())});
            return samples;
        });
    };
    sample("http_server_active_requests", "Requests that are being answered.", &Serving::in_flight);
    sample("http_server_open_connections", "Connections of clients that are open.", &Serving::connections);
}

Task<void> serve_one(std::unique_ptr<Connection> connection) {
    try {
        co_await connection->serve();
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted) log::error("connection failed", {{"what", error.what()}});
    } catch (const std::exception& exception) {
        log::error("connection failed", {{"what", exception.what()}});
    }
}

}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
    State(async::Runtime& runtime, const RouteTable& routes, Readiness& readiness, ServerOptions options,
          std::shared_ptr<const StaticFiles> files)
        : serving{std::make_shared<Serving>(runtime, routes, readiness, std::move(options), std::move(files))},
          acceptor{runtime.executor(0)} {
        if (auto* metrics = serving->options.metrics) add_gauges(*metrics, serving);
        for (int i = 0; i < runtime.io_threads(); ++i)
            lanes.push_back(std::make_shared<Lane>(serving, runtime.executor(i)));
    }

    Task<void> accept_all() {
        std::size_t turn = 0;
        while (acceptor.is_open()) {
            auto lane = lanes[turn++ % lanes.size()];
            auto [error, socket] =
                co_await acceptor.async_accept(lane->executor(), asio::as_tuple(asio::use_awaitable));
            if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
            if (error) {
                // No descriptors left, or a client that went at once: neither may end the server.
                log::warn("accept failed", {{"what", error.message()}});
                co_await async::sleep_for(pause_without_descriptors);
                continue;
            }
            take(std::move(socket), std::move(lane));
        }
    }

    void take(tcp::socket socket, std::shared_ptr<Lane> lane) {
        auto now = serving->connections.fetch_add(1);
        if (now >= serving->options.max_connections + most_overloaded) {
            serving->connections.fetch_sub(1);
            return;
        }
        bool overloaded = now >= serving->options.max_connections;
        auto executor = lane->executor();
        // The Connection joins its lane, so it is made on the lane's thread.
        asio::post(executor, [executor, overloaded, lane = std::move(lane), socket = std::move(socket)]() mutable {
            auto connection = std::make_unique<Connection>(std::move(socket), std::move(lane), overloaded);
            asio::co_spawn(executor, serve_one(std::move(connection)), asio::detached);
        });
    }

    template <class F>
    void on_each_lane(F work) {
        for (auto& lane : lanes) asio::post(lane->executor(), [lane, work] { work(*lane); });
    }

    std::shared_ptr<Serving> serving;
    tcp::acceptor acceptor;
    std::vector<std::shared_ptr<Lane>> lanes;
};

Server::Server(async::Runtime& runtime, const Router& router, Readiness& readiness, ServerOptions options,
               std::shared_ptr<const StaticFiles> files)
    : state_{std::make_shared<State>(runtime, router.table(), readiness, std::move(options), std::move(files))} {
    state_->serving->tls = make_tls(state_->serving->options);
}

Server::~Server() = default;

void Server::start() {
    auto& state = *state_;
    const auto& options = state.serving->options;
    tcp::endpoint endpoint{asio::ip::make_address(options.address), options.port};
    state.acceptor.open(endpoint.protocol());
    state.acceptor.set_option(tcp::acceptor::reuse_address{true});
    boost::system::error_code refused;
    state.acceptor.bind(endpoint, refused);
    if (refused == asio::error::address_in_use)
        throw std::runtime_error{
            std::format("port {} of {} is in use by another program", options.port, options.address)};
    if (refused) throw boost::system::system_error{refused};
    state.acceptor.listen(SOMAXCONN);
    allow_descriptors(options.max_connections);
    auto& runtime = state.serving->runtime;
    for (std::size_t i = 0; i < state.lanes.size(); ++i)
        runtime.spawn("http sweep", [lane = state.lanes[i]] { return lane->sweep(); }, static_cast<int>(i));
    runtime.spawn("http accept", [shared = state_] { return shared->accept_all(); }, 0);
}

std::uint16_t Server::port() const { return state_->acceptor.local_endpoint().port(); }
std::size_t Server::connections() const { return state_->serving->connections.load(); }
std::size_t Server::requests_in_flight() const { return state_->serving->in_flight.load(); }

Task<void> Server::drain() {
    auto state = state_;
    auto& serving = *state->serving;
    serving.readiness.drop();
    co_await async::sleep_for(serving.options.drain_grace);
    serving.closing.store(true);
    asio::post(state->acceptor.get_executor(), [state] {
        boost::system::error_code ignored;
        state->acceptor.close(ignored);
    });
    auto deadline = std::chrono::steady_clock::now() + serving.options.drain_deadline;
    while (serving.connections.load() > 0 && std::chrono::steady_clock::now() < deadline) {
        state->on_each_lane([](Lane& lane) { lane.close_connections(false); });
        co_await async::sleep_for(drain_step);
    }
    if (serving.connections.load() > 0) {
        log::warn("cutting connections that did not finish in time", {{"connections", serving.connections.load()}});
        state->on_each_lane([](Lane& lane) { lane.close_connections(true); });
    }
    state->on_each_lane([](Lane& lane) {
        lane.stop();
        lane.flush_log();
    });
}

Task<int> stop_signal() {
    asio::signal_set signals{co_await asio::this_coro::executor, SIGTERM, SIGINT};
    co_return co_await signals.async_wait(asio::use_awaitable);
}

}  // namespace mobilytics::http
