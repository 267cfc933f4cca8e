#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <future>
#include <set>
#include <string>
#include <vector>

#include "platform/crypto/encoding.hpp"
#include "src/auth/token_world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class TokenRoutes : public TokenTest {};

TEST_F(TokenRoutes, a_program_gets_tokens_for_its_key_and_acts_with_them) {
    const auto key = make();
    auto answer = issued(key);
    EXPECT_EQ(answer.at("/token_type"), "Bearer");
    EXPECT_EQ(answer.at("/expires_in"), "900");
    EXPECT_TRUE(answer.at("/refresh_token").starts_with("mob_refresh_")) << answer.body;
    EXPECT_TRUE(answer.at("/scope").contains("members.read")) << answer.body;
    EXPECT_EQ(outcome("GET /v1/members", answer.at("/access_token")), "good");
    EXPECT_EQ(
        outcome("POST /v1/invitations", answer.at("/access_token"), R"({"email":"x@example.com","role":"viewer"})"),
        "auth.not_permitted");
    EXPECT_EQ(events(hex(maple)), "token.issued by key");
    EXPECT_EQ(
        sql_value("select actor_id || ' ' || actor_label || ' ' || resource_label from trail.events where action = "
                  "'token.issued'"),
        key.id + " feed feed");
    EXPECT_EQ(sql_value("select count(*) from auth.token_families f where f::text like '%' || 'mob_refresh' || '%'"),
              "0")
        << "tokens are stored as hashes only";
}

TEST_F(TokenRoutes, a_client_authenticates_in_every_way_that_the_standard_knows) {
    const auto key = make();
    const auto basic = [](const std::string& pair) {
        return Headers{{"Authorization", "Basic " + crypto::to_base64(pair)}};
    };
    EXPECT_EQ(post("grant_type=client_credentials", basic(key.id + ":" + key.secret)).status, 200);
    EXPECT_EQ(post("grant_type=client_credentials", basic(":" + key.secret)).status, 200);
    EXPECT_EQ(issue(key, "&client_id=" + key.id).status, 200);
    EXPECT_EQ(issue(key, "&resource=https%3A%2F%2Fx").status, 200) << "what OAuth does not know is ignored";
    EXPECT_EQ(
        call("POST /v1/token", std::format(R"({{"grant_type":"client_credentials","client_secret":"{}"}})", key.secret))
            .status,
        200);
    auto both = post("grant_type=client_credentials&client_secret=" + key.secret, basic(key.id + ":" + key.secret));
    EXPECT_EQ(refusal(both), "400 auth.invalid_token_request invalid_request");
    auto twice = issue(key, "&client_secret=x");
    EXPECT_EQ(twice.at("/code"), "http.invalid_body");
    EXPECT_EQ(twice.pointers(), "/client_secret");
    auto wrong = post("grant_type=client_credentials", basic("x:y"));
    EXPECT_EQ(refusal(wrong), "401 auth.invalid_client invalid_client");
    EXPECT_EQ(wrong.headers["WWW-Authenticate"], "Basic realm=\"token\"");
    EXPECT_EQ(wrong.headers["Cache-Control"], "no-store");
    EXPECT_EQ(post("grant_type=client_credentials").headers["WWW-Authenticate"], "Bearer");
    for (const auto& header : {"Basic ", "Basic !", "Basic eA=="})
        EXPECT_EQ(refusal(post("grant_type=client_credentials", {{"Authorization", header}})),
                  "400 auth.invalid_token_request invalid_request");
}

