#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "platform/http/testing/loopback.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::http {

namespace {

using testing::Client;
using testing::Loopback;
using testing::Reply;
using testing::request;

struct Echo {
    std::string text;
};
struct Greeting {
    std::string hello;
};

void add_routes(Router& router) {
    auto group = router.group("test");
    group.get("/v1/hello/{name}", {.id = "test.hello"},
              [](std::string name) -> Task<Greeting> { co_return Greeting{name}; });
    group.post("/v1/echo", {.id = "test.echo", .body_limit = 1000},
               [](http::Body<Echo> body) -> Task<Created<Echo>> { co_return Created<Echo>{*body, "/v1/echo/1"}; });
    group.post(
        "/v1/raw",
        {.id = "test.raw", .body_limit = 4000, .decoded_limit = 100000, .body_types = {"application/octet-stream"}},
        [](RawBody body) -> Task<Greeting> { co_return Greeting{std::to_string(body.text.size())}; });
    group.post("/v1/stream", {.id = "test.stream", .body_limit = 8 << 20, .body_types = {"application/octet-stream"}},
               [](BodyStream body) -> Task<Greeting> {
                   std::size_t bytes = 0;
                   while (true) {
                       auto piece = co_await body.next();
                       if (piece.empty()) break;
                       bytes += piece.size();
                   }
                   co_return Greeting{std::to_string(bytes)};
               });
    group.get("/v1/boom", {.id = "test.boom"}, []() -> Task<Greeting> { throw std::runtime_error("secret text"); });
    group.get("/v1/odd", {.id = "test.odd"}, []() -> Task<Greeting> { throw 7; });
    group.remove("/v1/things/{n}", {.id = "test.remove"}, [](int) -> Task<NoContent> { co_return NoContent{}; });
    group.post("/v1/unread", {.id = "test.unread"}, []() -> Task<Greeting> { co_return Greeting{"not read"}; });
    group.get("/v1/big", {.id = "test.big"}, []() -> Task<Greeting> { co_return Greeting{std::string(5000, 'x')}; });
    group.get("/v1/huge", {.id = "test.huge"},
              []() -> Task<Greeting> { co_return Greeting{std::string(3 << 20, 'y')}; });
    group.get("/v1/pieces", {.id = "test.pieces", .answer_type = "text/csv"}, []() -> Task<Streamed> {
        co_return Streamed{"text/csv", [](Sink& sink) -> Task<void> {
                               for (int i = 0; i < 3; ++i) co_await sink.write("row\n");
                           }};
    });
    group.get("/v1/download", {.id = "test.download", .answer_type = "text/csv"}, []() -> Task<Streamed> {
        co_return Streamed{"text/csv", [](Sink& sink) -> Task<void> { co_await sink.write("row\n"); },
                           "a\"; filename=\"evil.exe\r\nX-Evil: 1\\\xC3\xA9.csv"};
    });
    group.get("/v1/late", {.id = "test.late", .answer_type = "text/csv"}, []() -> Task<Streamed> {
        co_return Streamed{"text/csv", [](Sink&) -> Task<void> {
                               throw Problem{Kind::gone, "test.gone", "It went away."};
                               co_return;
                           }};
    });
    group.get("/v1/tagged", {.id = "test.tagged"},
              []() -> Task<Tagged<Greeting>> { co_return Tagged<Greeting>{{std::string(2000, 't')}, "7"}; });
    group.get("/v1/cookie", {.id = "test.cookie"}, [](Request& of) -> Task<Greeting> {
        of.answer_headers.add("Set-Cookie", "a=1\r\nX-Evil: 1");
        of.answer_headers.add("Set-Cookie", "b=2");
        co_return Greeting{of.peer};
    });
}

class ServerTest : public ::testing::Test {
protected:
    void SetUp() override {
        add_routes(loopback.router);
        loopback.start();
    }

    Reply ask(std::string_view bytes) {
        Client client{loopback.port()};
        return client.ask(bytes);
    }

