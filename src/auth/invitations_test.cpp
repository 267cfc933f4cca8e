#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <format>
#include <string>
#include <vector>

#include "src/auth/limits.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class InvitationRoutes : public WorldTest {
protected:
    static std::string wanted(const std::string& name, const std::string& role = "analyst") {
        return std::format(R"({{"email":"{}","role":"{}"}})", email_of(name), role);
    }

    test::Answer invite(const std::string& name, const std::string& role = "analyst") {
        return call("POST /v1/invitations", wanted(name, role), as("ada"));
    }

    std::string invited(const std::string& name, const std::string& role = "analyst") {
        auto made = invite(name, role);
        EXPECT_EQ(made.status, 201) << made.body;
        return token_in(letter_to(email_of(name)));
    }

    test::Answer accept(const std::string& token, const std::string& name = "Nina Novak",
                        std::string_view secret = "a password of one's own") {
        return call("POST /v1/invitations/accept",
                    std::format(R"({{"token":"{}","name":"{}","password":"{}"}})", token, name, secret));
    }

    test::Answer preview(const std::string& token) {
        return call("POST /v1/invitations/preview", std::format(R"({{"token":"{}"}})", token));
    }

    test::Answer join(const std::string& token, const std::string& who) {
        return call("POST /v1/invitations/join", std::format(R"({{"token":"{}"}})", token), as(who));
    }

    std::string actions() {
        return sql_value(std::format(
                             "select coalesce(string_agg(action || ' by ' || actor_kind, ', ' order by sequence), '') "
                             "from trail.events where company_id = '{}' and action <> 'session.opened'",
                             hex(maple)))
            .value();
    }
};

TEST_F(InvitationRoutes, let_a_new_person_in_with_an_account_of_their_own) {
    auto made = invite("nina");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.at("/email") + " " + made.at("/role") + " " + made.at("/state"), "nina@example.com analyst open");
    EXPECT_EQ(made.at("/invited_by") + " " + made.at("/sent_at"), "ada null");
    EXPECT_EQ(made.at("/expires_at"), "2026-03-15T07:00:00.000Z");

    auto letter = letter_to("nina@example.com");
    EXPECT_EQ(letter.subject, "ada invites you to Maple Fleet on Mobilytics");
    EXPECT_TRUE(letter.text.contains("https://app.example.com/accept-invitation#mob_inv_")) << letter.text;
    std::string token = token_in(letter);

    auto offer = preview(token);
    EXPECT_EQ(offer.at("/company/name") + " " + offer.at("/email") + " " + offer.at("/has_account"),
              "Maple Fleet nina@example.com false");
    auto joined = accept(token);
    ASSERT_EQ(joined.status, 200) << joined.body;
    EXPECT_EQ(joined.at("/company/name") + " " + joined.at("/role"), "Maple Fleet analyst");
    EXPECT_FALSE(joined.headers.contains("Set-Cookie")) << "accepting signs nobody in";

    auto session = sign_in("nina", "a password of one's own");
    ASSERT_EQ(session.status, 201) << session.body;
    EXPECT_EQ(session.at("/role") + " " + session.at("/user/name") + " " + session.at("/user/email_verified"),
              "analyst Nina Novak true");
    EXPECT_EQ(call("GET /v1/invitations", "", as("ada")).items_at("/items"), 0);
    EXPECT_EQ(actions(), "invitation.created by person, invitation.accepted by person");
}

TEST_F(InvitationRoutes, are_written_in_the_language_that_was_chosen) {
    call("POST /v1/invitations", R"({"email":"luc@example.com","role":"viewer","locale":"fr-CA"})", as("ada"));
    auto letter = letter_to("luc@example.com");
    EXPECT_EQ(letter.subject, "ada vous invite dans Maple Fleet sur Mobilytics");
    accept(token_in(letter), "Luc");
    EXPECT_EQ(sign_in("luc", "a password of one's own").at("/user/locale"), "fr-CA");
}

