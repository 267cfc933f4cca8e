#include "platform/trail/trail.hpp"

#include <gmock/gmock.h>

#include "platform/db/blocking.hpp"
#include "platform/testing/database.hpp"
#include "platform/trail/queries.hpp"

namespace mobilytics::trail {
namespace {

class TrailTest : public test::DatabaseTest {
protected:
    EventId record(ids::Uuid company, Entry entry, By by = {.kind = "person", .id = "usr_1"}) {
        return run(database().transaction(db::Scope::system(), [&](db::Session& session) -> Task<EventId> {
            co_return co_await trail_.record(session, company, by, entry);
        }));
    }

    const ids::Uuid acme_ = ids::new_uuid();
    const ids::Uuid other_ = ids::new_uuid();
    Trail trail_{clock()};
};

TEST_F(TrailTest, every_statement_can_be_prepared_by_the_servers_role) {
    for (const auto* query : sql::all) {
        db::Blocking server{conninfo(embedded::Role::app)};
        EXPECT_NO_THROW(server.script("prepare statement as " + std::string{query->text})) << query->name;
    }
}

TEST_F(TrailTest, events_are_numbered_by_company) {
    record(acme_, {.action = "campaign.created"});
    record(acme_, {.action = "campaign.launched"});
    record(other_, {.action = "campaign.created"});
    EXPECT_EQ(sql_value("select string_agg(action || sequence, ' ' order by action, sequence) from trail.events "
                        "where company_id = '" +
                        ids::to_hex(acme_) + "'"),
              "campaign.created1 campaign.launched2");
    EXPECT_EQ(sql_value("select count(*) from trail.heads where sequence = 1"), "1");
}

TEST_F(TrailTest, an_event_goes_with_the_change_that_was_undone) {
    EXPECT_ANY_THROW(run(database().transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        co_await trail_.record(session, acme_, {.kind = "person"}, {.action = "campaign.created"});
        throw std::runtime_error{"no"};
    })));
    EXPECT_EQ(sql_value("select count(*) from trail.events"), "0");
    record(acme_, {.action = "campaign.created"});
    EXPECT_EQ(sql_value("select sequence from trail.events"), "1");
}

TEST_F(TrailTest, what_a_browser_sends_cannot_stop_an_event) {
    record(acme_, {.action = "campaign.created", .resource_label = std::string(1000, 'x')},
           {.kind = "person", .user_agent = std::string{"a\0b\xff", 4}});
    EXPECT_EQ(sql_value("select user_agent from trail.events"), "a?b?");
    EXPECT_EQ(sql_value("select length(resource_label) from trail.events"), "400");
}

TEST_F(TrailTest, nobody_changes_or_deletes_an_event) {
    record(acme_, {.action = "campaign.created"});
    EXPECT_ANY_THROW(sql("update trail.events set action = 'campaign.launched'"));
    EXPECT_ANY_THROW(sql("delete from trail.events"));
    EXPECT_ANY_THROW(sql("truncate trail.events"));
    EXPECT_EQ(sql_value("select action from trail.events"), "campaign.created");
}

TEST_F(TrailTest, who_subscribed_is_told_in_the_same_transaction) {
    std::vector<std::string> told;
    trail_.subscribe([&told](db::Session&, const Recorded& event) -> Task<void> {
        told.push_back(event.entry.action);
        if (event.entry.action == "campaign.deleted") throw std::runtime_error{"no"};
        co_return;
    });
    record(acme_, {.action = "campaign.created"});
    EXPECT_ANY_THROW(record(acme_, {.action = "campaign.deleted"}));
    EXPECT_THAT(told, testing::ElementsAre("campaign.created", "campaign.deleted"));
    EXPECT_EQ(sql_value("select count(*) from trail.events"), "1");
}

}  // namespace
}  // namespace mobilytics::trail
