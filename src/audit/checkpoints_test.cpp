#include <gmock/gmock.h>

#include <fstream>

#include "platform/objects/objects.hpp"
#include "platform/testing/database.hpp"
#include "platform/testing/folder.hpp"
#include "src/audit/audit.hpp"

namespace mobilytics::audit {
namespace {

using testing::HasSubstr;

class AuditCheckpoints : public test::DatabaseTest {
protected:
    void record(int events, std::string action = "asset.created") {
        for (int i = 0; i < events; ++i)
            run(database().transaction(db::Scope::of(company_), [&](db::Session& session) -> Task<void> {
                co_await trail_.record(session, company_, {.kind = "person", .id = "usr_1"},
                                       {.action = action, .resource_id = "ast_1", .resource_label = "Truck"});
            }));
    }

    // An hour later somebody signs.
    void sign() {
        clock().set(clock().now() + std::chrono::hours{1});
        run(audit_.sign_checkpoints());
    }

    Verified verified() { return run(audit_.verify(company_)).at(0); }
    std::string finding() { return verified().finding.wrong.value_or("whole"); }

    std::filesystem::path note(int sequence) const {
        return folder_.path() / "objects/audit" / ids::to_hex(company_.uuid) / std::format("{:012}.note", sequence);
    }

    // With all rights in the database.
    void tamper(const std::string& statements) {
        sql("alter table trail.events disable trigger events_stay;" + statements +
            ";alter table trail.events enable trigger events_stay");
    }

    // As somebody would who knows how hashes are made: every event after the change is written anew.
    void write_history_anew(int events) {
        tamper("truncate trail.events; truncate trail.heads");
        record(events, "asset.changed");
    }

    const CompanyId company_ = CompanyId::make();
    const test::Folder folder_;
    std::unique_ptr<objects::Objects> objects_ = objects::in_folder(folder_.path() / "objects");
    trail::Trail trail_{clock()};
    Audit audit_{runtime(),
                 database(),
                 clock(),
                 *objects_,
                 {.key_file = folder_.path() / "audit.key", .keep = std::chrono::days{365}}};
};

TEST_F(AuditCheckpoints, each_hour_that_had_events_is_signed) {
    record(3);
    sign();
    sign();
    record(2);
    sign();
    EXPECT_TRUE(std::filesystem::exists(note(3)));
    EXPECT_TRUE(std::filesystem::exists(note(5)));
    EXPECT_EQ(verified().checkpoints, 2U);
    EXPECT_EQ(verified().last_checkpoint->link.sequence, 5);
    EXPECT_EQ(finding(), "whole");
    record(1);
    EXPECT_EQ(finding(), "whole");
}

TEST_F(AuditCheckpoints, a_history_written_anew_with_right_hashes_shows) {
    record(3);
    sign();
    write_history_anew(4);
    EXPECT_EQ(finding(), "event 3 is not the one that a signed checkpoint holds");
}

TEST_F(AuditCheckpoints, a_tail_that_was_cut_off_with_its_head_shows) {
    record(3);
    sign();
    tamper(
        "delete from trail.events where sequence = 3; "
        "update trail.heads set sequence = 2, hash = (select hash from trail.events where sequence = 2)");
    EXPECT_EQ(finding(), "event 3 is missing, which a signed checkpoint holds");
}

TEST_F(AuditCheckpoints, what_is_not_whole_is_not_signed) {
    record(3);
    sign();
    record(2);
    tamper("update trail.events set reason = 'x' where sequence = 4");
    sign();
    EXPECT_FALSE(std::filesystem::exists(note(5)));
}

TEST_F(AuditCheckpoints, a_checkpoint_that_is_missing_or_was_changed_shows) {
    for (int i = 0; i < 3; ++i) {
        record(1);
        sign();
    }
    const auto kept = objects_->get(std::format("audit/{}/000000000002.note", ids::to_hex(company_.uuid))).value();
    std::filesystem::remove(note(2));
    EXPECT_THAT(finding(), HasSubstr("000000000003.note is missing, or was changed"));
    auto changed = kept;
    changed[60] ^= 1;
    std::ofstream{note(2)} << changed;
    EXPECT_THAT(finding(), HasSubstr("000000000002.note"));
    std::ofstream{note(2)} << kept;
    EXPECT_EQ(finding(), "whole");
}

TEST_F(AuditCheckpoints, a_checkpoint_of_another_key_does_not_count) {
    record(1);
    Audit other{runtime(), database(), clock(), *objects_, {.key_file = folder_.path() / "other.key"}};
    run(other.sign_checkpoints());
    EXPECT_THAT(finding(), HasSubstr("is signed with another key"));
}

// The database lets go of nothing that is younger than 90 days by its own clock; the tests' clock stands in March 2026.
TEST_F(AuditCheckpoints, old_events_are_let_go_up_to_a_checkpoint_and_the_rest_stays_proven) {
    record(3);
    sign();
    record(2);
    sign();
    clock().set(clock().now() + std::chrono::days{364});
    record(2);
    sign();
    run(audit_.let_go());
    EXPECT_EQ(sql_value("select min(sequence) from trail.events"), "1");
    clock().set(clock().now() + std::chrono::hours{26});
    run(audit_.let_go());
    EXPECT_EQ(sql_value("select min(sequence) || ' to ' || max(sequence) from trail.events"), "6 to 7");
    EXPECT_EQ(verified().finding.first.sequence, 5);
    EXPECT_EQ(finding(), "whole");
    record(1);
    EXPECT_EQ(finding(), "whole");
}

TEST_F(AuditCheckpoints, events_cannot_be_let_go_without_a_checkpoint_of_them) {
    record(3);
    sql("set app.scope = 'system'; select trail.prune(company_id, 2, hash) from trail.events where sequence = 2");
    EXPECT_EQ(finding(), "events up to 2 are gone, and no signed checkpoint holds the last of them");
}

TEST_F(AuditCheckpoints, young_events_stay_whoever_asks) {
    record(3);
    tamper("update trail.events set at = now() - interval '89 days'");
    EXPECT_ANY_THROW(
        sql("set app.scope = 'system'; select trail.prune(company_id, 2, hash) from trail.events where sequence = 2"));
    EXPECT_ANY_THROW(run(database().transaction(db::Scope::of(company_), [&](db::Session& session) -> Task<void> {
        static constexpr db::Query forbidden{"test.delete", "delete from trail.events", db::Kind::exec};
        co_await session.exec(forbidden);
    })));
    EXPECT_EQ(sql_value("select count(*) from trail.events"), "3");
}

}  // namespace
}  // namespace mobilytics::audit
