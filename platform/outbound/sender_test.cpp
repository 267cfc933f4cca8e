#include "platform/outbound/sender.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <format>

#include "platform/http/testing/loopback.hpp"

namespace mobilytics::outbound {
namespace {

using namespace std::chrono_literals;
using http::Raw;

const Guard open_to_tests{.allow_http = true, .allow_loopback = true};

class SenderTest : public ::testing::Test {
protected:
    SenderTest() {
        auto group = server_.router.group("t");
        const auto bytes = [](std::string id) { return http::RouteOptions{.id = id, .body_types = {"text/plain"}}; };
        group.post("/echo", bytes("echo"), [](http::RawBody body, http::Request& request) -> Task<Raw> {
            auto seen = std::format("{} {}", request.header("X-Mark").value_or("none"), body.text);
            co_return Raw{.content_type = "text/plain", .body = std::move(seen), .status = 202};
        });
        group.post("/moved", bytes("moved"), [](http::RawBody, http::Request& request) -> Task<Raw> {
            request.answer_headers.set("Location", "/long");
            co_return Raw{.content_type = "text/plain", .body = "elsewhere", .status = 302};
        });
        group.post("/long", bytes("long"), [this](http::RawBody) -> Task<Raw> {
            ++long_answers_;
            co_return Raw{.content_type = "text/plain", .body = std::string(100'000, 'x')};
        });
        group.get("/seen", {.id = "seen", .answer_type = "text/plain"}, [](http::Request& request) -> Task<Raw> {
            auto seen = std::format("{} {}", request.header("X-Mark").value_or("none"), std::string(5000, 'y'));
            co_return Raw{.content_type = "text/plain", .body = std::move(seen)};
        });
        group.get("/gone_elsewhere", {.id = "gone_elsewhere", .answer_type = "text/plain"},
                  [](http::Request& request) -> Task<Raw> {
                      request.answer_headers.set("Location", "/seen");
                      co_return Raw{.content_type = "text/plain", .body = "elsewhere", .status = 302};
                  });
        group.post("/busy", bytes("busy"), [](http::RawBody, http::Request& request) -> Task<Raw> {
            request.answer_headers.set("Retry-After", "120");
            co_return Raw{.content_type = "text/plain", .body = "later", .status = 503};
        });
        group.post("/never", bytes("never"), [](http::RawBody) -> Task<Raw> {
            co_await async::sleep_for(1h);
            co_return Raw{.content_type = "text/plain", .body = ""};
        });
        server_.start();
    }

    Sent post(Sender& sender, std::string url) {
        Post wanted{std::move(url), {"Content-Type: text/plain", "X-Mark: here"}, "hello"};
        return boost::asio::co_spawn(server_.runtime().executor(0), sender.post(std::move(wanted)),
                                     boost::asio::use_future)
            .get();
    }

    Sent get(Sender& sender, Get wanted) {
        return boost::asio::co_spawn(server_.runtime().executor(0), sender.get(std::move(wanted)),
                                     boost::asio::use_future)
            .get();
    }

    std::string at(const std::string& path) { return std::format("http://127.0.0.1:{}{}", server_.port(), path); }

    http::testing::Loopback server_;
    std::atomic<int> long_answers_ = 0;
};

TEST_F(SenderTest, posts_and_gives_the_answer) {
    Sender sender{open_to_tests};
    const auto sent = post(sender, at("/echo"));
    EXPECT_EQ(sent.status, 202);
    EXPECT_EQ(sent.body, "here hello");
    EXPECT_EQ(sent.failure, "");
    EXPECT_EQ(sent.retry_after, std::nullopt);
}

TEST_F(SenderTest, follows_no_redirect) {
    Sender sender{open_to_tests};
    const auto sent = post(sender, at("/moved"));
    EXPECT_EQ(sent.status, 302);
    EXPECT_EQ(sent.body, "elsewhere");
    EXPECT_EQ(long_answers_, 0);
}

TEST_F(SenderTest, reads_no_more_of_an_answer_than_it_keeps) {
    Sender sender{open_to_tests};
    const auto sent = post(sender, at("/long"));
    EXPECT_EQ(sent.status, 200) << sent.failure;
    EXPECT_EQ(sent.body, std::string(4096, 'x'));
}

TEST_F(SenderTest, gets_behind_the_same_guard) {
    Sender sender{open_to_tests};
    const auto sent = get(sender, {at("/seen"), {"X-Mark: here"}});
    EXPECT_EQ(sent.status, 200) << sent.failure;
    EXPECT_EQ(sent.body.substr(0, 7), "here yy");
    EXPECT_EQ(sent.body.size(), 4096);
    EXPECT_TRUE(sent.cut);
    const auto whole = get(sender, {.url = at("/seen"), .most_body = 6000});
    EXPECT_EQ(whole.body.size(), 5005);
    EXPECT_FALSE(whole.cut);
    EXPECT_EQ(get(sender, {at("/gone_elsewhere")}).status, 302);
    Sender guarded{{.names = {"id.example.com:443:127.0.0.1"}}};
    EXPECT_EQ(get(guarded, {"https://id.example.com/"}).failure, "the address 127.0.0.1 is not public");
    EXPECT_EQ(get(guarded, {at("/seen")}).failure, "the URL must begin with https://");
}

TEST_F(SenderTest, tells_when_to_come_back) {
    Sender sender{open_to_tests};
    const auto sent = post(sender, at("/busy"));
    EXPECT_EQ(sent.status, 503);
    EXPECT_EQ(sent.retry_after, 120s);
}

TEST_F(SenderTest, a_server_that_says_nothing_holds_up_nobody_and_is_given_up) {
    auto patient = open_to_tests;
    patient.timeout = 1000ms;
    Sender sender{patient};
    Post wanted{at("/never"), {"Content-Type: text/plain"}, "hello"};
    auto stuck = boost::asio::co_spawn(server_.runtime().executor(0), sender.post(wanted), boost::asio::use_future);
    EXPECT_EQ(post(sender, at("/echo")).status, 202);
    const auto sent = stuck.get();
    EXPECT_EQ(sent.status, 0);
    EXPECT_EQ(sent.failure, "no answer within 1 s");
}

TEST_F(SenderTest, what_is_under_way_ends_with_the_sender) {
    auto sender = std::make_unique<Sender>(open_to_tests);
    Post wanted{at("/never"), {"Content-Type: text/plain"}, "hello"};
    auto stuck = boost::asio::co_spawn(server_.runtime().executor(0), sender->post(wanted), boost::asio::use_future);
    // One that is answered started after it, so that both are under way.
    EXPECT_EQ(post(*sender, at("/echo")).status, 202);
    sender.reset();
    EXPECT_EQ(stuck.get().status, 0);
}

// The name looks like any other; only where it leads is wrong, as after a change in the name server.
TEST_F(SenderTest, judges_the_address_that_a_name_leads_to) {
    for (const std::string address : {"127.0.0.1", "10.1.2.3", "169.254.169.254", "100.100.100.200", "0.0.0.0"}) {
        Sender sender{{.names = {"hooks.example.com:443:" + address}}};
        const auto sent = post(sender, "https://hooks.example.com/");
        EXPECT_EQ(sent.status, 0);
        EXPECT_EQ(sent.failure, "the address " + address + " is not public");
    }
    for (const std::string address : {"::1", "::ffff:10.0.0.1", "fd00:ec2::254", "fe80::1", "64:ff9b::a00:1"}) {
        Sender sender{{.names = {"hooks.example.com:443:[" + address + "]"}}};
        const auto sent = post(sender, "https://hooks.example.com/");
        EXPECT_EQ(sent.status, 0);
        EXPECT_EQ(sent.failure, "the address " + address + " is not public");
    }
}

TEST_F(SenderTest, without_the_tests_setting_nothing_reaches_this_machine) {
    Sender sender{{.allow_http = true, .names = {std::format("hooks.example.com:8080:127.0.0.1")}}};
    EXPECT_EQ(post(sender, "http://hooks.example.com:8080/").failure, "the address 127.0.0.1 is not public");
    EXPECT_EQ(post(sender, at("/echo")).failure, "the URL must use port 443 or 8443");
}

TEST_F(SenderTest, no_proxy_of_the_environment_is_asked) {
    ::setenv("http_proxy", "http://127.0.0.1:9", 1);
    ::setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
    Sender sender{open_to_tests};
    EXPECT_EQ(post(sender, at("/echo")).status, 202);
    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
}

TEST(Urls, are_of_public_web_servers) {
    const Guard guard;
    for (const char* fine : {"https://example.com", "https://example.com/hooks?a=b", "https://example.com:8443/",
                             "https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "HTTPS://EXAMPLE.COM/"})
        EXPECT_EQ(wrong_with(fine, guard), std::nullopt) << fine;
    struct Row {
        const char* url;
        const char* wrong;
    };
    for (const auto& [url, wrong] : {
             Row{"", "must be a URL such as https://example.com/webhooks"},
             Row{"example.com", "must be a URL such as https://example.com/webhooks"},
             Row{"https://exa mple.com", "must be a URL such as https://example.com/webhooks"},
             Row{"http://example.com/", "must begin with https://"},
             Row{"ftp://example.com/", "must begin with https://"},
             Row{"file:///etc/passwd", "must begin with https://"},
             Row{"gopher://example.com/", "must begin with https://"},
             Row{"https://user:secret@example.com/", "must not hold a user or password"},
             Row{"https://user@example.com/", "must not hold a user or password"},
             Row{"https://example.com:22/", "must use port 443 or 8443"},
             Row{"https://example.com:5432/", "must use port 443 or 8443"},
             Row{"https://localhost/", "must not lead to this machine"},
             Row{"https://x.localhost./", "must not lead to this machine"},
             Row{"https://127.0.0.1/", "must not lead to an address that is not public"},
             Row{"https://127.1/", "must not lead to an address that is not public"},
             Row{"https://2130706433/", "must not lead to an address that is not public"},
             Row{"https://0x7f000001/", "must not lead to an address that is not public"},
             Row{"https://0177.0.0.1/", "must not lead to an address that is not public"},
             Row{"https://10.0.0.1/", "must not lead to an address that is not public"},
             Row{"https://169.254.169.254/latest", "must not lead to an address that is not public"},
             Row{"https://[::1]/", "must not lead to an address that is not public"},
             Row{"https://[::ffff:10.0.0.1]/", "must not lead to an address that is not public"},
             Row{"https://[fe80::1%25eth0]/", "must not lead to an address that is not public"},
         })
        EXPECT_EQ(wrong_with(url, guard), wrong) << url;
    EXPECT_EQ(wrong_with("https://example.com/" + std::string(2000, 'x'), guard), "must have at most 2000 characters");
}

TEST(Urls, may_be_plain_in_development) {
    const Guard guard{.allow_http = true};
    EXPECT_EQ(wrong_with("http://example.com/", guard), std::nullopt);
    EXPECT_EQ(wrong_with("http://example.com:8080/", guard), std::nullopt);
    EXPECT_EQ(wrong_with("http://127.0.0.1/", guard), "must not lead to an address that is not public");
    EXPECT_EQ(wrong_with("http://127.0.0.1:1234/", open_to_tests), std::nullopt);
    EXPECT_EQ(wrong_with("http://10.0.0.1:1234/", open_to_tests), "must not lead to an address that is not public");
}

}  // namespace
}  // namespace mobilytics::outbound
