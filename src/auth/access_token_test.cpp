#include "src/auth/access_token.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <format>
#include <string>
#include <utility>
#include <vector>

#include "platform/crypto/digest.hpp"
#include "platform/crypto/encoding.hpp"
#include "platform/ids/id.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;
using crypto::to_base64url;

constexpr std::string_view address = "https://app.example.com";

const clock::Instant now = clock::from_rfc3339("2026-03-08T07:00:00Z").value();
const crypto::SigningKey ours = crypto::SigningKey::made();
const std::string ours_id = crypto::thumbprint(ours.public_key());

AccessToken some_token(clock::Instant issued_at = now) {
    return {.company = CompanyId::make(),
            .key = ApiKeyId::make(),
            .family = TokenFamilyId::make(),
            .id = AccessTokenId::make(),
            .scope = {Permission::assets_read, Permission::campaigns_read},
            .issued_at = issued_at};
}

// As the server does it: our key is looked up by the name that the token gives.
std::optional<AccessToken> accepted(std::string_view text, clock::Instant at = now) {
    const auto token = UnverifiedToken::read(text);
    if (!token || token->key_id() != ours_id) return std::nullopt;
    return token->verified_by(ours.public_key(), address, at);
}

const AccessToken granted = some_token();
const std::string good = print_access_token(granted, address, ours);

struct Parts {
    std::string header, payload, signature;  // decoded

    std::string text() const {
        return to_base64url(header) + "." + to_base64url(payload) + "." + to_base64url(signature);
    }
};

Parts parts_of(const std::string& text) {
    const auto first = text.find('.'), second = text.rfind('.');
    return {crypto::from_base64url(text.substr(0, first)).value(),
            crypto::from_base64url(text.substr(first + 1, second - first - 1)).value(),
            crypto::from_base64url(text.substr(second + 1)).value()};
}

const Parts parts = parts_of(good);

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto place = text.find(from);
    if (place == std::string::npos) throw std::logic_error{std::format("no {} in {}", from, text)};
    return text.replace(place, from.size(), to);
}

// What our own key would have to sign to be taken in.
std::string signed_by_us(std::string_view header, std::string_view payload) {
    return crypto::sign_compact(ours, header, payload);
}

using Forgeries = std::vector<std::pair<std::string, std::string>>;

void add_headers(Forgeries& forgeries) {
    const auto add = [&](const std::string& header) {
        forgeries.emplace_back("header " + header + ", as it was signed",
                               Parts{header, parts.payload, parts.signature}.text());
        forgeries.emplace_back("header " + header + ", signed by us", signed_by_us(header, parts.payload));
        forgeries.emplace_back("header " + header + ", no signature", Parts{header, parts.payload, ""}.text());
    };
    for (const char* alg : {"none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "RS256", "PS256", "ES256",
                            "ES256K", "Ed25519", "Ed448", "eddsa", "EDDSA", "dir", "RSA-OAEP", ""})
        add(replaced(parts.header, "EdDSA", alg));
    for (const char* typ :
         {"JWT", "jwt", "application/at+jwt", "AT+JWT", "id+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", ""})
        add(replaced(parts.header, "at+jwt", typ));
    for (const char* kid :
         {"", "x", "../../../etc/passwd", "' or '1'='1", "0", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"})
        add(replaced(parts.header, ours_id, kid));
    for (const std::string_view member : std::initializer_list<std::string_view>{
             R"("jku":"https://evil.example/jwks.json",)", R"("x5u":"https://evil.example/cert",)",
             R"("x5c":["MIIB"],)",
             R"("jwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},)",
             R"("crit":["exp"],)", R"("crit":[],)", R"("b64":false,"crit":["b64"],)", R"("zip":"DEF",)",
             R"("cty":"JWT",)", R"("alg":"EdDSA",)", R"("alg":"none",)", R"("enc":"A256GCM",)", R"("x":1,)"})
        add(replaced(parts.header, R"("alg")", std::string{member} + R"("alg")"));
    add(parts.header + " ");
    add(" " + parts.header);
    add(replaced(parts.header, R"("alg":)", R"("alg": )"));
    add(replaced(parts.header, R"("alg")", R"("\u0061lg")"));
    add(replaced(parts.header, R"("})", R"(","alg":"none"})"));
    add(replaced(parts.header, R"(,"typ":"at+jwt")", ""));
    add(replaced(parts.header, R"(,"kid")", R"(,"kid":null,"kid")"));
    add("");
    add("{}");
    add("null");
    add("[]");
}