TEST_F(TokenRoutes, requests_that_make_no_sense_are_refused_in_the_words_of_the_standard) {
    const auto key = make();
    EXPECT_EQ(refusal(post("client_secret=" + key.secret)), "400 auth.invalid_token_request invalid_request");
    EXPECT_EQ(refusal(post("grant_type=refresh_token")), "400 auth.invalid_token_request invalid_request");
    for (const auto& grant : {"password", "authorization_code", "implicit", ""})
        EXPECT_EQ(refusal(post(std::string{"grant_type="} + grant)),
                  "400 auth.unsupported_grant_type unsupported_grant_type");
    EXPECT_EQ(refusal(post("grant_type=client_credentials&client_secret=" + key.secret + "0")),
              "401 auth.invalid_client invalid_client");
    EXPECT_EQ(refusal(issue(key, "&client_id=key_01jzzzzzzzzzzzzzzzzzzzzzzz")),
              "401 auth.invalid_client invalid_client");
    EXPECT_EQ(refusal(call("POST /v1/token/revoke", R"({"token":"a\u0000b"})")),
              "400 auth.invalid_token_request invalid_request");
    EXPECT_EQ(post("grant_type=%zz").at("/code"), "http.malformed_form");
    EXPECT_EQ(post("").at("/code"), "http.empty_body");
    EXPECT_EQ(families(), "0");
}

TEST_F(TokenRoutes, only_a_key_of_a_company_in_force_gets_tokens) {
    const auto key = make(R"(,"role":"manager","expires_at":"2026-03-08T08:00:00Z")");
    const auto none = "401 auth.invalid_client invalid_client";
    const auto staff_key = run(keys.create_for_staff(Staff{.user = people.at("sam")}, "backup")).secret;
    for (const auto& secret : {staff_key, issued(key).at("/access_token"), issued(key).at("/refresh_token"),
                               print_credential(api_key_prefix, *read_credential(api_key_prefix, key.secret)),
                               print_credential(device_token_prefix, {maple, ids::new_uuid()})})
        EXPECT_EQ(refusal(issue({"", secret})), none) << secret;
    pass(1h);
    EXPECT_EQ(refusal(issue(key)), none) << "expired";
    const auto revoked = make();
    call("DELETE /v1/api-keys/" + revoked.id, "", headers_of(sign_in("ada")));
    EXPECT_EQ(refusal(issue(revoked)), none);
    const auto elsewhere = make(R"(,"role":"manager","addresses":["203.0.113.7"])");
    EXPECT_EQ(issue(elsewhere).at("/code"), "auth.address_not_allowed");
}

TEST_F(TokenRoutes, wrong_secrets_are_slowed_down_for_the_key_that_they_name) {
    const auto key = make(), other = make();
    const auto guess = print_credential(api_key_prefix, *read_credential(api_key_prefix, key.secret));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(issue({"", guess}).at("/code"), "auth.invalid_client");
    issue({"", guess});
    auto slowed = issue(key);
    EXPECT_EQ(slowed.at("/code"), "auth.too_many_attempts");
    EXPECT_NE(slowed.headers["Retry-After"], "");
    EXPECT_EQ(issue(other).status, 200) << "another key is not held up";
    pass(15min);
    EXPECT_EQ(issue(key).status, 200);
    EXPECT_EQ(issue(key).status, 200) << "forgotten at the first right one";
}

TEST_F(TokenRoutes, a_scope_narrows_what_the_tokens_may_for_good) {
    const auto key = make(R"(,"role":"owner")");
    auto answer = issued(key, "&scope=members.read+assets.read");
    EXPECT_EQ(answer.at("/scope"), "members.read assets.read");
    EXPECT_EQ(outcome("GET /v1/members", answer.at("/access_token")), "good");
    EXPECT_EQ(outcome("GET /v1/api-keys", answer.at("/access_token")), "auth.out_of_scope");
    auto narrower = refresh(answer.at("/refresh_token"), "&scope=assets.read");
    EXPECT_EQ(narrower.at("/scope"), "assets.read");
    EXPECT_EQ(outcome("GET /v1/members", narrower.at("/access_token")), "auth.out_of_scope");
    auto wider = refresh(narrower.at("/refresh_token"), "&scope=assets.read+audit.read");
    EXPECT_EQ(refusal(wider), "400 auth.invalid_scope invalid_scope");
    auto again = refresh(narrower.at("/refresh_token"));
    EXPECT_EQ(again.at("/scope"), "members.read assets.read") << "the family is kept to what it began with";
    for (const auto& scope : {"", "assets.fly", "api_keys.manage", "assets.read++members.read"})
        EXPECT_EQ(refusal(issue(key, std::string{"&scope="} + scope)), "400 auth.invalid_scope invalid_scope") << scope;
    const auto scoped = make(R"(,"role":"owner","scopes":["assets.read"])");
    EXPECT_EQ(issued(scoped).at("/scope"), "assets.read");
    EXPECT_EQ(issue(scoped, "&scope=members.read").at("/code"), "auth.invalid_scope");
}

