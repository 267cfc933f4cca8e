#include "src/auth/provider_world_test.hpp"

namespace mobilytics::auth {

namespace {

class IdentityProviderRoutes : public ProviderWorldTest {
protected:
    test::Answer put(const std::string& body, const std::string& who = "ada", Headers headers = {}) {
        auto all = as(who);
        all.insert(headers.begin(), headers.end());
        return call("PUT /v1/identity-provider", body, all);
    }
    test::Answer shown(const std::string& who = "ada") { return call("GET /v1/identity-provider", "", as(who)); }
    std::string changes() {
        return sql_value(
                   "select changes from trail.events where action = 'company.provider_set' "
                   "order by sequence desc limit 1")
            .value_or("");
    }
};

TEST_F(IdentityProviderRoutes, an_owner_sets_shows_and_removes_one) {
    auto none = shown();
    EXPECT_EQ(none.at("/provider") + none.etag, "null0");
    EXPECT_EQ(none.at("/redirect_uri"), "https://app.example.com/sign-in/returned");
    auto set = set_provider(R"(,"joins_as":"viewer")");
    ASSERT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(set.etag, set.at("/version"));
    EXPECT_EQ(set.at("/provider/joins_as"), "viewer");
    EXPECT_EQ(set.at("/provider/set_at"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(set.body.find("s3cret"), std::string::npos);
    EXPECT_EQ(letter_to("ada@example.com").subject, "A provider now signs people in to Maple Fleet");
    EXPECT_EQ(shown().body, set.body);
    EXPECT_EQ(changes(),
              R"({"sign_in_name":{"to":"maple"},"issuer":{"to":"https://id.maple.example"},)"
              R"("client_id":{"to":"mobilytics"},"joins_as":{"to":"viewer"},"client_secret":{"to":"hidden"}})");
    EXPECT_EQ(sql_value("select position('s3cret'::bytea in secret_sealed) from auth.identity_providers"), "0");
    EXPECT_EQ(call("DELETE /v1/identity-provider", "", as("ada")).status, 204);
    EXPECT_EQ(refusal(call("DELETE /v1/identity-provider", "", as("ada"))), "404 auth.provider_not_found");
    EXPECT_EQ(shown().at("/provider"), "null");
    EXPECT_EQ(
        sql_value("select string_agg(action, ' ' order by sequence) from trail.events where action like 'company.%'"),
        "company.provider_set company.provider_removed");
}

TEST_F(IdentityProviderRoutes, a_secret_is_sealed_anew_after_the_key_changed_and_nothing_else_of_it_changes) {
    set_provider();
    const auto before = shown();
    const std::string old_key(32, 'k'), new_key(32, 'n');
    const crypto::Sealer both{new_key, {old_key}}, alone{new_key};
    IdentityProviders changing{database(), clock(), trail, letters, both, providers, pages};
    EXPECT_EQ(run(changing.reseal()).renewed, 1);
    EXPECT_EQ(run(changing.reseal()).current, 1);
    EXPECT_EQ(run(identity_providers.reseal()).lost, 1) << "who has the old key alone changes nothing";
    IdentityProviders changed{database(), clock(), trail, letters, alone, providers, pages};
    EXPECT_EQ(run(changed.reseal()).current, 1);
    EXPECT_EQ(shown().body + shown().etag, before.body + before.etag);
    EXPECT_EQ(sql_value("select string_agg(changes::text, ' ' order by sequence) from trail.events "
                        "where action = 'secrets.resealed' and actor_kind = 'operator' "
                        "and resource_label = 'identity providers'"),
              R"({"renewed":{"to":1},"current":{"to":0},"lost":{"to":0}} )"
              R"({"renewed":{"to":0},"current":{"to":1},"lost":{"to":0}} )"
              R"({"renewed":{"to":0},"current":{"to":0},"lost":{"to":1}} )"
              R"({"renewed":{"to":0},"current":{"to":1},"lost":{"to":0}})");
}

TEST_F(IdentityProviderRoutes, others_may_look_at_most) {
    EXPECT_EQ(refusal(set_provider("", "max")), "403 auth.not_permitted");
    EXPECT_EQ(shown("max").status, 200);
    EXPECT_EQ(refusal(shown("ann")), "403 auth.not_permitted");
    EXPECT_EQ(refusal(shown("")), "401 auth.not_signed_in");
    set_provider();
    EXPECT_EQ(shown("olga").at("/provider"), "null") << "another company's";
    EXPECT_EQ(refusal(call("DELETE /v1/identity-provider", "", as("olga"))), "404 auth.provider_not_found");
    EXPECT_EQ(sql_value("select count(*) from auth.identity_providers"), "1");
}

TEST_F(IdentityProviderRoutes, whoever_was_slower_is_told) {
    EXPECT_EQ(shown().etag, "0");
    const std::string first =
        R"({"sign_in_name":"maple","issuer":"https://id.maple.example","client_id":"a","client_secret":"b"})";
    auto seen = put(first, "ada", {{"If-Match", "\"0\""}});
    EXPECT_EQ(shown().etag + shown().at("/version"), seen.etag + seen.etag);
    const std::string again = R"({"sign_in_name":"maple-2","issuer":"https://id.maple.example","client_id":"a"})";
    EXPECT_EQ(refusal(put(again, "ada", {{"If-Match", "\"0\""}})), "412 http.changed_meanwhile");
    auto kept = put(again, "ada", {{"If-Match", "\"" + seen.etag + "\""}});
    EXPECT_EQ(kept.at("/provider/sign_in_name"), "maple-2") << "the secret stays";
    EXPECT_NE(kept.etag, seen.etag);
    EXPECT_EQ(changes(), R"({"sign_in_name":{"from":"maple","to":"maple-2"}})");
}

TEST_F(IdentityProviderRoutes, one_that_was_taken_away_and_set_again_is_another) {
    set_provider();
    const auto seen = shown().etag;
    EXPECT_EQ(call("DELETE /v1/identity-provider", "", as("ada")).status, 204);
    clock().set(clock().now() + std::chrono::seconds{1});
    set_provider();
    EXPECT_EQ(refusal(put(R"({"sign_in_name":"maple-2","issuer":"https://id.maple.example","client_id":"mobilytics"})",
                          "ada", {{"If-Match", "\"" + seen + "\""}})),
              "412 http.changed_meanwhile");
}

TEST_F(IdentityProviderRoutes, what_cannot_be_used_is_refused_at_once) {
    const auto wrong = [&](const std::string& body) {
        auto answer = put(body);
        return refusal(answer) + " " + answer.pointers();
    };
    EXPECT_EQ(wrong(R"({"sign_in_name":"M","issuer":"http://id.maple.example","client_id":" ","joins_as":"owner"})"),
              "422 auth.invalid_provider /sign_in_name, /issuer, /client_id, /client_secret, /joins_as");
    for (const char* inside : {"https://127.0.0.1", "https://10.0.0.1", "https://169.254.169.254", "https://localhost",
                               "https://[::1]", "https://id.maple.example:5432", "https://id.maple.example?x"})
        EXPECT_EQ(wrong(std::format(R"({{"sign_in_name":"maple","issuer":"{}","client_id":"a","client_secret":"b"}})",
                                    inside)),
                  "422 auth.invalid_provider /issuer")
            << inside;
    discovery = "";
    auto unreachable = set_provider();
    EXPECT_EQ(refusal(unreachable), "422 auth.provider_unusable");
    EXPECT_EQ(unreachable.at("/errors/0/detail"),
              "https://id.maple.example/.well-known/openid-configuration answered 404");
    discovery = R"({"issuer":"https://id.oak.example"})";
    EXPECT_EQ(set_provider().at("/errors/0/detail"),
              "its discovery document names another issuer: https://id.oak.example");
    EXPECT_EQ(sql_value("select count(*) from auth.identity_providers"), "0");
}

TEST_F(IdentityProviderRoutes, a_name_leads_to_one_company) {
    EXPECT_EQ(set_provider().status, 200);
    auto taken = set_provider("", "olga");
    EXPECT_EQ(refusal(taken) + " " + taken.pointers(), "409 auth.sign_in_name_taken /sign_in_name");
    EXPECT_EQ(sql_value("select count(*) from auth.identity_providers"), "1");
}

TEST_F(IdentityProviderRoutes, another_issuer_or_client_knows_nobody_yet) {
    set_provider();
    const auto ann = entered(sign_in_as(claims_of("ann")));
    const auto alive = [&] { return call("GET /v1/sessions/current", "", ann).status == 200; };
    EXPECT_EQ(put(R"({"sign_in_name":"maple-2","issuer":"https://id.maple.example","client_id":"mobilytics"})").status,
              200);
    EXPECT_TRUE(alive()) << "only the name is another";
    EXPECT_EQ(sql_value("select count(*) from auth.outside_identities"), "1");
    EXPECT_EQ(put(R"({"sign_in_name":"maple","issuer":"https://id.maple.example","client_id":"b","client_secret":"c"})")
                  .status,
              200);
    EXPECT_FALSE(alive());
    EXPECT_EQ(sql_value("select count(*) from auth.outside_identities"), "0");
    EXPECT_EQ(shown().status, 200) << "a session of her own goes on";
}

TEST_F(IdentityProviderRoutes, a_provider_that_is_removed_opens_nothing_and_ends_what_it_opened) {
    set_provider();
    const auto ann = entered(sign_in_as(claims_of("ann")));
    const auto journey = begun();
    EXPECT_EQ(call("DELETE /v1/identity-provider", "", as("ada")).status, 204);
    EXPECT_EQ(call("GET /v1/sessions/current", "", ann).status, 401);
    redeemed = {.status = 200, .body = std::format(R"({{"id_token":"{}"}})", id_token(journey))};
    EXPECT_EQ(refusal(finish(journey)), "403 auth.provider_sign_in_over");
    EXPECT_EQ(refusal(call("POST /v1/sign-in/openid", R"({"sign_in_name":"maple"})")), "404 auth.sign_in_name_unknown");
}

}  // namespace

}  // namespace mobilytics::auth
