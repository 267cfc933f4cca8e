#include "platform/http/rate_limit.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "platform/http/peer.hpp"
#include "platform/http/router.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::http {

namespace {

using namespace std::chrono_literals;

const RateLimit::Steady::time_point noon{1000h};

TEST(RateLimitBucket, ServesABurstAndThenAsMuchAsFlowsIn) {
    RateLimit limit{{.requests = 10, .window = 5s}};
    for (int left = 9; left >= 0; --left) {
        const auto standing = limit.take("key_1", noon);
        EXPECT_TRUE(standing.allowed);
        EXPECT_EQ(standing.left, left);
    }
    auto refused = limit.take("key_1", noon);
    EXPECT_FALSE(refused.allowed);
    EXPECT_EQ(refused.left, 0);
    EXPECT_EQ(refused.next_in, 1s);
    EXPECT_EQ(refused.full_in, 5s);
    // Two a second.
    EXPECT_TRUE(limit.take("key_1", noon + 500ms).allowed);
    EXPECT_FALSE(limit.take("key_1", noon + 900ms).allowed);
    EXPECT_TRUE(limit.take("key_1", noon + 1000ms).allowed);
    EXPECT_EQ(limit.take("key_1", noon + 1h).left, 9);
}

TEST(RateLimitBucket, AsksForNoMoreThanOneTokenAgain) {
    RateLimit limit{{.requests = 1, .window = 60s}};
    EXPECT_TRUE(limit.take("key_1", noon).allowed);
    const auto refused = limit.take("key_1", noon + 10s);
    EXPECT_EQ(refused.next_in, 50s);
    EXPECT_TRUE(limit.take("key_1", noon + 10s + refused.next_in).allowed);
}

TEST(RateLimitBucket, IsEachCallersOwn) {
    RateLimit limit{{.requests = 1, .window = 60s}};
    EXPECT_TRUE(limit.take("key_1", noon).allowed);
    EXPECT_TRUE(limit.take("key_2", noon).allowed);
    EXPECT_FALSE(limit.take("key_1", noon).allowed);
}

TEST(RateLimitBucket, IsForgottenOnceItIsFull) {
    RateLimit limit{{.requests = 10, .window = 10s}};
    for (int i = 0; i < 100; ++i) limit.take("key_" + std::to_string(i), noon);
    EXPECT_EQ(limit.callers(), 100U);
    limit.take("other", noon + 11s);
    EXPECT_EQ(limit.callers(), 1U);
}

TEST(RateLimitBucket, ATimeThatStandsStillOrGoesBackGivesNothing) {
    RateLimit limit{{.requests = 1, .window = 60s}};
    EXPECT_TRUE(limit.take("key_1", noon).allowed);
    EXPECT_FALSE(limit.take("key_1", noon - 1h).allowed);
}

Request asked_by(const std::string& user) {
    Request request;
    request.caller.user = user;
    return request;
}

std::string header_of(const Request& request, std::string_view name) {
    for (const auto& [known, value] : request.answer_headers.all())
        if (known == name) return value;
    return "";
}

TEST(RateLimitHeaders, TellThePolicyAndWhatIsLeft) {
    RateLimit limit{{.requests = 2, .window = 10s}};
    auto request = asked_by("usr_1");
    limit.count(request);
    EXPECT_EQ(header_of(request, "RateLimit-Policy"), R"("default";q=2;w=10)");
    EXPECT_EQ(header_of(request, "RateLimit"), R"("default";r=1;t=5)");
    limit.count(request);
    try {
        limit.count(request);
        FAIL() << "the third one was let through";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.kind(), Kind::too_many);
        EXPECT_EQ(problem.code(), "http.quota_exceeded");
        EXPECT_EQ(problem.retry_after_seconds, 5);
        EXPECT_EQ(header_of(request, "RateLimit"), R"("default";r=0;t=10)");
    }
}

struct Nothing {
    bool ok = true;
};

// A key that opens nothing is a stranger's.
struct Known {
    static Known from(const Request&) { return {}; }
    static void describe(OperationDoc&) {}
};

TEST(RateLimitOfStrangers, CountsWhoShowsWhatOpensNothingByTheirNetwork) {
    Router router;
    RateLimit strangers{{.requests = 2, .window = 60s}};
    router.authenticate_with([](Request& request) -> Task<void> {
        if (request.bearer()) throw Problem{Kind::unauthenticated, "test.unknown_key", "No."};
        co_return;
    });
    router.limit_with([&](Request& request) {
        if (request.caller.user.empty()) strangers.count(request, network_of(request.peer));
    });
    router.group("test").get("/v1/thing", {.id = "test.thing"}, [](Known) -> Task<Nothing> { co_return Nothing{}; });
    const auto ask = [&](std::string peer, bool with_key) {
        Request request;
        request.peer = std::move(peer);
        if (with_key) request.headers.push_back({"Authorization", "Bearer guess"});
        std::vector<std::string> values;
        const auto match = router.table().find(Method::get, "/v1/thing", values);
        boost::asio::io_context context;
        auto answer =
            boost::asio::co_spawn(context, router.table().answer(*match.route, request), boost::asio::use_future);
        context.run();
        return answer.get().status;
    };
    EXPECT_EQ(ask("2001:db8::1", true), 401);
    EXPECT_EQ(ask("2001:db8::2", true), 401);
    EXPECT_EQ(ask("2001:db8::3", true), 429) << "of one network";
    EXPECT_EQ(ask("2001:db8::3", false), 429);
    EXPECT_EQ(ask("2001:db9::1", false), 200);
}

TEST(RateLimitHeaders, AreNotThereForStrangersAndWithoutALimit) {
    RateLimit limit{{.requests = 1, .window = 10s}};
    auto stranger = asked_by("");
    for (int i = 0; i < 5; ++i) limit.count(stranger);
    EXPECT_EQ(header_of(stranger, "RateLimit"), "");
    RateLimit none{{.requests = 0, .window = 10s}};
    auto known = asked_by("usr_1");
    for (int i = 0; i < 5; ++i) none.count(known);
    EXPECT_EQ(header_of(known, "RateLimit"), "");
}

}  // namespace

}  // namespace mobilytics::http
