#include "platform/http/router.hpp"

#include <gtest/gtest.h>

#include "platform/http/openapi.hpp"

namespace mobilytics::http {

namespace {

struct Nothing {};

Task<NoContent> none() { co_return NoContent{}; }

class RouterTest : public ::testing::Test {
protected:
    void SetUp() override {
        auto group = router.group("test");
        group.get("/v1/things", {.id = "list"}, [] { return none(); });
        group.post("/v1/things", {.id = "create"}, [] { return none(); });
        group.get("/v1/things/current", {.id = "current"}, [] { return none(); });
        group.get("/v1/things/{id}", {.id = "get"}, [](std::string) { return none(); });
        group.remove("/v1/things/{id}", {.id = "remove"}, [](std::string) { return none(); });
        group.get("/v1/things/current/parts", {.id = "current.parts"}, [] { return none(); });
        group.get("/v1/things/{id}/notes", {.id = "notes"}, [](std::string) { return none(); });
        group.get("/tiles/{z}/{x}/{y}", {.id = "tile"}, [](int, int, int) { return none(); });
        group.get("/tiles/{z}/{x}/{y}.mvt", {.id = "tile.mvt"}, [](int, int, int) { return none(); });
    }

    // "id value value", or the methods the path has, or nothing.
    std::string find(Method method, std::string_view path) {
        std::vector<std::string> values;
        auto match = router.table().find(method, path, values);
        if (!match.route) {
            std::string allowed;
            for (auto known : match.allowed) allowed.append(name_of(known)).append(" ");
            return allowed;
        }
        std::string text = match.route->operation.options.id;
        for (const auto& value : values) text += " " + value;
        return text;
    }

    Router router;
};

TEST_F(RouterTest, FindsRoutes) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"/v1/things", "list"},
        {"/v1/things/current", "current"},
        {"/v1/things/curren%74", "current"},
        {"/v1/things/7", "get 7"},
        {"/v1/things/a%2Fb%20c", "get a/b c"},
        {"/v1/things/current/parts", "current.parts"},
        {"/v1/things/current/notes", "notes current"},
        {"/tiles/1/2/3", "tile 1 2 3"},
        {"/tiles/1/2/3.mvt", "tile.mvt 1 2 3"},
        {"/tiles/1/2/.mvt", "tile 1 2 .mvt"},
        {"/tiles/current/2/3.mvt", "tile.mvt current 2 3"},
        {"/", ""},
        {"", ""},
        {"/v1", ""},
        {"/v1/", ""},
        {"/v1/things/", ""},
        {"//v1/things", ""},
        {"/v1/things/7/", ""},
        {"/v1/things/7/more", ""},
        {"/v1/../v1/things", ""},
        {"/v1/./things", ""},
        {"/v1/things/%", ""},
        {"/v1/things/%zz", ""},
        {"/v1/things/%00", ""},
        {"/v1/things/%ff", ""},
        {"/V1/things", ""},
    };
    for (auto [path, expected] : cases) EXPECT_EQ(find(Method::get, path), expected) << path;
    EXPECT_EQ(find(Method::get, "/v1" + std::string(100, '/')), "");
}

TEST_F(RouterTest, HeadFindsGetAndOtherMethodsAreNamed) {
    EXPECT_EQ(find(Method::head, "/v1/things/7"), "get 7");
    EXPECT_EQ(find(Method::remove, "/v1/things/7"), "remove 7");
    EXPECT_EQ(find(Method::put, "/v1/things"), "GET HEAD POST ");
    // Both the literal and the parameter fit this path.
    EXPECT_EQ(find(Method::remove, "/v1/things/current"), "remove current");
    EXPECT_EQ(find(Method::patch, "/v1/things/current"), "GET HEAD DELETE ");
}

TEST_F(RouterTest, RefusesRoutesThatContradictEachOther) {
    auto group = router.group("test");
    EXPECT_THROW(group.get("/v1/things", {.id = "other"}, [] { return none(); }), std::logic_error);
    EXPECT_THROW(group.get("/v1/else", {.id = "list"}, [] { return none(); }), std::logic_error);
    EXPECT_THROW(group.get("/v1/else/{id}", {.id = "else"}, [] { return none(); }), std::logic_error);
    EXPECT_THROW(group.get("/v1/else", {.id = "else"}, [](std::string) { return none(); }), std::logic_error);
    EXPECT_THROW(group.post("/v1/else", {.id = "else"}, [](RawBody) { return none(); }), std::logic_error);
}

