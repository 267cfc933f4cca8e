#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/modules.hpp"
#include "app/settings.hpp"
#include "app/storage.hpp"
#include "platform/http/health.hpp"
#include "platform/http/rate_limit.hpp"
#include "platform/idempotency/repeats.hpp"
#include "platform/metrics/metrics.hpp"

namespace mobilytics::app {

// The whole product put together: rooms, routes and handlers of jobs, with no socket open and no job running yet.
// Without storage (the OpenAPI document) no connection is ever made.
class Product {
public:
    Product(const Settings& settings, const Storage* storage);
    ~Product();
    Product(const Product&) = delete;
    Product& operator=(const Product&) = delete;

    const clock::Clock& clock() const { return *clock_; }
    async::Runtime& runtime() { return runtime_; }
    http::Router& router() { return router_; }
    http::Readiness& readiness() { return readiness_; }
    metrics::Registry& metrics() { return metrics_; }
    Modules& modules() { return modules_; }

    // Probes and metrics: all that a process without an API answers.
    void add_operator_routes(http::Router& router, const Settings& settings);

    void start_jobs();
    // Lets running jobs end. Not from an I/O thread.
    void stop_jobs();

    // Runs one piece of work on the I/O threads to its end; what it throws is thrown here. Not from an I/O thread.
    void run(std::string name, std::function<Task<void>()> work);

    std::string openapi() const;

private:
    void add_platform_routes(const Settings& settings);
    void add_metrics();
    void add_mail_page(const Settings& settings);

    std::unique_ptr<clock::Clock> clock_;
    metrics::Registry metrics_;
    async::Runtime runtime_;
    std::shared_ptr<db::Neighbours> neighbours_ = std::make_shared<db::Neighbours>();
    db::Database database_;
    db::Database ingest_database_;
    db::Database reporting_database_;
    jobs::Queue queue_;
    std::unique_ptr<objects::Objects> objects_;
    jobs::Events events_;
    trail::Trail trail_;
    mail::Mailer mailer_;
    crypto::Sealer sealer_;
    outbound::Sender sender_;
    http::Readiness readiness_;
    Modules modules_;
    http::RateLimit rate_limit_;
    http::RateLimit stranger_limit_;
    idempotency::Repeats repeats_;
    http::Router router_;
    jobs::Runner runner_;
};

}  // namespace mobilytics::app
