#include <exception>
#include <format>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <thread>

#include "app/demo/demo.hpp"
#include "app/product.hpp"
#include "app/progress.hpp"
#include "app/verbs.hpp"
#include "platform/http/server.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::app {

namespace {

// "https://a.example, https://b.example"
std::vector<std::string> listed(const std::string& text) {
    std::vector<std::string> names;
    for (const auto part : std::views::split(text, ',')) {
        std::string name{std::string_view{part}};
        std::erase(name, ' ');
        if (!name.empty()) names.push_back(std::move(name));
    }
    return names;
}

http::ServerOptions server_options(const Settings& settings) {
    http::ServerOptions options;
    options.address = settings.server.address;
    options.port = settings.server.port;
    options.certificate_file = settings.server.certificate_file;
    options.key_file = settings.server.key_file;
    options.cors_origins = listed(settings.server.cors_origins);
    options.trusted_proxies = listed(settings.server.trusted_proxies);
    options.proxy_header = settings.server.proxy_header;
    options.strict_transport = settings.server.url.starts_with("https://");
    return options;
}

std::shared_ptr<const http::StaticFiles> web_pages(const Settings& settings) {
    if (settings.server.web.empty()) return nullptr;
    return std::make_shared<http::StaticFiles>(
        settings.server.web, std::vector<std::string>{"/v1", "/tiles", "/dev", "/docs", "/problems", "/.well-known"});
}

// A worker without an API still answers probes; its other routes are not there.
struct Door {
    http::Router probes;
    std::optional<http::Server> server;
};

void open(Door& door, Product& product, const Settings& settings, const ServeOptions& options) {
    const http::Router* router = &product.router();
    if (!options.api) {
        product.add_operator_routes(door.probes, settings);
        router = &door.probes;
    }
    auto server = server_options(settings);
    server.metrics = &product.metrics();
    door.server.emplace(product.runtime(), *router, product.readiness(), std::move(server),
                        options.api ? web_pages(settings) : nullptr);
    door.server->start();
}

// What the main thread waits for: a signal, or the end of the work that was asked for. The first one counts.
class Ending {
public:
    void come(int signal) {
        std::call_once(once_, [&] { signal_.set_value(signal); });
    }
    int wait() { return signal_.get_future().get(); }

private:
    std::once_flag once_;
    std::promise<int> signal_;
};

// Loads the demo beside the running server and says how to look at it. Whether nothing stood in its way.
bool show_demo(Product& product, const Settings& settings, const ServeOptions& wanted, int port, std::stop_token stop) {
    Progress progress;
    const demo::Options options{.home = settings.home,
                                .url = std::format("http://localhost:{}", port),
                                .size = wanted.size,
                                .progress = [&](std::string_view what, double share) { progress.show(what, share); }};
    try {
        const auto file = demo::load(product.runtime(), product.modules(), product.clock(), options, stop);
        progress.end();
        if (!file.loaded) return true;
        std::cout << std::format(
                         "\n  Mobilytics is ready:  {}\n"
                         "  sign in as            {}  (or {}, {})\n"
                         "  another company       {}\n"
                         "  password              {}\n\n",
                         file.url, file.owner.email, file.analyst.email, file.staff.email, file.neighbour.email,
                         file.owner.password)
                  << std::flush;
        if (wanted.live) demo::drive_on(file, product.clock(), options, stop);
        return true;
    } catch (const std::exception& failure) {
        progress.end();
        log::error("the demo came to an end", {{"why", failure.what()}});
        return false;
    }
}

}  // namespace

// Up: database, schema, product, jobs, socket. Down in reverse: readiness drops and requests in flight finish, jobs
// end, connections close, the database stops.
int serve(const Settings& settings, ServeOptions options) {
    Storage storage{settings, Storage::Use::own};
    storage.ensure_schema();
    bool demo_went_well = true;
    {
        Product product{settings, &storage};
        Door door;
        if (options.workers) product.start_jobs();
        open(door, product, settings, options);
        auto ending = std::make_shared<Ending>();
        auto signals = std::make_shared<async::Stop>();
        auto await_signal = [ending]() -> Task<void> {
            int signal = co_await http::stop_signal();
            ending->come(signal);
        };
        product.runtime().spawn("signals", await_signal, 0, signals);
        log::info("serving", {{"address", settings.server.address},
                              {"port", door.server->port()},
                              {"api", options.api},
                              {"workers", options.workers},
                              {"staff_second_factor", asks_staff_for_factor(settings) ? "required" : "optional"}});

        std::jthread demo_thread;
        if (options.demo)
            demo_thread = std::jthread{[&, port = door.server->port()](std::stop_token stop) {
                demo_went_well = show_demo(product, settings, options, port, stop);
                if (!options.stay) ending->come(0);
            }};
        int signal = ending->wait();
        signals->request();
        log::info("stopping", {{"signal", signal}});
        demo_thread = {};  // asks it to stop, and waits; the rest is loaded at the next start
        product.run("drain", [&] { return door.server->drain(); });
        if (options.workers) product.stop_jobs();
    }
    storage.stop();
    log::info("stopped");
    log::flush();
    return options.stay || demo_went_well ? 0 : 1;
}

}  // namespace mobilytics::app
