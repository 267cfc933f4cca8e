#include "src/auth/recoveries.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <string>

#include "src/auth/staff_world_test.hpp"

// A way back for who lost every factor: staff, the mailbox and the password together, and none of them alone.
namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class RecoveryRoutes : public StaffWorldTest {
protected:
    RecoveryRoutes() {
        verify("max");
        add_app("max");
        add_recovery_codes("max");
    }

    test::Answer begin(const std::string& who = "max", const std::string& by = "sue") {
        return call("POST " + path_of(who) + "/recovery", reason, as(by));
    }

    std::string token_for_max() {
        EXPECT_EQ(begin().status, 202);
        return token_in(letter_to("max@example.com"));
    }

    test::Answer complete(const std::string& token, std::string_view secret = password) {
        return call("POST /v1/recoveries/complete", std::format(R"({{"token":"{}","password":"{}"}})", token, secret));
    }
    test::Answer stop(const std::string& token) {
        return call("POST /v1/recoveries/stop", std::format(R"({{"token":"{}"}})", token));
    }

    std::string factors_of_max() {
        return sql_value(std::format("select (select count(*) from auth.second_factors where user_id = '{0}') "
                                     "|| ' ' || "
                                     "(select count(*) from auth.passkeys where user_id = '{0}') || ' ' || "
                                     "(select count(*) from auth.recovery_codes where user_id = '{0}')",
                                     hex(people.at("max"))))
            .value();
    }

    void add_passkey() {
        sql(
            std::format("insert into auth.passkeys (passkey_id, user_id, credential_id, algorithm, public_key, "
                        "sign_count, name, aaguid, transports, backup_eligible, backed_up, created_at) values "
                        "('{}', '{}', 'abc', -8, 'k', 0, 'Laptop', decode(repeat('00', 16), 'hex'), '{{}}', false, "
                        "false, '2026-01-01')",
                        hex(PasskeyId::make()), hex(people.at("max"))));
    }

    std::string code(const test::Answer& answer) { return std::to_string(answer.status) + " " + answer.at("/code"); }
};

TEST_F(RecoveryRoutes, staff_mailbox_and_password_together_take_the_factors_away) {
    add_passkey();
    EXPECT_EQ(factors_of_max(), "1 1 2");
    EXPECT_EQ(sign_in("max").at("/code"), "auth.second_factor_required");
    EXPECT_EQ(begin().at("/valid_hours"), "24");
    EXPECT_EQ(factors_of_max(), "1 1 2") << "staff alone take nothing away";
    const auto letter = letter_to("max@example.com");
    EXPECT_EQ(letter.subject, "A way back into your account");
    EXPECT_TRUE(letter.text.contains("https://app.example.com/recover#"));
    EXPECT_TRUE(letter.text.contains("Stop")) << "it says how";
    EXPECT_NE(call("GET " + path_of("max"), "", as("sue")).at("/recovery_until"), "null");
    const auto token = token_in(letter);
    EXPECT_EQ(sql_value(std::format("select count(*) from auth.mailed_tokens t where t::text like '%{}%'", token)),
              "0");

    const auto wrong = complete(token, "wrong horse battery");
    EXPECT_EQ(code(wrong) + wrong.pointers(), "403 auth.wrong_password/password");
    EXPECT_EQ(factors_of_max(), "1 1 2") << "the mailbox alone takes nothing away";
    EXPECT_EQ(complete(token).status, 204);
    EXPECT_EQ(factors_of_max(), "0 0 0");
    EXPECT_EQ(letter_to("max@example.com").subject, "Your second factors were taken away");
    EXPECT_EQ(code(complete(token)), "404 auth.link_not_good") << "once";
    EXPECT_EQ(sign_in("max").status, 201);
    EXPECT_EQ(events("account.recovered"), "refused max, success max");
    EXPECT_EQ(sql_value("select actor_kind || ' ' || reason from trail.events where action = 'person.recovery_begun'"),
              "staff asked for by her");
}

TEST_F(RecoveryRoutes, all_sessions_end_with_it) {
    const auto token = token_for_max();
    sql("delete from auth.second_factors");
    const auto session = headers_of(sign_in("max"));
    EXPECT_EQ(complete(token).status, 204);
    EXPECT_EQ(call("GET /v1/sessions/current", "", session).status, 401);
}

