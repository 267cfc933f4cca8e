#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <string>

#include "src/auth/limits.hpp"
#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class ApiKeyRoutes : public WorldTest {
protected:
    test::Answer make(std::string_view more) {
        return call("POST /v1/api-keys", std::format(R"({{"name":"feed"{}}})", more), as("ada"));
    }

    std::string code(const std::string& target, const std::string& secret) {
        auto answer = call(target, "", bearer(secret));
        return answer.status < 300 ? "good" : answer.at("/code");
    }

    std::string refusals() {
        auto found = sql_value(
            "select coalesce(string_agg(actor_label || ' ' || reason, ', ' order by sequence), '') "
            "from trail.events where action = 'api_key.used'");
        return found.value_or("");
    }
};

TEST_F(ApiKeyRoutes, a_key_is_shown_once_and_acts_for_its_company_with_its_role) {
    auto made = call("POST /v1/api-keys", R"({"name":"feed","role":"manager"})", as("ada"));
    ASSERT_EQ(made.status, 201) << made.body;
    std::string secret = made.at("/secret");
    EXPECT_EQ(made.at("/hint"), "mob_live_…" + secret.substr(secret.size() - 4));
    EXPECT_EQ(made.at("/last_used_at"), "null");
    EXPECT_EQ(call("GET /v1/members", "", bearer(secret)).status, 200);
    EXPECT_EQ(call("GET /v1/api-keys", "", bearer(secret)).at("/code"), "auth.not_permitted");

    auto list = call("GET /v1/api-keys", "", as("ada"));
    EXPECT_EQ(list.at("/items/0/id"), made.at("/id"));
    EXPECT_EQ(list.at("/items/0/secret"), "(absent)");
    auto stored =
        sql_value(std::format("select count(*) filter (where secret_sha256 = sha256('{0}'::bytea)) || '/' || "
                              "count(*) filter (where k::text like '%' || '{1}' || '%') from auth.api_keys k",
                              secret, secret.substr(secret.size() - 30, 20)));
    EXPECT_EQ(stored, "1/0");
}

TEST_F(ApiKeyRoutes, a_revoked_key_is_refused_at_the_next_request) {
    auto made = call("POST /v1/api-keys", R"({"name":"feed","role":"owner"})", as("ada"));
    auto headers = bearer(made.at("/secret"));
    ASSERT_EQ(call("GET /v1/members", "", headers).status, 200);
    std::string target = "DELETE /v1/api-keys/" + made.at("/id");
    EXPECT_EQ(call(target, "", as("ada")).status, 204);
    auto answer = call("GET /v1/members", "", headers);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.at("/code"), "auth.bad_credentials");
    auto revoked_at = call("GET /v1/api-keys", "", as("ada")).at("/items/0/revoked_at");
    EXPECT_EQ(revoked_at, "2026-03-08T07:00:00.000Z");
    clock().set(clock().now() + 1h);
    EXPECT_EQ(call(target, "", as("ada")).status, 204) << "revoking twice is no error";
    EXPECT_EQ(call("GET /v1/api-keys", "", as("ada")).at("/items/0/revoked_at"), revoked_at);
}

TEST_F(ApiKeyRoutes, bearer_texts_that_are_no_key_in_force_are_refused) {
    std::string good = make_key("owner");
    std::string other = make_key("owner");
    auto dash = good.rfind('_');
    CredentialName stranger{oak, ids::new_uuid()};
    for (const std::string& text :
         {std::string{"x"}, good.substr(0, good.size() - 1), good + "0", good.substr(0, dash) + other.substr(dash),
          print_credential(api_key_prefix, stranger), print_credential(device_token_prefix, stranger),
          print_credential(api_key_prefix, {maple, read_credential(api_key_prefix, good)->id}),
          print_credential(api_key_prefix, {oak, read_credential(api_key_prefix, good)->id})}) {
        auto answer = call("GET /v1/members", "", bearer(text));
        EXPECT_EQ(answer.status, 401) << text;
        EXPECT_EQ(answer.at("/code"), "auth.bad_credentials") << text;
    }
}

