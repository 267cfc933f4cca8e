#include "platform/clock/short_cache.hpp"

#include <gtest/gtest.h>

namespace mobilytics::clock {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant now{Milliseconds{1'772'000'000'000}};

TEST(ShortCache, forgets_after_its_life) {
    ShortCache<int, int> cache{seconds{5}, 10};
    cache.put(1, 7, now, cache.era());
    EXPECT_EQ(cache.find(1, now + milliseconds{4999}), 7);
    EXPECT_EQ(cache.find(1, now + seconds{5}), std::nullopt);
    EXPECT_EQ(cache.find(2, now), std::nullopt);
}

TEST(ShortCache, what_was_dropped_is_not_brought_back_by_an_older_reader) {
    ShortCache<int, int> cache{seconds{5}, 10};
    const auto read_before = cache.era();
    cache.drop(1);
    cache.put(1, 7, now, read_before);
    EXPECT_EQ(cache.find(1, now), std::nullopt);
    cache.put(1, 8, now, cache.era());
    EXPECT_EQ(cache.find(1, now), 8);
}

TEST(ShortCache, stays_within_its_bound) {
    ShortCache<int, int> cache{seconds{5}, 3};
    for (int key = 0; key < 10; ++key) cache.put(key, key, now, cache.era());
    int kept = 0;
    for (int key = 0; key < 10; ++key) kept += cache.find(key, now).has_value() ? 1 : 0;
    EXPECT_LE(kept, 3);
    EXPECT_EQ(cache.find(9, now), 9);
}

}  // namespace
}  // namespace mobilytics::clock
