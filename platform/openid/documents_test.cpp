#include "platform/openid/documents.hpp"

#include <gtest/gtest.h>

#include <format>

#include "platform/crypto/rsa_signer_test.hpp"

namespace mobilytics::openid {
namespace {

constexpr std::string_view issuer = "https://id.example.com";

std::string document(std::string_view more = "", std::string_view named = issuer) {
    return std::format(
        R"({{"issuer":"{}","authorization_endpoint":"https://id.example.com/auth",)"
        R"("token_endpoint":"https://id.example.com/token","jwks_uri":"https://id.example.com/keys"{}}})",
        named, more);
}

std::string wrong_with(std::string_view json) {
    const auto read = read_discovery(json, issuer);
    return read ? "" : read.error();
}

TEST(Discovery, says_where_to_ask) {
    const auto read = read_discovery(document(R"(,"claims_supported":["sub",{"odd":[1]}],"request_uri":null)"), issuer);
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->authorization_endpoint, "https://id.example.com/auth");
    EXPECT_EQ(read->token_endpoint, "https://id.example.com/token");
    EXPECT_EQ(read->jwks_uri, "https://id.example.com/keys");
    EXPECT_FALSE(read->secret_in_body) << "client_secret_basic unless it says otherwise";
    EXPECT_FALSE(read->names_itself);
    const auto other = read_discovery(document(R"(,"token_endpoint_auth_methods_supported":["client_secret_post"],)"
                                               R"("authorization_response_iss_parameter_supported":true)"),
                                      issuer);
    EXPECT_TRUE(other->secret_in_body);
    EXPECT_TRUE(other->names_itself);
}

TEST(Discovery, is_refused_for_what_it_lacks) {
    EXPECT_EQ(wrong_with(""), "is not the JSON of a provider");
    EXPECT_EQ(wrong_with("<html>"), "is not the JSON of a provider");
    EXPECT_EQ(wrong_with("[]"), "is not the JSON of a provider");
    EXPECT_EQ(wrong_with(R"({"issuer":7})"), "is not the JSON of a provider");
    EXPECT_EQ(wrong_with("{}"), "names another issuer: ");
    EXPECT_EQ(wrong_with(document("", "https://id.example.com/")), "names another issuer: https://id.example.com/");
    EXPECT_EQ(wrong_with(document("", "https://ID.example.com")), "names another issuer: https://ID.example.com");
    EXPECT_EQ(wrong_with(R"({"issuer":"https://id.example.com"})"), "has no authorization_endpoint");
    EXPECT_EQ(wrong_with(document(R"(,"response_types_supported":["id_token"])")), "knows no flow with a code");
    EXPECT_EQ(wrong_with(document(R"(,"id_token_signing_alg_values_supported":["ES256","none"])")),
              "does not sign ID tokens with RS256");
    EXPECT_EQ(wrong_with(document(R"(,"code_challenge_methods_supported":["plain"])")), "knows no PKCE with S256");
    EXPECT_EQ(wrong_with(document(R"(,"token_endpoint_auth_methods_supported":["private_key_jwt","none"])")),
              "takes no client secret, neither client_secret_basic nor client_secret_post");
}

TEST(KeySets, give_keys_that_may_have_signed) {
    const crypto::RsaSigner signer, weak{1024};
    const auto set =
        std::format(R"({{"keys":[{},{},{},{},{},{},{{"kty":"EC","crv":"P-256","x":"a","y":"b","kid":"ec"}},)"
                    R"({{"kty":"oct","k":"c2VjcmV0"}},{{}}]}})",
                    signer.jwk("plain"), signer.jwk("signing", R"(,"use":"sig","alg":"RS256","x5c":["..."])"),
                    signer.jwk("encrypting", R"(,"use":"enc")"), signer.jwk("other", R"(,"alg":"PS256")"),
                    weak.jwk("weak"), weak.jwk("plain"));
    const auto keys = read_keys(set).value();
    ASSERT_EQ(keys.size(), 2);
    EXPECT_EQ(keys[0].id, "plain");
    EXPECT_EQ(keys[1].id, "signing");
    EXPECT_TRUE(keys[0].key.verifies("x", signer.sign("x")));
    EXPECT_FALSE(read_keys("[]"));
    EXPECT_FALSE(read_keys(R"({"keys":7})"));
    EXPECT_EQ(read_keys("{}")->size(), 0);
    std::string many = signer.jwk("0");
    for (int i = 1; i < 200; ++i) many += "," + signer.jwk(std::to_string(i));
    EXPECT_EQ(read_keys(R"({"keys":[)" + many + "]}")->size(), most_keys);
}

TEST(TokenAnswers, hold_an_id_token_or_a_word) {
    EXPECT_EQ(read_token_answer(R"({"access_token":"a","expires_in":5,"id_token":"x.y.z"})").id_token, "x.y.z");
    EXPECT_EQ(read_token_answer(R"({"error":"invalid_grant","error_description":"no"})").error, "invalid_grant");
    EXPECT_EQ(read_token_answer("oops").error, "no JSON");
    EXPECT_EQ(read_token_answer("{}").id_token, std::nullopt);
}

}  // namespace
}  // namespace mobilytics::openid
