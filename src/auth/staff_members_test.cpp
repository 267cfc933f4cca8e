#include "src/auth/staff_members.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <format>
#include <string>

#include "src/auth/staff_world_test.hpp"

// Who is staff, with which role, and when that bites.
namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class StaffRoutes : public StaffWorldTest {
protected:
    std::string code(const test::Answer& answer) { return std::to_string(answer.status) + " " + answer.at("/code"); }
    std::string staff_path(const std::string& who) { return "/v1/staff/" + people.at(who).text(); }
    std::string role_body(std::string_view role) { return std::format(R"({{"role":"{}"}})", role); }

    ConfirmedStaffMay<StaffPermission::staff_manage> admin(const std::string& who) {
        return {{Staff{.user = people.at(who), .role = StaffRole::admin}}};
    }
};

TEST_F(StaffRoutes, a_role_says_what_a_session_may_and_bites_at_the_next_request) {
    const auto sue = as("sue");
    auto view = call("GET /v1/sessions/current", "", sue);
    EXPECT_EQ(view.at("/staff") + " " + view.at("/staff_role"), "true support");
    EXPECT_TRUE(view.body.contains(R"("people.recover")")) << view.body;
    EXPECT_FALSE(view.body.contains(R"("staff.manage")")) << view.body;
    EXPECT_EQ(call(std::format("PATCH {}", staff_path("sue")), role_body("finance"), as("sam")).at("/role"), "finance");
    EXPECT_EQ(letter_to("sue@example.com").subject, "You are now a member of Mobilytics’ staff");
    EXPECT_EQ(code(call("GET " + path_of("max"), "", sue)), "403 auth.not_permitted");
    EXPECT_EQ(call("GET /v1/sessions/current", "", sue).at("/staff_role"), "finance");
    EXPECT_EQ(sql_value("select changes from trail.events where action = 'staff.role_changed'"),
              R"({"role":{"from":"support","to":"finance"}})");
    EXPECT_EQ(call("PATCH " + staff_path("sue"), role_body("finance"), as("sam")).status, 200);
    EXPECT_EQ(letters_sent().size(), 0) << "what changes nothing is told to nobody";
    EXPECT_EQ(code(call("PATCH " + staff_path("ada"), role_body("finance"), as("sam"))), "404 auth.staff_not_found");
}

TEST_F(StaffRoutes, a_role_is_not_changed_from_one_that_nobody_saw) {
    const auto sue = [&] {
        auto list = call("GET /v1/staff", "", as("sam"));
        for (std::size_t i = 0; i < list.items_at("/items"); ++i)
            if (list.at(std::format("/items/{}/name", i)) == "sue") return list.at(std::format("/items/{}/version", i));
        return std::string{};
    };
    const auto change_if = [&](std::string_view role, const std::string& tag) {
        return call("PATCH " + staff_path("sue"), role_body(role), with(as("sam"), "If-Match", tag));
    };
    const auto seen = "\"" + sue() + "\"";
    auto changed = change_if("finance", seen);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.etag, changed.at("/version"));
    EXPECT_EQ(sue(), changed.etag);
    auto before = everything();
    EXPECT_EQ(code(change_if("admin", seen)), "412 http.changed_meanwhile");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(change_if("fulfilment", "*").status, 200);
}

TEST_F(StaffRoutes, a_key_of_staff_may_what_its_person_may) {
    const auto key = bearer(make_staff_key("fay").secret);
    EXPECT_EQ(code(call("GET " + path_of("max"), "", key)), "403 auth.not_permitted");
    call("PATCH " + staff_path("fay"), role_body("support"), as("sam"));
    EXPECT_EQ(call("GET " + path_of("max"), "", key).status, 200);
    call("DELETE " + staff_path("fay"), "", as("sam"));
    EXPECT_EQ(call("GET " + path_of("max"), "", key).status, 401);
}

