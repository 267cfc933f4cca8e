#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <format>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "platform/crypto/sha1.hpp"
#include "platform/testing/folder.hpp"
#include "src/auth/breached_passwords.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view fresh = "a fresh password of hers";

class AccountRoutes : public WorldTest {
protected:
    test::Answer forgot(const std::string& email, Headers headers = {}) {
        return call("POST /v1/password-resets", std::format(R"({{"email":"{}"}})", email), std::move(headers));
    }

    test::Answer reset(const std::string& token, std::string_view wanted = fresh) {
        return call("POST /v1/password-resets/complete",
                    std::format(R"({{"token":"{}","password":"{}"}})", token, wanted));
    }

    std::string reset_token(const std::string& name) {
        EXPECT_EQ(forgot(email_of(name)).status, 202);
        return token_in(letter_to(email_of(name)));
    }

    test::Answer change_password(const Headers& headers, std::string_view current, std::string_view wanted = fresh) {
        return call("POST /v1/account/password",
                    std::format(R"({{"current_password":"{}","new_password":"{}"}})", current, wanted), headers);
    }

    test::Answer change_email(const Headers& headers, const std::string& email) {
        return call("POST /v1/account/email", std::format(R"({{"email":"{}"}})", email), headers);
    }

    test::Answer confirm_email(const std::string& token) {
        return call("POST /v1/account/email/confirm", std::format(R"({{"token":"{}"}})", token));
    }

    test::Answer confirm(const Headers& headers, std::string_view secret = password) {
        return call("POST /v1/sessions/current/confirm", std::format(R"({{"password":"{}"}})", secret), headers);
    }

    // The same session with the cookie that an answer gave it.
    static Headers renewed(const Headers& headers, const test::Answer& answer) {
        return with(headers, "Cookie", cookie_of(answer));
    }

    int session_status(const Headers& headers) { return call("GET /v1/sessions/current", "", headers).status; }

    std::string last_event() {
        return sql_value(
                   "select concat_ws(' ', actor_kind, action, changes) from trail.events "
                   "where company_id = '00000000-0000-0000-0000-000000000000' and action <> 'session.opened' order by "
                   "sequence desc limit 1")
            .value_or("");
    }
};

// ---- forgotten passwords

TEST_F(AccountRoutes, a_forgotten_password_is_chosen_anew_by_letter) {
    auto here = as("ada");
    auto letter_before = forgot("ada@example.com");
    ASSERT_EQ(letter_before.status, 202) << letter_before.body;
    auto letter = letter_to("ada@example.com");
    EXPECT_TRUE(letter.text.contains("https://app.example.com/reset-password#")) << letter.text;
    EXPECT_EQ(reset(token_in(letter)).status, 204);
    EXPECT_EQ(session_status(here), 401) << "all sessions end";
    EXPECT_EQ(sign_in("ada").status, 401);
    EXPECT_EQ(sign_in("ada", fresh).at("/user/email_verified"), "true") << "the letter arrived";
    EXPECT_EQ(letter_to("ada@example.com").subject, "Your password was changed");
    EXPECT_EQ(last_event(), R"(person account.password_reset {"password":{"to":"hidden"}})");
}

// Whoever asks learns nothing: not by the answer, its headers, the work or the rows.
TEST_F(AccountRoutes, asking_for_a_letter_tells_nobody_whether_an_address_has_an_account) {
    sql("update auth.users set disabled_at = '2026-01-02' where name = 'vic'");
    std::set<std::string> seen;
    for (const char* email : {"ada@example.com", "nobody@example.com", "vic@example.com", "sam@example.com"}) {
        const auto work = crypto::password_computations();
        auto answer = forgot(email);
        std::string headers;
        for (const auto& [name, value] : answer.headers) headers += name + "=" + value + ";";
        seen.insert(std::format("{} {} {} work {} jobs {} attempts {}", answer.status, answer.body, headers,
                                crypto::password_computations() - work,
                                sql_value("select count(*) || string_agg(distinct kind, ',') from jobs.jobs").value(),
                                sql_value("select count(*) from auth.sign_in_attempts").value()));
        sql("delete from jobs.jobs; delete from auth.sign_in_attempts");
    }
    EXPECT_EQ(seen.size(), 1) << *seen.begin() << "\n" << *seen.rbegin();
}

