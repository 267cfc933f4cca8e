#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "platform/jobs/jobs.hpp"

namespace mobilytics::jobs {

// Who wants to know in this process that a job was committed.
struct Queue::Listeners {
    std::mutex mutex;
    std::map<const void*, std::function<void()>> calls;

    void add(const void* owner, std::function<void()> call) {
        std::lock_guard lock{mutex};
        calls[owner] = std::move(call);
    }

    void remove(const void* owner) {
        std::lock_guard lock{mutex};
        calls.erase(owner);
    }

    void tell() {
        std::lock_guard lock{mutex};
        for (const auto& [owner, call] : calls) call();
    }
};

}  // namespace mobilytics::jobs
