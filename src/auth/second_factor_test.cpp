#include "src/auth/second_factor.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
#include <format>
#include <string>

#include "platform/crypto/one_time.hpp"
#include "src/auth/factor_store.hpp"
#include "src/auth/store.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view begin = "POST /v1/account/second-factor";
constexpr std::string_view finish = "POST /v1/account/second-factor/finish";

class SecondFactorRoutes : public WorldTest {
protected:
    // Adds the app to Ada's account, and gives her session and recovery codes.
    test::Answer add() {
        session = as("ada");
        confirm();
        EXPECT_EQ(call(std::string{begin}, "", session).status, 200);
        auto added = call(std::string{finish}, code_body(), session);
        EXPECT_EQ(added.status, 200) << added.body;
        letters_sent();
        return added;
    }

    void confirm(std::string_view more = "") {
        auto answer =
            call("POST /v1/sessions/current/confirm", std::format(R"({{"password":"{}"{}}})", password, more), session);
        ASSERT_EQ(answer.status, 204) << answer.body;
        session["Cookie"] = cookie_of(answer);
    }

    test::Answer enter(std::string_view code) {
        std::string more = code.empty() ? "" : std::format(R"(,"code":"{}")", code);
        return call("POST /v1/sessions",
                    std::format(R"({{"email":"ada@example.com","password":"{}"{}}})", password, more));
    }

    std::string code_body() { return std::format(R"({{"code":"{}"}})", app_code()); }
    std::string app_code() { return crypto::one_time_code(app_secret(), clock().now()); }

    // What the app would hold: as the server keeps it for her.
    std::string app_secret() {
        auto factor = run(store::find_factor(database(), people.at("ada")));
        return sealer.open(factor.value().secret_sealed, "second factor of " + people.at("ada").text()).value();
    }

    Headers session;
};

TEST_F(SecondFactorRoutes, nothing_is_asked_for_before_a_code_was_shown) {
    session = as("ada");
    clock().set(clock().now() + 16min);
    EXPECT_EQ(call(std::string{begin}, "", session).at("/code"), "auth.not_confirmed");
    EXPECT_EQ(call(std::string{finish}, R"({"code":"123456"})", session).at("/code"), "auth.not_confirmed");
    confirm();
    EXPECT_EQ(call(std::string{finish}, R"({"code":"123456"})", session).at("/code"), "auth.second_factor_not_begun");
    auto begun = call(std::string{begin}, "", session);
    ASSERT_EQ(begun.status, 200) << begun.body;
    EXPECT_EQ(begun.at("/secret"), crypto::base32(app_secret()));
    EXPECT_EQ(begun.at("/secret").size(), 32);
    EXPECT_EQ(sql_value("select count(*) from auth.second_factors where secret_sealed like '%' || convert_to('" +
                        begun.at("/secret") + "', 'UTF8') || '%'"),
              "0");
    EXPECT_EQ(enter("").status, 201);
    EXPECT_EQ(call(std::string{finish}, R"({"code":"000000"})", session).at("/code"), "auth.wrong_code");
    EXPECT_EQ(call("GET /v1/account/second-factor", "", session).at("/since"), "null");
    auto again = call(std::string{begin}, "", session);
    EXPECT_NE(again.at("/secret"), begun.at("/secret")) << "begun again, the one before is forgotten";
}

