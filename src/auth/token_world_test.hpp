#pragma once

#include <chrono>
#include <format>
#include <string>
#include <string_view>

#include "src/auth/world_test.hpp"

// Asking for tokens and with them, as programs of Maple do.
namespace mobilytics::auth {

class TokenTest : public WorldTest {
protected:
    struct Key {
        std::string id;
        std::string secret;
    };

    Key make(std::string_view more = R"(,"role":"manager")") {
        auto made = call("POST /v1/api-keys", std::format(R"({{"name":"feed"{}}})", more), headers_of(sign_in("ada")));
        EXPECT_EQ(made.status, 201) << made.body;
        return {made.at("/id"), made.at("/secret")};
    }

    test::Answer post(const std::string& form, Headers headers = {}) {
        headers["Content-Type"] = "application/x-www-form-urlencoded";
        return call("POST /v1/token", form, std::move(headers));
    }

    test::Answer issue(const Key& key, const std::string& more = "") {
        return post("grant_type=client_credentials&client_secret=" + key.secret + more);
    }

    test::Answer issued(const Key& key, const std::string& more = "") {
        auto answer = issue(key, more);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer;
    }

    test::Answer refresh(const std::string& token, const std::string& more = "") {
        return post("grant_type=refresh_token&refresh_token=" + token + more);
    }

    test::Answer revoke(const std::string& token) {
        return call("POST /v1/token/revoke", "token=" + token, {{"Content-Type", "application/x-www-form-urlencoded"}});
    }

    std::string outcome(const std::string& target, const std::string& access_token, const std::string& body = "") {
        auto answer = call(target, body, bearer(access_token));
        return answer.status < 300 ? "good" : answer.at("/code");
    }

    static std::string refusal(const test::Answer& answer) {
        return std::format("{} {} {}", answer.status, answer.at("/code"), answer.at("/error"));
    }

    std::string events(std::string_view company_or_nil = "") {
        return sql_value(
                   std::format(
                       "select coalesce(string_agg(action || ' by ' || actor_kind, ', ' order by at, sequence), '') "
                       "from trail.events where (action like 'token.%' or action like 'signing_key.%') and "
                       "('{0}' = '' or company_id::text = '{0}')",
                       company_or_nil))
            .value();
    }

    std::string families() { return sql_value("select count(*) from auth.token_families").value(); }

    void pass(std::chrono::milliseconds span) { clock().set(clock().now() + span); }
};

}  // namespace mobilytics::auth
