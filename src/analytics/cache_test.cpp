#include "src/analytics/cache.hpp"

#include <atomic>
#include <latch>
#include <stdexcept>

#include "platform/testing/database.hpp"

namespace mobilytics::analytics {
namespace {

struct Text {
    std::string text;
    std::size_t bytes() const { return text.size(); }
};
using Texts = Cache<Text>;

class CacheTest : public test::DatabaseTest {
protected:
    Task<Texts::Made> make(std::string text, bool keep = true) {
        ++made;
        co_await async::sleep_for(std::chrono::milliseconds{20});
        if (text == "bad") throw std::runtime_error{"cannot be made"};
        co_return Texts::Made{std::make_shared<const Text>(std::move(text)), keep};
    }

    std::string get(Texts& cache, std::string key, std::string text, bool keep = true) {
        return run([&]() -> Task<std::string> {
            auto held = co_await cache.get(key, [&]() { return make(text, keep); });
            co_return held->text;
        });
    }

    std::atomic<int> made = 0;
};

TEST_F(CacheTest, a_value_is_made_once_and_kept) {
    Texts cache{1000};
    EXPECT_EQ(get(cache, "a", "one"), "one");
    EXPECT_EQ(get(cache, "a", "two"), "one");
    EXPECT_EQ(made, 1);
}

TEST_F(CacheTest, a_value_not_to_be_kept_is_handed_out_once) {
    Texts cache{1000};
    EXPECT_EQ(get(cache, "a", "one", false), "one");
    EXPECT_EQ(get(cache, "a", "two"), "two");
    EXPECT_EQ(cache.bytes(), 4U);
}

TEST_F(CacheTest, the_least_recently_used_goes_when_bytes_run_out) {
    Texts cache{30};
    get(cache, "a", std::string(12, 'a'));
    get(cache, "b", std::string(12, 'b'));
    get(cache, "a", "");
    get(cache, "c", std::string(12, 'c'));
    EXPECT_LE(cache.bytes(), 30U);
    made = 0;
    EXPECT_EQ(get(cache, "a", "new"), std::string(12, 'a'));
    EXPECT_EQ(made, 0);
    EXPECT_EQ(get(cache, "b", "new"), "new") << "b was used longest ago";
}

TEST_F(CacheTest, what_is_larger_than_the_cache_is_handed_out_and_not_kept) {
    Texts cache{10};
    EXPECT_EQ(get(cache, "a", std::string(50, 'x')), std::string(50, 'x'));
    EXPECT_EQ(cache.bytes(), 0U);
}

TEST_F(CacheTest, many_who_ask_at_once_on_several_threads_share_one_making) {
    Texts cache{1000};
    constexpr int callers = 24;
    std::atomic<int> right = 0;
    std::latch done{callers};
    for (int i = 0; i < callers; ++i)
        runtime().spawn(
            "caller",
            [&]() -> Task<void> {
                auto held = co_await cache.get("a", [&]() { return make("one"); });
                if (held->text == "one") ++right;
                done.count_down();
            },
            i);
    done.wait();
    EXPECT_EQ(right, callers);
    EXPECT_EQ(made, 1);
}

TEST_F(CacheTest, a_failure_is_the_first_callers_own_and_the_others_try_again) {
    Texts cache{1000};
    std::atomic<int> failed = 0;
    std::atomic<int> right = 0;
    constexpr int callers = 6;
    std::latch done{callers};
    for (int i = 0; i < callers; ++i)
        runtime().spawn(
            "caller",
            [&]() -> Task<void> {
                try {
                    auto held = co_await cache.get("a", [&]() { return make(made == 0 ? "bad" : "good"); });
                    if (held->text == "good") ++right;
                } catch (const std::runtime_error&) {
                    ++failed;
                }
                done.count_down();
            },
            i);
    done.wait();
    EXPECT_EQ(failed, 1);
    EXPECT_EQ(right, callers - 1);
    EXPECT_EQ(made, 2);
}

}  // namespace
}  // namespace mobilytics::analytics
