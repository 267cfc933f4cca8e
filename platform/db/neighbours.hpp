#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "platform/ids/id.hpp"

namespace mobilytics::db {

// Whether more than one company is at work in a process: shared by all its pools, of every thread and role.
class Neighbours {
public:
    using Clock = std::chrono::steady_clock;

    void note(const ids::Uuid& company, Clock::time_point now) {
        const std::uint64_t mark = ids::UuidHash{}(company);
        const auto last = last_.load(std::memory_order_relaxed);
        if (last == mark) return;
        last_.store(mark, std::memory_order_relaxed);
        if (last != 0) changed_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    }

    // Did a company come after another one, not longer ago than that?
    bool within(Clock::duration span, Clock::time_point now) const {
        const auto changed = changed_.load(std::memory_order_relaxed);
        return changed != never && now.time_since_epoch() - Clock::duration{changed} < span;
    }

private:
    static constexpr Clock::rep never = -1;
    std::atomic<std::uint64_t> last_ = 0;
    std::atomic<Clock::rep> changed_ = never;
};

}  // namespace mobilytics::db
