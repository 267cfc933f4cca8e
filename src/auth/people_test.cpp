#include "src/auth/people.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <format>
#include <string>
#include <vector>

#include "src/auth/staff_world_test.hpp"

// What staff may see of people and do to them, and what nobody may do to themselves.
namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class PeopleRoutes : public StaffWorldTest {
protected:
    test::Answer disable(const std::string& who, const std::string& by) {
        return call("POST " + path_of(who) + "/disable", reason, as(by));
    }
    std::string code(const test::Answer& answer) { return std::to_string(answer.status) + " " + answer.at("/code"); }
};

struct Line {
    std::string request;
    std::string body;
    //              nobody ada key:owner sue fay fin sam
    std::array<int, 7> statuses;
};

TEST_F(PeopleRoutes, every_operation_is_for_staff_whose_role_holds_its_permission) {
    const std::array<std::string, 7> callers = {"", "ada", "key:owner", "sue", "fay", "fin", "sam"};
    const std::string spare = "spare";
    add_member(spare, maple, "viewer");
    sql("update auth.users set email_verified_at = now() where name = 'spare'");
    add_app(spare);
    const std::string one = path_of(spare), staff_one = "/v1/staff/" + people.at("fay").text();
    const std::string key = "/v1/staff-keys/" + make_staff_key("sam").id.text();
    const std::vector<Line> table = {
        {"POST /v1/people/find", R"({"email":"spare@example.com"})", {401, 403, 403, 200, 403, 403, 200}},
        {"GET " + one, "", {401, 403, 403, 200, 403, 403, 200}},
        {"POST " + one + "/disable", reason, {401, 403, 403, 200, 403, 403, 200}},
        {"POST " + one + "/enable", "", {401, 403, 403, 200, 403, 403, 200}},
        {"DELETE " + one + "/sessions", "", {401, 403, 403, 204, 403, 403, 204}},
        {"POST " + one + "/recovery", reason, {401, 403, 403, 202, 403, 403, 202}},
        {"GET /v1/staff", "", {401, 403, 403, 403, 403, 403, 200}},
        {"POST /v1/staff", staff_body(spare, "finance"), {401, 403, 403, 403, 403, 403, 201}},
        {"POST /v1/staff-keys", R"({"name":"nightly"})", {401, 403, 403, 201, 201, 201, 201}},
        {"GET /v1/staff-keys", "", {401, 403, 403, 200, 200, 200, 200}},
        {"DELETE " + key, "", {401, 403, 403, 404, 404, 404, 204}},
        {"PATCH " + staff_one, R"({"role":"support"})", {401, 403, 403, 403, 403, 403, 200}},
        {"DELETE " + staff_one, "", {401, 403, 403, 403, 403, 403, 204}},
    };
    for (const auto& who : callers) as(who);
    for (const auto& [request, body, statuses] : table)
        for (std::size_t i = 0; i < callers.size(); ++i) {
            SCOPED_TRACE(request + " as '" + callers[i] + "'");
            const auto before = everything();
            const auto answer = call(request, body, as(callers[i]));
            EXPECT_EQ(answer.status, statuses[i]) << answer.body;
            if (statuses[i] >= 400) {
                EXPECT_EQ(everything(), before) << "a refused request changed something";
            }
        }
    EXPECT_EQ(call("GET /v1/staff", "", as("sue")).at("/detail"),
              "The role 'support' does not hold the permission 'staff.manage'.");
}

TEST_F(PeopleRoutes, somebody_is_found_by_the_whole_address_or_id_and_each_look_leaves_an_event) {
    add_app("tom");
    auto tom = sign_in("tom");
    auto found = call("POST /v1/people/find", R"({"email":" Tom@Example.com "})", as("sue"));
    ASSERT_EQ(found.status, 200) << found.body;
    EXPECT_EQ(found.at("/id"), people.at("tom").text());
    EXPECT_EQ(found.at("/authenticator_app") + " " + found.at("/passkeys") + " " + found.at("/recovery_codes"),
              "true 0 0");
    EXPECT_EQ(found.items_at("/companies"), 2);
    EXPECT_EQ(found.at("/companies/0/name") + " " + found.at("/companies/0/role"), "Maple Fleet manager");
    EXPECT_EQ(found.at("/staff_role"), "null");
    EXPECT_FALSE(found.body.contains("argon2")) << "nothing that guards the account";
    EXPECT_EQ(call("GET " + path_of("tom"), "", as("sue")).body, found.body);
    EXPECT_EQ(events("person.seen"), "success tom, success tom");

    for (const std::string part : {"tom@example", "tom@example.com.", "t", "%", "tom@example.co"})
        EXPECT_EQ(code(call("POST /v1/people/find", std::format(R"({{"email":"{}"}})", part), as("sue"))),
                  "404 auth.person_not_found")
            << part;
    EXPECT_EQ(code(call("GET /v1/people/" + UserId::make().text(), "", as("sue"))), "404 auth.person_not_found");
    EXPECT_EQ(sql_value("select count(*) from trail.events where action = 'person.seen' and outcome = 'refused'"), "5");
    EXPECT_EQ(sql_value("select count(*) from trail.events t where action = 'person.seen' and t::text like '%@%'"), "0")
        << "addresses stay out of the trail";
}