TEST_F(InvitationRoutes, store_no_token) {
    invite("nina");
    EXPECT_EQ(sql_value("select count(*) from jobs.jobs where payload like '%mob_inv_%'"), "0");
    std::string token = token_in(letter_to("nina@example.com"));
    EXPECT_EQ(sql_value(std::format("select count(*) filter (where token_sha256 = sha256('{0}'::bytea)) || '/' || "
                                    "count(*) filter (where i::text like '%{1}%') from auth.invitations i",
                                    token, token.substr(token.size() - 40, 30))),
              "1/0");
}

TEST_F(InvitationRoutes, work_once) {
    std::string token = invited("nina");
    EXPECT_EQ(accept(token).status, 200);
    auto before = everything();
    for (auto& answer : {accept(token), preview(token), join(token, "olga")}) {
        EXPECT_EQ(answer.status, 404) << answer.body;
        EXPECT_EQ(answer.at("/code"), "auth.invitation_not_open");
    }
    as("olga");
    EXPECT_EQ(accept(token, "Other", "another long password").at("/code"), "auth.invitation_not_open");
    EXPECT_EQ(sql_value("select count(*) from auth.users where email = 'nina@example.com'"), "1");
    EXPECT_NE(before, "");
}

// Both looked at the token before either used it.
TEST_F(InvitationRoutes, that_two_accept_at_the_same_time_let_one_in) {
    std::string token = invited("nina");
    std::atomic<int> in = 0, out = 0;
    auto attempt = [&]() -> Task<void> {
        try {
            Acceptance acceptance{token, "Nina", "a password of one's own", "192.0.2.1"};
            trail::By by{.kind = "anyone"};
            co_await invitations.accept(std::move(acceptance), std::move(by));
            ++in;
        } catch (const Problem&) {
            ++out;
        }
    };
    for (int i = 0; i < 6; ++i) runtime().spawn("accept", attempt, i);
    ASSERT_TRUE(runtime().drain(2min));
    EXPECT_EQ(in, 1);
    EXPECT_EQ(out, 5);
    EXPECT_EQ(sql_value("select count(*) from trail.events where action = 'invitation.accepted'"), "1");
}

TEST_F(InvitationRoutes, expire_after_a_week_and_can_be_sent_again) {
    std::string token = invited("nina");
    std::string id = call("GET /v1/invitations", "", as("ada")).at("/items/0/id");
    clock().set(clock().now() + 7 * 24h - 1ms);
    EXPECT_EQ(preview(token).status, 200);
    clock().set(clock().now() + 1ms);
    EXPECT_EQ(preview(token).at("/code"), "auth.invitation_not_open");
    EXPECT_EQ(accept(token).at("/code"), "auth.invitation_not_open");
    Headers ada = headers_of(sign_in("ada"));
    EXPECT_EQ(call("GET /v1/invitations", "", ada).at("/items/0/state"), "expired");

    auto again = call("POST /v1/invitations/" + id + "/resend", "", ada);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.at("/state"), "open");
    std::string second = token_in(letter_to("nina@example.com"));
    EXPECT_NE(second, token);
    EXPECT_EQ(preview(token).at("/code"), "auth.invitation_not_open") << "the link before is good no more";
    EXPECT_EQ(accept(second).status, 200);
}

TEST_F(InvitationRoutes, of_an_address_whose_invitation_expired_can_be_made_anew) {
    invited("nina");
    EXPECT_EQ(invite("nina").at("/code"), "auth.already_invited");
    clock().set(clock().now() + 8 * 24h);
    EXPECT_EQ(call("POST /v1/invitations", wanted("nina"), headers_of(sign_in("ada"))).status, 201);
    EXPECT_EQ(sql_value("select count(*) from auth.invitations"), "1");
}