// Verifiers that take the algorithm from the token would use the public key, which everybody has, as an HMAC's secret.
void add_confused_keys(Forgeries& forgeries) {
    const auto raw = std::string_view{reinterpret_cast<const char*>(ours.public_key().data()), 32};
    const std::string jwk = std::format(R"({{"crv":"Ed25519","kty":"OKP","x":"{}"}})", to_base64url(ours.public_key()));
    for (const std::string& secret :
         {std::string{raw}, to_base64url(raw), crypto::to_base64(raw), jwk, std::string{}, ours_id})
        for (const std::string& header : {replaced(parts.header, "EdDSA", "HS256"), parts.header}) {
            const std::string text = to_base64url(header) + "." + to_base64url(parts.payload);
            forgeries.emplace_back("HMAC with the public key",
                                   text + "." + to_base64url(crypto::hmac_sha256(secret, text)));
        }
}

void add_foreign_keys(Forgeries& forgeries) {
    const auto theirs = crypto::SigningKey::made();
    forgeries.emplace_back("signed by another under our name",
                           crypto::sign_compact(theirs, parts.header, parts.payload));
    forgeries.emplace_back("signed by another under their name", print_access_token(granted, address, theirs));
    forgeries.emplace_back("for another server", print_access_token(granted, "https://evil.example", ours));
    forgeries.emplace_back("for a server whose name is longer",
                           print_access_token(granted, std::string{address} + ".evil.example", ours));
    forgeries.emplace_back("for the same server with a slash",
                           print_access_token(granted, std::string{address} + "/", ours));
}

