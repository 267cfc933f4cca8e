#include "src/auth/provider_world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class ProviderSignInRoutes : public ProviderWorldTest {
protected:
    ProviderSignInRoutes() { EXPECT_EQ(set_provider().status, 200); }

    // Signs in as somebody, by a token that differs from a good one in one claim.
    std::string refused_for(const std::string& claim, const std::string& value) {
        auto answer = sign_in_as({{claim, value}});
        return refusal(answer);
    }
    std::string last_reason() {
        return sql_value(
                   "select reason from trail.events where action = 'session.opened' and outcome = 'refused' "
                   "order by at desc, sequence desc limit 1")
            .value_or("");
    }
    std::string sessions_open() {
        return sql_value("select count(*) from auth.sessions where bound_company is not null").value();
    }
};

TEST_F(ProviderSignInRoutes, a_member_gets_in_and_is_known_from_then_on) {
    const auto journey = begun();
    EXPECT_EQ(journey.cookie.size(), std::string{"__Host-mobilytics-sign-in="}.size() + 43);
    redeemed = {.status = 200, .body = std::format(R"({{"id_token":"{}"}})", id_token(journey))};
    auto in = finish(journey);
    ASSERT_EQ(in.status, 201) << in.body;
    EXPECT_EQ(in.at("/user/email") + " " + in.at("/company/name") + " " + in.at("/role"),
              "ann@example.com Maple Fleet analyst");
    EXPECT_EQ(in.at("/opened_by_provider") + in.at("/confirmed_until"), "truenull");
    EXPECT_EQ(posts.size(), 1);
    EXPECT_EQ(posts[0].url, "https://id.maple.example/token");
    const auto verifier = posts[0].body.substr(posts[0].body.rfind('=') + 1);
    EXPECT_EQ(crypto::to_base64url(crypto::sha256(verifier)), journey.challenge) << "PKCE";
    EXPECT_EQ(call("GET /v1/members?limit=1", "", as("max")).status, 200);
    EXPECT_EQ(
        sql_value(
            "select string_agg(action || ' ' || actor_kind || ' ' || method, ', ' order by sequence) from trail.events "
            "where action in ('member.linked', 'session.opened') and actor_label = 'ann'"),
        "member.linked person provider, session.opened person provider");

    // The subject decides now: another address changes nothing, and the address without the subject is nobody's.
    auto renamed = sign_in_as({{"email", R"("ann.lee@example.com")"}});
    EXPECT_EQ(renamed.at("/user/email"), "ann@example.com");
    EXPECT_EQ(refused_for("email", ""), "201 ") << "nor is it needed";
    EXPECT_EQ(refused_for("sub", R"("another subject")"), "403 auth.provider_stranger");
    EXPECT_EQ(sql_value("select count(*) from auth.outside_identities"), "1");
}

TEST_F(ProviderSignInRoutes, nobody_else_gets_in) {
    EXPECT_EQ(refused_for("email_verified", "false"), "403 auth.provider_address_unverified");
    EXPECT_EQ(refused_for("email", ""), "403 auth.provider_address_unverified");
    EXPECT_EQ(refused_for("email", R"("ann")"), "403 auth.provider_address_unverified");
    EXPECT_EQ(refused_for("email", R"("nobody@example.com")"), "403 auth.provider_stranger");
    EXPECT_EQ(refused_for("email", R"("olga@example.com")"), "403 auth.provider_stranger")
        << "of another company, alike";
    EXPECT_EQ(refused_for("email", R"("sam@example.com")"), "403 auth.provider_stranger") << "staff";
    EXPECT_EQ(sql_value(std::format("select count(*) from trail.events where company_id = '{}' and outcome = 'refused' "
                                    "and reason like 'provider: auth.%'",
                                    hex(maple))),
              "6");
    EXPECT_EQ(sql_value("select count(*) from trail.events where changes || resource_label || reason like '%@%'"), "0")
        << "no addresses in the trail";
    EXPECT_EQ(sessions_open() + sql_value("select count(*) from auth.outside_identities").value(), "00");
}

