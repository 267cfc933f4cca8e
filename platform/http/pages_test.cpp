#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "platform/gzip/gzip.hpp"
#include "platform/http/testing/loopback.hpp"

// Static pages, draining, readiness.
namespace mobilytics::http {

namespace {

namespace fs = std::filesystem;
using testing::Client;
using testing::Loopback;
using testing::Reply;
using testing::request;

struct Word {
    std::string word;
};

class PagesTest : public ::testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("mobilytics_pages_" + std::to_string(::getpid()));
        fs::create_directories(folder_ / "web/assets");
        write("secret.txt", "secret");
        write("web/index.html", "<html>app</html>");
        write("web/favicon.svg", "<svg/>");
        write("web/.hidden", "hidden");
        write("web/assets/app-1a2b.js", std::string(3000, 'j'));
        write("web/assets/app-1a2b.js.br", "brotli form");
        write("web/assets/app-1a2b.js.gz", "gzip form");
        write("web/assets/lib-3c4d.js", library);
        write("web/assets/lib-3c4d.js.gz", gzip::compress(library));
        fs::create_symlink(folder_ / "secret.txt", folder_ / "web/link.txt");
        files_ = std::make_shared<StaticFiles>(folder_ / "web", std::vector<std::string>{"/v1", "/tiles", "/assets"});
        loopback_ = std::make_unique<Loopback>(ServerOptions{}, files_);
        loopback_->router.group("test").get("/v1/word", {.id = "word"}, []() -> Task<Word> { co_return Word{"yes"}; });
        loopback_->start();
    }
    void TearDown() override {
        loopback_.reset();
        fs::remove_all(folder_);
    }

    void write(const std::string& name, std::string_view text) { std::ofstream{folder_ / name} << text; }

    Reply get(std::string_view target, std::string_view lines = "") {
        Client client{loopback_->port()};
        return client.ask(request("GET", target, lines));
    }

    const std::string library = std::string(2000, 'l') + "ib";

    fs::path folder_;
    std::shared_ptr<StaticFiles> files_;
    std::unique_ptr<Loopback> loopback_;
};

TEST_F(PagesTest, TheApplicationsRoutesGetItsPage) {
    for (std::string path : {"/", "/index.html", "/campaigns", "/campaigns/cmp_1/map?from=x", "/v1x"}) {
        auto reply = get(path);
        EXPECT_EQ(reply.status, 200) << path;
        EXPECT_EQ(reply.body, "<html>app</html>") << path;
        EXPECT_EQ(reply.header("Cache-Control"), "no-cache");
        EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
    }
    auto policy = get("/").header("Content-Security-Policy");
    for (std::string part :
         {"default-src 'none'", "script-src 'self'", "worker-src 'self'", "font-src 'self'", "connect-src 'self'",
          "img-src 'self' data: blob:", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'",
          "frame-ancestors 'none'", "style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"})
        EXPECT_NE(policy.find(part), std::string::npos) << part;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
}

TEST_F(PagesTest, WhatIsMissingElsewhereIsNotThePage) {
    for (std::string path :
         {"/v1", "/v1/none", "/v1/", "/tiles/1/2/3", "/assets/gone.js", "/assets", "/robots.txt", "/campaigns/x.png"}) {
        auto reply = get(path);
        EXPECT_EQ(reply.status, 404) << path;
        EXPECT_EQ(reply.header("Content-Type"), "application/problem+json") << path;
    }
    Client client{loopback_->port()};
    EXPECT_EQ(client.ask(request("POST", "/campaigns")).status, 404);
    EXPECT_EQ(client.ask(request("GET", "/v1/word")).body, R"({"word":"yes"})");
}

TEST_F(PagesTest, NoPathLeadsOutOfTheFolder) {
    for (std::string path :
         {"/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt",
          "/assets/..%2f..%2fsecret.txt", "/....//secret.txt", "/assets/%2e%2e%2f%2e%2e%2fsecret.txt", "//etc/passwd",
          "/./secret.txt", "/link.txt", "/.hidden", "/%00/secret.txt", "/..\\secret.txt", "/assets/app-1a2b.js.br",
          "/..%5csecret.txt"}) {
        auto reply = get(path);
        EXPECT_EQ(reply.status, 404) << path;
        EXPECT_EQ(reply.body.find("secret\n"), std::string::npos);
    }
}