TEST_F(ApiKeyRoutes, last_used_is_written_at_most_once_a_minute) {
    auto headers = bearer(make_key("owner"));
    auto last_used = [&] { return call("GET /v1/api-keys", "", headers).at("/items/0/last_used_at"); };
    EXPECT_EQ(last_used(), "2026-03-08T07:00:00.000Z");
    clock().set(clock().now() + 59s);
    EXPECT_EQ(last_used(), "2026-03-08T07:00:00.000Z");
    clock().set(clock().now() + 1s);
    EXPECT_EQ(last_used(), "2026-03-08T07:01:00.000Z");
}

TEST_F(ApiKeyRoutes, keys_are_listed_newest_first_in_pages) {
    for (int i = 0; i < 5; ++i)
        call("POST /v1/api-keys", std::format(R"({{"name":"key {}","role":"viewer"}})", i), as("ada"));
    std::string names;
    std::string target = "GET /v1/api-keys?limit=2";
    for (std::string cursor; cursor != "null";) {
        auto page = call(cursor.empty() ? target : target + "&cursor=" + cursor, "", as("ada"));
        ASSERT_EQ(page.status, 200) << page.body;
        for (std::size_t i = 0; i < page.items_at("/items"); ++i)
            names += page.at(std::format("/items/{}/name", i)).back();
        cursor = page.at("/next_cursor");
    }
    EXPECT_EQ(names, "43210");
}

TEST_F(ApiKeyRoutes, a_key_with_scopes_may_these_and_nothing_else_of_its_role) {
    auto made = make(R"(,"role":"owner","scopes":["members.read","audit.read","members.read"])");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.at("/scopes/0") + " " + made.at("/scopes/1"), "members.read audit.read");
    EXPECT_EQ(made.items_at("/scopes"), 2);
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "good");
    EXPECT_EQ(code("GET /v1/invitations", made.at("/secret")), "good");
    EXPECT_EQ(code("GET /v1/api-keys", made.at("/secret")), "auth.out_of_scope");
    EXPECT_EQ(call("POST /v1/invitations", R"({"email":"x@example.com","role":"owner"})", bearer(made.at("/secret")))
                  .at("/code"),
              "auth.out_of_scope");
    EXPECT_EQ(call("GET /v1/api-keys", "", as("ada")).at("/items/0/scopes/1"), "audit.read");
}

TEST_F(ApiKeyRoutes, a_key_that_is_kept_to_something_never_makes_a_wider_one) {
    for (std::string_view more :
         {R"(,"role":"owner","expires_at":"2026-03-09T00:00:00Z")", R"(,"role":"owner","addresses":["127.0.0.0/8"])",
          R"(,"role":"owner","scopes":["members.read"])"}) {
        auto made = make(more);
        ASSERT_EQ(made.status, 201) << made.body;
        auto wider = call("POST /v1/api-keys", R"({"name":"wider","role":"owner"})", bearer(made.at("/secret")));
        EXPECT_EQ(wider.at("/code"), "auth.out_of_scope") << more;
        auto rotated = call("POST /v1/api-keys/" + made.at("/id") + "/secret/rotate", "{}", bearer(made.at("/secret")));
        EXPECT_EQ(rotated.at("/code"), "auth.out_of_scope") << more;
    }
}