TEST_F(SecondFactorRoutes, from_then_on_the_password_alone_signs_nobody_in) {
    auto other = sign_in("ada");
    auto added = add();
    EXPECT_EQ(added.items_at("/recovery_codes"), 10);
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers_of(other)).status, 401) << "other sessions end";
    EXPECT_EQ(call(std::string{begin}, "", session).at("/code"), "auth.second_factor_on");
    auto view = call("GET /v1/account/second-factor", "", session);
    EXPECT_EQ(view.at("/since") + " " + view.at("/recovery_codes"), "2026-03-08T07:00:00.000Z 10");

    clock().set(clock().now() + 30s);
    auto bare = enter("");
    EXPECT_EQ(bare.status, 403);
    EXPECT_EQ(bare.at("/code"), "auth.second_factor_required");
    EXPECT_EQ(bare.headers.contains("Set-Cookie"), false);
    EXPECT_EQ(enter("000000").at("/code"), "auth.wrong_second_factor");
    EXPECT_EQ(enter(app_code()).status, 201);
    auto wrong = call("POST /v1/sessions",
                      std::format(R"({{"email":"ada@example.com","password":"wrong","code":"{}"}})", app_code()));
    EXPECT_EQ(wrong.at("/code"), "auth.wrong_credentials") << "a right code tells nothing of the password";
    EXPECT_EQ(sign_in("max").status, 201) << "others are asked for nothing";
}

TEST_F(SecondFactorRoutes, a_code_is_good_once_also_when_it_comes_twice_at_once) {
    add();
    EXPECT_EQ(enter(app_code()).at("/code"), "auth.wrong_second_factor") << "the one that added the app";
    clock().set(clock().now() + 30s);
    const auto code = app_code();
    EXPECT_EQ(enter(code).status, 201);
    EXPECT_EQ(enter(code).at("/code"), "auth.wrong_second_factor");
    clock().set(clock().now() + 30s);
    EXPECT_EQ(enter(code).at("/code"), "auth.wrong_second_factor") << "still in the tolerance, and used";
    EXPECT_EQ(enter(app_code()).status, 201);
}

TEST_F(SecondFactorRoutes, a_recovery_code_is_good_once_and_is_told_by_letter) {
    auto added = add();
    auto code = added.at("/recovery_codes/3");
    std::string shouted;
    for (const char c : code) shouted += c == '-' ? ' ' : static_cast<char>(std::toupper(c));
    EXPECT_EQ(enter(shouted).status, 201) << shouted;
    EXPECT_EQ(letter_to("ada@example.com").subject, "A recovery code of yours was used");
    EXPECT_EQ(enter(code).at("/code"), "auth.wrong_second_factor");
    EXPECT_EQ(call("GET /v1/account/second-factor", "", session).at("/recovery_codes"), "9");
    EXPECT_EQ(sql_value("select count(*) from trail.events where action = 'account.recovery_code_used'"), "1");

    clock().set(clock().now() + 30s);
    auto renewed = call("POST /v1/account/second-factor/recovery-codes", "", session);
    ASSERT_EQ(renewed.status, 200) << renewed.body;
    EXPECT_EQ(enter(added.at("/recovery_codes/4")).at("/code"), "auth.wrong_second_factor") << "of the set before";
    EXPECT_EQ(enter(renewed.at("/recovery_codes/0")).status, 201);
}

TEST_F(SecondFactorRoutes, confirming_asks_for_the_code_too) {
    add();
    clock().set(clock().now() + 16min);
    auto bare = call("POST /v1/sessions/current/confirm", std::format(R"({{"password":"{}"}})", password), session);
    EXPECT_EQ(bare.status, 403);
    EXPECT_EQ(bare.at("/code"), "auth.second_factor_required");
    EXPECT_EQ(call("DELETE /v1/account/second-factor", "", session).at("/code"), "auth.not_confirmed");
    confirm(std::format(R"(,"code":"{}")", app_code()));
    EXPECT_EQ(call("DELETE /v1/account/second-factor", "", session).status, 204);
    EXPECT_EQ(letter_to("ada@example.com").subject, "The second factor of your account was taken away");
    EXPECT_EQ(enter("").status, 201);
    EXPECT_EQ(call("DELETE /v1/account/second-factor", "", session).at("/code"), "auth.second_factor_off");
    EXPECT_EQ(call("POST /v1/account/second-factor/recovery-codes", "", session).at("/code"), "auth.second_factor_off");
    EXPECT_EQ(sql_value("select count(*) from auth.recovery_codes"), "0");
}