    Loopback loopback;
};

TEST_F(ServerTest, AnswersJson) {
    auto reply = ask(request("GET", "/v1/hello/Zo%C3%AB"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, R"({"hello":"Zoë"})");
    EXPECT_EQ(reply.header("Content-Type"), "application/json");
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(reply.header("Cache-Control"), "no-store");
    EXPECT_EQ(reply.header("Strict-Transport-Security"), "");
    EXPECT_NE(reply.header("Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(reply.header("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_NE(reply.header("Permissions-Policy"), "");
    EXPECT_NE(reply.header("Referrer-Policy"), "");
    EXPECT_TRUE(reply.header("Date").ends_with(" GMT"));
}

TEST_F(ServerTest, CreatedHasItsLocation) {
    auto reply = ask(request("POST", "/v1/echo", "Content-Type: application/json\r\n", R"({"text":"hi"})"));
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(reply.header("Location"), "/v1/echo/1");
    EXPECT_EQ(reply.body, R"({"text":"hi"})");
}

TEST_F(ServerTest, EveryRefusalIsAProblemDocument) {
    struct Case {
        const char* name;
        std::string bytes;
        int status;
        const char* code;
    };
    const std::string json = "Content-Type: application/json\r\n";
    const std::string big(1001, 'x');
    const Case cases[] = {
        {"unknown path", request("GET", "/v1/none"), 404, "http.not_found"},
        {"parameter of the wrong type", request("DELETE", "/v1/things/12abc"), 404, "http.not_found"},
        {"method of no route", request("GET", "/v1/echo"), 405, "http.method_not_allowed"},
        {"method nobody knows", request("BREW", "/v1/echo"), 501, "http.method_unknown"},
        {"trace", request("TRACE", "/v1/echo"), 501, "http.method_unknown"},
        {"no content type", request("POST", "/v1/echo", "", "{}"), 415, "http.unsupported_media_type"},
        {"another content type", request("POST", "/v1/echo", "Content-Type: text/plain\r\n", "{}"), 415,
         "http.unsupported_media_type"},
        {"another charset", request("POST", "/v1/echo", "Content-Type: application/json; charset=latin1\r\n", "{}"),
         415, "http.unsupported_media_type"},
        {"empty body", request("POST", "/v1/echo", json + "Content-Length: 0\r\n"), 400, "http.empty_body"},
        {"not JSON", request("POST", "/v1/echo", json, "{"), 400, "http.malformed_json"},
        {"key missing", request("POST", "/v1/echo", json, "{}"), 422, "http.invalid_body"},
        {"key unknown", request("POST", "/v1/echo", json, R"({"text":"a","more":1})"), 422, "http.invalid_body"},
        {"wrong type", request("POST", "/v1/echo", json, R"({"text":5})"), 422, "http.invalid_body"},
        {"body over the route's limit", request("POST", "/v1/echo", json, big), 413, "http.too_large"},
        {"unknown coding", request("POST", "/v1/echo", json + "Content-Encoding: br\r\n", "{}"), 415,
         "http.unsupported_encoding"},
        {"unknown expectation", request("POST", "/v1/echo", json + "Expect: luck\r\n", "{}"), 417,
         "http.expectation_unknown"},
        {"handler throws", request("GET", "/v1/boom"), 500, "http.internal"},
        {"handler throws no exception", request("GET", "/v1/odd"), 500, "http.internal"},
        {"query of a route without one", request("GET", "/v1/hello/x?a=1"), 200, ""},
        {"streamed answer that fails at once", request("GET", "/v1/late"), 410, "test.gone"},
    };
    for (const auto& test : cases) {
        SCOPED_TRACE(test.name);
        auto reply = ask(test.bytes);
        EXPECT_EQ(reply.status, test.status);
        if (test.status == 200) continue;
        EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
        EXPECT_NE(reply.body.find("\"code\":\"" + std::string{test.code} + "\""), std::string::npos) << reply.body;
        EXPECT_NE(reply.body.find("\"instance\":\"" + reply.header("X-Request-Id") + "\""), std::string::npos);
        EXPECT_EQ(reply.body.find("secret"), std::string::npos);
    }
}

TEST_F(ServerTest, AllowNamesTheMethodsOfAPath) {
    EXPECT_EQ(ask(request("POST", "/v1/hello/x")).header("Allow"), "GET, HEAD");
    EXPECT_EQ(ask(request("OPTIONS", "/v1/echo")).status, 405);
    EXPECT_EQ(ask(request("OPTIONS", "/v1/echo")).header("Allow"), "POST");
}

TEST_F(ServerTest, HeadIsGetWithoutABody) {
    Client client{loopback.port()};
    client.send(request("HEAD", "/v1/hello/you"));
    auto reply = client.receive(true);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Length"), "15");
    // Nothing of a body lies before the next answer.
    EXPECT_EQ(client.ask(request("GET", "/v1/hello/me")).body, R"({"hello":"me"})");
}

TEST_F(ServerTest, NoContentHasNoLength) {
    auto reply = ask(request("DELETE", "/v1/things/12"));
    EXPECT_EQ(reply.status, 204);
    EXPECT_EQ(reply.header("Content-Length"), "");
    EXPECT_EQ(reply.header("Content-Type"), "");
}

TEST_F(ServerTest, RequestIdIsTakenOverOnlyWhenWellFormed) {
    EXPECT_EQ(ask(request("GET", "/v1/hello/x", "X-Request-Id: abc-1.2_Z\r\n")).header("X-Request-Id"), "abc-1.2_Z");
    for (std::string bad : {std::string(65, 'a'), std::string{"a b"}, std::string{"a\"b"}}) {
        auto id = ask(request("GET", "/v1/hello/x", "X-Request-Id: " + bad + "\r\n")).header("X-Request-Id");
        EXPECT_EQ(id.size(), 20u);
    }
    auto one = ask(request("GET", "/v1/hello/x")).header("X-Request-Id");
    auto other = ask(request("GET", "/v1/hello/x")).header("X-Request-Id");
    EXPECT_NE(one, other);
}

TEST_F(ServerTest, KeepsAliveAndAnswersPipelinedRequestsInOrder) {
    Client client{loopback.port()};
    std::string bytes;
    for (int i = 0; i < 50; ++i) {
        bytes += request("GET", "/v1/hello/" + std::to_string(i));
        bytes += request("POST", "/v1/echo", "Content-Type: application/json\r\n",
                         R"({"text":")" + std::to_string(i) + R"("})");
    }
    client.send(bytes);
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(client.receive().body, R"({"hello":")" + std::to_string(i) + R"("})");
        EXPECT_EQ(client.receive().body, R"({"text":")" + std::to_string(i) + R"("})");
    }
    EXPECT_EQ(client.ask(request("GET", "/v1/hello/x", "Connection: close\r\n")).header("Connection"), "close");
    EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, SpeaksHttp10) {
    Client client{loopback.port()};
    EXPECT_EQ(client.ask("GET /v1/hello/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Connection"),
              "keep-alive");
    EXPECT_EQ(client.ask("GET /v1/hello/b HTTP/1.0\r\n\r\n").header("Connection"), "close");
    EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, TakesARequestByteByByte) {
    Client client{loopback.port()};
    for (char c : request("POST", "/v1/echo", "Content-Type: application/json\r\n", R"({"text":"slow"})"))
        client.send(std::string_view{&c, 1});
    EXPECT_EQ(client.receive().body, R"({"text":"slow"})");
}

TEST_F(ServerTest, TakesChunkedBodies) {
    const std::string head =
        request("POST", "/v1/echo", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
    auto reply = ask(head + "5;note=x\r\n{\"tex\r\n6\r\nt\":\"in\r\nA\r\n chunks!\"}\r\n0\r\nTrailer: x\r\n\r\n");
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(reply.body, R"({"text":"in chunks!"})");
}

TEST_F(ServerTest, LimitsChunkedBodiesWhileTheyCome) {
    Client client{loopback.port()};
    client.send(request("POST", "/v1/echo", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"));
    for (int i = 0; i < 20; ++i) client.send("40\r\n" + std::string(64, ' ') + "\r\n");
    auto reply = client.receive();
    EXPECT_EQ(reply.status, 413);
    EXPECT_EQ(reply.header("Connection"), "close");
}

TEST_F(ServerTest, StreamsLargeBodiesUp) {
    std::string body(5 << 20, 'b');
    auto reply = ask(request("POST", "/v1/stream", "Content-Type: application/octet-stream\r\n", body));
    EXPECT_EQ(reply.body, R"({"hello":"5242880"})");
}

TEST_F(ServerTest, StreamsAnswersInChunks) {
    Client client{loopback.port()};
    auto reply = client.ask(request("GET", "/v1/pieces"));
    EXPECT_EQ(reply.header("Transfer-Encoding"), "chunked");
    EXPECT_EQ(reply.body, "row\nrow\nrow\n");
    EXPECT_EQ(client.ask(request("GET", "/v1/hello/next")).status, 200);
    auto old = ask("GET /v1/pieces HTTP/1.0\r\n\r\n");
    EXPECT_EQ(old.header("Transfer-Encoding"), "");
    EXPECT_EQ(old.body, "row\nrow\nrow\n");
}

TEST_F(ServerTest, SaysContinueOnlyWhenItWantsTheBody) {
    Client client{loopback.port()};
    client.send(request("POST", "/v1/echo",
                        "Content-Type: application/json\r\nContent-Length: 14\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(client.receive().status, 100);
    EXPECT_EQ(client.ask(R"({"text":"now"})").status, 201);
    // Refused from the head alone: no 100, and the connection ends because the body never comes.
    auto reply = client.ask(
        request("POST", "/v1/echo", "Content-Type: text/plain\r\nContent-Length: 14\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(reply.status, 415);
    EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, SkipsAShortBodyThatTheHandlerDidNotRead) {
    Client client{loopback.port()};
    EXPECT_EQ(client.ask(request("POST", "/v1/unread", "", std::string(500, 'x'))).status, 200);
    EXPECT_EQ(client.ask(request("GET", "/v1/hello/again")).status, 200);
}

TEST_F(ServerTest, AHandlersHeadersCannotSplitTheAnswer) {
    auto reply = ask(request("GET", "/v1/cookie"));
    EXPECT_EQ(reply.header("X-Evil"), "");
    EXPECT_EQ(reply.header("Set-Cookie"), "a=1X-Evil: 1");
    EXPECT_EQ(reply.body, R"({"hello":"127.0.0.1"})");
}

TEST_F(ServerTest, TheNameOfADownloadCannotSayMoreThanAName) {
    const auto reply = ask(request("GET", "/v1/download"));
    EXPECT_EQ(reply.header("Content-Disposition"),
              R"(attachment; filename="a_; filename=_evil.exe__X-Evil: 1___.csv")");
    EXPECT_EQ(reply.header("X-Evil"), "");
}

TEST_F(ServerTest, AnswersConditionsWith304) {
    Client client{loopback.port()};
    auto first = client.ask(request("GET", "/v1/tagged"));
    EXPECT_EQ(first.header("ETag"), "\"7\"");
    EXPECT_EQ(first.header("Cache-Control"), "private, no-cache");
    auto packed = client.ask(request("GET", "/v1/tagged", "Accept-Encoding: br\r\n"));
    EXPECT_EQ(packed.header("ETag"), "\"7-br\"");
    for (std::string tags : {"\"7\"", "\"7-br\"", "W/\"7\"", "\"1\", \"7\"", "*"}) {
        auto reply = client.ask(request("GET", "/v1/tagged", "If-None-Match: " + tags + "\r\n"));
        EXPECT_EQ(reply.status, 304) << tags;
        EXPECT_EQ(reply.header("Content-Length"), "");
        EXPECT_EQ(reply.header("ETag"), "\"7\"");
    }
    EXPECT_EQ(client.ask(request("GET", "/v1/tagged", "If-None-Match: \"8\"\r\n")).status, 200);
}

TEST_F(ServerTest, CompressesLongAnswersForThoseWhoCan) {
    Client client{loopback.port()};
    auto brotli = client.ask(request("GET", "/v1/big", "Accept-Encoding: gzip, br\r\n"));
    EXPECT_EQ(brotli.header("Content-Encoding"), "br");
    EXPECT_EQ(brotli.header("Vary"), "Accept-Encoding");
    EXPECT_LT(brotli.body.size(), 200u);
    EXPECT_EQ(client.ask(request("GET", "/v1/big", "Accept-Encoding: gzip\r\n")).header("Content-Encoding"), "gzip");
    EXPECT_EQ(client.ask(request("GET", "/v1/huge", "Accept-Encoding: gzip\r\n")).header("Content-Encoding"), "gzip");
    auto plain = client.ask(request("GET", "/v1/big"));
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(plain.body.size(), 5012u);
    auto small = client.ask(request("GET", "/v1/hello/x", "Accept-Encoding: br\r\n"));
    EXPECT_EQ(small.header("Content-Encoding"), "");
    EXPECT_EQ(small.header("Vary"), "");
}

TEST_F(ServerTest, SendsMoreThanASocketHolds) {
    auto reply = ask(request("GET", "/v1/huge"));
    EXPECT_EQ(reply.body.size(), (3u << 20) + 12);
}

TEST_F(ServerTest, NotesAFailureThatNobodyForesaw) {
    ::testing::internal::CaptureStderr();
    const auto reply = ask(request("GET", "/v1/boom", "X-Request-Id: the-one\r\n"));
    log::flush();
    const std::string noted = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(reply.status, 500);
    for (const std::string part : {"request failed", "the-one", "test.boom", "secret text"})
        EXPECT_TRUE(noted.contains(part)) << noted;
}

TEST(ServerBehindAProxy, BelievesItOnWhoAsksAndNobodyElse) {
    for (const std::string trusted : {"127.0.0.0/8", "10.0.0.0/8"}) {
        ServerOptions options;
        options.trusted_proxies = {trusted};
        Loopback loopback{options};
        add_routes(loopback.router);
        loopback.start();
        Client client{loopback.port()};
        const auto who = [&](std::string_view line) { return client.ask(request("GET", "/v1/cookie", line)).body; };
        const bool is_ours = trusted.starts_with("127");
        EXPECT_TRUE(who("X-Forwarded-For: 198.51.100.1, 203.0.113.5\r\n")
                        .contains(is_ours ? "\"203.0.113.5\"" : "\"127.0.0.1\""));
        EXPECT_TRUE(who("").contains("\"127.0.0.1\"")) << "what was said of one request is not kept for the next";
    }
}

TEST(ServerBehindAProxy, AsksForTlsThatTheProxySpeaks) {
    ServerOptions options;
    options.strict_transport = true;
    Loopback loopback{options};
    add_routes(loopback.router);
    loopback.start();
    Client client{loopback.port()};
    for (const auto* path : {"/v1/hello/x", "/nothing"})
        EXPECT_EQ(client.ask(request("GET", path)).header("Strict-Transport-Security"),
                  "max-age=31536000; includeSubDomains");
}

TEST_F(ServerTest, SurvivesClientsThatLeaveEarly) {
    for (std::string bytes :
         {std::string{"GE"}, std::string{"GET / HTTP/1.1\r\nHo"}, request("GET", "/v1/huge"),
          request("POST", "/v1/echo", "Content-Length: 100\r\nContent-Type: application/json\r\n")}) {
        Client client{loopback.port()};
        client.send(bytes);
    }
    EXPECT_EQ(ask(request("GET", "/v1/hello/alive")).status, 200);
}

}  // namespace

}  // namespace mobilytics::http
