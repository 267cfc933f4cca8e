#include <exception>
#include <format>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "app/demo/demo.hpp"
#include "app/product.hpp"
#include "app/progress.hpp"
#include "app/verbs.hpp"
#include "platform/http/server.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::app {

namespace {

http::ServerOptions server_options(const Settings& settings) {
    http::ServerOptions options;
    options.address = settings.server.address;
    options.port = settings.server.port;
    options.certificate_file = settings.server.certificate_file;
    options.key_file = settings.server.key_file;
    return options;
}

std::shared_ptr<const http::StaticFiles> web_pages(const Settings& settings) {
    if (settings.server.web.empty()) return nullptr;
    return std::make_shared<http::StaticFiles>(settings.server.web,
                                               std::vector<std::string>{"/v1", "/tiles"});
}

// A worker without an API still answers probes; its other routes are not there.
struct Door {
    http::Router probes;
    std::optional<http::Server> server;
};

void open(Door& door, Product& product, const Settings& settings, const ServeOptions& options) {
    const http::Router* router = &product.router();
    if (!options.api) {
        http::add_health_routes(door.probes, product.readiness());
        router = &door.probes;
    }
    door.server.emplace(product.runtime(), *router, product.readiness(), server_options(settings),
                        options.api ? web_pages(settings) : nullptr);
    door.server->start();
}

// Loads the demo beside the running server and says how to look at it.
void show_demo(Product& product, const Settings& settings, int port, std::stop_token stop) {
    Progress progress;
    const demo::Options options{.home = settings.home,
                                .url = std::format("http://localhost:{}", port),
                                .progress = [&](std::string_view what, double share) { progress.show(what, share); }};
    try {
        const auto file = demo::load(product.runtime(), product.modules(), product.clock(), options, stop);
        progress.end();
        if (!file.loaded) return;
        std::cout << std::format("\n  Mobilytics is ready:  {}\n  sign in as           {}  (or {}, {})\n  password             {}\n\n",
                                 file.url, file.owner.email, file.analyst.email, file.staff.email, file.owner.password)
                  << std::flush;
    } catch (const std::exception& failure) {
        progress.end();
        log::error("the demo could not be loaded", {{"why", failure.what()}});
    }
}

}  // namespace

// Up: database, schema, product, jobs, socket. Down in reverse: readiness drops and requests in flight finish, jobs
// end, connections close, the database stops.
int serve(const Settings& settings, ServeOptions options) {
    Storage storage{settings, Storage::Use::own};
    storage.migrate();
    {
        Product product{settings, &storage};
        Door door;
        if (options.workers) product.start_jobs();
        open(door, product, settings, options);
        auto stopped = std::make_shared<std::promise<int>>();
        product.runtime().spawn("signals", [stopped]() -> Task<void> {
            int signal = co_await http::stop_signal();
            stopped->set_value(signal);
        });
        log::info("serving", {{"address", settings.server.address},
                              {"port", door.server->port()},
                              {"api", options.api},
                              {"workers", options.workers}});

        std::jthread demo_thread;
        if (options.demo)
            demo_thread = std::jthread{[&, port = door.server->port(), stopped](std::stop_token stop) {
                show_demo(product, settings, port, stop);
                if (!options.stay) stopped->set_value(0);
            }};
        int signal = stopped->get_future().get();
        log::info("stopping", {{"signal", signal}});
        demo_thread = {};  // asks it to stop, and waits; the rest is loaded at the next start
        product.run("drain", [&] { return door.server->drain(); });
        if (options.workers) product.stop_jobs();
    }
    storage.stop();
    log::info("stopped");
    log::flush();
    return 0;
}

int demo(const Settings& settings) { return serve(settings, {.demo = true, .stay = false}); }

}  // namespace mobilytics::app