TEST_F(AccountRoutes, signing_in_does_the_same_work_for_everybody) {
    sql("update auth.users set disabled_at = '2026-01-02' where name = 'vic'");
    sign_in("ada");  // makes what is made once
    for (const char* name : {"ada", "vic", "nobody"}) {
        const auto before = crypto::password_computations();
        sign_in(name, "wrong password");
        EXPECT_EQ(crypto::password_computations() - before, 1) << name;
    }
}

TEST_F(AccountRoutes, addresses_without_an_account_and_disabled_people_get_no_letter) {
    sql("update auth.users set disabled_at = '2026-01-02' where name = 'vic'");
    forgot("nobody@example.com");
    forgot("vic@example.com");
    EXPECT_EQ(letters_sent().size(), 0);
    EXPECT_EQ(sql_value("select count(*) from auth.mailed_tokens"), "0");
}

TEST_F(AccountRoutes, a_letter_s_link_works_once_and_for_45_minutes) {
    std::string token = reset_token("ada");
    EXPECT_EQ(sql_value("select count(*) from auth.mailed_tokens t where t::text like '%" + token + "%'"), "0");
    EXPECT_EQ(reset(token).status, 204);
    EXPECT_EQ(reset(token, "another fresh password").at("/code"), "auth.link_not_good");
    letters_sent();
    std::string late = reset_token("max");
    clock().set(clock().now() + 45min);
    EXPECT_EQ(reset(late).at("/code"), "auth.link_not_good");
    EXPECT_EQ(sign_in("max").status, 201);
}

TEST_F(AccountRoutes, all_letters_of_a_person_are_spent_by_one) {
    std::string first = reset_token("ada"), second = reset_token("ada");
    EXPECT_EQ(reset(first).status, 204);
    EXPECT_EQ(reset(second).at("/code"), "auth.link_not_good");
}

TEST_F(AccountRoutes, a_refused_password_does_not_spend_the_letter) {
    std::string token = reset_token("ada");
    for (const char* bad : {"short", "ada@example.com", "QWERTY123456"}) {
        auto answer = reset(token, bad);
        EXPECT_EQ(answer.at("/code") + answer.pointers(), "auth.invalid_password/password") << bad;
    }
    EXPECT_EQ(reset(token).status, 204);
}

TEST_F(AccountRoutes, a_token_of_one_kind_is_good_for_nothing_else) {
    change_email(as("ada"), "new@example.com");
    std::string token = token_in(letter_to("new@example.com"));
    EXPECT_EQ(reset(token).at("/code"), "auth.link_not_good");
    EXPECT_EQ(confirm_email(reset_token("ada")).at("/code"), "auth.link_not_good");
    for (const char* bad : {"", "x", "' or 1=1 --"}) EXPECT_EQ(reset(bad).at("/code"), "auth.link_not_good");
}

TEST_F(AccountRoutes, asking_is_slowed_down_by_address_and_never_for_ever) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(forgot("ada@example.com").status, 202) << i;
    auto refused = forgot("ada@example.com");
    EXPECT_EQ(refused.at("/code") + " " + refused.headers.at("Retry-After"), "auth.too_many_attempts 1");
    EXPECT_EQ(forgot("nobody@example.com").status, 202) << "another address";
    int longest = 0;
    for (int i = 0; i < 20; ++i) {
        refused = forgot("ada@example.com");
        if (refused.status != 429) continue;
        longest = std::stoi(refused.headers.at("Retry-After"));
        clock().set(clock().now() + std::chrono::seconds{longest});
        EXPECT_EQ(forgot("ada@example.com").status, 202);
    }
    EXPECT_EQ(longest, 900);
}

// Behind a proxy all callers have one address: one of them must not stand in the way of the others for long.
TEST_F(AccountRoutes, a_caller_who_asks_for_many_addresses_waits_five_seconds_at_most) {
    int longest = 0;
    for (int i = 0; i < 60; ++i) {
        auto answer = forgot(std::format("person-{}@example.com", i));
        if (answer.status == 202) continue;
        longest = std::max(longest, std::stoi(answer.headers.at("Retry-After")));
        clock().set(clock().now() + std::chrono::seconds{std::stoi(answer.headers.at("Retry-After"))});
    }
    EXPECT_EQ(longest, 5);
}

