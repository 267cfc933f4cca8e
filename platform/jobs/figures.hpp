#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "platform/clock/clock.hpp"

namespace mobilytics::jobs {

// Durations in buckets of half a power of two, from 1 ms to days: narrow enough for a percentile to be off by two
// fifths at most.
inline constexpr int buckets = 64;
int bucket_of(std::chrono::microseconds span);
std::chrono::milliseconds end_of_bucket(int bucket);

// What happened to jobs in this process since it was last written down. Safe from any thread.
class Figures {
public:
    using Key = std::tuple<clock::Instant, std::string, std::string, std::int16_t>;  // minute, kind, figure, bucket

    void add(clock::Instant now, const std::string& kind, std::string_view figure, std::chrono::microseconds span = {});

    // Everything so far; it is no longer here then.
    std::map<Key, std::int64_t> take();
    // What could not be written.
    void give_back(const std::map<Key, std::int64_t>& counted);

private:
    std::mutex mutex_;
    std::map<Key, std::int64_t> counted_;
};

}  // namespace mobilytics::jobs