TEST_F(PeopleRoutes, whoever_is_disabled_is_out_everywhere_at_once) {
    join("ada", oak, "manager");
    const auto ada = as("ada");
    const auto in_maple = bearer(make_key("owner"));
    sign_in("max");
    call("POST /v1/password-resets", R"({"email":"ada@example.com"})");
    const auto reset = token_in(letter_to("ada@example.com"));
    ASSERT_EQ(call("GET /v1/members", "", in_maple).status, 200);

    EXPECT_EQ(call("POST " + path_of("ada") + "/disable", R"({"reason":" "})", as("sue")).at("/code"),
              "auth.reason_wanted");
    auto done = disable("ada", "sue");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_NE(done.at("/disabled_at"), "null");
    EXPECT_EQ(done.at("/sessions"), "0");
    EXPECT_EQ(letter_to("ada@example.com").subject, "Your account was disabled");
    EXPECT_EQ(call("GET /v1/sessions/current", "", ada).status, 401);
    EXPECT_EQ(call("GET /v1/members", "", in_maple).status, 401) << "a key that she made";
    EXPECT_EQ(sign_in("ada").at("/code"), "auth.wrong_credentials");
    EXPECT_EQ(call("POST /v1/password-resets/complete",
                   std::format(R"({{"token":"{}","password":"another long password"}})", reset))
                  .at("/code"),
              "auth.link_not_good");
    EXPECT_EQ(disable("ada", "sue").status, 200) << "again, which changes nothing";
    EXPECT_EQ(letters_sent().size(), 0);
    EXPECT_EQ(sql_value("select string_agg(actor_kind || ' ' || reason || changes, '') from trail.events "
                        "where action = 'person.disabled'"),
              "staff asked for by her{}");
    EXPECT_EQ(sql_value("select string_agg(company_id::text || changes, ', ' order by changes desc) "
                        "from trail.events where action = 'member.disabled'"),
              std::format(R"({}{{}}, {}{{"revoked_keys":{{"to":1}}}})", hex(oak), hex(maple)));

    EXPECT_EQ(call("POST " + path_of("ada") + "/enable", "", as("sue")).at("/disabled_at"), "null");
    EXPECT_EQ(letter_to("ada@example.com").subject, "Your account works again");
    EXPECT_EQ(sign_in("ada").status, 201);
    EXPECT_EQ(call("GET /v1/members", "", in_maple).status, 401) << "the key stays revoked";
    EXPECT_EQ(call("POST " + path_of("ada") + "/enable", "", as("sue")).status, 200) << "again";
    EXPECT_EQ(events("person.enabled"), "success ada");
}

TEST_F(PeopleRoutes, sessions_of_somebody_are_ended_and_nothing_else) {
    const auto first = as("max"), second = headers_of(sign_in("max")), other = as("ada");
    EXPECT_EQ(call("DELETE " + path_of("max") + "/sessions", "", as("sue")).status, 204);
    EXPECT_EQ(call("GET /v1/sessions/current", "", first).status, 401);
    EXPECT_EQ(call("GET /v1/sessions/current", "", second).status, 401);
    EXPECT_EQ(call("GET /v1/sessions/current", "", other).status, 200);
    EXPECT_EQ(sign_in("max").status, 201);
    EXPECT_EQ(events("person.sessions_ended"), "success max");
}

TEST_F(PeopleRoutes, staff_are_kept_out_by_admins_alone_and_nobody_by_themselves) {
    EXPECT_EQ(disable("sam", "sue").at("/detail"), "The role 'support' does not hold the permission 'staff.manage'.");
    EXPECT_EQ(code(disable("fay", "sue")), "403 auth.not_permitted");
    EXPECT_EQ(code(call("DELETE " + path_of("sam") + "/sessions", "", as("sue"))), "403 auth.not_permitted");
    EXPECT_EQ(code(disable("sue", "sue")), "409 auth.own_account");
    EXPECT_EQ(code(disable("sam", "sam")), "409 auth.own_account");
    const auto sue_key = bearer(make_staff_key("sue").secret);
    ASSERT_EQ(call("GET /v1/roles", "", sue_key).status, 200);
    EXPECT_EQ(disable("sue", "sam").status, 200);
    EXPECT_EQ(call("GET /v1/roles", "", sue_key).status, 401) << "the key of somebody who is disabled";
}

TEST_F(PeopleRoutes, changing_who_gets_in_takes_a_confirmed_session) {
    const auto sue = as("sue");
    const auto key = bearer(make_staff_key("sue").secret);
    EXPECT_EQ(code(call("POST " + path_of("max") + "/disable", reason, key)), "403 auth.person_only");
    EXPECT_EQ(call("GET " + path_of("max"), "", key).status, 200);
    clock().set(clock().now() + 16min);
    const auto before = everything();
    for (const std::string& request : {"POST " + path_of("max") + "/disable", "POST " + path_of("max") + "/recovery"})
        EXPECT_EQ(code(call(request, reason, sue)), "403 auth.not_confirmed") << request;
    for (const std::string& request : {"POST " + path_of("max") + "/enable", "DELETE " + path_of("max") + "/sessions"})
        EXPECT_EQ(code(call(request, "", sue)), "403 auth.not_confirmed") << request;
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(call("GET " + path_of("max"), "", sue).status, 200) << "looking needs none";
}

}  // namespace

}  // namespace mobilytics::auth