// Somebody who asks in another's name fills the mailbox with good letters, and keeps nobody out.
TEST_F(AccountRoutes, a_mailbox_gets_five_good_letters_at_most) {
    for (int i = 0; i < 9; ++i) {
        sql("delete from auth.sign_in_attempts");
        forgot("ada@example.com");
    }
    auto sent = letters_sent();
    EXPECT_EQ(sent.size(), 5);
    EXPECT_EQ(reset(token_in(sent.front())).status, 204);
    letters_sent();
    reset_token("ada");
}

TEST_F(AccountRoutes, guesses_of_others_do_not_keep_out_who_chose_a_new_password) {
    for (int i = 0; i < 12; ++i) sign_in("ada", "wrong");
    EXPECT_EQ(sign_in("ada").status, 429);
    EXPECT_EQ(reset(reset_token("ada")).status, 204);
    EXPECT_EQ(sign_in("ada", fresh).status, 201);
}

TEST_F(AccountRoutes, links_are_taken_from_no_page_of_another_site) {
    Headers evil{{"Sec-Fetch-Site", "cross-site"}};
    EXPECT_EQ(forgot("ada@example.com", evil).at("/code"), "auth.cross_site");
    EXPECT_EQ(call("POST /v1/password-resets/complete", R"({"token":"x","password":"y"})", evil).at("/code"),
              "auth.cross_site");
    EXPECT_EQ(call("POST /v1/account/email/confirm", R"({"token":"x"})", evil).at("/code"), "auth.cross_site");
}

// ---- change of password

TEST_F(AccountRoutes, a_changed_password_ends_other_sessions_and_renews_this_one) {
    auto here = as("ada");
    auto there = headers_of(sign_in("ada"));
    auto changed = change_password(here, password);
    ASSERT_EQ(changed.status, 204) << changed.body;
    EXPECT_EQ(session_status(there), 401);
    EXPECT_EQ(session_status(renewed(here, changed)), 200);
    EXPECT_EQ(sign_in("ada").status, 401);
    EXPECT_EQ(sign_in("ada", fresh).status, 201);
    EXPECT_EQ(letter_to("ada@example.com").subject, "Your password was changed");
    EXPECT_EQ(last_event(), R"(person account.password_changed {"password":{"to":"hidden"}})");
}

TEST_F(AccountRoutes, a_password_is_changed_by_who_knows_it_only) {
    auto here = as("ada");
    auto before = everything();
    auto refused = change_password(here, "wrong password");
    EXPECT_EQ(std::format("{} {} {}", refused.status, refused.at("/code"), refused.pointers()),
              "403 auth.wrong_password /current_password");
    EXPECT_EQ(change_password(here, password, "short").pointers(), "/new_password");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(change_password(bearer(make_key("owner")), password).at("/code"), "auth.person_only");
    EXPECT_EQ(sign_in("ada").status, 201);
}

TEST_F(AccountRoutes, a_password_that_was_stolen_elsewhere_is_not_taken) {
    const test::Folder folder;
    const std::string stolen = "nobody else in these tests takes this";
    std::ofstream{folder.path() / "list.txt"} << crypto::sha1_hex(stolen) << ":12\n";
    refuse_breached_passwords(folder.path() / "list.txt");
    auto here = as("ada");
    auto refused = change_password(here, password, stolen);
    EXPECT_EQ(std::format("{} {} {}", refused.status, refused.at("/code"), refused.pointers()),
              "422 auth.invalid_password /new_password");
    EXPECT_EQ(change_password(here, password, stolen + ", but this").status, 204);
}

TEST_F(AccountRoutes, a_stolen_session_guesses_no_password_faster_than_signing_in_does) {
    auto here = as("ada");
    for (int i = 0; i < 11; ++i) EXPECT_EQ(confirm(here, "wrong").status, 403) << i;
    EXPECT_EQ(confirm(here).at("/code"), "auth.too_many_attempts");
    EXPECT_EQ(change_password(here, password).at("/code"), "auth.too_many_attempts");
}

// ---- change of address

