#pragma once

#include <memory>
#include <thread>
#include <utility>

#include "platform/async/task.hpp"
#include "platform/http/server.hpp"
#include "platform/http/testing/client.hpp"

namespace mobilytics::http::testing {

// A real server on a free port of 127.0.0.1, with two I/O threads.
class Loopback {
public:
    explicit Loopback(ServerOptions options = {}, std::shared_ptr<const StaticFiles> files = nullptr)
        : options_{std::move(options)}, files_{std::move(files)} {
        options_.port = 0;
        options_.access_log = false;
    }
    ~Loopback() {
        server_.reset();
        runtime_.stop();
    }

    Router router;
    Readiness readiness;

    // After the routes were added.
    void start() {
        server_ = std::make_unique<Server>(runtime_, router, readiness, options_, files_);
        server_->start();
        runtime_.start();
    }

    Server& server() { return *server_; }
    async::Runtime& runtime() { return runtime_; }
    std::uint16_t port() const { return server_->port(); }

private:
    ServerOptions options_;
    std::shared_ptr<const StaticFiles> files_;
    async::Runtime runtime_{2, 1};
    std::unique_ptr<Server> server_;
};

}  // namespace mobilytics::http::testing
