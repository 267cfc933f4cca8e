#include "src/webhooks/endpoint.hpp"

#include <gmock/gmock.h>

#include "platform/problem/problem.hpp"

namespace mobilytics::webhooks {
namespace {

const Instant now = clock::from_rfc3339("2026-03-08T07:00:00Z").value();

std::optional<std::string> only_https(const std::string& url) {
    if (url.starts_with("https://")) return std::nullopt;
    return "must begin with https://";
}

Endpoint made(NewEndpoint wanted) { return Endpoint::made(EndpointId::make(), std::move(wanted), now, only_https); }

std::string faults(NewEndpoint wanted) {
    try {
        made(std::move(wanted));
        return "";
    } catch (const Problem& problem) {
        std::string text;
        for (const auto& [pointer, detail] : problem.errors()) text += pointer + " " + detail + "\n";
        return text;
    }
}

TEST(Endpoints, can_be_like_this) {
    const auto endpoint = made({.url = "https://example.com/hooks", .description = ""});
    EXPECT_TRUE(endpoint.enabled);
    EXPECT_EQ(endpoint.event_types, std::nullopt);
    EXPECT_EQ(
        faults(
            {.url = "https://e.com", .event_types = std::vector<std::string>{"campaign.launched"}, .per_second = 100}),
        "");
}

TEST(Endpoints, cannot_be_like_that) {
    EXPECT_EQ(faults({.url = "http://e.com",
                      .description = std::string(201, 'x'),
                      .event_types = std::vector<std::string>{"campaign.launched", "zebra.seen", "campaign.launched"},
                      .per_second = 0}),
              "/url must begin with https://\n"
              "/description must have at most 200 characters\n"
              "/event_types/1 is no type of event\n"
              "/event_types/2 is named twice\n"
              "/per_second must be 1 to 100\n");
    EXPECT_THAT(faults({.url = "https://e.com", .event_types = std::vector<std::string>{}}),
                testing::HasSubstr("at least one type"));
}

TEST(Endpoints, change_what_is_named_and_nothing_else) {
    const auto before = made({.url = "https://e.com/a", .description = "A", .per_second = 5});
    const auto same = before.changed({}, only_https);
    EXPECT_EQ(same.version, 2);
    EXPECT_EQ(same.per_second, 5);
    const auto after = before.changed({.description = "B",
                                       .event_types = std::optional{std::vector<std::string>{"asset.created"}},
                                       .per_second = std::make_optional(std::optional<int>{})},
                                      only_https);
    EXPECT_EQ(after.per_second, std::nullopt);
    EXPECT_EQ(difference(before, after).json(),
              R"({"description":{"from":"A","to":"B"},"event_types":{"from":"all","to":"asset.created"},)"
              R"("per_second":{"from":5}})");
    EXPECT_THROW(before.changed({.url = "http://e.com"}, only_https), Problem);
}

// Many a service has its password in the path.
TEST(Endpoints, tell_the_trail_no_more_of_the_url_than_its_host) {
    const auto before = made({.url = "https://e.com:8443/T0/secret?x=y", .description = ""});
    EXPECT_EQ(before.origin(), "https://e.com:8443");
    EXPECT_THAT(made_with(before).json(), testing::Not(testing::HasSubstr("secret")));
    EXPECT_EQ(difference(before, before.changed({.url = "https://e.com:8443/other"}, only_https)).json(),
              R"({"url_path":{"to":"hidden"}})");
    EXPECT_EQ(made({.url = "https://e.com?a", .description = ""}).origin(), "https://e.com");
}

TEST(Endpoints, begin_anew_when_enabled_again) {
    auto endpoint = made({.url = "https://e.com", .description = ""});
    endpoint.failing_since = now;
    const auto off = endpoint.disabled(DisabledBecause::failing, now);
    EXPECT_FALSE(off.enabled);
    EXPECT_EQ(difference(endpoint, off).json(),
              R"({"enabled":{"from":true,"to":false},"disabled_because":{"to":"failing"}})");
    const auto on = off.enabled_again();
    EXPECT_TRUE(on.enabled);
    EXPECT_EQ(on.failing_since, std::nullopt);
    EXPECT_EQ(on.disabled_because, std::nullopt);
    EXPECT_EQ(on.version, 3);
}

}  // namespace
}  // namespace mobilytics::webhooks