TEST_F(AccountRoutes, an_address_changes_when_the_new_one_answers) {
    auto here = as("ada");
    ASSERT_EQ(change_email(here, " New@Example.com ").status, 202);
    EXPECT_EQ(sign_in("ada").status, 201) << "nothing has changed yet";
    auto letter = letter_to("new@example.com");
    EXPECT_TRUE(letter.text.contains("https://app.example.com/confirm-email#")) << letter.text;
    auto confirmed = confirm_email(token_in(letter));
    EXPECT_EQ(confirmed.at("/email"), "new@example.com") << confirmed.body;
    EXPECT_EQ(sign_in("ada").status, 401);
    auto notice = letter_to("ada@example.com");
    EXPECT_EQ(notice.subject, "Your e-mail address was changed");
    EXPECT_TRUE(notice.text.contains("new@example.com"));
    auto session = call("GET /v1/sessions/current", "", here);
    EXPECT_EQ(session.at("/user/email") + " " + session.at("/user/email_verified"), "new@example.com true");
    EXPECT_EQ(confirm_email(token_in(letter)).at("/code"), "auth.link_not_good");
    EXPECT_EQ(last_event(),
              R"(person account.email_changed {"email":{"from":"ada@example.com","to":"new@example.com"}})");
}

TEST_F(AccountRoutes, an_address_in_use_is_confirmed_in_the_same_way) {
    EXPECT_EQ(change_email(as("ada"), "ada@example.com").status, 202);
    EXPECT_EQ(confirm_email(token_in(letter_to("ada@example.com"))).status, 200);
    EXPECT_EQ(call("GET /v1/sessions/current", "", as("ada")).at("/user/email_verified"), "true");
    EXPECT_EQ(letters_sent().size(), 0);
}

// The answer is the same; only the mailbox of the other person learns of it.
TEST_F(AccountRoutes, an_address_of_somebody_else_is_not_taken_and_not_told) {
    auto free = change_email(as("ada"), "free@example.com");
    auto taken = change_email(as("max"), "olga@example.com");
    EXPECT_EQ(free.body, taken.body);
    EXPECT_EQ(free.status, taken.status);
    auto sent = letters_sent();
    ASSERT_EQ(sent.size(), 2);
    for (const auto& letter : sent)
        if (letter.to.address == "olga@example.com") {
            EXPECT_EQ(letter.subject, "This address has an account already");
            EXPECT_EQ(token_in(letter), "");
        }
}

TEST_F(AccountRoutes, an_address_that_somebody_took_meanwhile_stays_theirs) {
    change_email(as("ada"), "new@example.com");
    std::string token = token_in(letter_to("new@example.com"));
    sql("update auth.users set email = 'new@example.com' where name = 'olga'");
    EXPECT_EQ(confirm_email(token).at("/code"), "auth.email_taken");
    EXPECT_EQ(sign_in("ada").status, 201);
}

TEST_F(AccountRoutes, letters_to_the_old_address_are_spent_by_the_change) {
    std::string reset_before = reset_token("ada");
    change_email(as("ada"), "new@example.com");
    EXPECT_EQ(confirm_email(token_in(letter_to("new@example.com"))).status, 200);
    EXPECT_EQ(reset(reset_before).at("/code"), "auth.link_not_good");
}

TEST_F(AccountRoutes, an_address_is_changed_shortly_after_the_password_was_shown_only) {
    auto here = as("ada");
    clock().set(clock().now() + 15min);
    auto before = everything();
    EXPECT_EQ(change_email(here, "new@example.com").at("/code"), "auth.not_confirmed");
    EXPECT_EQ(everything(), before);
    auto confirmed = confirm(here);
    ASSERT_EQ(confirmed.status, 204) << confirmed.body;
    here = renewed(here, confirmed);
    EXPECT_EQ(call("GET /v1/sessions/current", "", here).at("/confirmed_until"), "2026-03-08T07:30:00.000Z");
    EXPECT_EQ(change_email(here, "new@example.com").status, 202);
}

// ---- profile

TEST_F(AccountRoutes, name_and_language_are_one_s_own_to_change) {
    auto edited = call("PATCH /v1/account", R"({"name":"Ada L.","locale":"fr-CA"})", as("ada"));
    EXPECT_EQ(edited.at("/name") + " " + edited.at("/locale"), "Ada L. fr-CA") << edited.body;
    EXPECT_EQ(call("GET /v1/sessions/current", "", as("ada")).at("/user/name"), "Ada L.");
    EXPECT_EQ(last_event(),
              R"(person account.edited {"name":{"from":"ada","to":"Ada L."},"locale":{"from":"en-CA","to":"fr-CA"}})");
    auto before = everything();
    EXPECT_EQ(call("PATCH /v1/account", R"({})", as("ada")).status, 200);
    EXPECT_EQ(call("PATCH /v1/account", R"({"name":"","locale":"de"})", as("ada")).pointers(), "/name, /locale");
    EXPECT_EQ(call("PATCH /v1/account", R"({"staff":true})", as("ada")).status, 422);
    EXPECT_EQ(call("PATCH /v1/account", R"({"email":"x@y.ca"})", as("ada")).status, 422);
    EXPECT_EQ(everything(), before);
}

