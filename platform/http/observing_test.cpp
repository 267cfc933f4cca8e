#include <gtest/gtest.h>

#include <thread>

#include "platform/http/metrics_route.hpp"
#include "platform/http/testing/loopback.hpp"

// What an operator sees of requests: metrics, readiness, traces.
namespace mobilytics::http {

namespace {

using testing::Client;
using testing::Loopback;
using testing::Reply;
using testing::request;

struct Seen {
    std::string trace_id;
    std::string parent_id;
};

class ObservingTest : public ::testing::Test {
protected:
    void begin(std::string token = "", ServerOptions options = {}) {
        options.metrics = &registry;
        loopback = std::make_unique<Loopback>(options);
        auto group = loopback->router.group("test");
        group.get("/v1/things/{id}", {.id = "test.get"}, [](const Request& asked, int) -> Task<Seen> {
            co_return Seen{asked.trace.trace_id, asked.trace.parent_id};
        });
        group.post("/v1/things/{id}", {.id = "test.refuse"}, [](int) -> Task<Seen> {
            throw Problem{Kind::conflict, "test.conflict", "No."};
            co_return Seen{};
        });
        add_health_routes(loopback->router, loopback->readiness);
        add_metrics_route(loopback->router, registry, std::move(token));
        loopback->start();
    }

    Reply ask(std::string_view method, std::string_view target, std::string_view lines = {}) {
        Client client{loopback->port()};
        return client.ask(request(method, target, lines));
    }

    // The value behind a series, as text; empty when it is not there.
    std::string value_of(const std::string& series) {
        const auto text = ask("GET", "/metrics").body;
        const auto at = ("\n" + text).find("\n" + series + " ");
        if (at == std::string::npos) return "";
        const auto begin = at + series.size() + 1;
        return text.substr(begin, text.find('\n', begin) - begin);
    }

    // A request is counted once its answer is on its way, so who has read the answer may be a moment early.
    void expect(const std::string& series, const std::string& value) {
        for (int tries = 0; tries < 500 && value_of(series) != value; ++tries)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        EXPECT_EQ(value_of(series), value) << series;
    }

    metrics::Registry registry;
    std::unique_ptr<Loopback> loopback;
};

std::string requests(std::string_view method, std::string_view route, std::string_view status) {
    return std::format("http_server_request_duration_seconds_count{{method=\"{}\",route=\"{}\",status=\"{}\"}}", method,
                       route, status);
}

TEST_F(ObservingTest, CountsRequestsByRouteAndNotByPath) {
    begin();
    for (int i = 0; i < 20; ++i) ask("GET", "/v1/things/" + std::to_string(i));
    ask("GET", "/v1/things/none");
    ask("POST", "/v1/things/1", "Content-Length: 0\r\n");
    ask("GET", "/there/is/nothing");
    expect(requests("GET", "/v1/things/{id}", "2xx"), "20");
    expect(requests("GET", "/v1/things/{id}", "4xx"), "1");
    expect(requests("POST", "/v1/things/{id}", "4xx"), "1");
    expect(requests("GET", "-", "4xx"), "1");
    const auto text = ask("GET", "/metrics").body;
    EXPECT_EQ(text.find("/v1/things/7"), std::string::npos) << text;
    EXPECT_EQ(text.find("nothing"), std::string::npos) << text;
}

TEST_F(ObservingTest, CountsWhatIsUnderWay) {
    begin();
    // The one that asks.
    EXPECT_EQ(value_of("http_server_active_requests"), "1");
    Client other{loopback->port()};
    other.ask(request("GET", "/v1/things/1"));
    EXPECT_GE(std::stoi(value_of("http_server_open_connections")), 2);
}

TEST_F(ObservingTest, ShowsMetricsToThisMachineButNotThroughItsProxy) {
    begin();
    const auto reply = ask("GET", "/metrics");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    for (const char* line : {"X-Forwarded-For: 203.0.113.7\r\n", "Forwarded: for=203.0.113.7\r\n", "Via: 1.1 proxy\r\n",
                             "X-Real-Ip: 203.0.113.7\r\n"})
        EXPECT_EQ(ask("GET", "/metrics", line).status, 403) << line;
}

TEST_F(ObservingTest, ShowsMetricsToWhoHoldsTheToken) {
    begin("a long token of metrics");
    EXPECT_EQ(ask("GET", "/metrics").status, 401);
    EXPECT_EQ(ask("GET", "/metrics", "Authorization: Bearer a long token of\r\n").status, 401);
    EXPECT_EQ(ask("GET", "/metrics", "Authorization: Bearer a long token of metrics\r\nVia: 1.1 proxy\r\n").status,
              200);
}

TEST_F(ObservingTest, NamesEveryCheckWhenAsked) {
    begin();
    std::string reason;
    loopback->readiness.add("disk", []() -> Task<std::string> { co_return ""; });
    loopback->readiness.add("database", [&]() -> Task<std::string> { co_return reason; });
    const std::string all = R"([{"name":"shutdown","status":"ok"},{"name":"disk","status":"ok"},)"
                            R"({"name":"database","status":"ok"}])";
    for (const char* target : {"/readyz?verbose", "/readyz?verbose=1"}) {
        const auto reply = ask("GET", target);
        EXPECT_EQ(reply.status, 200);
        EXPECT_NE(reply.body.find(all), std::string::npos) << reply.body;
    }
    EXPECT_EQ(ask("GET", "/readyz").body.find("disk"), std::string::npos);
    reason = "is away";
    for (const char* target : {"/readyz?verbose", "/readyz"}) {
        const auto reply = ask("GET", target);
        EXPECT_EQ(reply.status, 503);
        EXPECT_NE(reply.body.find(R"([{"pointer":"database","detail":"is away"}])"), std::string::npos) << reply.body;
    }
    EXPECT_EQ(ask("GET", "/livez").status, 200);
}

TEST_F(ObservingTest, GoesOnWithTheCallersTraceOrBeginsOne) {
    begin();
    const std::string parent = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    const std::string seen = R"({"trace_id":"0af7651916cd43dd8448eb211c80319c","parent_id":"b7ad6b7169203331"})";
    EXPECT_EQ(ask("GET", "/v1/things/1", parent).body, seen);
    for (const std::string& lines : {std::string{}, "traceparent: nonsense\r\n" + std::string{}, parent + parent}) {
        const auto reply = ask("GET", "/v1/things/1", lines);
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.body.find("0af7651916cd43dd8448eb211c80319c"), std::string::npos) << reply.body;
        EXPECT_NE(reply.body.find(R"(,"parent_id":""})"), std::string::npos) << reply.body;
    }
    EXPECT_NE(ask("GET", "/v1/things/1").body, ask("GET", "/v1/things/1").body);
}

}  // namespace

}  // namespace mobilytics::http
