#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "src/auth/hashing.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class Sessions : public WorldTest {};

std::string key_in(std::string_view role) { return std::format(R"({{"name":"feed","role":"{}"}})", role); }

// ---- signing in

TEST_F(Sessions, signing_in_answers_with_all_that_a_screen_needs) {
    auto answer = sign_in("ada");
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.at("/user/email"), "ada@example.com");
    EXPECT_EQ(answer.at("/user/id"), people.at("ada").text());
    EXPECT_EQ(answer.at("/user/locale"), "en-CA");
    EXPECT_EQ(answer.at("/staff"), "false");
    EXPECT_EQ(answer.at("/role"), "owner");
    EXPECT_EQ(answer.at("/company/id"), maple.text());
    EXPECT_EQ(answer.at("/company/name"), "Maple Fleet");
    EXPECT_EQ(answer.items_at("/companies"), 1);
    EXPECT_EQ(answer.items_at("/permissions"), all_permissions().size());
    EXPECT_EQ(answer.at("/expires_at"), "2026-03-15T07:00:00.000Z");
    std::string cookie = answer.headers.at("Set-Cookie");
    EXPECT_TRUE(cookie.starts_with("__Host-mobilytics=")) << cookie;
    EXPECT_TRUE(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax")) << cookie;
    EXPECT_EQ(cookie_of(answer).size(), std::string{"__Host-mobilytics="}.size() + 43);  // 256 bits in base64url
}

TEST_F(Sessions, a_session_is_stored_without_its_token) {
    std::string token = cookie_of(sign_in("ada")).substr(std::string{"__Host-mobilytics="}.size());
    auto rows =
        sql_value(std::format("select count(*) filter (where token_sha256 = sha256('{}'::bytea)) || '/' || "
                              "count(*) filter (where s::text like '%{}%') from auth.sessions s",
                              token, token));
    EXPECT_EQ(rows, "1/0");
}

TEST_F(Sessions, staff_belong_to_no_company) {
    auto answer = sign_in("sam");
    EXPECT_EQ(answer.at("/staff"), "true");
    EXPECT_EQ(answer.at("/role"), "null");
    EXPECT_EQ(answer.at("/company"), "null");
    EXPECT_EQ(answer.items_at("/permissions"), 0);
}

TEST_F(Sessions, an_address_may_be_typed_in_any_case) {
    auto answer =
        call("POST /v1/sessions", std::format(R"({{"email":" Ada@EXAMPLE.com ","password":"{}"}})", password));
    EXPECT_EQ(answer.status, 201) << answer.body;
}

TEST_F(Sessions, are_refused_at_once_when_too_many_passwords_wait_to_be_hashed) {
    {
        std::vector<std::unique_ptr<HashingPlace>> places;
        for (int i = 0; i < HashingPlace::most; ++i) places.push_back(std::make_unique<HashingPlace>());
        auto refused = sign_in("ada");
        EXPECT_EQ(std::format("{} {} {}", refused.status, refused.at("/code"), refused.headers.at("Retry-After")),
                  "503 auth.busy 5");
    }
    EXPECT_EQ(sign_in("ada").status, 201);
}

// The answers differ in the request's id alone, and nobody is signed in.
TEST_F(Sessions, wrong_password_unknown_address_and_disabled_person_get_one_answer) {
    sql("update auth.users set disabled_at = '2026-01-02' where name = 'vic'");
    std::set<std::string> answers;
    auto before = everything();
    std::vector<std::string> bodies = {
        credentials("ada", "wrong horse battery"),
        credentials("nobody"),
        credentials("vic"),
        credentials("ada", ""),
        R"({"email":"","password":""})",
        R"({"email":"ada@example.com\u0000","password":"correct horse battery"})",
    };
    for (const std::string& body : bodies) {
        auto answer = call("POST /v1/sessions", body);
        EXPECT_FALSE(answer.headers.contains("Set-Cookie"));
        answers.insert(std::format("{} {} {}", answer.status, answer.at("/code"), answer.at("/detail")));
    }
    EXPECT_EQ(answers,
              std::set<std::string>{"401 auth.wrong_credentials The e-mail address or the password is wrong."});
    EXPECT_EQ(everything(), before);
}

TEST_F(Sessions, a_malformed_sign_in_is_refused_with_its_places) {
    auto answer = call("POST /v1/sessions", R"({"email":"ada@example.com","passwort":"x"})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.at("/code"), "http.invalid_body");
    EXPECT_EQ(call("POST /v1/sessions", "{").status, 400);
}

TEST_F(Sessions, signing_in_again_makes_a_new_token_and_ends_the_one_before) {
    auto first = sign_in("ada");
    auto second = sign_in("ada", password, {{"Cookie", cookie_of(first)}});
    EXPECT_EQ(second.status, 201) << second.body;
    EXPECT_NE(cookie_of(second), cookie_of(first));
    EXPECT_NE(second.at("/csrf_token"), first.at("/csrf_token"));
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers_of(first)).status, 401);
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers_of(second)).status, 200);
}

