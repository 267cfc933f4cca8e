#include "platform/http/health.hpp"

#include "platform/http/router.hpp"

namespace mobilytics::http {

// Named, since clang, which builds the fuzz targets, reflects no type of an unnamed namespace.
namespace health {

struct Health {
    std::string status;
};

struct Check {
    std::string name;
    std::string status;  // "ok", or why not
};

struct Ready {
    std::string status;
    std::optional<std::vector<Check>> checks;  // when asked for
};

struct Wanted {
    std::optional<std::string> verbose;
    static constexpr json::Field about[] = {
        {.name = "verbose", .description = "With any value or none: every check is named."}};
};

}  // namespace health

using health::Health;
using health::Ready;
using health::Wanted;

void Readiness::add(std::string name, std::function<Task<std::string>()> check) {
    checks_.emplace_back(std::move(name), std::move(check));
}

Task<std::vector<Readiness::Finding>> Readiness::findings() const {
    std::vector<Finding> findings;
    findings.push_back({std::string{shutdown}, dropped() ? "the process is about to stop" : ""});
    for (const auto& [name, check] : checks_) {
        std::string reason;
        try {
            reason = co_await check();
        } catch (const std::exception& exception) {
            reason = exception.what();
        }
        findings.push_back({name, std::move(reason)});
    }
    co_return findings;
}

namespace {

std::vector<health::Check> named(const std::vector<Readiness::Finding>& findings) {
    std::vector<health::Check> checks;
    for (const auto& finding : findings)
        checks.push_back({finding.name, finding.reason.empty() ? "ok" : finding.reason});
    return checks;
}

void refuse_failing(const std::vector<Readiness::Finding>& findings) {
    std::vector<FieldError> errors;
    for (const auto& finding : findings)
        if (!finding.reason.empty()) errors.push_back({finding.name, finding.reason});
    if (!errors.empty())
        throw Problem{Kind::unavailable, "http.not_ready", "This process should not get requests now.",
                      std::move(errors)};
}

}  // namespace

void add_health_routes(Router& router, Readiness& readiness) {
    auto group = router.group("platform");
    // Without a quota: a balancer that is refused takes the process out of service.
    group.get("/livez", {.id = "platform.livez", .summary = "The process serves requests", .self_regulated = true},
              []() -> Task<Health> { co_return Health{"ok"}; });
    group.get("/readyz",
              {.id = "platform.readyz", .summary = "Everything that requests need works", .self_regulated = true},
              [&readiness](http::Query<Wanted> query) -> Task<Ready> {
                  const auto findings = co_await readiness.findings();
                  refuse_failing(findings);
                  Ready ready{.status = "ok", .checks = {}};
                  if (query->verbose) ready.checks = named(findings);
                  co_return ready;
              });
}

}  // namespace mobilytics::http
