#include "platform/openid/providers.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <format>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/crypto/rsa_signer_test.hpp"

namespace mobilytics::openid {
namespace {

using namespace std::chrono_literals;
using outbound::Sent;

struct TestClock : clock::Clock {
    clock::Instant at = clock::from_rfc3339("2026-03-08T07:00:00Z").value();
    clock::Instant now() const override { return at; }
};

class ProvidersTest : public ::testing::Test {
protected:
    template <class T>
    T run(async::Task<T> task) {
        boost::asio::io_context context;
        auto result = boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
        context.run();
        return result.get();
    }

    std::string failure(auto task) {
        try {
            run(std::move(task));
        } catch (const Failure& caught) {
            return std::format("{} {}", static_cast<int>(caught.kind()), caught.what());
        }
        return "";
    }

    std::string document() const {
        return std::format(
            R"({{"issuer":"{0}","authorization_endpoint":"{0}/auth?tenant=7","token_endpoint":"{0}/token",)"
            R"("jwks_uri":"{0}/keys"}})",
            issuer);
    }

    std::string token(std::string_view key_id) const {
        const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock.at.time_since_epoch()).count();
        return signer().jws(std::format(R"({{"alg":"RS256","kid":"{}"}})", key_id),
                            std::format(R"({{"iss":"{}","sub":"7","aud":"us & them","exp":{},"iat":{},"nonce":"n"}})",
                                        issuer, now + 300, now));
    }

    static const crypto::RsaSigner& signer() {
        static const crypto::RsaSigner made;
        return made;
    }

    Sent answer_to(const outbound::Get& get) {
        asked.push_back(get.url);
        if (get.url.ends_with("openid-configuration")) return published;
        return {.status = 200, .body = std::format(R"({{"keys":[{}]}})", signer().jwk(signing_key))};
    }

