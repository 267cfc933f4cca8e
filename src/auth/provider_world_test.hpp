#pragma once

#include <chrono>
#include <format>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/rsa_signer_test.hpp"
#include "src/auth/identity_providers.hpp"
#include "src/auth/provider_sign_in.hpp"
#include "src/auth/world_test.hpp"

// The world with a provider that Maple has chosen, at https://id.maple.example, whose every answer a test may change.
namespace mobilytics::auth {

class ProviderWorldTest : public WorldTest {
protected:
    static constexpr std::string_view issuer = "https://id.maple.example";

    ProviderWorldTest() {
        add_routes(router, identity_providers);
        add_routes(router, provider_sign_in);
    }

    // Sets Maple's provider as Ada, its owner.
    test::Answer set_provider(const std::string& more = "", const std::string& who = "ada") {
        return call("PUT /v1/identity-provider",
                    std::format(R"({{"sign_in_name":"maple","issuer":"{}","client_id":"mobilytics",)"
                                R"("client_secret":"s3cret"{}}})",
                                issuer, more),
                    as(who));
    }

    // A browser under way to the provider.
    struct Journey {
        std::string cookie;
        std::string state;
        std::string nonce;
        std::string challenge;
    };

    static std::string parameter(const std::string& url, const std::string& name) {
        const auto at = url.find('&' + name + '=');
        if (at == std::string::npos) return {};
        const auto from = at + name.size() + 2;
        return url.substr(from, url.find('&', from) - from);
    }

    Journey begun(const std::string& name = "maple", Headers headers = {}) {
        auto answer =
            call("POST /v1/sign-in/openid", std::format(R"({{"sign_in_name":"{}"}})", name), std::move(headers));
        EXPECT_EQ(answer.status, 200) << answer.body;
        if (answer.status != 200) return {};
        const auto url = answer.at("/url");
        return {cookie_of(answer), parameter(url, "state"), parameter(url, "nonce"), parameter(url, "code_challenge")};
    }

    // What the provider says of somebody, with claims replaced or, for "", left out.
    std::string id_token(const Journey& journey, const std::map<std::string, std::string>& claims = {}) {
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock().now().time_since_epoch()).count();
        std::map<std::string, std::string> all = {{"iss", std::format("\"{}\"", issuer)},
                                                  {"sub", R"("subject of ann")"},
                                                  {"aud", R"("mobilytics")"},
                                                  {"exp", std::to_string(now + 300)},
                                                  {"iat", std::to_string(now)},
                                                  {"nonce", std::format("\"{}\"", journey.nonce)},
                                                  {"email", R"("Ann@Example.com")"},
                                                  {"email_verified", "true"}};
        for (const auto& [name, value] : claims) all[name] = value;
        std::string text;
        for (const auto& [name, value] : all)
            if (!value.empty()) text += std::format(R"({}"{}":{})", text.empty() ? "" : ",", name, value);
        return signer().jws(R"({"alg":"RS256","kid":"one"})", "{" + text + "}");
    }

    test::Answer finish(const Journey& journey, const std::string& more = R"(,"code":"c0de")", Headers headers = {}) {
        if (!journey.cookie.empty() && !headers.contains("Cookie")) headers["Cookie"] = journey.cookie;
        return call("POST /v1/sign-in/openid/finish", std::format(R"({{"state":"{}"{}}})", journey.state, more),
                    std::move(headers));
    }

    // All the way, as somebody with these claims.
    test::Answer sign_in_as(const std::map<std::string, std::string>& claims = {}) {
        const auto journey = begun();
        redeemed = {.status = 200, .body = std::format(R"({{"id_token":"{}"}})", id_token(journey, claims))};
        return finish(journey);
    }

    static std::map<std::string, std::string> claims_of(const std::string& name) {
        return {{"sub", std::format("\"subject of {}\"", name)}, {"email", std::format("\"{}\"", email_of(name))}};
    }

    static std::string refusal(const test::Answer& answer) {
        return std::format("{} {}", answer.status, answer.status < 400 ? "" : answer.at("/code"));
    }

    // The session cookie, when a sign-in has set two.
    static Headers entered(const test::Answer& answer) {
        EXPECT_EQ(answer.status, 201) << answer.body;
        return headers_of(answer);
    }

    static const crypto::RsaSigner& signer() {
        static const crypto::RsaSigner made;
        return made;
    }

    std::string discovery =
        std::format(R"({{"issuer":"{0}","authorization_endpoint":"{0}/auth?x","token_endpoint":"{0}/token",)"
                    R"("jwks_uri":"{0}/keys"}})",
                    issuer);
    outbound::Sent redeemed{.status = 200, .body = "{}"};
    std::vector<outbound::Post> posts;
    openid::Providers providers{
        {.get = [this](outbound::Get get) -> Task<outbound::Sent> {
             if (get.url.ends_with("/keys"))
                 co_return outbound::Sent{.status = 200,
                                          .body = std::format(R"({{"keys":[{}]}})", signer().jwk("one"))};
             co_return outbound::Sent{.status = discovery.empty() ? 404 : 200, .body = discovery};
         },
         .post = [this](outbound::Post post) -> Task<outbound::Sent> {
             posts.push_back(post);
             co_return redeemed;
         },
         .wrong_with = [](const std::string& url) { return outbound::wrong_with(url, {}); }},
        clock()};
    IdentityProviders identity_providers{database(), clock(), trail, letters, sealer, providers, pages};
    ProviderSignIn provider_sign_in{database(), clock(), runtime(), trail, sealer, auth, identity_providers, providers};
};

}  // namespace mobilytics::auth
