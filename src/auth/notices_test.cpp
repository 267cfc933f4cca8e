#include "src/auth/notices.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <format>
#include <string>
#include <vector>

#include "src/auth/entries.hpp"
#include "src/auth/staff.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

class NoticeRoutes : public WorldTest {
protected:
    NoticeRoutes() {
        add_routes(router, notices);
        subscribe(trail, notices);
    }

    void happens(trail::By by, trail::Entry entry) {
        run(database().transaction(db::Scope::of(maple), [&](db::Session& session) -> Task<void> {
            co_await trail.record(session, maple, by, entry);
        }));
    }

    void webhook_is_disabled(const std::string& by_kind = "job") {
        happens({.kind = by_kind, .id = "webhooks.deliver"},
                {.action = "webhook.disabled", .resource_label = "https://hooks.example.com"});
    }

    // Runs what waits, letters after the job that finds their readers: "address: subject" by address.
    std::string told() {
        jobs::Runner runner{runtime(), database(), clock(), queue};
        add_jobs(runner, letters);
        add_jobs(runner, notices);
        runner.start();
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{2};
        while (sql_value("select count(*) from jobs.jobs where state in ('ready', 'running')") != "0") {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error{"the letters never went"};
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        }
        runner.stop();
        std::vector<std::string> lines;
        for (const auto& letter : std::exchange(postbox.letters, {}))
            lines.push_back(letter.to.address + ": " + letter.subject + "\n");
        std::ranges::sort(lines);
        std::string all;
        for (const auto& line : lines) all += line;
        return all;
    }

    std::string choose(const std::string& who, std::string body) {
        return call("PATCH /v1/account/notifications", std::move(body), as(who)).body;
    }

    Notices notices{database(), clock(), queue, trail, letters};
};

// They are shut out, and would learn it at the door.
TEST_F(NoticeRoutes, tell_owners_that_their_company_is_suspended_whatever_they_chose) {
    choose("ada", R"({"webhook_disabled":false,"api_key_ending":false,"member_joined":false})");
    suspend(maple);
    happens({.kind = "staff", .id = "usr_1"}, {.action = "company.suspended", .resource_label = "Maple Fleet"});
    EXPECT_EQ(told(), "ada@example.com: Maple Fleet is suspended on Mobilytics\n");
    happens({.kind = "staff", .id = "usr_1"}, {.action = "company.reinstated", .resource_label = "Maple Fleet"});
    EXPECT_EQ(told(), "ada@example.com: Maple Fleet is reinstated on Mobilytics\n");
}

TEST_F(NoticeRoutes, tell_those_who_can_do_something_about_a_disabled_webhook) {
    webhook_is_disabled();
    EXPECT_EQ(told(),
              "ada@example.com: A webhook of Maple Fleet was disabled\n"
              "max@example.com: A webhook of Maple Fleet was disabled\n"
              "tom@example.com: A webhook of Maple Fleet was disabled\n");
}

TEST_F(NoticeRoutes, tell_owners_of_a_token_in_two_hands_whatever_they_do_without) {
    choose("ada", R"({"webhook_disabled":false,"api_key_ending":false,"member_joined":false})");
    happens({.kind = "key", .id = ApiKeyId::make().text()}, token_reused(TokenFamilyId::make(), "feed"));
    EXPECT_EQ(told(), "ada@example.com: A token of Maple Fleet was used twice\n");
}

TEST_F(NoticeRoutes, do_not_tell_of_what_a_person_did_on_purpose) {
    webhook_is_disabled("person");
    EXPECT_EQ(sql_value("select count(*) from jobs.jobs"), "0");
}