    const std::string issuer = "https://id.example.com/of/7";
    TestClock clock;
    std::string signing_key = "one";
    Sent published{.status = 200, .body = document()};
    Sent redeemed{.status = 200};
    std::vector<std::string> asked;
    std::vector<outbound::Post> posts;
    Providers providers{{.get = [this](outbound::Get get) -> async::Task<Sent> { co_return answer_to(get); },
                         .post = [this](outbound::Post post) -> async::Task<Sent> {
                             posts.push_back(post);
                             co_return redeemed;
                         },
                         .wrong_with = [](const std::string& url) { return outbound::wrong_with(url, {}); }},
                        clock};
    const Client client{issuer, "us & them", "s:e+c", "https://app.example.com/back"};
    const Grant grant{"c/o+de", "n", "verifier"};
};

TEST_F(ProvidersTest, are_asked_by_their_issuer_and_remembered) {
    EXPECT_EQ(run(providers.find(issuer)).token_endpoint, issuer + "/token");
    EXPECT_EQ(asked, std::vector<std::string>{issuer + "/.well-known/openid-configuration"});
    clock.at += 9min;
    run(providers.find(issuer));
    EXPECT_EQ(asked.size(), 1);
    clock.at += 1min;
    run(providers.find(issuer));
    EXPECT_EQ(asked.size(), 2);
    run(providers.ask(issuer));
    EXPECT_EQ(asked.size(), 3) << "asked now";
}

// Whoever is not signed in may bring a question about: a provider that is down is not asked each time.
TEST_F(ProvidersTest, that_do_not_answer_are_not_asked_at_once_again) {
    published = {.failure = "no answer within 15 s"};
    const auto expected = std::format("0 {}/.well-known/openid-configuration: no answer within 15 s", issuer);
    EXPECT_EQ(failure(providers.find(issuer)), expected);
    EXPECT_EQ(failure(providers.find(issuer)), expected);
    EXPECT_EQ(asked.size(), 1);
    clock.at += 15s;
    published = {.status = 200, .body = document()};
    EXPECT_EQ(failure(providers.find(issuer)), "");
}

TEST_F(ProvidersTest, are_refused_for_what_they_publish) {
    const auto says = [&](Sent answer) {
        published = std::move(answer);
        return failure(providers.ask(issuer));
    };
    const auto at = issuer + "/.well-known/openid-configuration";
    EXPECT_EQ(says({.status = 302}), std::format("1 {} answered 302", at)) << "redirects are not followed";
    EXPECT_EQ(says({.status = 404}), std::format("1 {} answered 404", at));
    EXPECT_EQ(says({.status = 503}), std::format("0 {} answered 503", at));
    EXPECT_EQ(says({.status = 200, .body = "{", .cut = true}), std::format("1 {} answered more than 131072 bytes", at));
    EXPECT_EQ(says({.status = 200, .body = "{}"}), "1 its discovery document names another issuer: ");
    for (const auto& [name, bad] : {std::pair{"/auth?tenant=7", "javascript:alert(1)"},
                                    {"/token", "https://10.0.0.1/t"},
                                    {"/keys", "http://id.example.com/keys"},
                                    {"/auth?tenant=7", "https://a.example/#x"}}) {
        auto text = document();
        const auto whole = issuer + name;
        text.replace(text.find(whole), whole.size(), bad);
        EXPECT_TRUE(says({.status = 200, .body = text}).starts_with(std::format("1 the URL {} must ", bad))) << bad;
    }
    asked.clear();
    for (const char* wrong :
         {"http://id.example.com", "https://127.0.0.1", "https://id.example.com/?x", "https://id.example.com#x", "id"})
        EXPECT_TRUE(failure(providers.ask(wrong)).starts_with("1 the URL must ")) << wrong;
    EXPECT_TRUE(asked.empty());
}

TEST_F(ProvidersTest, are_shown_the_secret_where_they_want_it) {
    redeemed.body = std::format(R"({{"id_token":"{}"}})", token("one"));
    EXPECT_EQ(run(providers.redeem(client, grant)).subject, "7");
    EXPECT_EQ(posts[0].url, issuer + "/token");
    EXPECT_EQ(posts[0].body,
              "grant_type=authorization_code&code=c%2Fo%2Bde&redirect_uri=https%3A%2F%2Fapp.example.com%2Fback"
              "&code_verifier=verifier");
    EXPECT_EQ(posts[0].headers.back(), "Authorization: Basic " + crypto::to_base64("us%20%26%20them:s%3Ae%2Bc"));
    published.body.insert(published.body.size() - 1,
                          R"(,"token_endpoint_auth_methods_supported":["client_secret_post"])");
    run(providers.ask(issuer));
    run(providers.redeem(client, grant));
    EXPECT_TRUE(posts[1].body.ends_with("&client_id=us%20%26%20them&client_secret=s%3Ae%2Bc"));
    EXPECT_EQ(posts[1].headers.size(), 2);
}

TEST_F(ProvidersTest, are_asked_for_new_keys_now_and_then) {
    const auto keys_asked = [&] { return std::ranges::count(asked, issuer + "/keys"); };
    const auto shows = [&](const char* key_id) {
        redeemed.body = std::format(R"({{"id_token":"{}"}})", token(key_id));
    };
    shows("one");
    run(providers.redeem(client, grant));
    run(providers.redeem(client, grant));
    EXPECT_EQ(keys_asked(), 1);
    signing_key = "two";
    shows("two");
    EXPECT_EQ(failure(providers.redeem(client, grant)), "3 unknown key");
    EXPECT_EQ(keys_asked(), 1) << "asked a moment ago";
    clock.at += 1min;
    shows("two");
    EXPECT_EQ(failure(providers.redeem(client, grant)), "");
    EXPECT_EQ(keys_asked(), 2);
    shows("three");
    EXPECT_EQ(failure(providers.redeem(client, grant)), "3 unknown key");
    shows("");
    EXPECT_EQ(failure(providers.redeem(client, grant)), "3 key's name") << "named, and empty";
}

TEST_F(ProvidersTest, that_do_not_take_the_code_say_so_in_a_word) {
    const auto says = [&](Sent answer) {
        redeemed = std::move(answer);
        return failure(providers.redeem(client, grant));
    };
    EXPECT_EQ(says({.status = 400, .body = R"({"error":"invalid_grant"})"}), "2 invalid_grant");
    EXPECT_EQ(says({.status = 401, .body = R"({"error":"<b>call 555</b>"})"}), "2 no reason given");
    EXPECT_EQ(says({.status = 302}), "2 no reason given");
    EXPECT_EQ(says({.status = 500}), "0 it answered 500");
    EXPECT_EQ(says({.failure = "no answer within 15 s"}), "0 no answer within 15 s");
    EXPECT_EQ(says({.status = 200, .body = R"({"access_token":"a"})"}), "3 no ID token");
    EXPECT_EQ(says({.status = 200, .body = R"({"id_token":"a.b"})"}), "3 form");
}

TEST(Requests, ask_for_a_code_with_everything_that_ties_it) {
    Discovery provider{.issuer = "https://id.example.com",
                       .authorization_endpoint = "https://id.example.com/auth?tenant=7",
                       .token_endpoint = "",
                       .jwks_uri = ""};
    // Verifier and challenge of RFC 7636, appendix B.
    EXPECT_EQ(authorization_url(provider, {"", "us & them", "secret", "https://app.example.com/back"},
                                {"st", "no", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}),
              "https://id.example.com/auth?tenant=7&response_type=code&client_id=us%20%26%20them"
              "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fback&scope=openid%20email%20profile&state=st&nonce=no"
              "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
    provider.takes_claims = true;
    EXPECT_TRUE(authorization_url(provider, {}, {})
                    .ends_with("&claims=%7B%22id_token%22%3A%7B%22email%22%3Anull%2C"
                               "%22email_verified%22%3Anull%2C%22name%22%3Anull%7D%7D"));
}

}  // namespace
}  // namespace mobilytics::openid
