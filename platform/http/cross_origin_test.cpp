#include "platform/http/cross_origin.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "platform/http/testing/loopback.hpp"

namespace mobilytics::http {

namespace {

using testing::Client;
using testing::Loopback;
using testing::Reply;
using testing::request;

struct Text {
    std::string text;
};

class CrossOriginTest : public ::testing::Test {
protected:
    void begin(std::vector<std::string> origins) {
        loopback = std::make_unique<Loopback>(ServerOptions{.cors_origins = std::move(origins)});
        auto group = loopback->router.group("test");
        group.get("/v1/things", {.id = "test.list"}, []() -> Task<Text> { co_return Text{"ok"}; });
        group.post("/v1/things", {.id = "test.fail"}, []() -> Task<Text> {
            throw std::runtime_error{"broken"};
            co_return Text{};
        });
        loopback->start();
    }

    Reply ask(std::string_view method, std::string_view target, std::string_view lines = {}) {
        Client client{loopback->port()};
        return client.ask(request(method, target, lines));
    }

    Reply preflight(std::string_view origin, std::string_view target = "/v1/things") {
        return ask("OPTIONS", target,
                   std::format("Origin: {}\r\nAccess-Control-Request-Method: POST\r\n"
                               "Access-Control-Request-Headers: authorization\r\n",
                               origin));
    }

    std::unique_ptr<Loopback> loopback;
};

const std::string app = "Origin: https://app.example\r\n";

TEST_F(CrossOriginTest, LetsPagesOfListedSitesRead) {
    begin({"https://app.example", "http://localhost:3000"});
    auto reply = ask("GET", "/v1/things", app);
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_NE(reply.header("Access-Control-Expose-Headers").find("RateLimit"), std::string::npos);
    EXPECT_EQ(reply.header("Vary"), "Origin");
    // So that a page can show what went wrong.
    reply = ask("POST", "/v1/things", app + "Content-Length: 0\r\n");
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(ask("GET", "/v1/none", app).header("Access-Control-Allow-Origin"), "https://app.example");
}

TEST_F(CrossOriginTest, TellsOthersNothing) {
    begin({"https://app.example"});
    for (const char* origin : {"https://evil.example", "https://app.example.evil.example", "http://app.example",
                               "https://app.example:8443", "null", "https://APP.example"}) {
        const auto reply = ask("GET", "/v1/things", std::format("Origin: {}\r\n", origin));
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "") << origin;
        EXPECT_EQ(reply.header("Vary"), "Origin");
        EXPECT_EQ(preflight(origin).status, 405) << origin;
    }
    EXPECT_EQ(ask("GET", "/v1/things").header("Access-Control-Allow-Origin"), "");
}

TEST_F(CrossOriginTest, AnswersWhatBrowsersAskBeforehand) {
    begin({"https://app.example"});
    const auto reply = preflight("https://app.example");
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(reply.header("Access-Control-Allow-Methods"), "GET, HEAD, POST");
    EXPECT_NE(reply.header("Access-Control-Allow-Headers").find("Idempotency-Key"), std::string::npos);
    EXPECT_EQ(reply.header("Access-Control-Max-Age"), "600");
    EXPECT_EQ(preflight("https://app.example", "/v1/none").status, 404);
    // Not a question of a browser.
    EXPECT_EQ(ask("OPTIONS", "/v1/things", app).status, 405);
}

TEST_F(CrossOriginTest, NeverAllowsCredentialsThatABrowserAdds) {
    for (const std::string listed : {"*", "https://app.example"}) {
        begin({listed});
        EXPECT_EQ(ask("GET", "/v1/things", app).header("Access-Control-Allow-Credentials"), "");
        EXPECT_EQ(preflight("https://app.example").header("Access-Control-Allow-Credentials"), "");
        EXPECT_EQ(ask("GET", "/v1/things", app).header("Access-Control-Allow-Origin"), listed);
    }
}

TEST_F(CrossOriginTest, IsOffUnlessAsked) {
    begin({});
    const auto reply = ask("GET", "/v1/things", app);
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(reply.header("Vary"), "");
    EXPECT_EQ(preflight("https://app.example").status, 405);
}

TEST(CrossOriginList, TakesOriginsOnly) {
    for (const char* bad :
         {"app.example", "https://", "https://app.example/", "https://*.example", "null", "", "ftp://a", "https://a b"})
        EXPECT_THROW(CrossOrigin({bad}), std::invalid_argument) << bad;
    EXPECT_NO_THROW(CrossOrigin({"https://app.example:8443", "http://[::1]:3000"}));
}

}  // namespace

}  // namespace mobilytics::http