TEST_F(RecoveryRoutes, a_link_is_good_for_a_day_and_until_the_next_one_or_a_new_password) {
    const auto late = token_for_max();
    clock().set(clock().now() + recovery_span);
    EXPECT_EQ(code(complete(late)), "404 auth.link_not_good");
    call("POST /v1/sessions/current/confirm", std::format(R"({{"password":"{}"}})", password), as("sue"));

    const auto sue = headers_of(sign_in("sue"));
    auto begun = [&] {
        EXPECT_EQ(call("POST " + path_of("max") + "/recovery", reason, sue).status, 202);
        return token_in(letter_to("max@example.com"));
    };
    const auto first = begun(), second = begun();
    EXPECT_EQ(code(complete(first)), "404 auth.link_not_good") << "another was sent";
    call("POST /v1/password-resets", R"({"email":"max@example.com"})");
    const auto reset = token_in(letter_to("max@example.com"));
    EXPECT_EQ(call("POST /v1/password-resets/complete",
                   std::format(R"({{"token":"{}","password":"another long password"}})", reset))
                  .status,
              204);
    EXPECT_EQ(code(complete(second, "another long password")), "404 auth.link_not_good");
    EXPECT_EQ(code(call("POST " + path_of("max") + "/recovery", reason, sue)), "409 auth.password_reset_lately")
        << "the mailbox alone was enough for that password";
    EXPECT_EQ(factors_of_max(), "1 0 2");
}

TEST_F(RecoveryRoutes, whoever_did_not_ask_stops_it) {
    const auto token = token_for_max();
    EXPECT_EQ(stop(token).status, 204);
    EXPECT_EQ(code(complete(token)), "404 auth.link_not_good");
    EXPECT_EQ(code(stop(token)), "404 auth.link_not_good");
    EXPECT_EQ(events("account.recovery_stopped"), "success max");
    EXPECT_EQ(factors_of_max(), "1 0 2");
}

TEST_F(RecoveryRoutes, is_begun_only_for_whom_it_is_meant) {
    EXPECT_EQ(code(call("POST " + path_of("max") + "/recovery", R"({"reason":" "})", as("sue"))),
              "422 auth.reason_wanted");
    EXPECT_EQ(code(begin("sue")), "409 auth.own_account");
    add_app("fay");
    verify("fay");
    EXPECT_EQ(code(begin("fay")), "409 auth.staff_recover_on_the_machine");
    EXPECT_EQ(code(begin("fay", "sam")), "409 auth.staff_recover_on_the_machine") << "an admin neither";
    verify("ann");
    EXPECT_EQ(code(begin("ann")), "409 auth.second_factor_off");
    add_app("vic");
    EXPECT_EQ(code(begin("vic")), "409 auth.email_not_verified");
    verify("vic");
    sql("update auth.users set disabled_at = now() where name = 'vic'");
    EXPECT_EQ(code(begin("vic")), "409 auth.person_disabled");
    EXPECT_EQ(letters_sent().size(), 0);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(begin().status, 202) << i;
    EXPECT_EQ(code(begin()), "429 auth.too_many_attempts");
}

TEST_F(RecoveryRoutes, passwords_are_not_guessed_by_the_link) {
    const auto token = token_for_max();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(complete(token, "wrong horse battery").status, 403) << i;
    EXPECT_EQ(complete(token, "wrong horse battery").status, 403);
    EXPECT_EQ(code(complete(token)), "429 auth.too_many_attempts");
    EXPECT_EQ(code(complete("no-such-token")), "404 auth.link_not_good");
    EXPECT_EQ(code(complete("no-such-token", "")), "404 auth.link_not_good") << "nothing is said of any password";
}

TEST_F(RecoveryRoutes, somebody_who_became_staff_meanwhile_is_not_let_back_by_letter) {
    const auto token = token_for_max();
    EXPECT_EQ(call("POST /v1/staff", staff_body("max", "support"), as("sam")).status, 201);
    EXPECT_EQ(code(complete(token)), "404 auth.link_not_good");
}

TEST_F(RecoveryRoutes, the_operator_lets_anybody_back_staff_too) {
    add_app("sam");
    EXPECT_EQ(run(recoveries.recover(" Sam@example.com")), people.at("sam"));
    EXPECT_EQ(sign_in("sam").status, 201);
    EXPECT_EQ(letter_to("sam@example.com").subject, "Your second factors were taken away");
    EXPECT_EQ(sql_value("select actor_kind from trail.events where action = 'account.recovered'"), "operator");
    EXPECT_THROW(run(recoveries.recover("sam@example.com")), Problem) << "nothing to take away";
    EXPECT_THROW(run(recoveries.recover("nobody@example.com")), Problem);
}

}  // namespace

}  // namespace mobilytics::auth