TEST_F(RouterTest, ListsOperationsByPathAndMethod) {
    auto operations = router.operations();
    ASSERT_EQ(operations.size(), 9u);
    EXPECT_EQ(operations[0].path, "/tiles/{z}/{x}/{y}");
    EXPECT_EQ(operations[2].id, "list");
    EXPECT_EQ(operations[3].id, "create");
}

// A tiny room with one of everything, and the document it makes.
struct WidgetTag {
    static constexpr std::string_view prefix = "wdg";
};
using WidgetId = ids::Id<WidgetTag>;
enum class State { draft, live };
struct Owner {
    static Owner from(const Request&) { return {}; }
    static void describe(OperationDoc& doc) {
        doc.security = {"key"};
        doc.permission = "widgets_write";
        doc.roles = {"owner"};
        doc.other_holders = OtherHolders{.kind = "crew", .permission = "widgets.mend", .roles = {"cook", "mate"}};
    }
};
struct Slot {
    int day;
    std::optional<std::string> note;
};
struct WidgetIn {
    std::string name;
    std::optional<State> state;
    std::vector<Slot> slots;
    static constexpr json::Field about[] = {{.name = "name", .description = "Shown in lists.", .max_length = 9}};
};
struct WidgetOut {
    WidgetId id;
    State state;
    std::optional<Slot> slot;
    std::optional<clock::Instant> seen;
    std::array<double, 2> bins;
};
struct WidgetFilter {
    std::optional<State> state;
    std::vector<std::string> tags;
};