// ---- sessions

TEST_F(AccountRoutes, sessions_are_listed_with_where_they_were_opened) {
    auto here = as("ada");
    clock().set(clock().now() + 1min);
    sign_in("ada", password, {{"User-Agent", "Firefox \x01" + std::string(400, 'x')}});
    as("max");
    auto list = call("GET /v1/sessions", "", here);
    ASSERT_EQ(list.items_at("/items"), 2) << list.body;
    EXPECT_EQ(list.at("/items/0/current") + list.at("/items/1/current"), "falsetrue");
    EXPECT_EQ(list.at("/items/0/address"), "127.0.0.1");
    EXPECT_EQ(list.at("/items/0/user_agent"), "Firefox ?" + std::string(291, 'x'));
    EXPECT_EQ(list.at("/items/0/created_at"), "2026-03-08T07:01:00.000Z");
    auto page = call("GET /v1/sessions?limit=1", "", here);
    EXPECT_EQ(call("GET /v1/sessions?limit=1&cursor=" + page.at("/next_cursor"), "", here).at("/items/0/current"),
              "true");
}

TEST_F(AccountRoutes, a_session_is_ended_from_another) {
    auto here = as("ada");
    auto there = headers_of(sign_in("ada"));
    std::string id = call("GET /v1/sessions/current", "", there).at("/id");
    EXPECT_EQ(call("DELETE /v1/sessions/" + id, "", as("max")).at("/code"), "auth.session_not_found");
    EXPECT_EQ(session_status(there), 200) << "it is not max's";
    EXPECT_EQ(call("DELETE /v1/sessions/" + id, "", here).status, 204);
    EXPECT_EQ(session_status(there), 401);
    EXPECT_EQ(call("DELETE /v1/sessions/" + id, "", here).at("/code"), "auth.session_not_found");
    auto own = call("DELETE /v1/sessions/" + call("GET /v1/sessions/current", "", here).at("/id"), "", here);
    EXPECT_TRUE(own.headers.at("Set-Cookie").starts_with("__Host-mobilytics=; Path=/; Max-Age=0"));
    EXPECT_EQ(session_status(here), 401);
}

TEST_F(AccountRoutes, all_other_sessions_end_at_once) {
    auto here = as("ada");
    auto max = as("max");
    std::vector<Headers> others = {headers_of(sign_in("ada")), headers_of(sign_in("ada"))};
    EXPECT_EQ(call("DELETE /v1/sessions", "", here).status, 204);
    for (const auto& other : others) EXPECT_EQ(session_status(other), 401);
    EXPECT_EQ(session_status(here), 200);
    EXPECT_EQ(session_status(max), 200);
    EXPECT_EQ(last_event(), R"(person session.others_ended {"ended":{"to":2}})");
}

TEST_F(AccountRoutes, a_confirmed_session_gets_a_new_token_and_the_old_one_fades) {
    auto here = as("ada");
    auto answer = confirm(here);
    ASSERT_EQ(answer.status, 204) << answer.body;
    EXPECT_NE(cookie_of(answer), here.at("Cookie"));
    EXPECT_EQ(session_status(renewed(here, answer)), 200) << "with the same csrf token";
    EXPECT_EQ(session_status(here), 200) << "requests of other tabs are on their way";
    clock().set(clock().now() + 10s);
    EXPECT_EQ(session_status(here), 401);
    EXPECT_EQ(session_status(renewed(here, answer)), 200);
}

TEST_F(AccountRoutes, a_wrong_password_confirms_nothing) {
    auto here = as("ada");
    auto before = everything();
    auto answer = confirm(here, "wrong");
    EXPECT_EQ(std::format("{} {} {}", answer.status, answer.at("/code"), answer.pointers()),
              "403 auth.wrong_password /password");
    EXPECT_FALSE(answer.headers.contains("Set-Cookie"));
    EXPECT_EQ(everything(), before);
}

}  // namespace

}  // namespace mobilytics::auth