TEST_F(ProviderSignInRoutes, strangers_join_where_the_company_lets_them) {
    set_provider(R"(,"joins_as":"analyst")");
    const std::map<std::string, std::string> nina = {
        {"sub", R"("nina")"}, {"email", R"("Nina@Example.org")"}, {"name", R"("Nina Roy")"}};
    auto in = sign_in_as(nina);
    ASSERT_EQ(in.status, 201) << in.body;
    EXPECT_EQ(in.at("/user/name") + in.at("/role") + in.at("/user/email_verified"), "Nina Royanalystfalse");
    EXPECT_EQ(sql_value("select left(password_hash, 10) from auth.users where email = 'nina@example.org'"),
              "$argon2id$");
    EXPECT_EQ(refusal(call("POST /v1/sessions", R"({"email":"nina@example.org","password":""})")),
              "401 auth.wrong_credentials");
    EXPECT_EQ(sign_in_as(nina).status, 201);
    EXPECT_EQ(sql_value("select count(*) from auth.users where email = 'nina@example.org'"), "1");
    auto unnamed = sign_in_as({{"sub", R"("x")"}, {"email", R"("bo.lee@example.org")"}, {"name", R"("\u0007")"}});
    EXPECT_EQ(unnamed.at("/user/name"), "bo.lee");
    EXPECT_EQ(refused_for("email", R"("olga@example.com")"), "403 auth.provider_stranger")
        << "who has an account is invited";
    EXPECT_EQ(sql_value(std::format("select string_agg(action, ' ' order by sequence) from trail.events "
                                    "where resource_label = 'Nina Roy' and company_id = '{}'",
                                    hex(maple))),
              "member.added member.linked session.opened session.opened");
}

