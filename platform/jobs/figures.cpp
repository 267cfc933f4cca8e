#include "platform/jobs/figures.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mobilytics::jobs {

int bucket_of(std::chrono::microseconds span) {
    const double milliseconds = static_cast<double>(span.count()) / 1000;
    if (milliseconds <= 1) return 0;
    return std::min(static_cast<int>(std::ceil(2 * std::log2(milliseconds))), buckets - 1);
}

std::chrono::milliseconds end_of_bucket(int bucket) {
    return std::chrono::milliseconds{std::llround(std::ceil(std::exp2(bucket / 2.0)))};
}

void Figures::add(clock::Instant now, const std::string& kind, std::string_view figure,
                  std::chrono::microseconds span) {
    Key key{std::chrono::floor<std::chrono::minutes>(now), kind, std::string{figure},
            static_cast<std::int16_t>(bucket_of(span))};
    std::lock_guard lock{mutex_};
    ++counted_[std::move(key)];
}

std::map<Figures::Key, std::int64_t> Figures::take() {
    std::lock_guard lock{mutex_};
    return std::exchange(counted_, {});
}

void Figures::give_back(const std::map<Key, std::int64_t>& counted) {
    std::lock_guard lock{mutex_};
    for (const auto& [key, runs] : counted) counted_[key] += runs;
}

}  // namespace mobilytics::jobs