TEST_F(TokenRoutes, a_token_never_makes_keys_that_would_outlive_it) {
    const auto token = issued(make(R"(,"role":"owner")")).at("/access_token");
    EXPECT_EQ(outcome("POST /v1/api-keys", token, R"({"name":"x","role":"owner"})"), "auth.out_of_scope");
    EXPECT_EQ(outcome("GET /v1/members", token), "good");
}

TEST_F(TokenRoutes, what_happens_to_the_key_bites_at_the_next_request) {
    const auto key = make(R"(,"role":"manager")");
    const auto got = issued(key);
    const auto access = got.at("/access_token");
    ASSERT_EQ(outcome("GET /v1/members", access), "good");
    sql("update auth.api_keys set role = 'viewer'");
    EXPECT_EQ(outcome("GET /v1/members", access), "auth.not_permitted") << "another role";
    sql("update auth.api_keys set role = 'manager', scopes = '{assets.read}'");
    EXPECT_EQ(outcome("GET /v1/members", access), "auth.out_of_scope") << "fewer scopes";
    sql("update auth.api_keys set scopes = null, addresses = '{203.0.113.7}'");
    EXPECT_EQ(outcome("GET /v1/members", access), "auth.address_not_allowed");
    EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.address_not_allowed");
    sql("update auth.api_keys set addresses = null, expires_at = '2026-03-08T07:00:00Z'");
    EXPECT_EQ(outcome("GET /v1/members", access), "auth.bad_credentials") << "expired";
    EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.invalid_grant");
    sql("update auth.api_keys set expires_at = null");
    ASSERT_EQ(outcome("GET /v1/members", access), "good");
    suspend(maple);
    EXPECT_EQ(outcome("GET /v1/members", access), "auth.company_suspended");
    EXPECT_EQ(refusal(refresh(got.at("/refresh_token"))), "403 auth.company_suspended unauthorized_client");
    EXPECT_EQ(refusal(issue(key)), "403 auth.company_suspended unauthorized_client");
    sql("delete from auth.suspensions");
    ASSERT_EQ(outcome("GET /v1/members", access), "good");
    call("DELETE /v1/api-keys/" + key.id, "", headers_of(sign_in("ada")));
    EXPECT_EQ(outcome("GET /v1/members", access), "auth.bad_credentials") << "revoked";
    EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.invalid_grant");
    EXPECT_EQ(families(), "0");
}

TEST_F(TokenRoutes, an_access_token_is_over_after_fifteen_minutes) {
    const auto got = issued(make());
    pass(15min + 9s);
    EXPECT_EQ(outcome("GET /v1/members", got.at("/access_token")), "good");
    pass(1s);
    EXPECT_EQ(outcome("GET /v1/members", got.at("/access_token")), "auth.bad_credentials");
    EXPECT_EQ(refresh(got.at("/refresh_token")).status, 200);
}

TEST_F(TokenRoutes, a_refresh_token_is_good_once_and_the_family_goes_on) {
    auto got = issued(make());
    for (int i = 0; i < 5; ++i) {
        pass(14min);
        auto next = refresh(got.at("/refresh_token"));
        ASSERT_EQ(next.status, 200) << next.body;
        EXPECT_NE(next.at("/refresh_token"), got.at("/refresh_token"));
        EXPECT_EQ(outcome("GET /v1/members", next.at("/access_token")), "good");
        got = next;
    }
    EXPECT_EQ(families(), "1");
    EXPECT_EQ(events(hex(maple)), "token.issued by key");
}