TEST_F(PagesTest, BuiltFormsAreChosenByTheClient) {
    const std::string path = "/assets/app-1a2b.js";
    auto brotli = get(path, "Accept-Encoding: gzip, br\r\n");
    EXPECT_EQ(brotli.body, "brotli form");
    EXPECT_EQ(brotli.header("Content-Encoding"), "br");
    EXPECT_EQ(brotli.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(brotli.header("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(brotli.header("Content-Type"), "text/javascript; charset=utf-8");
    auto gzip = get(path, "Accept-Encoding: br;q=0, gzip\r\n");
    EXPECT_EQ(gzip.body, "gzip form");
    auto plain = get(path);
    EXPECT_EQ(plain.body.size(), 3000u);
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    EXPECT_NE(brotli.header("ETag"), gzip.header("ETag"));
    EXPECT_NE(plain.header("ETag"), gzip.header("ETag"));
}

TEST_F(PagesTest, APlainFormIsUnpackedForTheFewWhoAskForIt) {
    const std::string path = "/assets/lib-3c4d.js";
    EXPECT_EQ(get(path).body, library);
    EXPECT_EQ(get(path, "Accept-Encoding: gzip\r\n").body, gzip::compress(library));
}

TEST_F(PagesTest, KnownTagsAreNotSentAgain) {
    auto tag = get("/").header("ETag");
    ASSERT_NE(tag, "");
    auto again = get("/", "If-None-Match: " + tag + "\r\n");
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.header("Cache-Control"), "no-cache");
    EXPECT_EQ(again.body, "");
}

TEST(StaticFilesFolder, MustHaveAnIndex) {
    auto folder = fs::temp_directory_path() / ("mobilytics_no_pages_" + std::to_string(::getpid()));
    EXPECT_THROW(StaticFiles(folder, {}), std::runtime_error);
    fs::create_directories(folder);
    EXPECT_THROW(StaticFiles(folder, {}), std::runtime_error);
    fs::remove_all(folder);
}

TEST(Readiness, NamesWhatFails) {
    Loopback loopback;
    add_health_routes(loopback.router, loopback.readiness);
    std::atomic<bool> well{true};
    loopback.readiness.add("database", [&]() -> Task<std::string> { co_return well ? "" : "no answer"; });
    loopback.start();
    Client client{loopback.port()};
    EXPECT_EQ(client.ask(request("GET", "/readyz")).body, R"({"status":"ok","checks":null})");
    EXPECT_EQ(client.ask(request("GET", "/livez")).body, R"({"status":"ok"})");
    well = false;
    auto reply = client.ask(request("GET", "/readyz"));
    EXPECT_EQ(reply.status, 503);
    EXPECT_NE(reply.body.find(R"({"pointer":"database","detail":"no answer"})"), std::string::npos);
    EXPECT_EQ(client.ask(request("GET", "/livez")).status, 200);
}

TEST(Drain, FinishesWhatIsInFlightAndLeavesNobodyWaiting) {
    ServerOptions options;
    options.drain_grace = std::chrono::milliseconds{1};
    Loopback loopback{options};
    add_health_routes(loopback.router, loopback.readiness);
    std::atomic<bool> entered{false};
    std::atomic<bool> leave{false};
    loopback.router.group("test").get("/v1/slow", {.id = "slow"}, [&]() -> Task<Word> {
        entered = true;
        while (!leave) co_await async::sleep_for(std::chrono::milliseconds{2});
        co_return Word{"done"};
    });
    loopback.start();
    Client idle{loopback.port()};
    Client slow{loopback.port()};
    EXPECT_EQ(idle.ask(request("GET", "/readyz")).status, 200);
    slow.send(request("GET", "/v1/slow") + request("GET", "/v1/slow"));
    while (!entered) std::this_thread::yield();

    std::atomic<bool> drained{false};
    loopback.runtime().spawn("drain", [&]() -> Task<void> {
        co_await loopback.server().drain();
        drained = true;
    });
    // The idle connection goes, the busy one stays.
    EXPECT_TRUE(idle.closed());
    EXPECT_TRUE(loopback.readiness.dropped());
    EXPECT_EQ(loopback.server().requests_in_flight(), 1u);
    EXPECT_FALSE(drained);
    leave = true;
    auto reply = slow.receive();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, R"({"word":"done"})");
    EXPECT_EQ(reply.header("Connection"), "close");
    // The request behind it was never begun, which the client can see.
    slow.end_output();
    EXPECT_TRUE(slow.closed());
    while (!drained) std::this_thread::yield();
    EXPECT_EQ(loopback.server().connections(), 0u);
}

TEST(Drain, CutsWhatDoesNotFinishByTheDeadline) {
    ServerOptions options;
    options.drain_grace = std::chrono::milliseconds{1};
    options.drain_deadline = std::chrono::milliseconds{30};
    Loopback loopback{options};
    std::atomic<bool> entered{false};
    loopback.router.group("test").get("/v1/never", {.id = "never"}, [&]() -> Task<Word> {
        entered = true;
        while (true) co_await async::sleep_for(std::chrono::milliseconds{5});
        co_return Word{};
    });
    loopback.start();
    Client client{loopback.port()};
    client.send(request("GET", "/v1/never"));
    while (!entered) std::this_thread::yield();
    loopback.runtime().spawn("drain", [&]() -> Task<void> { co_await loopback.server().drain(); });
    EXPECT_TRUE(client.closed());
}

}  // namespace

}  // namespace mobilytics::http
