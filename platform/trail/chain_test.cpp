#include "platform/trail/chain.hpp"

#include <gmock/gmock.h>

#include <format>

#include "platform/testing/database.hpp"
#include "platform/trail/reading.hpp"

// Somebody with all rights in the database changes what was written, as an attacker or a careless repair would.
namespace mobilytics::trail {
namespace {

class ChainTest : public test::DatabaseTest {
protected:
    ChainTest() {
        for (const std::string action : {"asset.created", "asset.changed", "campaign.created", "campaign.booked"})
            record(company_, action);
        record(other_, "asset.created");
    }

    void record(ids::Uuid company, std::string action) {
        run(database().transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            Changes changes;
            changes.field("name", std::string{"Fall"}, std::string{"Autumn \"24\""}).made("share", 0.1);
            co_await trail_.record(
                session, company, {.kind = "person", .id = "usr_1", .label = "Ada"},
                {.action = action, .resource_id = "ast_1", .resource_label = "Truck 7", .changes = std::move(changes)});
        }));
        clock().set(clock().now() + std::chrono::minutes{1});
    }

    // Past the wall in front of the hashes.
    void tamper(const std::string& statements) {
        sql("alter table trail.events disable trigger events_stay;" + statements +
            ";alter table trail.events enable trigger events_stay");
    }

    std::string where() const { return std::format("company_id = '{}'", ids::to_hex(company_)); }

    std::string finding(ids::Uuid company) { return run(verify(database(), company)).wrong.value_or("whole"); }
    std::string finding() { return finding(company_); }

    const ids::Uuid company_ = ids::new_uuid();
    const ids::Uuid other_ = ids::new_uuid();
    Trail trail_{clock()};
};

TEST_F(ChainTest, what_was_written_is_whole) {
    const auto found = run(verify(database(), company_));
    EXPECT_EQ(found.wrong, std::nullopt);
    EXPECT_EQ(found.last.sequence, 4);
    EXPECT_EQ(finding(ids::new_uuid()), "whole");
    EXPECT_EQ(run(companies(database())).size(), 2U);
}

TEST_F(ChainTest, a_changed_byte_of_any_column_shows) {
    const std::vector<std::string> changed = {"event_id = gen_random_uuid()",
                                              "at = at + interval '1 ms'",
                                              "actor_kind = 'staff'",
                                              "actor_id = 'usr_2'",
                                              "actor_label = 'Eve'",
                                              "impersonator = 'usr_9'",
                                              "session_id = 'ses_1'",
                                              "method = 'key'",
                                              "address = '::1'",
                                              "user_agent = 'x'",
                                              "request_id = 'x'",
                                              "trace_id = 'x'",
                                              "action = 'asset.deleted'",
                                              "resource_id = 'ast_2'",
                                              "resource_label = 'Truck 8'",
                                              "changes = replace(changes, 'Fall', 'fall')",
                                              "outcome = 'refused'",
                                              "reason = 'x'",
                                              "hash = sha256(hash)"};
    for (const auto& change : changed) {
        const auto kept = "create table public.kept as select * from trail.events where " + where();
        sql(kept);
        tamper(std::format("update trail.events set {} where {} and sequence = 2", change, where()));
        EXPECT_THAT(finding(), testing::HasSubstr("event 2")) << change;
        EXPECT_EQ(finding(other_), "whole");
        tamper(
            std::format("delete from trail.events where {}; insert into trail.events select * from public.kept; "
                        "drop table public.kept",
                        where()));
        EXPECT_EQ(finding(), "whole") << change;
    }
}

TEST_F(ChainTest, a_deleted_event_shows_wherever_it_stood) {
    tamper(std::format("delete from trail.events where {} and sequence in (2, 3)", where()));
    EXPECT_EQ(finding(), "events 2 to 3 are missing");
}

TEST_F(ChainTest, the_first_event_cannot_go) {
    tamper(std::format("delete from trail.events where {} and sequence = 1", where()));
    EXPECT_EQ(finding(), "event 1 is missing");
}

TEST_F(ChainTest, a_tail_that_was_cut_off_shows) {
    tamper(std::format("delete from trail.events where {} and sequence = 4", where()));
    EXPECT_EQ(finding(), "the last event written was 4, the last that is there is 3");
}

TEST_F(ChainTest, all_of_it_gone_shows) {
    tamper("delete from trail.events where " + where());
    EXPECT_EQ(finding(), "the last event written was 4, the last that is there is 0");
}

TEST_F(ChainTest, two_events_that_changed_places_show) {
    tamper(
        std::format("update trail.events set sequence = -sequence + 105 where {0} and sequence in (2, 3);"
                    "update trail.events set sequence = sequence - 100 where {0} and sequence > 100",
                    where()));
    EXPECT_THAT(finding(), testing::HasSubstr("event 2 is not what was written"));
}

TEST_F(ChainTest, an_event_put_in_shows) {
    tamper(
        std::format("update trail.events set sequence = sequence + 100 where {0} and sequence > 2;"
                    "update trail.events set sequence = sequence - 99 where {0} and sequence > 100;"
                    "insert into trail.events select company_id, 3, gen_random_uuid(), at, actor_kind, actor_id, "
                    "actor_label, impersonator, session_id, method, address, user_agent, request_id, trace_id, "
                    "action, resource_id, resource_label, changes, outcome, reason, version, hash "
                    "from trail.events where {0} and sequence = 2",
                    where()));
    EXPECT_THAT(finding(), testing::HasSubstr("event 3 is not what was written"));
}

TEST_F(ChainTest, another_companys_event_does_not_fit) {
    tamper(
        std::format("delete from trail.events where {0} and sequence = 4;"
                    "update trail.events set company_id = '{1}', sequence = 4 where company_id = '{2}'",
                    where(), ids::to_hex(company_), ids::to_hex(other_)));
    EXPECT_THAT(finding(), testing::HasSubstr("event 4 is not what was written"));
}

}  // namespace
}  // namespace mobilytics::trail
