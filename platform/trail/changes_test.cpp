#include "platform/trail/changes.hpp"

#include <gmock/gmock.h>

namespace mobilytics::trail {

TEST(Changes, hold_only_what_differs) {
    Changes changes;
    changes.field("name", std::string{"Fall"}, std::string{"Autumn"})
        .field("zone", std::string{"UTC"}, std::string{"UTC"})
        .field("floor", 10, 12)
        .field("staff", false, true)
        .field("goal", std::optional<double>{}, std::optional{2.5});
    EXPECT_EQ(changes.json(), R"({"name":{"from":"Fall","to":"Autumn"},"floor":{"from":10,"to":12},)"
                              R"("staff":{"from":false,"to":true},"goal":{"to":2.5}})");
}

TEST(Changes, of_nothing_are_empty) {
    Changes changes;
    changes.field("name", std::string{"Fall"}, std::string{"Fall"});
    EXPECT_TRUE(changes.empty());
    EXPECT_EQ(changes.json(), "{}");
}

TEST(Changes, say_that_a_secret_changed_and_nothing_of_it) {
    EXPECT_EQ(Changes{}.hidden("password").json(), R"({"password":{"to":"hidden"}})");
}

TEST(Changes, stay_json_whatever_the_text_holds) {
    EXPECT_EQ(Changes{}.gone("na\"me", "a\n\xff").json(), "{\"na\\\"me\":{\"from\":\"a\\n\xEF\xBF\xBD\"}}");
}

}  // namespace mobilytics::trail