TEST_F(TokenRoutes, who_did_not_hear_the_answer_gets_the_same_successor_for_ten_seconds) {
    const auto got = issued(make());
    const auto first = refresh(got.at("/refresh_token"));
    pass(10s - 1ms);
    const auto again = refresh(got.at("/refresh_token"));
    EXPECT_EQ(again.at("/refresh_token"), first.at("/refresh_token"));
    EXPECT_NE(again.at("/access_token"), first.at("/access_token"));
    EXPECT_EQ(events(hex(maple)), "token.issued by key, token.repeated by key") << "it is written down each time";
    const auto next = refresh(first.at("/refresh_token"));
    EXPECT_EQ(next.status, 200) << "one chain goes on, whoever heard of it";
    EXPECT_EQ(sql_value(std::format("select count(*) from auth.token_families f where f::text like '%{}%'",
                                    next.at("/refresh_token").substr(20, 20))),
              "0");
}

TEST_F(TokenRoutes, reuse_ends_the_family_and_its_access_tokens_at_once) {
    const auto key = make();
    const auto got = issued(key), others = issued(key);
    const auto next = refresh(got.at("/refresh_token"));
    pass(10s);
    EXPECT_EQ(refusal(refresh(got.at("/refresh_token"))), "400 auth.invalid_grant invalid_grant");
    EXPECT_EQ(refusal(refresh(next.at("/refresh_token"))), "400 auth.invalid_grant invalid_grant");
    EXPECT_EQ(outcome("GET /v1/members", next.at("/access_token")), "auth.bad_credentials");
    EXPECT_EQ(outcome("GET /v1/members", got.at("/access_token")), "auth.bad_credentials");
    EXPECT_EQ(outcome("GET /v1/members", others.at("/access_token")), "good") << "another family of the key goes on";
    EXPECT_EQ(events(hex(maple)), "token.issued by key, token.issued by key, token.reused by key");
    EXPECT_EQ(sql_value("select outcome || ' ' || reason from trail.events where action = 'token.reused'"),
              "refused reused");
}

TEST_F(TokenRoutes, reuse_from_where_the_key_may_not_be_used_ends_the_family_too) {
    const auto got = issued(make());
    refresh(got.at("/refresh_token"));
    pass(10s);
    sql("update auth.api_keys set addresses = '{203.0.113.7}'");
    EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.invalid_grant");
    EXPECT_EQ(families(), "0");
}

TEST_F(TokenRoutes, only_the_immediate_parent_is_forgiven) {
    const auto got = issued(make());
    const auto next = refresh(got.at("/refresh_token"));
    const auto after = refresh(next.at("/refresh_token"));
    EXPECT_EQ(refresh(next.at("/refresh_token")).at("/refresh_token"), after.at("/refresh_token"));
    EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.invalid_grant")
        << "within ten seconds, but a grandparent";
    EXPECT_EQ(families(), "0");
}

TEST_F(TokenRoutes, a_token_that_was_made_up_ends_nothing) {
    const auto got = issued(make());
    const auto name = *read_credential(refresh_token_prefix, got.at("/refresh_token"));
    for (const auto& text :
         {print_credential(refresh_token_prefix, name), print_credential(refresh_token_prefix, {oak, name.id}),
          print_credential(refresh_token_prefix, {maple, ids::new_uuid()}), print_credential(api_key_prefix, name),
          got.at("/refresh_token") + "0", std::string{"x"}, std::string{}}) {
        EXPECT_EQ(refusal(refresh(text)), "400 auth.invalid_grant invalid_grant") << text;
        EXPECT_EQ(revoke(text).status, 200) << text;
    }
    EXPECT_EQ(refresh(got.at("/refresh_token")).status, 200);
    EXPECT_EQ(call("GET /v1/members", "", bearer(got.at("/refresh_token"))).at("/code"), "auth.bad_credentials")
        << "a refresh token opens nothing by itself";
}

TEST_F(TokenRoutes, of_many_who_refresh_at_once_all_get_one_successor) {
    const auto refresh_token = issued(make()).at("/refresh_token");
    std::vector<std::future<IssuedTokens>> answers;
    for (int i = 0; i < 8; ++i)
        answers.push_back(start(tokens.refresh(refresh_token, {}, {}, {.address = "127.0.0.1"}), i % 2));
    std::set<std::string> successors;
    for (auto& answer : answers) successors.insert(answer.get().refresh_token);
    EXPECT_EQ(successors.size(), 1);
    EXPECT_EQ(families(), "1");
    EXPECT_EQ(sql_value("select count(*) from auth.spent_tokens"), "1");
}

