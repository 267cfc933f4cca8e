#include "app/product.hpp"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "app/sealing_key.hpp"
#include "platform/basemap/routes.hpp"
#include "platform/db/trouble.hpp"
#include "platform/http/openapi.hpp"
#include "platform/log/log.hpp"
#include "platform/mail/routes.hpp"
#include "src/auth/authentication.hpp"

namespace mobilytics::app {

namespace {

constexpr std::string_view api_version = "1.0.0";
constexpr std::chrono::seconds patience_with_work{5};
constexpr db::Query probe{"app.probe", "select 1", db::Kind::one};

std::unique_ptr<clock::Clock> make_clock(const Settings& settings) {
    if (settings.clock.start_at) return std::make_unique<clock::ShiftedClock>(*settings.clock.start_at);
    return std::make_unique<clock::SystemClock>();
}

int threads_or_processors(int chosen) {
    return chosen > 0 ? chosen : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::shared_ptr<const basemap::Archive> base_map(const Settings& settings) {
    if (settings.basemap.file.empty()) return nullptr;
    return basemap::open_archive(settings.basemap.file);
}

outbound::Guard guard_of(const Settings& settings) {
    return {.allow_http = settings.webhooks.allow_http,
            .allow_loopback = settings.webhooks.allow_this_machine_for_tests};
}

db::PoolOptions pool(const Settings& settings, std::string conninfo) {
    return {.conninfo = std::move(conninfo), .connections_per_thread = settings.database.connections_per_thread};
}

std::unique_ptr<objects::Objects> objects_of(const Settings& settings) {
    const auto& [endpoint, region, bucket, prefix, access_key, secret_key] = settings.objects;
    if (endpoint.empty()) return objects::in_folder(settings.home / "objects");
    return objects::in_bucket({endpoint, region, bucket, prefix, access_key, secret_key});
}

std::filesystem::path mail_folder(const Settings& settings) { return settings.home / "mail"; }

std::unique_ptr<mail::Transport> transport(const Settings& settings) {
    const auto& [url, user, password, from, starttls, ca_file] = settings.mail;
    if (url.empty()) return mail::into_folder(mail_folder(settings));
    return mail::over_smtp({url, user, password, starttls, ca_file});
}

// "https://app.example.com:8443/x" -> "app.example.com"
std::string_view host_of(std::string_view url) {
    url.remove_prefix(std::min(url.size(), url.find("://") == url.npos ? 0 : url.find("://") + 3));
    if (url.starts_with('[')) return url.substr(0, url.find(']') + 1);
    return url.substr(0, url.find_first_of(":/"));
}

}  // namespace

Product::Product(const Settings& settings, const Storage* storage)
    : clock_{make_clock(settings)},
      runtime_{threads_or_processors(settings.threads.io), threads_or_processors(settings.threads.background)},
      database_{runtime_, pool(settings, storage ? storage->app() : "")},
      ingest_database_{runtime_, pool(settings, storage ? storage->ingest() : "")},
      objects_{objects_of(settings)},
      events_{queue_},
      trail_{*clock_},
      mailer_{*clock_, mail::mailbox_from(settings.mail.from), transport(settings)},
      sealer_{storage ? sealing_key(settings) : std::string(crypto::Sealer::key_size, '\0')},
      sender_{guard_of(settings)},
      modules_{{runtime_, database_, ingest_database_, *clock_, queue_, events_, trail_, *objects_, settings, mailer_,
                pages_url(settings), sealer_, sender_}},
      runner_{runtime_, database_, *clock_, queue_, {.concurrency = settings.threads.jobs}} {
    router_.translate_with(db::passing_trouble);
    modules_.add_routes(router_);
    modules_.add_jobs(runner_);
    basemap::add_routes(router_, base_map(settings));
    add_platform_routes();
    add_mail_page(settings);
    runtime_.start();
}

// What was spawned refers to the rooms, and connections close on their own threads: so the threads end last.
Product::~Product() {
    runner_.stop();
    if (!runtime_.drain(patience_with_work)) log::warn("some work did not end in time");
    database_.close();
    ingest_database_.close();
}

void Product::add_platform_routes() {
    readiness_.add("database", [this]() -> Task<std::string> {
        co_await database_.read(db::Scope::nobody(), db::bind(probe));
        co_return "";
    });
    http::add_health_routes(router_, readiness_);
    router_.group("platform")
        .get("/openapi.json",
             {.id = "platform.openapi", .summary = "This API's description", .answer_type = "application/json"},
             [this]() -> Task<http::Raw> {
                 co_return http::Raw{.content_type = "application/json", .body = openapi()};
             });
}

// Letters may let their reader into an account: only where nobody else can ask.
void Product::add_mail_page(const Settings& settings) {
    if (settings.mail.url.empty() && mail::is_loopback(settings.server.address) &&
        mail::is_loopback(host_of(pages_url(settings))))
        mail::add_routes(router_, mail_folder(settings));
}

std::string Product::openapi() const {
    return http::openapi(router_, "Mobilytics", api_version, auth::security_schemes());
}

void Product::start_jobs() { runner_.start(); }

void Product::stop_jobs() { runner_.stop(); }

void Product::run(std::string name, std::function<Task<void>()> work) {
    std::promise<void> ended;
    auto result = ended.get_future();
    runtime_.spawn(std::move(name), [&]() -> Task<void> {
        try {
            co_await work();
            ended.set_value();
        } catch (...) {
            ended.set_exception(std::current_exception());
        }
    });
    result.get();
}

}  // namespace mobilytics::app