TEST_F(ProviderSignInRoutes, a_token_that_is_not_for_this_sign_in_opens_nothing) {
    const std::pair<const char*, const char*> forged[] = {{"nonce", R"("another")"},
                                                          {"nonce", ""},
                                                          {"aud", R"("another")"},
                                                          {"aud", R"(["mobilytics","another"])"},
                                                          {"exp", "1"},
                                                          {"iat", "1"},
                                                          {"iss", R"("https://evil.example")"},
                                                          {"sub", ""}};
    for (const auto& [claim, value] : forged)
        EXPECT_EQ(refused_for(claim, value), "403 auth.provider_doubtful") << claim << value;
    for (const char* body : {R"({"id_token":"a.b.c"})", R"({"access_token":"x"})"}) {
        const auto journey = begun();
        redeemed = {.status = 200, .body = body};
        EXPECT_EQ(refusal(finish(journey)), "403 auth.provider_doubtful") << body;
    }
    const auto journey = begun();
    redeemed = {.status = 400, .body = R"({"error":"invalid_grant"})"};
    auto denied = finish(journey);
    EXPECT_EQ(refusal(denied), "403 auth.provider_denied");
    EXPECT_NE(denied.at("/detail").find("(invalid_grant)"), std::string::npos);
    const auto later = begun();
    redeemed = {.failure = "no answer within 15 s"};
    EXPECT_EQ(refusal(finish(later)), "503 auth.provider_unreachable");
    EXPECT_EQ(sessions_open(), "0");
    EXPECT_EQ(sql_value(std::format("select count(*) from trail.events where company_id = '{}' and outcome = 'refused'",
                                    hex(maple))),
              "0")
        << "nobody fills a company's trail without its provider's word";
}

TEST_F(ProviderSignInRoutes, a_way_back_is_gone_once_in_time_and_in_the_same_browser) {
    const auto over = "403 auth.provider_sign_in_over";
    auto journey = begun();
    const auto good = [&] {
        redeemed = {.status = 200, .body = std::format(R"({{"id_token":"{}"}})", id_token(journey))};
    };
    good();
    const auto elsewhere = begun();
    EXPECT_EQ(refusal(finish({elsewhere.cookie, journey.state, "", ""})), over) << "another browser's state";
    EXPECT_EQ(refusal(finish(journey, R"(,"code":"c0de")", {{"Cookie", "x=y"}})), over);
    EXPECT_EQ(posts.size(), 0) << "and the code was not redeemed";
    EXPECT_EQ(finish(journey).status, 201);
    EXPECT_EQ(refusal(finish(journey)), over) << "the same again";
    EXPECT_EQ(posts.size(), 1);

    journey = begun();
    clock().set(clock().now() + 10min);
    good();
    EXPECT_EQ(refusal(finish(journey)), over) << "too late";
    journey = begun();
    good();
    clock().set(clock().now() + 1ms);
    set_provider();
    EXPECT_EQ(refusal(finish(journey)), over) << "set anew meanwhile";
    journey.state.back() = journey.state.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(refusal(finish(journey)), over);
    EXPECT_EQ(last_reason(), "provider: auth.provider_sign_in_over");
}

// Tabs of one browser share its secret.
TEST_F(ProviderSignInRoutes, two_tabs_may_be_under_way) {
    const auto first = begun();
    const auto second = begun("maple", {{"Cookie", first.cookie}});
    EXPECT_EQ(first.cookie, second.cookie);
    for (const auto& journey : {second, first}) {
        redeemed = {.status = 200, .body = std::format(R"({{"id_token":"{}"}})", id_token(journey))};
        EXPECT_EQ(finish(journey).status, 201);
    }
}

TEST_F(ProviderSignInRoutes, another_provider_s_answer_is_not_taken_to_this_one) {
    auto journey = begun();
    const auto with = [&](const std::string& iss) {
        journey = begun();
        redeemed = {.status = 200, .body = std::format(R"({{"id_token":"{}"}})", id_token(journey))};
        return refusal(finish(journey, R"(,"code":"c0de")" + iss));
    };
    EXPECT_EQ(with(R"(,"iss":"https://evil.example")"), "403 auth.provider_doubtful");
    EXPECT_EQ(posts.size(), 0);
    EXPECT_EQ(with(R"(,"iss":"https://id.maple.example")"), "201 ");
    EXPECT_EQ(with(""), "201 ");
    discovery.insert(discovery.size() - 1, R"(,"authorization_response_iss_parameter_supported":true)");
    set_provider();
    EXPECT_EQ(with(""), "403 auth.provider_doubtful") << "it says that it always names itself";
    EXPECT_EQ(with(R"(,"iss":"https://id.maple.example")"), "201 ");
}

TEST_F(ProviderSignInRoutes, what_the_provider_refuses_is_said_and_not_repeated) {
    auto denied = finish(begun(), R"(,"error":"access_denied")");
    EXPECT_EQ(refusal(denied), "403 auth.provider_denied");
    EXPECT_NE(denied.at("/detail").find("(access_denied)"), std::string::npos);
    EXPECT_EQ(finish(begun(), R"(,"error":"call 555-1234")").body.find("555"), std::string::npos);
    EXPECT_EQ(refusal(finish(begun(), "")), "403 auth.provider_denied");
    EXPECT_EQ(posts.size(), 0);
}

TEST_F(ProviderSignInRoutes, who_is_out_stays_out) {
    EXPECT_EQ(sign_in_as(claims_of("ann")).status, 201);
    call("DELETE /v1/members/" + people.at("ann").text(), "", as("ada"));
    EXPECT_EQ(sessions_open(), "0") << "a removed member";
    EXPECT_EQ(refusal(sign_in_as(claims_of("ann"))), "403 auth.provider_stranger");
    EXPECT_EQ(sign_in_as(claims_of("vic")).status, 201);
    sql("update auth.users set disabled_at = '2026-01-02' where name = 'vic'");
    EXPECT_EQ(refusal(sign_in_as(claims_of("vic"))), "403 auth.provider_stranger") << "a disabled person";
    EXPECT_EQ(sign_in_as(claims_of("bo")).status, 201);
    suspend(maple);
    EXPECT_EQ(refusal(sign_in_as(claims_of("bo"))), "403 auth.company_suspended");
}

TEST_F(ProviderSignInRoutes, a_page_of_another_site_neither_begins_nor_ends_it) {
    const Headers other{{"Sec-Fetch-Site", "cross-site"}};
    EXPECT_EQ(refusal(call("POST /v1/sign-in/openid", R"({"sign_in_name":"maple"})", other)), "403 auth.cross_site");
    auto journey = begun();
    auto headers = other;
    headers["Cookie"] = journey.cookie;
    EXPECT_EQ(refusal(finish(journey, R"(,"code":"c0de")", headers)), "403 auth.cross_site");
}

TEST_F(ProviderSignInRoutes, a_caller_who_tries_a_hundred_times_waits) {
    int refused = 0;
    for (int i = 0; i < 101; ++i) refused += finish({"", "nonsense", "", ""}).status == 403 ? 1 : 0;
    EXPECT_EQ(refused, 101);
    EXPECT_EQ(refusal(finish({"", "nonsense", "", ""})), "429 auth.too_many_attempts");
}

TEST_F(ProviderSignInRoutes, the_session_before_ends) {
    const auto first = entered(sign_in_as());
    const auto journey = begun();
    redeemed = {.status = 200, .body = std::format(R"({{"id_token":"{}"}})", id_token(journey))};
    EXPECT_EQ(finish(journey, R"(,"code":"c0de")", {{"Cookie", journey.cookie + "; " + first.at("Cookie")}}).status,
              201);
    EXPECT_EQ(call("GET /v1/sessions/current", "", first).status, 401);
}

}  // namespace

}  // namespace mobilytics::auth