// Signatures that some verifiers take beside the one there is (Wycheproof, "Taming the many EdDSAs").
void add_signatures(Forgeries& forgeries) {
    // The order L of the group, little-endian: S + L is congruent to S.
    const auto order = crypto::from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
    for (int times = 1; times <= 14; ++times) {
        Parts forged = parts;
        bool fits = true;
        for (int round = 0; round < times; ++round) {
            int carry = 0;
            for (std::size_t i = 0; i < 32; ++i) {
                carry += static_cast<std::uint8_t>(forged.signature[32 + i]) + order[i];
                forged.signature[32 + i] = static_cast<char>(carry & 0xFF);
                carry >>= 8;
            }
            fits = fits && carry == 0;
        }
        if (fits) forgeries.emplace_back(std::format("S + {} L", times), forged.text());
    }
    // Points of small order, as R with S = 0.
    for (const char* point : {"0100000000000000000000000000000000000000000000000000000000000000",
                              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                              "0000000000000000000000000000000000000000000000000000000000000000",
                              "0000000000000000000000000000000000000000000000000000000000000080",
                              "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                              "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                              "0100000000000000000000000000000000000000000000000000000000000080",
                              "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
        const auto bytes = crypto::from_hex(point).value();
        Parts forged = parts;
        forged.signature.assign(bytes.begin(), bytes.end());
        forged.signature.append(32, '\0');
        forgeries.emplace_back(std::format("a point of small order {}", point), forged.text());
    }
    for (const auto& signature :
         {std::string(64, '\0'), std::string(64, '\xff'), std::string{}, parts.signature.substr(0, 63),
          parts.signature + '\0', parts.signature.substr(32) + parts.signature.substr(0, 32),
          std::string(32, '\0') + parts.signature.substr(32), parts.signature.substr(0, 32) + std::string(32, '\0'),
          parts.signature + parts.signature})
        forgeries.emplace_back("signature " + to_base64url(signature),
                               Parts{parts.header, parts.payload, signature}.text());
}

// Even our own key signs nothing that is taken for a token but tokens.
void add_claims(Forgeries& forgeries) {
    const auto add = [&](const std::string& payload) {
        forgeries.emplace_back("claims " + payload + ", as they were signed",
                               Parts{parts.header, payload, parts.signature}.text());
        forgeries.emplace_back("claims " + payload + ", signed by us", signed_by_us(parts.header, payload));
    };
    const auto& claims = parts.payload;
    const std::string issued =
        std::format(R"("iat":{})", std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    add(replaced(claims, R"("iss":"https://app.example.com")", R"("iss":"https://app.example.com/")"));
    add(replaced(claims, R"("iss":"https://app.example.com")", R"("iss":"")"));
    add(replaced(claims, R"("aud":"https://app.example.com/v1")", R"("aud":"https://app.example.com")"));
    add(replaced(claims, R"("aud":"https://app.example.com/v1")", R"("aud":["https://app.example.com/v1"])"));
    add(replaced(claims, R"("sub":"key_)", R"("sub":"usr_)"));
    add(replaced(claims, R"("client_id":")" + granted.key.text(), R"("client_id":")" + ApiKeyId::make().text()));
    add(replaced(claims, issued, issued + "0"));
    add(replaced(claims, issued, issued + ".5"));
    add(replaced(claims, issued, R"("iat":1e9)"));
    add(replaced(claims, issued, R"("iat":-1)"));
    add(replaced(claims, issued, R"("iat":"now")"));
    add(replaced(claims, R"("exp":)", R"("exp":9)"));
    add(replaced(claims, R"("exp":)", R"("exp":99999999999999999999)"));
    add(replaced(claims, R"("exp":)", R"("exp":1,"exp":)"));
    add(replaced(claims, R"("scope":")", R"("scope":"members.manage","scope":")"));
    add(replaced(claims, R"("scope":")", R"("admin":true,"scope":")"));
    add(replaced(claims, R"("jti")", R"("\u006ati")"));
    add(replaced(claims, R"("company":"co_)", R"("company":"ast_)"));
    add(claims + " ");
    add("\xEF\xBB\xBF" + claims);
    add(claims + claims);
    add(claims.substr(0, claims.size() - 1));
    for (const char* payload : {"", "{}", "null", "[]", "true", "\"\"", "\xFF", "{\"exp\":1}"}) add(payload);
}

void add_texts(Forgeries& forgeries) {
    const auto first = good.find('.'), second = good.rfind('.');
    const auto header = good.substr(0, first), payload = good.substr(first + 1, second - first - 1),
               signature = good.substr(second + 1);
    for (const std::string& text :
         {std::string{},
          std::string{"eyJ"},
          std::string{"."},
          std::string{".."},
          std::string{"..."},
          header,
          header + "." + payload,
          header + "." + payload + ".",
          "." + payload + "." + signature,
          header + ".." + signature,
          good + ".",
          "." + good,
          good + "." + signature,
          good + "." + signature + ".",
          good + "=",
          header + "=." + payload + "." + signature,
          header + "." + payload + "=." + signature,
          good + "\n",
          good + " ",
          " " + good,
          good + '\0',
          replaced(good, ".", "%2E"),
          replaced(good, ".", "\xE3\x80\x82"),
          payload + "." + header + "." + signature,
          "Bearer " + good,
          R"({"protected":")" + header + R"(","payload":")" + payload + R"(","signature":")" + signature + R"("})",
          good + "," + good,
          header + "." + std::string(5000, 'A') + "." + signature})
        forgeries.emplace_back("text " + text.substr(0, 60), text);
    for (std::size_t length = 0; length < good.size(); length += 7)
        forgeries.emplace_back("its beginning", good.substr(0, length));
    for (std::size_t place = 0; place < good.size(); ++place) {
        std::string changed = good;
        changed[place] = changed[place] == 'A' ? 'B' : 'A';
        forgeries.emplace_back(std::format("another character at {}", place), changed);
        changed.erase(place, 1);
        forgeries.emplace_back(std::format("no character at {}", place), changed);
    }
}

TEST(AccessToken, says_what_was_granted) {
    const auto token = accepted(good);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->company, granted.company);
    EXPECT_EQ(token->key, granted.key);
    EXPECT_EQ(token->family, granted.family);
    EXPECT_EQ(token->id, granted.id);
    EXPECT_EQ(token->scope, granted.scope);
    EXPECT_EQ(token->issued_at, now);
    EXPECT_EQ(parts.header, R"({"alg":"EdDSA","typ":"at+jwt","kid":")" + ours_id + R"("})");
    EXPECT_TRUE(parts.payload.contains(R"("scope":"assets.read campaigns.read")")) << parts.payload;
    EXPECT_LT(good.size(), 2000) << "all of it goes with every request";
}

TEST(AccessToken, is_good_for_fifteen_minutes_and_what_clocks_differ) {
    EXPECT_TRUE(accepted(good, now + 15min + 9s));
    EXPECT_FALSE(accepted(good, now + 15min + 10s));
    EXPECT_TRUE(accepted(good, now - 10s));
    EXPECT_FALSE(accepted(good, now - 11s));
    EXPECT_FALSE(accepted(good, now + std::chrono::days{400}));
}

TEST(AccessToken, is_looked_at_only_with_the_key_that_it_names) {
    const auto theirs = crypto::SigningKey::made();
    const auto token = UnverifiedToken::read(print_access_token(granted, address, theirs));
    ASSERT_TRUE(token);
    EXPECT_TRUE(token->verified_by(theirs.public_key(), address, now));
    EXPECT_FALSE(token->verified_by(ours.public_key(), address, now));
    // A token of ours that is verified by a key which accepts anything: the neutral point.
    crypto::PublicKey neutral{1};
    EXPECT_FALSE(UnverifiedToken::read(good)->verified_by(neutral, address, now));
}

TEST(AccessToken, no_forgery_is_taken) {
    Forgeries forgeries;
    add_headers(forgeries);
    add_confused_keys(forgeries);
    add_foreign_keys(forgeries);
    add_signatures(forgeries);
    add_claims(forgeries);
    add_texts(forgeries);
    EXPECT_GT(forgeries.size(), 1500);
    for (const auto& [what, text] : forgeries) EXPECT_FALSE(text != good && accepted(text)) << what << ": " << text;
    EXPECT_TRUE(accepted(good));
}

TEST(AccessToken, a_key_of_small_order_verifies_nothing) {
    // With such a key one signature would hold for any message: R = the neutral point, S = 0.
    for (const char* point : {"0100000000000000000000000000000000000000000000000000000000000000",
                              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                              "0000000000000000000000000000000000000000000000000000000000000000",
                              "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"}) {
        crypto::PublicKey key{};
        std::ranges::copy(crypto::from_hex(point).value(), key.begin());
        const auto header = replaced(parts.header, ours_id, crypto::thumbprint(key));
        std::string neutral_point(64, '\0');
        neutral_point.front() = '\x01';
        const auto forged = Parts{header, parts.payload, neutral_point}.text();
        const auto token = UnverifiedToken::read(forged);
        ASSERT_TRUE(token);
        EXPECT_FALSE(token->verified_by(key, address, now)) << point;
    }
}

TEST(TokenScope, is_what_the_key_may_but_never_to_make_keys) {
    const auto all = token_scope(Role::owner, std::nullopt);
    EXPECT_EQ(all.size(), all_permissions().size() - 1);
    EXPECT_FALSE(std::ranges::contains(all, Permission::api_keys_manage));
    EXPECT_EQ(token_scope(Role::viewer, std::vector{Permission::assets_read, Permission::members_manage}),
              std::vector{Permission::assets_read});
    EXPECT_EQ(read_scope("assets.read campaigns.read assets.read"),
              (std::vector{Permission::assets_read, Permission::campaigns_read}));
    for (std::string_view text : {"", " ", "assets.read ", " assets.read", "assets.read  campaigns.read", "assets.fly",
                                  "assets.read,campaigns.read", "*"})
        EXPECT_FALSE(read_scope(text)) << text;
    EXPECT_EQ(scope_text({}), "");
}

}  // namespace

}  // namespace mobilytics::auth