TEST_F(TokenRoutes, a_rotation_that_was_not_saved_did_not_happen) {
    const auto got = issued(make());
    sql("create function auth.fail() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;"
        "create trigger fail before update on auth.token_families for each row execute function auth.fail()");
    EXPECT_EQ(call("POST /v1/token",
                   std::format(R"({{"grant_type":"refresh_token","refresh_token":"{}"}})", got.at("/refresh_token")))
                  .status,
              500);
    sql("drop trigger fail on auth.token_families");
    pass(1min);
    EXPECT_EQ(refresh(got.at("/refresh_token")).status, 200) << "the token before is still the one in force";
}

TEST_F(TokenRoutes, a_client_that_names_itself_must_be_the_one) {
    const auto key = make(), other = make();
    const auto got = issued(key);
    EXPECT_EQ(refresh(got.at("/refresh_token"), "&client_id=" + other.id).at("/code"), "auth.invalid_grant");
    EXPECT_EQ(refresh(got.at("/refresh_token"), "&client_secret=" + other.secret).at("/code"), "auth.invalid_grant");
    EXPECT_EQ(refresh(got.at("/refresh_token"), "&client_secret=" + key.secret + "0").at("/code"),
              "auth.invalid_client");
    EXPECT_EQ(refresh(got.at("/refresh_token"), "&client_id=" + key.id + "&client_secret=" + key.secret).status, 200);
}

TEST_F(TokenRoutes, a_family_ends_after_thirty_days_without_use_and_after_ninety_in_all) {
    const auto idle = issued(make());
    pass(std::chrono::days{30} - 1ms);
    auto got = refresh(idle.at("/refresh_token"));
    ASSERT_EQ(got.status, 200);
    pass(std::chrono::days{30});
    EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.invalid_grant");

    got = issued(make());
    for (int day = 0; day < 80; day += 20) {
        pass(std::chrono::days{20});
        got = refresh(got.at("/refresh_token"));
        ASSERT_EQ(got.status, 200) << day;
    }
    pass(std::chrono::days{10});
    EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.invalid_grant");
    EXPECT_EQ(families(), "2");
    run(tokens.tend());
    EXPECT_EQ(families() + sql_value("select count(*) from auth.spent_tokens").value(), "00")
        << "and is then forgotten";
}

TEST_F(TokenRoutes, revoking_either_token_ends_both) {
    const auto key = make();
    for (const std::string which : {"/refresh_token", "/access_token"}) {
        const auto got = issued(key);
        auto answer = revoke(got.at(which));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "");
        EXPECT_EQ(outcome("GET /v1/members", got.at("/access_token")), "auth.bad_credentials") << which;
        EXPECT_EQ(refresh(got.at("/refresh_token")).at("/code"), "auth.invalid_grant") << which;
        EXPECT_EQ(revoke(got.at(which)).status, 200) << "twice is no error";
    }
    EXPECT_EQ(events(hex(maple)), "token.issued by key, token.ended by key, token.issued by key, token.ended by key");
    EXPECT_EQ(refusal(call("POST /v1/token/revoke", "{}")), "400 auth.invalid_token_request invalid_request");
}

