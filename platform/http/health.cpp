#include "platform/http/health.hpp"

#include "platform/http/router.hpp"

namespace mobilytics::http {

// Named, since clang, which builds the fuzz targets, reflects no type of an unnamed namespace.
namespace health {

struct Health {
    std::string status;
};

}  // namespace health

using health::Health;

void Readiness::add(std::string name, std::function<Task<std::string>()> check) {
    checks_.emplace_back(std::move(name), std::move(check));
}

Task<std::vector<Readiness::Finding>> Readiness::failing() const {
    std::vector<Finding> findings;
    if (dropped()) findings.push_back({"shutdown", "the process is about to stop"});
    for (const auto& [name, check] : checks_) {
        std::string reason;
        try {
            reason = co_await check();
        } catch (const std::exception& exception) {
            reason = exception.what();
        }
        if (!reason.empty()) findings.push_back({name, std::move(reason)});
    }
    co_return findings;
}

void add_health_routes(Router& router, Readiness& readiness) {
    auto group = router.group("platform");
    group.get("/livez", {.id = "platform.livez", .summary = "The process serves requests"},
              []() -> Task<Health> { co_return Health{"ok"}; });
    group.get("/readyz", {.id = "platform.readyz", .summary = "Everything that requests need works"},
              [&readiness]() -> Task<Health> {
                  auto findings = co_await readiness.failing();
                  if (findings.empty()) co_return Health{"ok"};
                  std::vector<FieldError> errors;
                  for (auto& finding : findings) errors.push_back({finding.name, finding.reason});
                  throw Problem{Kind::unavailable, "http.not_ready", "This process should not get requests now.",
                                std::move(errors)};
              });
}

}  // namespace mobilytics::http
