#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "platform/crypto/encoding.hpp"
#include "src/auth/token_world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class SigningKeyRoutes : public TokenTest {};

TEST_F(SigningKeyRoutes, keys_that_sign_are_published_and_sealed) {
    const auto before = call("GET /.well-known/jwks.json");
    EXPECT_EQ(before.headers.at("Cache-Control"), "public, max-age=300");
    ASSERT_EQ(before.items_at("/keys"), 1) << "made when it is first asked for";
    EXPECT_EQ(before.at("/keys/0/kty") + before.at("/keys/0/crv") + before.at("/keys/0/alg") + before.at("/keys/0/use"),
              "OKPEd25519EdDSAsig");
    EXPECT_EQ(before.at("/keys/0/d"), "(absent)");
    const auto token = issued(make()).at("/access_token");
    EXPECT_TRUE(crypto::from_base64url(token.substr(0, token.find('.')))->contains(before.at("/keys/0/kid")));
    EXPECT_EQ(events(hex(CompanyId{})), "signing_key.made by job");
    sql("update auth.signing_keys set seed_sealed = set_byte(seed_sealed, 40, get_byte(seed_sealed, 40) # 1)");
    EXPECT_EQ(refusal(issue(make())), "503 auth.sealed_by_another_key (absent)");
    EXPECT_EQ(outcome("GET /v1/members", token), "good") << "verifying needs no secret";
    const auto server = call("GET /.well-known/oauth-authorization-server");
    EXPECT_EQ(server.at("/issuer"), "https://app.example.com");
    EXPECT_EQ(server.at("/token_endpoint"), "https://app.example.com/v1/token");
}

TEST_F(SigningKeyRoutes, the_next_key_is_published_before_it_signs_and_the_last_one_a_while_longer) {
    const auto kid_of = [](const test::Answer& answer) {
        const auto header =
            crypto::from_base64url(answer.at("/access_token").substr(0, answer.at("/access_token").find('.')));
        return header->substr(header->find("kid") + 6, 43);
    };
    const auto key = make();
    const auto first = kid_of(issued(key));
    run(tokens.tend());
    EXPECT_EQ(call("GET /.well-known/jwks.json").items_at("/keys"), 1);
    pass(std::chrono::days{83});
    run(tokens.tend());
    run(tokens.tend());
    const auto published = call("GET /.well-known/jwks.json");
    ASSERT_EQ(published.items_at("/keys"), 2);
    const auto second = published.at("/keys/1/kid");
    EXPECT_EQ(kid_of(issued(key)), first) << "its time has not come";
    pass(std::chrono::days{7} - 1min);
    const auto last = issued(key);
    EXPECT_EQ(kid_of(last), first);
    pass(1min);
    EXPECT_EQ(kid_of(issued(key)), second);
    pass(13min);
    EXPECT_EQ(outcome("GET /v1/members", last.at("/access_token")), "good");
    pass(7min);
    EXPECT_EQ(call("GET /.well-known/jwks.json").items_at("/keys"), 1);
    run(tokens.tend());
    EXPECT_EQ(sql_value("select count(*) from auth.signing_keys"), "1");
}

TEST_F(SigningKeyRoutes, a_key_that_leaked_is_replaced_and_its_tokens_end_at_once) {
    const auto got = issued(make());
    ASSERT_EQ(outcome("GET /v1/members", got.at("/access_token")), "good");
    const auto before = call("GET /.well-known/jwks.json").at("/keys/0/kid");
    const auto id = run(tokens.replace_signing_keys());
    EXPECT_NE(id, before);
    EXPECT_EQ(outcome("GET /v1/members", got.at("/access_token")), "auth.bad_credentials")
        << "though this process knows the key";
    const auto published = call("GET /.well-known/jwks.json");
    EXPECT_EQ(published.items_at("/keys"), 1);
    EXPECT_EQ(published.at("/keys/0/kid"), id);
    EXPECT_EQ(outcome("GET /v1/members", refresh(got.at("/refresh_token")).at("/access_token")), "good");
    EXPECT_EQ(events(hex(CompanyId{})), "signing_key.made by job, signing_key.replaced by operator");
}

}  // namespace

}  // namespace mobilytics::auth