TEST_F(StaffRoutes, somebody_known_becomes_staff_and_stops_being_it) {
    EXPECT_EQ(code(call("POST /v1/staff", staff_body("max", "support"), as("sam"))), "409 auth.email_not_verified");
    verify("max");
    const auto max = as("max");
    auto made = call("POST /v1/staff", staff_body("max", "support"), as("sam"));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.at("/role") + " " + made.at("/email"), "support max@example.com");
    EXPECT_EQ(letter_to("max@example.com").text.contains("support"), true);
    EXPECT_EQ(call("GET " + path_of("ada"), "", max).status, 200) << "in the session that goes on";
    EXPECT_EQ(call("GET /v1/members", "", max).status, 200) << "and still a manager of Maple";
    EXPECT_EQ(code(call("POST /v1/staff", staff_body("max", "admin"), as("sam"))), "409 auth.already_staff");
    EXPECT_EQ(call("GET /v1/staff", "", as("sam")).items_at("/items"), 5);

    EXPECT_EQ(call("DELETE " + staff_path("max"), "", as("sam")).status, 204);
    EXPECT_EQ(letter_to("max@example.com").subject, "You are no longer a member of Mobilytics’ staff");
    EXPECT_EQ(call("GET /v1/sessions/current", "", max).status, 401);
    const auto again = headers_of(sign_in("max"));
    EXPECT_EQ(code(call("GET " + path_of("ada"), "", again)), "403 auth.staff_only");
    EXPECT_EQ(call("GET /v1/members", "", again).status, 200) << "the account stays, and its company";
    EXPECT_EQ(sql_value("select staff || coalesce(staff_role, '') from auth.users where name = 'max'"), "false");

    sql("update auth.users set disabled_at = now() where name = 'max'");
    EXPECT_EQ(code(call("POST /v1/staff", staff_body("max", "support"), as("sam"))), "409 auth.person_disabled");
    EXPECT_EQ(code(call("POST /v1/staff", std::format(R"({{"user_id":"{}","role":"support"}})", UserId::make().text()),
                        as("sam"))),
              "404 auth.person_not_found");
}

TEST_F(StaffRoutes, nobody_changes_their_own_role_and_one_admin_is_left) {
    EXPECT_EQ(code(call("PATCH " + staff_path("sam"), role_body("support"), as("sam"))), "409 auth.own_account");
    EXPECT_EQ(code(call("DELETE " + staff_path("sam"), "", as("sam"))), "409 auth.own_account");
    // Somebody who was an admin when their request came in, and is none any more.
    auto refusal = [&](auto deed) {
        try {
            run(deed());
        } catch (const Problem& problem) {
            return problem.code();
        }
        return std::string{"done"};
    };
    const auto sam = people.at("sam");
    EXPECT_EQ(refusal([&] { return staff.change_role(admin("sue"), sam, StaffRole::support, [](auto) {}); }),
              "auth.last_admin");
    EXPECT_EQ(refusal([&] { return staff.remove(admin("sue"), sam, [](auto) {}); }), "auth.last_admin");
    EXPECT_EQ(refusal([&] {
                  return people_seen.disable({{Staff{.user = people.at("sue"), .role = StaffRole::admin}}}, sam, "why");
              }),
              "auth.last_admin");
    call("PATCH " + staff_path("sue"), role_body("admin"), as("sam"));
    EXPECT_EQ(refusal([&] { return staff.change_role(admin("sue"), sam, StaffRole::support, [](auto) {}); }), "done");
}

TEST_F(StaffRoutes, two_admins_who_demote_each_other_at_once_leave_one) {
    call("PATCH " + staff_path("sue"), role_body("admin"), as("sam"));
    auto demote = [&](std::string by, std::string whom) -> Task<std::string> {
        try {
            co_await staff.change_role(admin(by), people.at(whom), StaffRole::finance, [](auto) {});
        } catch (const Problem& problem) {
            co_return problem.code();
        }
        co_return "done";
    };
    for (int i = 0; i < 5; ++i) {
        sql("update auth.users set staff_role = 'admin' where name in ('sam', 'sue')");
        auto first = start(demote("sam", "sue"), 0), second = start(demote("sue", "sam"), 1);
        const auto one = first.get(), other = second.get();
        EXPECT_EQ((one == "done") + (other == "done"), 1) << one << ' ' << other;
        EXPECT_EQ(sql_value("select count(*) from auth.users where staff_role = 'admin'"), "1");
    }
}

TEST_F(StaffRoutes, keys_of_staff_are_listed_and_revoked) {
    const auto first = make_staff_key("sue"), second = make_staff_key("sam");
    auto list = call("GET /v1/staff-keys", "", as("sam"));
    ASSERT_EQ(list.items_at("/items"), 2);
    EXPECT_EQ(list.at("/items/0/id"), second.id.text());
    EXPECT_EQ(list.at("/items/1/user_name") + " " + list.at("/items/1/name"), "sue backup of sue");
    EXPECT_FALSE(list.body.contains(first.secret.substr(first.secret.size() - 20)));
    const std::string target = "DELETE /v1/staff-keys/" + first.id.text();
    EXPECT_EQ(call(target, "", as("sam")).status, 204);
    EXPECT_EQ(call("GET /v1/roles", "", bearer(first.secret)).status, 401);
    EXPECT_EQ(call("GET /v1/roles", "", bearer(second.secret)).status, 200);
    EXPECT_EQ(call(target, "", as("sam")).status, 204) << "again";
    EXPECT_EQ(events("staff_key.revoked"), "success backup of sue");
    EXPECT_EQ(code(call("DELETE /v1/staff-keys/" + ApiKeyId::make().text(), "", as("sam"))),
              "404 auth.staff_key_not_found");
}