TEST_F(InvitationRoutes, are_not_sent_again_within_a_minute) {
    invited("nina");
    std::string target =
        "POST /v1/invitations/" + call("GET /v1/invitations", "", as("ada")).at("/items/0/id") + "/resend";
    clock().set(clock().now() + 20s);
    auto refused = call(target, "", as("ada"));
    EXPECT_EQ(refused.at("/code") + " " + refused.headers.at("Retry-After"), "auth.too_many_attempts 40");
    EXPECT_EQ(letters_sent().size(), 0);
    clock().set(clock().now() + 40s);
    EXPECT_EQ(call(target, "", as("ada")).status, 200);
    EXPECT_EQ(letters_sent().size(), 1);
}

TEST_F(InvitationRoutes, that_were_withdrawn_let_nobody_in) {
    std::string token = invited("nina");
    std::string target = "DELETE /v1/invitations/" + call("GET /v1/invitations", "", as("ada")).at("/items/0/id");
    EXPECT_EQ(call(target, "", as("ada")).status, 204);
    EXPECT_EQ(accept(token).at("/code"), "auth.invitation_not_open");
    EXPECT_EQ(call(target, "", as("ada")).at("/code"), "auth.invitation_not_found");
    EXPECT_EQ(actions(), "invitation.created by person, invitation.withdrawn by person");
}

TEST_F(InvitationRoutes, withdrawn_before_their_letter_went_send_none) {
    auto made = invite("nina");
    call("DELETE /v1/invitations/" + made.at("/id"), "", as("ada"));
    EXPECT_EQ(letters_sent().size(), 0);
}

// Who has an account is one person in all companies: they show its password, and keep name and password.
TEST_F(InvitationRoutes, let_somebody_with_an_account_join_with_it) {
    std::string token = invited("olga", "manager");
    EXPECT_EQ(preview(token).at("/has_account"), "true");
    auto before = everything();
    auto refused = accept(token, "Mallory", "not the right password");
    EXPECT_EQ(refused.at("/code"), "auth.wrong_credentials");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(accept(token, "Mallory", password).status, 200);
    auto session = sign_in("olga");
    EXPECT_EQ(session.items_at("/companies"), 2);
    EXPECT_EQ(session.at("/user/name"), "olga");
}

TEST_F(InvitationRoutes, guess_no_password_faster_than_signing_in_does) {
    std::string token = invited("olga");
    for (int i = 0; i < 11; ++i) EXPECT_EQ(accept(token, "x", "wrong password").status, 401) << i;
    EXPECT_EQ(accept(token, "x", password).at("/code"), "auth.too_many_attempts");
    EXPECT_EQ(sign_in("olga").status, 429) << "the same count";
}

TEST_F(InvitationRoutes, let_the_invited_person_join_from_a_session) {
    std::string token = invited("olga");
    EXPECT_EQ(join(token, "vic").at("/code"), "auth.invitation_of_another");
    EXPECT_EQ(join(token, "").status, 401);
    EXPECT_EQ(join(token, "olga").status, 200);
    auto switched =
        call("POST /v1/sessions/current/company", std::format(R"({{"company_id":"{}"}})", maple.text()), as("olga"));
    EXPECT_EQ(switched.at("/role"), "analyst");
}

TEST_F(InvitationRoutes, are_refused_for_members_and_for_what_is_no_address_or_role) {
    EXPECT_EQ(invite("max").at("/code"), "auth.already_member");
    auto before = everything();
    for (const char* body :
         {R"({"email":"nobody","role":"viewer"})", R"({"email":"a@b.ca\r\nBcc: x@y.z","role":"viewer"})",
          R"({"email":"a@b.ca","role":"staff"})", R"({"email":"a@b.ca","role":"viewer","locale":"de"})",
          R"({"email":"a@b.ca","role":"viewer","company_id":"x"})", R"({"email":"a@b.ca> x","role":"viewer"})"}) {
        auto answer = call("POST /v1/invitations", body, as("ada"));
        EXPECT_EQ(answer.status, 422) << body << answer.body;
    }
    EXPECT_EQ(everything(), before);
}