TEST_F(TokenRoutes, the_owner_sees_and_ends_what_programs_hold) {
    const auto key = make(), other = make();
    const auto got = issued(key, "&scope=members.read"), more = issued(key);
    const auto at = "/v1/api-keys/" + key.id + "/tokens";
    const auto list = call("GET " + at, "", as("ada"));
    ASSERT_EQ(list.items_at("/items"), 2) << list.body;
    EXPECT_EQ(list.at("/items/0/scopes"), "null");
    EXPECT_EQ(list.at("/items/1/scopes/0"), "members.read");
    EXPECT_EQ(list.at("/items/1/address"), "127.0.0.1");
    EXPECT_EQ(list.at("/items/1/expires_at"), "2026-04-07T07:00:00.000Z");
    const auto family = list.at("/items/1/id");
    EXPECT_EQ(call("DELETE /v1/api-keys/" + other.id + "/tokens/" + family, "", as("ada")).at("/code"),
              "auth.token_not_found");
    EXPECT_EQ(call("DELETE " + at + "/" + family, "", as("olga")).at("/code"), "auth.token_not_found");
    EXPECT_EQ(call("GET " + at, "", as("olga")).at("/code"), "auth.api_key_not_found");
    EXPECT_EQ(call("GET " + at, "", as("max")).at("/code"), "auth.not_permitted");
    EXPECT_EQ(call("DELETE " + at + "/" + family, "", as("max")).at("/code"), "auth.not_permitted");
    EXPECT_EQ(call("GET " + at + "?limit=1", "", as("ada")).items_at("/items"), 1);
    EXPECT_EQ(call("DELETE " + at + "/" + family, "", as("ada")).status, 204);
    EXPECT_EQ(outcome("GET /v1/members", got.at("/access_token")), "auth.bad_credentials");
    EXPECT_EQ(outcome("GET /v1/members", more.at("/access_token")), "good");
    EXPECT_EQ(call("DELETE " + at + "/" + family, "", as("ada")).at("/code"), "auth.token_not_found");
    EXPECT_TRUE(events(hex(maple)).ends_with("token.ended by person"));
}

TEST_F(TokenRoutes, a_key_has_a_hundred_families_and_those_not_used_make_way) {
    const auto key = make();
    const auto first = issued(key);
    sql("insert into auth.token_families (company_id, family_id, key_id, token_sha256, address, created_at, used_at, "
        "expires_at) "
        "select company_id, gen_random_uuid(), key_id, sha256(n::text::bytea), '', created_at, used_at + n * interval "
        "'1 ms', "
        "expires_at from auth.token_families, generate_series(1, 99) n");
    auto refused = issue(key);
    EXPECT_EQ(refused.at("/code"), "auth.too_many_tokens") << "all of them may have access tokens in force";
    EXPECT_EQ(refused.headers["Retry-After"], "900");
    EXPECT_EQ(families(), "100");
    pass(16min);
    EXPECT_EQ(issue(key).status, 200);
    EXPECT_EQ(families(), "100");
    EXPECT_EQ(refresh(first.at("/refresh_token")).at("/code"), "auth.invalid_grant") << "it was used longest ago";
}

TEST_F(TokenRoutes, a_token_that_another_company_is_written_into_is_none) {
    const auto token = issued(make()).at("/access_token");
    ASSERT_EQ(outcome("GET /v1/members", token), "good") << "so that it is known";
    const auto first = token.find('.'), second = token.rfind('.');
    auto claims = crypto::from_base64url(token.substr(first + 1, second - first - 1)).value();
    claims.replace(claims.find(maple.text()), maple.text().size(), oak.text());
    EXPECT_EQ(
        outcome("GET /v1/members", token.substr(0, first + 1) + crypto::to_base64url(claims) + token.substr(second)),
        "auth.bad_credentials");
    // Even signed, it names a family that Oak does not have.
    const AccessToken crossed{.company = oak,
                              .key = ApiKeyId{read_credential(api_key_prefix, make().secret)->id},
                              .family = TokenFamilyId::make(),
                              .id = AccessTokenId::make(),
                              .scope = token_scope(Role::owner, std::nullopt),
                              .issued_at = clock().now()};
    SigningKeys signing{database(), clock(), trail, sealer};
    const auto forged = run([&]() -> Task<std::string> {
        const auto signer = co_await signing.current();
        co_return print_access_token(crossed, "https://app.example.com", signer);
    });
    EXPECT_EQ(outcome("GET /v1/members", forged), "auth.bad_credentials");
}

TEST_F(TokenRoutes, what_a_program_does_with_a_token_is_written_down_as_its_keys) {
    const auto key = make(R"(,"role":"owner")");
    const auto token = issued(key).at("/access_token");
    EXPECT_EQ(outcome("POST /v1/invitations", token, R"({"email":"x@example.com","role":"viewer"})"), "good");
    EXPECT_EQ(sql_value("select concat_ws(' ', actor_kind, actor_id, method) from trail.events where action = "
                        "'invitation.created'"),
              "key " + key.id + " token");
}

}  // namespace

}  // namespace mobilytics::auth
