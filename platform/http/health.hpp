#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/async/task.hpp"

namespace mobilytics::http {

class Router;

// What must work before this process should get requests. drop() is the first step of a shutdown: probes fail
// while requests are still answered.
class Readiness {
public:
    static constexpr std::string_view shutdown = "shutdown";  // the check that drop() fails

    // `check` returns an empty text when all is well, else a short reason. Called at every probe.
    void add(std::string name, std::function<Task<std::string>()> check);
    void drop() { dropped_.store(true); }
    bool dropped() const { return dropped_.load(); }

    struct Finding {
        std::string name;
        std::string reason;  // why it fails; empty: it does not
    };
    Task<std::vector<Finding>> findings() const;  // one for each check; those that are well have no reason

private:
    std::atomic<bool> dropped_{false};
    std::vector<std::pair<std::string, std::function<Task<std::string>()>>> checks_;
};

// GET /livez (200 while the process serves) and GET /readyz (200, or 503 problem naming what fails); with ?verbose it
// names every check.
void add_health_routes(Router& router, Readiness& readiness);

}  // namespace mobilytics::http