TEST_F(InvitationRoutes, ask_a_new_person_for_a_name_and_a_password_that_is_not_guessed_first) {
    std::string token = invited("nina");
    auto before = everything();
    EXPECT_EQ(accept(token, " ", "short").pointers(), "/name, /password");
    EXPECT_EQ(accept(token, "Nina", "nina@example.com").pointers(), "/password");
    EXPECT_EQ(accept(token, "Nina", "1qaz2wsx3edc").pointers(), "/password");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(accept(token).status, 200) << "a refusal uses nothing up";
}

TEST_F(InvitationRoutes, of_another_company_do_not_exist) {
    auto made = invite("nina");
    for (const std::string& target :
         {"DELETE /v1/invitations/" + made.at("/id"), "POST /v1/invitations/" + made.at("/id") + "/resend"})
        EXPECT_EQ(call(target, "", as("olga")).at("/code"), "auth.invitation_not_found");
    EXPECT_EQ(call("GET /v1/invitations", "", as("olga")).items_at("/items"), 0);
    EXPECT_EQ(letters_sent().size(), 1);
}

TEST_F(InvitationRoutes, know_no_token_but_the_one_that_was_sent) {
    std::string token = invited("nina");
    auto name = read_credential(invitation_prefix, token).value();
    for (const std::string& bad :
         {std::string{}, std::string{"x"}, token + "0", token.substr(1), print_credential(invitation_prefix, name),
          print_credential(invitation_prefix, {oak, name.id}), print_credential(api_key_prefix, name)}) {
        EXPECT_EQ(preview(bad).at("/code"), "auth.invitation_not_open") << bad;
        EXPECT_EQ(accept(bad).at("/code"), "auth.invitation_not_open") << bad;
    }
}

TEST_F(InvitationRoutes, take_nothing_from_pages_of_other_sites) {
    std::string token = invited("nina");
    EXPECT_EQ(call("POST /v1/invitations/accept",
                   std::format(R"({{"token":"{}","password":"a password of one's own","name":"N"}})", token),
                   {{"Sec-Fetch-Site", "cross-site"}})
                  .at("/code"),
              "auth.cross_site");
    EXPECT_EQ(call("POST /v1/invitations/preview", std::format(R"({{"token":"{}"}})", token),
                   {{"Origin", "https://evil.example"}, {"Host", "app.example.com"}})
                  .at("/code"),
              "auth.cross_site");
}

TEST_F(InvitationRoutes, are_not_more_than_a_company_can_mean) {
    sql(std::format(
        "insert into auth.invitations (company_id, invitation_id, email, role, locale, created_at, expires_at) "
        "select '{}', gen_random_uuid(), 'p' || i || '@example.com', 'viewer', 'en-CA', '2026-03-08', "
        "'2026-03-15' from generate_series(1, 200) i",
        hex(maple)));
    EXPECT_EQ(invite("nina").at("/code"), "auth.too_many_invitations");
}

TEST_F(InvitationRoutes, let_in_no_more_members_than_a_company_may_have) {
    const std::string token = invited("nina");
    sql(
        std::format("with people as (insert into auth.users (user_id, email, name, password_hash, created_at) select "
                    "gen_random_uuid(), 'm' || i || '@example.com', 'M', 'x', '2026-01-01Z' "
                    "from generate_series(1, {1} - (select count(*) from auth.memberships where company_id = '{0}')) i "
                    "returning user_id) insert into auth.memberships (company_id, user_id, role, created_at) "
                    "select '{0}', user_id, 'viewer', '2026-01-01Z' from people",
                    hex(maple), most_members));
    EXPECT_EQ(accept(token, "Nina", password).at("/code"), "auth.too_many_members");
    EXPECT_EQ(sql_value("select count(*) from auth.users where email = 'nina@example.com'"), "0");
    EXPECT_EQ(call("DELETE /v1/members/" + people.at("vic").text(), "", as("ada")).status, 204);
    EXPECT_EQ(accept(token, "Nina", password).status, 200);
}

}  // namespace

}  // namespace mobilytics::auth