TEST_F(ApiKeyRoutes, limits_that_make_no_sense_are_refused_field_by_field) {
    as("ada");
    auto before = everything();
    auto fault = [&](std::string_view more) {
        auto answer = make(more);
        EXPECT_EQ(answer.status, 422) << answer.body;
        EXPECT_EQ(answer.at("/code"), "auth.invalid_api_key") << more;
        return answer.at("/errors/0/pointer");
    };
    EXPECT_EQ(fault(R"(,"role":"viewer","scopes":[])"), "/scopes");
    EXPECT_EQ(fault(R"(,"role":"viewer","scopes":["assets.read","assets.fly"])"), "/scopes/1");
    EXPECT_EQ(fault(R"(,"role":"viewer","scopes":["assets.edit"])"), "/scopes/0");
    EXPECT_EQ(fault(R"(,"role":"owner","scopes":["api_keys.manage"])"), "/scopes/0");
    EXPECT_EQ(fault(R"(,"role":"viewer","expires_at":"2026-03-08T07:00:00Z")"), "/expires_at");
    EXPECT_EQ(fault(R"(,"role":"viewer","addresses":[])"), "/addresses");
    EXPECT_EQ(fault(R"(,"role":"viewer","addresses":["10.0.0.0/8","10.0.0.1/8"])"), "/addresses/1");
    EXPECT_EQ(fault(R"(,"role":"viewer","addresses":["localhost"])"), "/addresses/0");
    EXPECT_EQ(fault(R"(,"role":"viewer","addresses":["10.0.0.1","10.0.0.1\u0000"])"), "/addresses/1");
    EXPECT_EQ(fault(R"(,"role":"viewer","addresses":["::1","2001:db8::/129"])"), "/addresses/1");
    EXPECT_EQ(everything(), before);
}

TEST_F(ApiKeyRoutes, an_expired_key_is_refused_and_its_use_is_told_once_in_ten_minutes) {
    auto made = make(R"(,"role":"manager","expires_at":"2026-03-08T08:00:00Z")");
    EXPECT_EQ(made.at("/expires_at"), "2026-03-08T08:00:00.000Z");
    clock().set(clock().now() + 1h - 1ms);
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "good");
    clock().set(clock().now() + 1ms);
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "auth.bad_credentials");
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "auth.bad_credentials");
    EXPECT_EQ(refusals(), "feed expired");
    clock().set(clock().now() + 10min);
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "auth.bad_credentials");
    EXPECT_EQ(refusals(), "feed expired, feed expired");
}

TEST_F(ApiKeyRoutes, a_wrong_secret_leaves_no_event_and_a_revoked_right_one_does) {
    auto made = make(R"(,"role":"manager")");
    call("DELETE /v1/api-keys/" + made.at("/id"), "", as("ada"));
    EXPECT_EQ(
        code("GET /v1/members", print_credential(api_key_prefix, *read_credential(api_key_prefix, made.at("/secret")))),
        "auth.bad_credentials");
    EXPECT_EQ(refusals(), "");
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "auth.bad_credentials");
    EXPECT_EQ(refusals(), "feed revoked");
}

TEST_F(ApiKeyRoutes, a_key_works_only_from_its_addresses) {
    auto here = make(R"(,"role":"manager","addresses":["203.0.113.7","127.0.0.0/8","2001:db8::/32"])");
    ASSERT_EQ(here.status, 201) << here.body;
    auto secret = here.at("/secret");
    EXPECT_EQ(here.at("/addresses/0"), "203.0.113.7");
    auto from = [&](std::string address) -> std::string {
        try {
            return run(keys.find(secret, {.address = std::move(address)})) ? "good" : "unknown";
        } catch (const Problem& problem) {
            return problem.code();
        }
    };
    EXPECT_EQ(from("127.0.0.1"), "good");
    EXPECT_EQ(from("203.0.113.7"), "good");
    EXPECT_EQ(from("2001:db8:1::9"), "good");
    EXPECT_EQ(from("203.0.113.8"), "auth.address_not_allowed");
    EXPECT_EQ(from("2001:db9::1"), "auth.address_not_allowed");
    EXPECT_EQ(from(""), "auth.address_not_allowed");
    EXPECT_EQ(refusals(), "feed address");
}

