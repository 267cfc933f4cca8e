#include "platform/http/reference.hpp"

#include <gtest/gtest.h>

#include "platform/http/openapi.hpp"
#include "platform/http/problem_pages.hpp"
#include "platform/http/testing/loopback.hpp"

namespace mobilytics::http {

namespace {

using testing::Client;
using testing::Loopback;
using testing::request;

struct ReferencePart {
    std::optional<std::string> label;
    static constexpr json::Field about[] = {{.name = "label", .description = "Shown <big>.", .max_length = 20}};
};
struct ReferenceThing {
    std::string name;
    std::vector<ReferencePart> parts;
};

constexpr ProblemPage pages[] = {{"things.not_found", 404, "There is no such <thing>."}};
constexpr StatusAdvice advice[] = {{404, "there is no such thing for you", "check the id"}};

class ReferenceTest : public ::testing::Test {
protected:
    void SetUp() override {
        using namespace std::chrono;
        auto group = loopback.router.group("things");
        group.post("/v1/things", {.id = "things.create", .summary = "Makes a thing"},
                   [](Body<ReferenceThing> body) -> Task<Created<ReferenceThing>> {
                       co_return Created<ReferenceThing>{*body, ""};
                   });
        group.get("/v1/old",
                  {.id = "things.old",
                   .summary = "The old way",
                   .deprecated = sys_days{2026y / 11 / 1},
                   .sunset = sys_days{2027y / 5 / 1}},
                  []() -> Task<ReferencePart> { co_return ReferencePart{}; });
        group.get("/secret", {.id = "things.secret", .summary = "Not for you", .hidden = true},
                  []() -> Task<ReferencePart> { co_return ReferencePart{}; });
        add_reference(loopback.router, "Things", "1.0.0");
        add_problem_pages(loopback.router, pages, advice);
        loopback.start();
    }

    testing::Reply get(std::string_view target) {
        Client client{loopback.port()};
        return client.ask(request("GET", target));
    }

    Loopback loopback;
};

TEST_F(ReferenceTest, ShowsEveryOperationWithItsFields) {
    const auto reply = get("/docs");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(reply.header("Content-Security-Policy").find("style-src 'self'"), std::string::npos);
    for (const char* part :
         {"<code>POST /v1/things</code>", "Makes a thing", "<code>name</code>", "<code>parts[].label</code>",
          "Shown &lt;big&gt;. (at most 20)", "The old way", "<strong>Deprecated</strong> since Sun, 01 Nov 2026",
          "ends Sat, 01 May 2027", "href=\"/docs/style.css\""})
        EXPECT_NE(reply.body.find(part), std::string::npos) << part << " is not in " << reply.body;
    for (const char* part : {"Not for you", "<script", "<big>", "http://", "https://"})
        EXPECT_EQ(reply.body.find(part), std::string::npos) << part;
    EXPECT_EQ(get("/docs/style.css").header("Content-Type"), "text/css; charset=utf-8");
}

TEST_F(ReferenceTest, HasAPageForEveryCode) {
    const auto reply = get("/problems/things.not_found");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Type"), "text/html; charset=utf-8");
    for (const char* part : {"things.not_found", "Status 404 Not Found", "There is no such &lt;thing&gt;.",
                             "there is no such thing for you", "check the id"})
        EXPECT_NE(reply.body.find(part), std::string::npos) << part << " is not in " << reply.body;
    EXPECT_NE(get("/problems").body.find("href=\"/problems/things.not_found\""), std::string::npos);
    EXPECT_EQ(get("/problems/things.unheard_of").status, 404);
}

TEST_F(ReferenceTest, AnnouncesTheEndOfAnOperation) {
    const auto reply = get("/v1/old");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Deprecation"), "@1793491200");
    EXPECT_EQ(reply.header("Sunset"), "Sat, 01 May 2027 00:00:00 GMT");
    EXPECT_EQ(reply.header("Link"), "</docs>; rel=\"deprecation\"; type=\"text/html\"");
    EXPECT_EQ(get("/docs").header("Deprecation"), "");
    const auto document = openapi(loopback.router, "Things", "1.0.0");
    const auto old = document.find(R"("summary":"The old way","deprecated":true)");
    EXPECT_NE(old, std::string::npos) << document;
    EXPECT_EQ(document.find(R"("deprecated":true)", old + 40), std::string::npos);
}

}  // namespace

}  // namespace mobilytics::http