// ---- the life of a session

TEST_F(Sessions, a_session_ends_after_twelve_hours_without_a_request) {
    auto headers = as("ada");
    auto start = clock().now();
    clock().set(start + 11h + 59min);
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers).status, 200);
    clock().set(start + 23h);
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers).status, 200);
    clock().set(start + 35h);
    auto answer = call("GET /v1/sessions/current", "", headers);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.at("/code"), "auth.not_signed_in");
}

TEST_F(Sessions, a_session_ends_after_seven_days_however_busy) {
    auto headers = as("ada");
    auto start = clock().now();
    for (auto passed = 6h; passed < 168h; passed += 6h) {
        clock().set(start + passed);
        ASSERT_EQ(call("GET /v1/sessions/current", "", headers).status, 200) << passed;
    }
    clock().set(start + 168h);
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers).status, 401);
}

TEST_F(Sessions, signing_in_sweeps_out_sessions_that_ended) {
    as("ada");
    as("max");
    clock().set(clock().now() + 12h);
    sign_in("ann");
    EXPECT_EQ(sql_value("select count(*) from auth.sessions"), "1");
}

TEST_F(Sessions, signing_out_ends_the_session_and_takes_the_cookie_away) {
    auto headers = as("ada");
    auto answer = call("DELETE /v1/sessions/current", "", headers);
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.headers.at("Set-Cookie"), "__Host-mobilytics=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax");
    EXPECT_EQ(answer.headers.at("Clear-Site-Data"), "\"cache\"");
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers).status, 401);
}

TEST_F(Sessions, a_disabled_person_is_out_at_the_next_request) {
    auto headers = as("ada");
    sql("update auth.users set disabled_at = '2026-01-02' where name = 'ada'");
    EXPECT_EQ(call("GET /v1/sessions/current", "", headers).status, 401);
}

TEST_F(Sessions, a_changed_role_bites_at_the_next_request) {
    auto headers = as("ada");
    sql("update auth.memberships set role = 'viewer' where role = 'owner'");
    auto answer = call("GET /v1/members", "", headers);
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.at("/code"), "auth.not_permitted");
    sql("delete from auth.memberships");
    EXPECT_EQ(call("GET /v1/members", "", headers).at("/code"), "auth.no_company");
}

// ---- cross-site requests

TEST_F(Sessions, a_change_by_cookie_needs_the_token_of_that_session_and_our_own_page) {
    auto ada = as("ada");
    auto other = as("max").at("X-Csrf-Token");
    struct Try {
        std::string name;
        Headers headers;
        int status;
        std::string code;
    };
    Headers bare{{"Cookie", ada.at("Cookie")}};
    std::vector<Try> tries = {
        {"no token", bare, 403, "auth.csrf_token"},
        {"an empty token", with(bare, "X-Csrf-Token", ""), 403, "auth.csrf_token"},
        {"a wrong token", with(bare, "X-Csrf-Token", "x"), 403, "auth.csrf_token"},
        {"somebody else's token", with(bare, "X-Csrf-Token", other), 403, "auth.csrf_token"},
        {"a page of another site", with(ada, "Sec-Fetch-Site", "cross-site"), 403, "auth.cross_site"},
        {"a page of a sister site", with(ada, "Sec-Fetch-Site", "same-site"), 403, "auth.cross_site"},
        {"another origin", with(with(ada, "Host", "app.example"), "Origin", "https://evil.example"), 403,
         "auth.cross_site"},
        {"an origin that hides", with(with(ada, "Host", "app.example"), "Origin", "null"), 403, "auth.cross_site"},
        {"our own page", with(ada, "Sec-Fetch-Site", "same-origin"), 201, ""},
        {"our own origin", with(with(ada, "Host", "app.example"), "Origin", "https://app.example"), 201, ""},
        {"typed by hand", with(ada, "Sec-Fetch-Site", "none"), 201, ""},
        {"no browser", ada, 201, ""},
    };
    for (const Try& attempt : tries) {
        SCOPED_TRACE(attempt.name);
        auto before = everything();
        auto answer = call("POST /v1/api-keys", key_in("viewer"), attempt.headers);
        EXPECT_EQ(answer.status, attempt.status) << answer.body;
        if (attempt.status != 201) {
            EXPECT_EQ(answer.at("/code"), attempt.code);
            EXPECT_EQ(everything(), before);
        }
    }
    EXPECT_EQ(call("GET /v1/api-keys", "", bare).status, 200) << "reading needs no token";
}

TEST_F(Sessions, no_other_site_can_sign_its_visitor_in) {
    auto before = everything();
    auto answer = sign_in("ada", password, {{"Sec-Fetch-Site", "cross-site"}});
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.at("/code"), "auth.cross_site");
    EXPECT_EQ(everything(), before);
}

}  // namespace

}  // namespace mobilytics::auth