constexpr std::string_view golden =
    R"({"openapi":"3.1.0","info":{"title":"Tiny","version":"1"},"paths":{)"
    R"("/v1/widgets":{"get":{"operationId":"widgets.list","summary":"Lists","tags":["widgets"],)"
    R"("parameters":[)"
    R"({"name":"state","in":"query","required":false,"schema":{"$ref":"#/components/schemas/State"}},)"
    R"({"name":"tags","in":"query","required":true,"style":"form","explode":false,)"
    R"("schema":{"type":"array","items":{"type":"string"}}},)"
    R"({"name":"limit","in":"query","description":"Items on one page, 50 unless told.","required":false,)"
    R"("schema":{"description":"Items on one page, 50 unless told.","type":"integer","format":"int32",)"
    R"("minimum":1,"maximum":200}},)"
    R"({"name":"cursor","in":"query","description":"next_cursor of the page before.","required":false,)"
    R"("schema":{"description":"next_cursor of the page before.","type":"string"}}],)"
    R"("responses":{"200":{"description":"OK",)"
    R"("headers":{)"
    R"("X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"}},)"
    R"("content":{"application/json":{"schema":{"type":"object","properties":)"
    R"({"items":{"type":"array","items":{"$ref":"#/components/schemas/WidgetOut"}},)"
    R"("next_cursor":{"type":["string","null"]}},"required":["items","next_cursor"],)"
    R"("additionalProperties":false}}}},)"
    R"("default":{"description":"A refusal.",)"
    R"("headers":{)"
    R"("X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"},)"
    R"("Retry-After":{"$ref":"#/components/headers/Retry-After"}},)"
    R"("content":{"application/problem+json":{"schema":)"
    R"({"$ref":"#/components/schemas/Problem"}}}}},"security":[]},)"
    R"("post":{"operationId":"widgets.create","summary":"Adds","tags":["widgets"],)"
    R"("parameters":[{"name":"Idempotency-Key","in":"header",)"
    R"("description":"A random text of your choice, such as a UUID. Sent again within 24 hours with )"
    R"(the same request it gets the first answer, and nothing is done twice.",)"
    R"("required":false,"schema":{)"
    R"("description":"A random text of your choice, such as a UUID. Sent again within 24 hours with )"
    R"(the same request it gets the first answer, and nothing is done twice.",)"
    R"("type":"string","minLength":16,"maxLength":255}}],)"
    R"("requestBody":{"required":true,)"
    R"("content":{"application/json":{"schema":{"$ref":"#/components/schemas/WidgetIn"}}}},)"
    R"("responses":{"201":)"
    R"({"description":"Created",)"
    R"("headers":{)"
    R"("X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"},)"
    R"("Location":{"$ref":"#/components/headers/Location"},)"
    R"("Idempotency-Replayed":{"$ref":"#/components/headers/Idempotency-Replayed"},)"
    R"("RateLimit":{"$ref":"#/components/headers/RateLimit"},)"
    R"("RateLimit-Policy":{"$ref":"#/components/headers/RateLimit-Policy"}},)"
    R"("content":{"application/json":{"schema":{"$ref":"#/components/schemas/WidgetOut"}}}},)"
    R"("default":{"description":"A refusal.",)"
    R"("headers":{)"
    R"("X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"},)"
    R"("Retry-After":{"$ref":"#/components/headers/Retry-After"},)"
    R"("Idempotency-Replayed":{"$ref":"#/components/headers/Idempotency-Replayed"},)"
    R"("RateLimit":{"$ref":"#/components/headers/RateLimit"},)"
    R"("RateLimit-Policy":{"$ref":"#/components/headers/RateLimit-Policy"}},)"
    R"("content":{"application/problem+json":{"schema":)"
    R"({"$ref":"#/components/schemas/Problem"}}}}},"security":[{"key":[]}],"x-permission":"widgets_write",)"
    R"("x-roles":["owner"],"x-crew-permission":"widgets.mend","x-crew-roles":["cook","mate"]}},)"
    R"("/v1/widgets/{id}":{"delete":{"operationId":"widgets.remove","summary":"Removes","tags":["widgets"],)"
    R"("parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string",)"
    R"("pattern":"^wdg_[0-7][0-9a-hjkmnp-tv-z]{25}$"}},{"name":"If-Match","in":"header",)"
    R"("description":"ETag of the version that was seen, or * for any: 412 when somebody else was quicker. )"
    R"(Without it the last one wins.","required":false,"schema":{"description":"ETag of the version that was )"
    R"(seen, or * for any: 412 when somebody else was quicker. Without it the last one wins.",)"
    R"("type":"string"}}],"responses":{"204":)"
    R"({"description":"No Content",)"
    R"("headers":{)"
    R"("X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"},)"
    R"("RateLimit":{"$ref":"#/components/headers/RateLimit"},)"
    R"("RateLimit-Policy":{"$ref":"#/components/headers/RateLimit-Policy"}}},)"
    R"("default":{"description":"A refusal.",)"
    R"("headers":{)"
    R"("X-Request-Id":{"$ref":"#/components/headers/X-Request-Id"},)"
    R"("Retry-After":{"$ref":"#/components/headers/Retry-After"},)"
    R"("RateLimit":{"$ref":"#/components/headers/RateLimit"},)"
    R"("RateLimit-Policy":{"$ref":"#/components/headers/RateLimit-Policy"}},)"
    R"("content":{"application/problem+json":)"
    R"({"schema":{"$ref":"#/components/schemas/Problem"}}}}},"security":[{"key":[]}],)"
    R"("x-permission":"widgets_write","x-roles":["owner"],"x-crew-permission":"widgets.mend",)"
    R"("x-crew-roles":["cook","mate"]}}},)"
    R"("components":{"schemas":{"Problem":{"type":"object",)"
    R"("description":"RFC 9457 problem details.","properties":{"type":{"type":"string"},)"
    R"("title":{"type":"string"},)"
    R"("status":{"type":"integer"},"detail":{"type":"string"},"instance":{"type":"string","description":)"
    R"("Id of the request."},"code":{"type":"string"},"errors":{"type":"array",)"
    R"("items":{"type":"object","properties":)"
    R"({"pointer":{"type":"string"},"detail":{"type":"string"}},"required":["pointer","detail"],)"
    R"("additionalProperties":false}},"error":{"type":"string","description":"Where a token is asked for: )"
    R"(the word of RFC 6749 section 5.2."}},"required":["type","title","status","instance","code"],)"
    R"("additionalProperties":false},)"
    R"("Slot":{"type":"object","properties":{"day":{"type":"integer","format":"int32"},"note":{"type":)"
    R"(["string","null"]}},"required":["day","note"],"additionalProperties":false},)"
    R"("SlotInput":{"type":"object","properties":{"day":{"type":"integer","format":"int32"},"note":{"type":)"
    R"(["string","null"]}},"required":["day"],"additionalProperties":false},)"
    R"("State":{"type":"string","enum":["draft","live"]},)"
    R"("WidgetIn":{"type":"object","properties":{"name":{"description":"Shown in lists.","type":"string",)"
    R"("maxLength":9},"state":{"anyOf":[{"$ref":"#/components/schemas/State"},{"type":"null"}]},)"
    R"("slots":{"type":)"
    R"("array","items":{"$ref":"#/components/schemas/SlotInput"}}},"required":["name","slots"],)"
    R"("additionalProperties":false},)"
    R"("WidgetOut":{"type":"object","properties":{"id":{"type":"string",)"
    R"("pattern":"^wdg_[0-7][0-9a-hjkmnp-tv-z]{25}$"},)"
    R"("state":{"$ref":"#/components/schemas/State"},"slot":{"anyOf":)"
    R"([{"$ref":"#/components/schemas/Slot"},{"type":"null"}]},"seen":{"type":["string","null"],"format":)"
    R"("date-time"},"bins":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"number"}}},"required":)"
    R"(["id","state","slot","seen","bins"],"additionalProperties":false}},)"
    R"("headers":{"X-Request-Id":{"description":"Id of the request, as in the log.","required":true,"schema":)"
    R"({"type":"string"}},"ETag":{"description":"Version of what is answered: for If-Match of an edit, and )"
    R"(If-None-Match.","required":true,"schema":{"type":"string","pattern":"^\"[^\"]*\"$"}},)"
    R"("Location":{"description":"Path of what was made.","required":false,"schema":{"type":"string"}},)"
    R"("Idempotency-Replayed":{"description":"The answer that was kept for this Idempotency-Key.",)"
    R"("required":false,"schema":{"type":"string","const":"true"}},)"
    R"("Retry-After":{"description":"Seconds to wait; with 429 and 503.","required":false,"schema":)"
    R"({"type":"integer","minimum":0}},)"
    R"("RateLimit":{"description":"What is left of the quota: draft-ietf-httpapi-ratelimit-headers.",)"
    R"("required":false,"schema":{"type":"string"}},)"
    R"("RateLimit-Policy":{"description":"The quota.","required":false,"schema":{"type":"string"}},)"
    R"("Deprecation":{"description":"Since when the operation is not to be built on any more: RFC 9745.",)"
    R"("required":true,"schema":{"type":"string","pattern":"^@[0-9]+$"}},)"
    R"("Sunset":{"description":"When the operation ends: RFC 8594.","required":true,"schema":{"type":"string"}}},)"
    R"("securitySchemes":{"key":{"type":"http","scheme":"bearer"}}}})";

TEST(OpenApi, DescribesATinyRouter) {
    Router router;
    auto group = router.group("widgets");
    group.remove("/v1/widgets/{id}", {.id = "widgets.remove", .summary = "Removes"},
                 [](Owner, WidgetId, IfMatch) { return none(); });
    group.post("/v1/widgets", {.id = "widgets.create", .summary = "Adds"},
               [](Owner, Body<WidgetIn>) -> Task<Created<WidgetOut>> { throw Nothing{}; });
    group.get("/v1/widgets", {.id = "widgets.list", .summary = "Lists"},
              [](Query<WidgetFilter>, Paging) -> Task<Page<WidgetOut>> { throw Nothing{}; });
    group.get("/probe", {.id = "probe", .hidden = true}, [] { return none(); });
    const std::vector<SecurityScheme> schemes{{"key", R"({"type":"http","scheme":"bearer"})"}};
    EXPECT_EQ(openapi(router, "Tiny", "1", schemes), golden);
    EXPECT_EQ(openapi(router, "Tiny", "1", schemes), golden);
}

}  // namespace

}  // namespace mobilytics::http