TEST_F(StaffRoutes, keys_are_made_for_oneself_and_seen_by_nobody_else_but_admins) {
    auto made = call("POST /v1/staff-keys", R"({"name":"nightly"})", as("sue"));
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string secret{made.at("/secret")}, id{made.at("/id")};
    EXPECT_EQ(call("GET /v1/roles", "", bearer(secret)).at("/staff/permissions/0/permission"), "roles.read");
    EXPECT_EQ(code(call("POST /v1/staff-keys", R"({"name":"more"})", bearer(secret))), "403 auth.person_only")
        << "no key makes keys";
    EXPECT_EQ(call("GET /v1/staff-keys", "", as("sue")).at("/items/0/id"), id);
    EXPECT_EQ(call("GET /v1/staff-keys", "", as("fay")).items_at("/items"), 0U);
    EXPECT_EQ(call("GET /v1/staff-keys", "", as("sam")).items_at("/items"), 1U);
    EXPECT_EQ(code(call("DELETE /v1/staff-keys/" + id, "", as("fay"))), "404 auth.staff_key_not_found");
    EXPECT_EQ(call("DELETE /v1/staff-keys/" + id, "", as("sue")).status, 204);
    EXPECT_EQ(call("GET /v1/roles", "", bearer(secret)).status, 401);
    EXPECT_EQ(events("staff_key.created") + ", " + events("staff_key.revoked"), "success nightly, success nightly");
    EXPECT_EQ(call("POST /v1/staff-keys", R"({"name":""})", as("sue")).pointers(), "/name");
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(call("POST /v1/staff-keys", R"({"name":"many"})", as("sue")).status, 201) << i;
    EXPECT_EQ(code(call("POST /v1/staff-keys", R"({"name":"many"})", as("sue"))), "409 auth.too_many_keys");
}

// ---- a factor asked of staff

class StaffFactor : public StaffRoutes {
protected:
    StaffFactor() {
        router_that_asks.authenticate_with(authentication(auth_that_asks, keys_that_ask, tokens, nullptr));
        add_routes(router_that_asks, auth_that_asks);
        add_routes(router_that_asks, second_factor);
        add_routes(router_that_asks, people_seen);
    }

    test::Answer ask(std::string target, std::string body, Headers headers) {
        return run(test::Caller{router_that_asks}.call(std::move(target), std::move(body), std::move(headers)));
    }

    CompanyCards no_cards = [](std::vector<CompanyId>) -> Task<std::vector<CompanyCard>> {
        co_return std::vector<CompanyCard>{};
    };
    const StaffRules asked{.factor_asked = true};
    Auth auth_that_asks{database(), clock(), runtime(), trail, no_cards, judge_factor, prove_passkey, asked};
    ApiKeys keys_that_ask{database(), clock(), trail, asked};
    http::Router router_that_asks;
};

TEST_F(StaffFactor, that_is_asked_for_keeps_staff_without_one_from_everything_but_adding_it) {
    const auto sue = as("sue");
    const auto key = bearer(make_staff_key("sue").secret);
    const std::string look = "GET " + path_of("max");
    EXPECT_EQ(code(ask(look, "", sue)), "403 auth.second_factor_missing");
    EXPECT_EQ(code(ask(look, "", key)), "403 auth.second_factor_missing") << "a key is no way round it";
    auto view = ask("GET /v1/sessions/current", "", sue);
    EXPECT_EQ(view.at("/staff_second_factor_missing"), "true");
    EXPECT_EQ(view.items_at("/staff_permissions"), 0);
    EXPECT_EQ(ask("POST /v1/account/second-factor", "", sue).status, 200) << "adding one begins";
    EXPECT_EQ(code(ask(look, "", sue)), "403 auth.second_factor_missing") << "begun is not enough";
    sql("update auth.second_factors set confirmed_at = now()");
    EXPECT_EQ(ask(look, "", sue).status, 200);
    EXPECT_EQ(ask(look, "", key).status, 200);
    EXPECT_EQ(ask("GET /v1/sessions/current", "", sue).at("/staff_second_factor_missing"), "false");
}

TEST_F(StaffFactor, is_not_asked_of_staff_where_the_operator_does_not_want_it_nor_of_others) {
    EXPECT_EQ(call("GET " + path_of("max"), "", as("sue")).status, 200);
    EXPECT_EQ(ask("GET /v1/members", "", as("max")).status, 200);
    EXPECT_EQ(ask("GET /v1/sessions/current", "", as("max")).at("/staff_second_factor_missing"), "false");
    join("sue", maple, "manager");
    sql(std::format("update auth.sessions set entered_company = '{}' where user_id = '{}'", hex(maple),
                    hex(people.at("sue"))));
    EXPECT_EQ(ask("GET /v1/members", "", as("sue")).status, 200) << "in a company she is no staff";
}

}  // namespace

}  // namespace mobilytics::auth
