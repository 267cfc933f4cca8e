#include "src/webhooks/event_types.hpp"

#include <gmock/gmock.h>

#include <set>

#include "platform/trail/trail.hpp"

namespace mobilytics::webhooks {
namespace {

trail::Recorded recorded(std::string action, trail::Changes changes) {
    return {
        .id = trail::EventId::parse("evt_01jzzzzzzzzzzzzzzzzzzzzzzz").value(),
        .at = clock::from_rfc3339("2026-03-08T07:00:00Z").value(),
        .by = {.kind = "person", .id = "usr_1", .label = "Robin Roy", .address = "192.0.2.7", .user_agent = "Firefox"},
        .entry = {.action = std::move(action),
                  .resource_id = "cmp_1",
                  .resource_label = "Spring",
                  .changes = std::move(changes),
                  .reason = "asked by phone"}};
}

std::string body(std::string action, trail::Changes changes = {}) {
    const auto event = recorded(action, std::move(changes));
    return body_of(*event_type_named(action), event);
}

TEST(EventTypes, are_found_by_name) {
    EXPECT_EQ(event_type_named("campaign.launched")->type, "campaign.launched");
    EXPECT_EQ(event_type_named("campaign."), nullptr);
    EXPECT_EQ(event_type_named("zebra.seen"), nullptr);
    EXPECT_EQ(event_type_named(test_type), nullptr) << "nobody subscribes to tests";
    for (const EventType& type : event_types()) EXPECT_EQ(event_type_named(type.type), &type);
}

TEST(Bodies, say_what_happened_to_what) {
    EXPECT_EQ(body("campaign.launched", trail::Changes{}.field("state", std::string{"booked"}, std::string{"live"})),
              R"({"type":"campaign.launched","timestamp":"2026-03-08T07:00:00.000Z","data":{"id":"cmp_1",)"
              R"("name":"Spring","event_id":"evt_01jzzzzzzzzzzzzzzzzzzzzzzz",)"
              R"("changes":{"state":{"from":"booked","to":"live"}}}})");
}

TEST(Bodies, keep_everything_else_inside) {
    const auto text = body(
        "campaign.changed",
        trail::Changes{}.field("goal_impressions", 1.0, 2.0).field("margin", 0.25, 0.5).hidden("partner_password"));
    EXPECT_THAT(text, testing::HasSubstr(R"("changes":{"goal_impressions":{"from":1,"to":2}})"));
    for (const char* inside : {"margin", "password", "usr_1", "Robin", "192.0.2.7", "Firefox", "phone"})
        EXPECT_THAT(text, testing::Not(testing::HasSubstr(inside)));
}

// A member's label is a name or an address; a key's tells what it is for.
TEST(Bodies, name_things_and_never_people) {
    for (const EventType& type : event_types()) {
        const auto noun = type.type.substr(0, type.type.find('.'));
        if (noun != "member" && noun != "api_key" && noun != "invitation") continue;
        EXPECT_THAT(body(std::string{type.type}), testing::HasSubstr(R"("name":null)")) << type.type;
        for (const auto field : type.fields) EXPECT_EQ(field, "role") << type.type;
    }
}

TEST(Bodies, of_tests_name_the_endpoint) {
    EXPECT_EQ(test_body("wep_1", clock::from_rfc3339("2026-03-08T07:00:00Z").value()),
              R"({"type":"webhook.test","timestamp":"2026-03-08T07:00:00.000Z",)"
              R"("data":{"id":"wep_1","name":null,"event_id":null,"changes":{}}})");
}

}  // namespace
}  // namespace mobilytics::webhooks