// Another address does not help: who guesses codes knows the password, so it is one person's codes that are counted.
TEST_F(SecondFactorRoutes, a_company_may_ask_its_members_for_one) {
    const std::string get = "GET /v1/access-rules", set = "PUT /v1/access-rules";
    const std::string asked = R"({"second_factor_required":true})";
    auto max = as("max");
    EXPECT_EQ(call(get, "", max).at("/second_factor_required"), "false");
    EXPECT_EQ(call(set, asked, max).at("/code"), "auth.not_permitted");
    auto first_oneself = call(set, asked, as("ada"));
    EXPECT_EQ(first_oneself.status, 409);
    EXPECT_EQ(first_oneself.at("/code"), "auth.own_factor_first");
    add();
    EXPECT_EQ(call(set, asked, session).status, 200);
    EXPECT_EQ(call(set, asked, session).status, 200) << "again, which changes nothing";
    EXPECT_EQ(sql_value("select string_agg(changes, ' ') from trail.events where action = 'company.access_changed'"),
              R"({"second_factor_required":{"from":false,"to":true}})");

    auto kept_out = call("GET /v1/members", "", max);
    EXPECT_EQ(kept_out.status, 403);
    EXPECT_EQ(kept_out.at("/code"), "auth.second_factor_missing");
    auto view = call("GET /v1/sessions/current", "", max);
    EXPECT_EQ(view.at("/second_factor_missing"), "true");
    EXPECT_TRUE(view.body.contains(R"("permissions":[])")) << view.body;
    EXPECT_EQ(call("GET /v1/account/second-factor", "", max).status, 200) << "the account stays theirs";
    EXPECT_EQ(call("GET /v1/members", "", session).status, 200) << "who has one";
    EXPECT_EQ(call("GET /v1/members", "", bearer(make_key("owner"))).status, 200) << "a key";
    EXPECT_EQ(call("GET /v1/access-rules", "", as("olga")).at("/second_factor_required"), "false") << "another company";

    sql("insert into auth.second_factors (user_id, secret_sealed, created_at, confirmed_at) values ('" +
        hex(people.at("max")) + "', 'x', now(), null)");
    EXPECT_EQ(call("GET /v1/members", "", max).status, 403) << "begun, and not shown a code of";
    sql("update auth.second_factors set confirmed_at = now()");
    EXPECT_EQ(call("GET /v1/members", "", max).status, 200);
    EXPECT_EQ(call(set, R"({"second_factor_required":false})", session).status, 200);
    EXPECT_EQ(call("GET /v1/roles", "", as("vic")).status, 200);
}

TEST_F(SecondFactorRoutes, codes_are_not_guessed_from_many_addresses) {
    add();
    clock().set(clock().now() + 30s);
    const auto ada = run(database().transaction(
        db::Scope::nobody(), [&](db::Session& db) { return store::find_user(db, people.at("ada")); }));
    for (int i = 0; i < 11; ++i)
        EXPECT_EQ(run(second_factor.judge(ada.value(), {.code = "000000"})), FactorVerdict::wrong) << i;
    EXPECT_EQ(enter(app_code()).at("/code"), "auth.too_many_attempts");
    clock().set(clock().now() + 1s);
    EXPECT_EQ(enter(app_code()).status, 201) << "she waits a second and not for ever";
}

TEST_F(SecondFactorRoutes, a_new_password_by_letter_does_not_pass_it_by) {
    add();
    call("POST /v1/password-resets", R"({"email":"ada@example.com"})");
    auto token = token_in(letter_to("ada@example.com"));
    auto reset = call("POST /v1/password-resets/complete",
                      std::format(R"({{"token":"{}","password":"another long password"}})", token));
    EXPECT_EQ(reset.status, 204) << reset.body;
    auto bare = call("POST /v1/sessions", R"({"email":"ada@example.com","password":"another long password"})");
    EXPECT_EQ(bare.at("/code"), "auth.second_factor_required");
}

}  // namespace

}  // namespace mobilytics::auth
