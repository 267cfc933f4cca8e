#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/http/health.hpp"
#include "platform/http/proxies.hpp"
#include "platform/http/router.hpp"
#include "platform/http/static_files.hpp"
#include "platform/metrics/metrics.hpp"

namespace mobilytics::http {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;                        // 0: any free one; port() tells
    std::string certificate_file;                     // PEM chain; with key_file: TLS
    std::string key_file;                             // of 128 bits of strength: P-256, or RSA of 3072 bits
    std::size_t max_connections = 20000;              // more: 503 with Retry-After
    std::size_t max_header_bytes = 16 * 1024;         // 431
    std::size_t max_target_bytes = 8 * 1024;          // 414
    std::size_t max_body_bytes = 1024 * 1024;         // 413; a route may say otherwise
    std::chrono::milliseconds header_timeout{10000};  // from the first byte of a request to its last header: 408
    std::chrono::milliseconds body_timeout{30000};    // the whole body: 408
    std::chrono::milliseconds idle_timeout{75000};    // between requests: closed
    std::chrono::milliseconds write_timeout{30000};   // a client that takes no bytes for so long: closed
    std::chrono::milliseconds drain_grace{1000};      // after readiness dropped, still accepting
    std::chrono::milliseconds drain_deadline{20000};  // then requests in flight are cut
    std::vector<std::string> cors_origins;            // "https://app.example", whose pages may read answers; "*": any
    std::vector<std::string> trusted_proxies;         // networks; what these say of who asks is believed
    ProxyHeader proxy_header = ProxyHeader::x_forwarded_for;
    bool strict_transport = false;  // asks browsers for HTTPS from then on, though a proxy speaks it for us
    bool access_log = true;
    metrics::Registry* metrics = nullptr;  // counts requests and connections there
};

// Serves a router (and static files for what it does not know) on the I/O threads of a Runtime.
class Server {
public:
    Server(async::Runtime& runtime, const Router& router, Readiness& readiness, ServerOptions options,
           std::shared_ptr<const StaticFiles> files = nullptr);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Binds and starts to accept; throws std::system_error when the address cannot be had.
    void start();
    std::uint16_t port() const;

    // Readiness drops; still accepting for drain_grace; then no more; requests in flight finish with
    // "Connection: close"; idle connections close; what is left at drain_deadline is cut.
    Task<void> drain();

    std::size_t connections() const;
    std::size_t requests_in_flight() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

// Waits for SIGTERM or SIGINT and returns its number. The composition root drains then.
Task<int> stop_signal();

}  // namespace mobilytics::http
