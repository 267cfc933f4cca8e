#include "src/auth/letters.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <map>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "src/auth/notices.hpp"
#include "src/auth/store.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class QueuedLetters : public WorldTest {
protected:
    QueuedLetters() {
        sql("update auth.users set name = 'Adelaide Quimby' where name = 'ada'");
        subscribe(trail, notices);
    }

    void tell(Notice notice) {
        run(database().transaction(db::Scope::nobody(), [&](db::Session& session) -> Task<void> {
            co_await letters.notify(session, notice, {});
        }));
    }

    std::string payloads() {
        return sql_value("select coalesce(string_agg(kind || ' ' || payload, E'\n'), '') from jobs.jobs").value();
    }

    Notices notices{database(), clock(), queue, trail, letters};
};

TEST_F(QueuedLetters, name_nobody_and_no_address_in_the_queue) {
    const auto here = as("ada");
    call("POST /v1/password-resets", R"({"email":"ada@example.com"})");
    call("POST /v1/password-resets", R"({"email":"nobody@example.com"})");
    call("POST /v1/sessions/current/confirm", std::format(R"({{"password":"{}"}})", password), here);
    ASSERT_EQ(call("POST /v1/account/email", R"({"email":"quimby@example.org"})", here).status, 202);
    run(database().transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
        trail::By by{.kind = "person", .id = people.at("ada").text(), .label = "Adelaide Quimby"};
        co_await trail.record(session, maple, by, {.action = "invitation.accepted"});
    }));
    Notice notice = notice_to(people.at("ada"), Letter::passkey_added);
    notice.subject = "Quimby's telephone";
    notice.email = "ada@example.com";
    tell(notice);
    const auto kept = payloads();
    for (const char* kind : {"auth.new_password", "auth.confirm_email", "auth.tell_members", "auth.notice"})
        EXPECT_TRUE(kept.contains(kind)) << kept;
    for (const char* words : {"@", "example", "Quimby", "Adelaide"}) EXPECT_FALSE(kept.contains(words)) << kept;
}

// Whoever takes an account over may change its address while the letter waits.
TEST_F(QueuedLetters, go_where_their_reader_is_by_now_but_what_guards_the_account_to_where_they_were) {
    const User ada = run(store::find_user(database(), people.at("ada"))).value();
    Notice news = notice_to(ada.id, Letter::webhook_disabled);
    news.company_id = maple;
    tell(news);
    tell(notice_to(ada, Letter::password_changed));
    Notice moved = notice_to(ada, Letter::email_changed);
    moved.new_email = "new@example.com";
    tell(moved);
    sql("update auth.users set email = 'newest@example.com', locale = 'fr-CA' where name = 'Adelaide Quimby'");
    std::map<std::string, std::vector<mail::Message>> sent;
    for (auto& letter : letters_sent()) sent[letter.to.address].push_back(letter);
    ASSERT_EQ(std::tuple(sent["newest@example.com"].size(), sent["ada@example.com"].size()), std::tuple(1U, 2U));
    EXPECT_EQ(sent["newest@example.com"][0].language, "fr-CA");
    EXPECT_EQ(sent["newest@example.com"][0].to.name, "Adelaide Quimby");
    EXPECT_TRUE(sent["ada@example.com"][0].text.contains("new@example.com") ||
                sent["ada@example.com"][1].text.contains("new@example.com"));
}

TEST_F(QueuedLetters, tell_nobody_who_has_left_the_news_of_the_company) {
    const auto tell_of_webhook = [&] {
        Notice news = notice_to(people.at("max"), Letter::webhook_disabled);
        news.company_id = maple;
        tell(news);
    };
    tell_of_webhook();
    EXPECT_EQ(sql_value(std::format("select company_id = '{}' from jobs.jobs", hex(maple))), "t");
    EXPECT_EQ(letters_sent().size(), 1U);
    tell_of_webhook();
    sql(std::format("delete from auth.memberships where user_id = '{}'", hex(people.at("max"))));
    EXPECT_TRUE(letters_sent().empty());
    EXPECT_EQ(sql_value("select count(*) from jobs.jobs"), "0") << "and the letter waits no more";
}

TEST_F(QueuedLetters, wait_for_a_server_with_the_key_that_sealed_their_words) {
    call("POST /v1/password-resets", R"({"email":"ada@example.com"})");
    Letters stranger{database(), clock(), queue, mailer, crypto::Sealer{std::string(crypto::Sealer::key_size, 'x')},
                     nullptr,    pages};
    {
        jobs::Runner runner{runtime(), database(), clock(), queue};
        add_jobs(runner, stranger);
        runner.start();
        const auto deadline = std::chrono::steady_clock::now() + 2min;
        const auto state = [&] { return sql_value("select concat_ws(' ', state, attempts, error) from jobs.jobs"); };
        while (state() != "ready 1 auth.letter_sealed_by_another_key") {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline) << state().value_or("no job");
            std::this_thread::sleep_for(5ms);
        }
    }
    EXPECT_TRUE(postbox.letters.empty());
    clock().set(clock().now() + 1min);
    letter_to("ada@example.com");
}

TEST_F(QueuedLetters, do_not_open_in_the_place_of_another) {
    tell(notice_to(people.at("max"), Letter::passkey_added));
    Notice notice = notice_to(people.at("ada"), Letter::passkey_added);
    notice.subject = "phone";
    tell(notice);
    sql(std::format("update jobs.jobs set payload = replace(payload, '{}', '{}'), max_attempts = 1",
                    people.at("ada").text(), people.at("max").text()));
    EXPECT_EQ(letters_sent().size(), 1U);
    EXPECT_EQ(sql_value("select concat_ws(' ', state, error) from jobs.jobs"),
              "dead auth.letter_sealed_by_another_key");
}

}  // namespace

}  // namespace mobilytics::auth