TEST_F(ApiKeyRoutes, both_secrets_open_the_door_for_a_day_after_a_rotation) {
    auto made = make(R"(,"role":"manager","expires_at":"2026-06-01T00:00:00Z")");
    auto target = "POST /v1/api-keys/" + made.at("/id") + "/secret/rotate";
    auto rotated = call(target, R"({"expires_at":"2026-12-01T00:00:00Z"})", as("ada"));
    ASSERT_EQ(rotated.status, 200) << rotated.body;
    EXPECT_EQ(rotated.at("/id"), made.at("/id"));
    EXPECT_EQ(rotated.at("/expires_at"), "2026-12-01T00:00:00.000Z");
    EXPECT_EQ(rotated.at("/previous_secret_until"), "2026-03-09T07:00:00.000Z");
    EXPECT_NE(rotated.at("/hint"), made.at("/hint"));
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "good");
    EXPECT_EQ(code("GET /v1/members", rotated.at("/secret")), "good");
    clock().set(clock().now() + 24h);
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "auth.bad_credentials");
    EXPECT_EQ(code("GET /v1/members", rotated.at("/secret")), "good");

    auto again = call(target, "{}", headers_of(sign_in("ada")));
    EXPECT_EQ(again.at("/expires_at"), "2026-12-01T00:00:00.000Z") << "no new end given: the old one stays";
    EXPECT_EQ(code("GET /v1/members", made.at("/secret")), "auth.bad_credentials") << "two rotations ago";
}

TEST_F(ApiKeyRoutes, a_key_that_is_over_is_not_rotated) {
    auto made = make(R"(,"role":"manager","expires_at":"2026-03-08T08:00:00Z")");
    auto target = "POST /v1/api-keys/" + made.at("/id") + "/secret/rotate";
    clock().set(clock().now() + 2h);
    EXPECT_EQ(call(target, "{}", as("ada")).at("/code"), "auth.api_key_over");
    EXPECT_EQ(call(target, R"({"expires_at":"2026-03-08T08:00:00Z"})", as("ada")).at("/code"), "auth.invalid_api_key");
    auto renewed = call(target, R"({"expires_at":"2026-04-01T00:00:00Z"})", as("ada"));
    EXPECT_EQ(renewed.status, 200) << "given a new end";
    EXPECT_EQ(code("GET /v1/members", renewed.at("/secret")), "good");
    EXPECT_NE(code("GET /v1/members", made.at("/secret")), "good") << "what was good for nothing stays so";
    call("DELETE /v1/api-keys/" + made.at("/id"), "", as("ada"));
    EXPECT_EQ(call(target, R"({"expires_at":"2026-05-01T00:00:00Z"})", as("ada")).at("/code"), "auth.api_key_over");
    EXPECT_EQ(call(target, "{}", as("olga")).at("/code"), "auth.api_key_not_found");
}

TEST_F(ApiKeyRoutes, a_staff_key_ends_by_itself) {
    const Staff sam{.user = people.at("sam")};
    auto key = run(keys.create_for_staff(sam, "backup")).secret;
    clock().set(clock().now() + staff_key_life - 1ms);
    EXPECT_TRUE(run(keys.find_of_staff(key)));
    clock().set(clock().now() + 1ms);
    EXPECT_FALSE(run(keys.find_of_staff(key)));
}

TEST_F(ApiKeyRoutes, are_not_more_than_a_company_may_have_at_once) {
    sql(
        std::format("insert into auth.api_keys (company_id, key_id, name, role, secret_sha256, hint, created_at, "
                    "revoked_at) select '{}', gen_random_uuid(), 'k' || i, 'viewer', sha256(''), 'x', '2026-01-01Z', "
                    "case when i > {} then now() end from generate_series(1, 300) i",
                    hex(maple), most_api_keys - 1));
    const auto make = [&] { return call("POST /v1/api-keys", R"({"name":"feed","role":"viewer"})", as("ada")); };
    const auto last = make();
    EXPECT_EQ(last.status, 201) << "what is revoked does not count: " << last.body;
    EXPECT_EQ(make().at("/code"), "auth.too_many_keys");
    EXPECT_EQ(call("DELETE /v1/api-keys/" + last.at("/id"), "", as("ada")).status, 204);
    EXPECT_EQ(make().status, 201);
}

}  // namespace

}  // namespace mobilytics::auth
