#include "app/product.hpp"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "app/sealing_key.hpp"
#include "docs/problems.hpp"
#include "platform/basemap/routes.hpp"
#include "platform/db/slow_watch.hpp"
#include "platform/db/trouble.hpp"
#include "platform/db/usage.hpp"
#include "platform/http/metrics_route.hpp"
#include "platform/http/openapi.hpp"
#include "platform/http/peer.hpp"
#include "platform/http/problem_pages.hpp"
#include "platform/http/reference.hpp"
#include "platform/jobs/counts.hpp"
#include "platform/log/log.hpp"
#include "platform/mail/routes.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/breached_passwords.hpp"
#include "src/auth/password_work.hpp"
#include "src/monitoring/checks.hpp"

namespace mobilytics::app {

namespace {

constexpr std::string_view api_version = "1.0.0";
constexpr std::chrono::seconds patience_with_work{5};

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

// All pools of the process know of the same neighbours.
db::PoolOptions pool(const Settings& settings, std::string conninfo, std::shared_ptr<db::Neighbours> neighbours) {
    return {.conninfo = std::move(conninfo),
            .connections_per_thread = settings.database.connections_per_thread,
            .neighbours = std::move(neighbours)};
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

crypto::Sealer sealer_of(const SealingKeys& keys) { return crypto::Sealer{keys.present, keys.former}; }

}  // namespace

Product::Product(const Settings& settings, const Storage* storage)
    : clock_{make_clock(settings)},
      runtime_{threads_or_processors(settings.threads.io), threads_or_processors(settings.threads.background)},
      database_{runtime_, pool(settings, storage ? storage->app() : "", neighbours_)},
      ingest_database_{runtime_, pool(settings, storage ? storage->ingest() : "", neighbours_)},
      reporting_database_{runtime_, pool(settings, storage ? storage->reporting() : "", neighbours_)},
      objects_{objects_of(settings)},
      events_{queue_},
      trail_{*clock_},
      mailer_{*clock_, mail::mailbox_from(settings.mail.from), transport(settings), &metrics_},
      sealer_{storage ? sealer_of(sealing_keys(settings))
                      : crypto::Sealer{std::string(crypto::Sealer::key_size, '\0')}},
      sender_{guard_of(settings)},
      modules_{{runtime_, database_, ingest_database_, reporting_database_, *clock_, queue_, events_, trail_, *objects_,
                settings, mailer_, pages_url(settings), sealer_, sender_, readiness_, metrics_}},
      rate_limit_{{settings.quota.requests, std::chrono::seconds{settings.quota.window_seconds}}},
      stranger_limit_{{settings.quota.anonymous_requests, std::chrono::seconds{settings.quota.window_seconds}}},
      repeats_{database_, *clock_},
      runner_{runtime_,
              database_,
              *clock_,
              queue_,
              {.concurrency = settings.threads.jobs,
               .metrics = &metrics_,
               .log_runs = true,
               .company_prefix = CompanyId::prefix}} {
    db::SlowWatch::log_slower_than(settings.database.slow_statement);
    if (!settings.passwords.breached_file.empty()) auth::refuse_breached_passwords(settings.passwords.breached_file);
    router_.translate_with(db::passing_trouble);
    router_.count_in(metrics_);
    router_.limit_with([this](http::Request& request) {
        if (request.caller.user.empty())
            stranger_limit_.count(request, http::network_of(request.peer));
        else
            rate_limit_.count(request);
    });
    router_.repeat_with([this](http::Request& request, std::function<Task<http::Response>()> run) {
        return repeats_.answer(request, std::move(run));
    });
    modules_.add_routes(router_);
    modules_.add_jobs(runner_, settings);
    runner_.every(std::chrono::hours{1}, "requests.forget_answers", [this](jobs::Job) { return repeats_.forget(); });
    basemap::add_routes(router_, base_map(settings));
    add_platform_routes(settings);
    add_metrics();
    add_mail_page(settings);
    runtime_.start();
}

// What was spawned refers to the rooms, and connections close on their own threads: so the threads end last.
Product::~Product() {
    runner_.stop();
    if (!runtime_.drain(patience_with_work)) log::warn("some work did not end in time");
    database_.close();
    ingest_database_.close();
    reporting_database_.close();
}

void Product::add_operator_routes(http::Router& router, const Settings& settings) {
    http::add_health_routes(router, readiness_);
    http::add_metrics_route(router, metrics_, settings.metrics.token);
}

void Product::add_metrics() {
    metrics::add_process(metrics_);
    metrics_.sampled("mobilytics_build_info", "Always 1; the labels say what runs.", metrics::Kind::gauge, [] {
        return std::vector<metrics::Sample>{{{{"api", std::string{api_version}}, {"compiler", __VERSION__}}, 1}};
    });
    const auto pools = [&](const char* name, const char* help, int db::Usage::* value) {
        metrics_.sampled(name, help, metrics::Kind::gauge, [value] {
            return std::vector<metrics::Sample>{{{}, static_cast<double>(db::usage().*value)}};
        });
    };
    pools("db_pool_connections", "Connections to the database that there may be.", &db::Usage::connections);
    pools("db_pool_connections_in_use", "Connections to the database that work.", &db::Usage::in_use);
    pools("db_pool_waiting", "Pieces of work that wait for a connection.", &db::Usage::waiting);
    metrics_.sampled("auth_passwords_under_way", "Passwords that are hashed, or wait to be.", metrics::Kind::gauge, [] {
        return std::vector<metrics::Sample>{{{}, static_cast<double>(auth::password_work().under_way)}};
    });
    metrics_.sampled(
        "auth_passwords_refused_total", "Passwords not hashed because too many waited.", metrics::Kind::counter,
        [] { return std::vector<metrics::Sample>{{{}, static_cast<double>(auth::password_work().refused)}}; });
    metrics_.asked("jobs_by_state", "Jobs of the whole installation by kind and state; later: ready, not yet due.",
                   metrics::Kind::gauge, [this] { return jobs::counts(database_, clock_->now()); });
    metrics_.asked("alerts_firing", "What is wrong, as the product itself judges it, by rule.", metrics::Kind::gauge,
                   [this] { return modules_.alerts.firing(); });
}

void Product::add_platform_routes(const Settings& settings) {
    monitoring::add_checks(readiness_, {database_, ingest_database_, reporting_database_}, known_schema());
    add_operator_routes(router_, settings);
    http::add_reference(router_, "Mobilytics", std::string{api_version});
    http::add_problem_pages(router_, problem_pages, status_advice);
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
