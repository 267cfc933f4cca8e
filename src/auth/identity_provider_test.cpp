#include "src/auth/identity_provider.hpp"

#include <gtest/gtest.h>

#include "src/auth/sign_in_state.hpp"

namespace mobilytics::auth {
namespace {

using namespace std::chrono_literals;

std::string faults_of(const WantedProvider& wanted, const std::optional<IdentityProvider>& before = {},
                      const std::optional<std::string>& wrong_with_issuer = {}) {
    Faults faults;
    check(wanted, before, wrong_with_issuer, faults);
    std::string pointers;
    for (const FieldError& fault : faults.all()) pointers += fault.pointer;
    return pointers;
}

TEST(SignInNames, can_be_said_aloud_and_typed) {
    for (const char* fine : {"abc", "maple-fleet", "3m-ca-1", "a-b-c", "x123456789x123456789x123456789x123456789"})
        EXPECT_TRUE(is_sign_in_name(fine)) << fine;
    for (const char* wrong : {"", "ab", "Maple", "-abc", "abc-", "a--b", "maple fleet", "érable", "a.b", "a_b", "a/b",
                              "x123456789x123456789x123456789x1234567890"})
        EXPECT_FALSE(is_sign_in_name(wrong)) << wrong;
}

TEST(IdentityProviders, are_wanted_whole) {
    const WantedProvider wanted{"maple", "https://id.example.com", "client", "s3cret", Role::viewer};
    EXPECT_EQ(faults_of(wanted), "");
    auto other = wanted;
    other.joins_as = Role::owner;
    EXPECT_EQ(faults_of(other), "/joins_as");
    other = {"x", "https://id.example.com", "", "", {}};
    EXPECT_EQ(faults_of(other, {}, "must begin with https://"), "/sign_in_name/issuer/client_id/client_secret");
    other = wanted;
    other.client_id = "caf\xc3\xa9";
    other.client_secret = "a\nb";
    EXPECT_EQ(faults_of(other), "/client_id/client_secret");
    other.client_id = std::string(256, 'x');
    other.client_secret = std::string(1001, 'x');
    EXPECT_EQ(faults_of(other), "/client_id/client_secret");
}

TEST(IdentityProviders, keep_their_secret_for_the_same_client_only) {
    WantedProvider wanted{"maple", "https://id.example.com", "client"};
    EXPECT_EQ(faults_of(wanted), "/client_secret");
    const IdentityProvider before{
        .company = CompanyId::make(), .sign_in_name = "old", .issuer = wanted.issuer, .client_id = wanted.client_id};
    EXPECT_EQ(faults_of(wanted, before), "");
    wanted.client_id = "another";
    EXPECT_EQ(faults_of(wanted, before), "/client_secret");
    wanted.client_id = "client";
    wanted.issuer = "https://evil.example.com";
    EXPECT_EQ(faults_of(wanted, before), "/client_secret") << "the secret goes to nobody else";
}

TEST(SignInStates, open_where_they_were_sealed_and_while_they_last) {
    const crypto::Sealer sealer{std::string(crypto::Sealer::key_size, 'k')};
    const clock::Instant now = clock::from_rfc3339("2026-03-08T07:00:00Z").value();
    const SignInState state{now + 10min, CompanyId::make(), now - 1h, "nonce", "verifier", crypto::sha256("browser")};
    const auto text = state.sealed(sealer);
    EXPECT_LT(text.size(), 512) << "some providers take no more";
    const auto opened = SignInState::open(text, sealer, now).value();
    EXPECT_EQ(opened.company, state.company);
    EXPECT_EQ(opened.provider_set_at, state.provider_set_at);
    EXPECT_EQ(opened.nonce + opened.verifier, "nonceverifier");
    EXPECT_EQ(opened.browser, state.browser);
    EXPECT_TRUE(SignInState::open(text, sealer, now + 10min - 1ms));
    EXPECT_FALSE(SignInState::open(text, sealer, now + 10min));
    EXPECT_FALSE(SignInState::open(text, crypto::Sealer{std::string(crypto::Sealer::key_size, 'o')}, now));
    auto changed = text;
    changed[40] = changed[40] == 'A' ? 'B' : 'A';
    for (const std::string& wrong : {std::string{}, std::string{"x"}, changed, text + "A", std::string(5000, 'A')})
        EXPECT_FALSE(SignInState::open(wrong, sealer, now)) << wrong.substr(0, 20);
}

}  // namespace
}  // namespace mobilytics::auth
