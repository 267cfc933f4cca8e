#pragma once

#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "platform/db/database.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::db {

// Logs what took longer to answer than a limit of the whole process, also when it failed: the statements' names and the
// time. Never their parameters, which are other people's.
class SlowWatch {
public:
    using Steady = std::chrono::steady_clock;

    // 0, as at the start: nothing is logged.
    static void log_slower_than(std::chrono::milliseconds limit) { limit_of_all_.store(limit); }

    // What is watched must live as long as this does.
    explicit SlowWatch(std::span<const Statement> statements)
        : limit_{limit_of_all_.load(std::memory_order_relaxed)}, statements_{statements} {
        if (limit_.count() > 0) began_ = Steady::now();
    }
    explicit SlowWatch(std::string_view name) : SlowWatch{std::span<const Statement>{}} { name_ = name; }
    SlowWatch(const SlowWatch&) = delete;
    SlowWatch& operator=(const SlowWatch&) = delete;

    ~SlowWatch() {
        if (limit_.count() <= 0) return;
        const auto took = Steady::now() - began_;
        if (took < limit_) return;
        std::string names{name_};
        for (const Statement& statement : statements_)
            names.append(names.empty() ? "" : " ").append(statement.query->name);
        log::warn("slow statement",
                  {{"statement", names}, {"duration_ms", std::chrono::duration<double, std::milli>{took}.count()}});
    }

private:
    static inline std::atomic<std::chrono::milliseconds> limit_of_all_{};

    std::chrono::milliseconds limit_;
    std::span<const Statement> statements_;
    std::string_view name_;
    Steady::time_point began_{};
};

}  // namespace mobilytics::db
