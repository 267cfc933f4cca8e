#include <gtest/gtest.h>
#include <zlib.h>

#include "platform/http/testing/loopback.hpp"

// What a hostile or broken client may send: every case has its status, and the server goes on.
namespace mobilytics::http {

namespace {

using testing::Client;
using testing::Loopback;
using testing::Reply;
using testing::request;

struct Length {
    std::size_t bytes;
};

std::string gzipped(std::string_view text, int level = 6) {
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<unsigned>(text.size());
    stream.next_out = reinterpret_cast<unsigned char*>(out.data());
    stream.avail_out = static_cast<unsigned>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

class LimitsTest : public ::testing::Test {
protected:
    void begin(ServerOptions options = {}) {
        loopback = std::make_unique<Loopback>(options);
        auto group = loopback->router.group("test");
        RouteOptions bytes{.id = "test.bytes",
                           .body_limit = 20000,
                           .decoded_limit = 1000000,
                           .body_types = {"application/octet-stream"}};
        group.post("/v1/bytes", bytes, [this](RawBody body) -> Task<Length> {
            ++handled;
            co_return Length{body.text.size()};
        });
        bytes.id = "test.pieces";
        group.post("/v1/pieces", bytes, [](BodyStream body) -> Task<Length> {
            Length length{0};
            while (true) {
                auto piece = co_await body.next();
                if (piece.empty()) break;
                length.bytes += piece.size();
            }
            co_return length;
        });
        group.get("/v1/ok", {.id = "test.ok"}, [this]() -> Task<Length> {
            ++handled;
            co_return Length{0};
        });
        loopback->start();
    }

    Reply ask(std::string_view bytes) {
        Client client{loopback->port()};
        return client.ask(bytes);
    }

    // The answer, then the connection must end: nobody knows where a next request would begin.
    void expect_refused(std::string_view name, std::string_view bytes, int status) {
        SCOPED_TRACE(name);
        Client client{loopback->port()};
        client.send(bytes);
        auto reply = client.receive();
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
        EXPECT_EQ(reply.header("Connection"), "close");
        client.end_output();
        EXPECT_TRUE(client.closed());
    }

    std::atomic<int> handled{0};
    std::unique_ptr<Loopback> loopback;
};

const std::string octets = "Content-Type: application/octet-stream\r\n";

std::string chunked(std::string_view body) {
    return request("POST", "/v1/bytes", octets + "Transfer-Encoding: chunked\r\n") + std::string{body};
}

TEST_F(LimitsTest, RefusesMalformedHttp) {
    begin();
    auto post = [](std::string_view lines, std::string_view body) {
        return "POST /v1/bytes HTTP/1.1\r\nHost: a\r\n" + octets + std::string{lines} + "\r\n" + std::string{body};
    };
    const std::tuple<std::string, std::string, int> cases[] = {
        {"negative chunk size", chunked("-5\r\nhello\r\n0\r\n\r\n"), 400},
        {"chunk size that is no number", chunked("5zz\r\nhello\r\n0\r\n\r\n"), 400},
        {"chunk size beyond 64 bits", chunked("fffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 400},
        {"chunk without its line end", chunked("5\r\nhelloX\r\n0\r\n\r\n"), 400},
        {"length and chunks",
         post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nGET /v1/ok HTTP/1.1\r\n\r\n"), 400},
        {"chunks and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
        {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), 400},
        {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
        {"length with letters", post("Content-Length: 5abc\r\n", "hello"), 400},
        {"negative length", post("Content-Length: -5\r\n", "hello"), 400},
        {"length beyond 64 bits", post("Content-Length: 99999999999999999999999999\r\n", "hello"), 400},
        {"other transfer coding", post("Transfer-Encoding: gzip\r\n", "hello"), 400},
        {"chunked not last", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 400},
        {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        {"space before the colon", "GET /v1/ok HTTP/1.1\r\nHost : a\r\n\r\n", 400},
        {"header without colon", "GET /v1/ok HTTP/1.1\r\nHost a\r\n\r\n", 400},
        {"header beginning with a space", "GET /v1/ok HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        {"control character in a header", std::string{"GET /v1/ok HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 40}, 400},
        {"bare line feeds", "GET /v1/ok HTTP/1.1\nHost: a\n\n", 400},
        {"bare carriage return", "GET /v1/ok HTTP/1.1\rHost: a\r\n\r\n", 400},
        {"no host", "GET /v1/ok HTTP/1.1\r\n\r\n", 400},
        {"two hosts", "GET /v1/ok HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"no path", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"relative path", "GET v1/ok HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"space in the path", "GET /v1/ ok HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"another protocol", "GET /v1/ok HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"version 1.2", "GET /v1/ok HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        {"TLS to a plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and more of it", 400},
        {"chunks in HTTP/1.0", "POST /v1/bytes HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"nothing but bytes", std::string(300, '\xff'), 400},
        {"empty request line", " \r\n\r\n", 400},
    };
    for (const auto& [name, bytes, status] : cases) expect_refused(name, bytes, status);
    EXPECT_EQ(handled, 0);
    EXPECT_EQ(ask(request("GET", "/v1/ok")).status, 200);
}

TEST_F(LimitsTest, NothingAfterARefusedRequestIsRead) {
    begin();
    Client client{loopback->port()};
    client.send(
        "POST /v1/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n" +
        request("GET", "/v1/ok"));
    EXPECT_EQ(client.receive().status, 400);
    EXPECT_EQ(client.receive().status, 0);
    EXPECT_EQ(handled, 0);
}

TEST_F(LimitsTest, EachLimitHasItsStatus) {
    begin();
    expect_refused("long header", request("GET", "/v1/ok", "X: " + std::string(20000, 'x') + "\r\n"), 431);
    std::string many;
    for (int i = 0; i < 200; ++i) many += "X" + std::to_string(i) + ": y\r\n";
    expect_refused("many headers", request("GET", "/v1/ok", many), 431);
    expect_refused("long target", request("GET", "/v1/ok?" + std::string(9000, 'x')), 414);
    expect_refused("target without end", "GET /" + std::string(80000, 'x'), 414);
    expect_refused("header without end", "GET /v1/ok HTTP/1.1\r\nHost: a\r\nX: " + std::string(80000, 'x'), 431);
    expect_refused("body over the limit", request("POST", "/v1/bytes", octets, std::string(20001, 'x')), 413);
    expect_refused("promised body over the limit",
                   "POST /v1/bytes HTTP/1.1\r\nHost: a\r\n" + octets + "Content-Length: 1000000000000\r\n\r\n", 413);
    expect_refused("chunk over the limit", chunked("5000\r\n" + std::string(0x5000, 'x') + "\r\n0\r\n\r\n"), 413);
    expect_refused("chunk extension without end", chunked("5;" + std::string(80000, 'x')), 400);
    EXPECT_EQ(ask(request("POST", "/v1/bytes", octets, std::string(20000, 'x'))).body, R"({"bytes":20000})");
    EXPECT_EQ(ask(request("GET", "/v1/ok?" + std::string(8000, 'x'))).status, 200);
}

TEST_F(LimitsTest, HeadersThatTrickleInAreLimitedAsAWhole) {
    begin();
    Client client{loopback->port()};
    client.send("GET /v1/ok HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 40; ++i) client.send("X-" + std::to_string(i) + ": " + std::string(1000, 'y') + "\r\n");
    EXPECT_EQ(client.receive().status, 431);
}

TEST_F(LimitsTest, UnpacksGzip) {
    begin();
    const std::string gzip = octets + "Content-Encoding: gzip\r\n";
    std::string text;
    for (int i = 0; i < 9000; ++i) text += std::to_string(i * 7919 % 10007) + ",";
    auto length = R"({"bytes":)" + std::to_string(text.size()) + "}";
    EXPECT_EQ(ask(request("POST", "/v1/bytes", gzip, gzipped(text))).body, length);
    EXPECT_EQ(ask(request("POST", "/v1/pieces", gzip, gzipped(text))).body, length);
    EXPECT_EQ(ask(request("POST", "/v1/bytes", gzip, gzipped("ab") + gzipped("cde"))).body, R"({"bytes":5})");
    // One byte a chunk.
    std::string chunks;
    for (char c : gzipped("hello hello hello")) chunks += std::string{"1\r\n"} + c + "\r\n";
    EXPECT_EQ(ask(request("POST", "/v1/bytes", gzip + "Transfer-Encoding: chunked\r\n") + chunks + "0\r\n\r\n").body,
              R"({"bytes":17})");
}

TEST_F(LimitsTest, RefusesBadGzipAndBombs) {
    begin();
    const std::string gzip = octets + "Content-Encoding: gzip\r\n";
    auto good = gzipped("hello hello hello hello");
    const std::string zeros(20 << 20, '\0');
    auto bomb = gzipped(zeros, 9);
    ASSERT_LT(bomb.size(), 21000u);
    auto small_bomb = gzipped(zeros.substr(0, 900000), 9);
    auto broken = good;
    broken[good.size() - 6] = static_cast<char>(broken[good.size() - 6] ^ 1);
    const std::tuple<const char*, std::string, int> cases[] = {
        {"truncated", good.substr(0, good.size() - 4), 400},
        {"wrong checksum", broken, 400},
        {"not gzip", "hello", 400},
        {"followed by something else", good + "x", 400},
        {"empty", std::string{}, 400},
        {"larger than the limit unpacked", bomb.substr(0, 19000), 413},
        {"within the limit, but packed absurdly well", small_bomb, 413},
    };
    for (const auto& [name, body, status] : cases) {
        SCOPED_TRACE(name);
        for (std::string path : {"/v1/bytes", "/v1/pieces"}) {
            auto reply = ask(request("POST", path, gzip + (body.empty() ? "Content-Length: 0\r\n" : ""), body));
            EXPECT_EQ(reply.status, status);
            EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
        }
    }
    EXPECT_EQ(handled, 0);
    EXPECT_EQ(ask(request("GET", "/v1/ok")).status, 200);
}

TEST_F(LimitsTest, SlowHeadersAndBodiesTimeOut) {
    ServerOptions options;
    options.header_timeout = options.body_timeout = std::chrono::milliseconds{80};
    begin(options);
    expect_refused("header", "GET /v1/ok HTTP/1.1\r\nHost:", 408);
    expect_refused("body", "POST /v1/bytes HTTP/1.1\r\nHost: a\r\n" + octets + "Content-Length: 10\r\n\r\nabc", 408);
    expect_refused("streamed body",
                   "POST /v1/pieces HTTP/1.1\r\nHost: a\r\n" + octets + "Content-Length: 10\r\n\r\nabc", 408);
    expect_refused("chunks", chunked("5\r\nhel"), 408);
    EXPECT_EQ(ask(request("GET", "/v1/ok")).status, 200);
}

TEST_F(LimitsTest, IdleConnectionsAreClosedWithoutAWord) {
    ServerOptions options;
    options.idle_timeout = std::chrono::milliseconds{60};
    begin(options);
    Client fresh{loopback->port()};
    Client used{loopback->port()};
    EXPECT_EQ(used.ask(request("GET", "/v1/ok")).status, 200);
    EXPECT_EQ(used.rest(), "");
    EXPECT_EQ(fresh.rest(), "");
}

TEST_F(LimitsTest, TooManyConnectionsHearWhenToComeBack) {
    ServerOptions options;
    options.max_connections = 2;
    begin(options);
    Client first{loopback->port()};
    Client second{loopback->port()};
    EXPECT_EQ(first.ask(request("GET", "/v1/ok")).status, 200);
    EXPECT_EQ(second.ask(request("GET", "/v1/ok")).status, 200);
    auto reply = ask(request("GET", "/v1/ok"));
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("Retry-After"), "5");
    EXPECT_EQ(reply.header("Connection"), "close");
    EXPECT_EQ(first.ask(request("GET", "/v1/ok")).status, 200);
}

}  // namespace

}  // namespace mobilytics::http