TEST_F(NoticeRoutes, leave_out_who_does_without_and_who_cannot_sign_in) {
    EXPECT_EQ(choose("max", R"({"webhook_disabled":false})"),
              R"({"webhook_disabled":false,"api_key_ending":true,"member_joined":true,"alert_fired":true})");
    sql("update auth.users set disabled_at = now() where user_id = '" + hex(people.at("tom")) + "'");
    webhook_is_disabled();
    EXPECT_EQ(told(), "ada@example.com: A webhook of Maple Fleet was disabled\n");
    choose("max", R"({"webhook_disabled":true})");
    webhook_is_disabled();
    EXPECT_TRUE(told().contains("max@example.com"));
}

TEST_F(NoticeRoutes, tell_the_owners_who_joined_but_not_who_it_is) {
    const auto joins = [&](const std::string& name) {
        happens({.kind = "person", .id = people.at(name).text(), .label = name}, {.action = "invitation.accepted"});
    };
    joins("ada");
    EXPECT_EQ(told(), "");
    joins("vic");
    EXPECT_EQ(told(), "ada@example.com: vic joined Maple Fleet\n");
}

TEST_F(NoticeRoutes, warn_once_of_each_end_of_a_key) {
    const auto make = [&](std::string_view name, std::string_view end) {
        return call("POST /v1/api-keys", std::format(R"({{"name":"{}","role":"viewer","expires_at":"{}"}})", name, end),
                    as("ada"))
            .at("/id");
    };
    const std::string soon = make("Export", "2026-03-14T07:00:00Z");
    make("Later", "2026-03-16T07:00:00Z");
    call("DELETE /v1/api-keys/" + make("Revoked", "2026-03-14T07:00:00Z"), "", as("ada"));
    run(notices.look_for_ending_keys());
    EXPECT_EQ(told(), "ada@example.com: An API key of Maple Fleet ends on 2026-03-14\n");
    run(notices.look_for_ending_keys());
    EXPECT_EQ(told(), "");
    call("POST /v1/api-keys/" + soon + "/secret/rotate", R"({"expires_at":"2026-03-15T07:00:00Z"})", as("ada"));
    run(notices.look_for_ending_keys());
    EXPECT_EQ(told(), "ada@example.com: An API key of Maple Fleet ends on 2026-03-15\n");
}

TEST_F(NoticeRoutes, keep_what_was_chosen_and_say_so_in_the_trail) {
    const std::string all =
        R"({"webhook_disabled":true,"api_key_ending":true,"member_joined":true,"alert_fired":true})";
    EXPECT_EQ(call("GET /v1/account/notifications", "", as("vic")).body, all);
    const auto before = everything();
    EXPECT_EQ(choose("vic", R"({"member_joined":true})"), all);
    EXPECT_EQ(everything(), before) << "nothing changed";
    choose("vic", R"({"member_joined":false,"api_key_ending":false})");
    EXPECT_EQ(call("GET /v1/account/notifications", "", as("vic")).body,
              R"({"webhook_disabled":true,"api_key_ending":false,"member_joined":false,"alert_fired":true})");
    EXPECT_EQ(call("GET /v1/account/notifications", "", as("ann")).body, all) << "somebody else's";
    EXPECT_EQ(sql_value("select changes from trail.events where action = 'account.notifications_changed'"),
              R"({"api_key_ending":{"from":true,"to":false},"member_joined":{"from":true,"to":false}})");
    EXPECT_EQ(call("GET /v1/account/notifications", "", as("key:owner")).status, 403) << "a program has no mailbox";
}

TEST_F(NoticeRoutes, let_staff_do_without_letters_about_the_product) {
    const auto readers = [&] {
        return run(database().transaction(db::Scope::system(), [](db::Session& session) {
            return staff_readers(session, StaffPermission::jobs_read, alert_letters);
        }));
    };
    ASSERT_EQ(readers().size(), 1U) << "sam";
    choose("vic", R"({"alert_fired":false})");
    EXPECT_EQ(readers().size(), 1U);
    choose("sam", R"({"alert_fired":false})");
    EXPECT_TRUE(readers().empty());
    choose("sam", R"({"alert_fired":true})");
    EXPECT_EQ(readers().size(), 1U);
}

}  // namespace

}  // namespace mobilytics::auth
