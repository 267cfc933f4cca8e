#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <format>
#include <string>

#include "src/auth/world_test.hpp"

namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class MemberRoutes : public WorldTest {
protected:
    std::string member(const std::string& name) { return "/v1/members/" + people.at(name).text(); }

    test::Answer change(const std::string& name, const std::string& role, const std::string& by = "ada") {
        return call("PATCH " + member(name), std::format(R"({{"role":"{}"}})", role), as(by));
    }

    test::Answer remove(const std::string& name, const std::string& by = "ada") {
        return call("DELETE " + member(name), "", as(by));
    }
};

TEST_F(MemberRoutes, change_a_role_at_once_and_tell_the_person) {
    auto vic = as("vic");
    EXPECT_EQ(call("GET /v1/members", "", vic).status, 403);
    auto changed = change("vic", "manager");
    EXPECT_EQ(changed.at("/role") + " " + changed.at("/email"), "manager vic@example.com");
    EXPECT_EQ(call("GET /v1/members", "", vic).status, 200);
    auto letter = letter_to("vic@example.com");
    EXPECT_EQ(letter.subject, "Your role in Maple Fleet was changed");
    EXPECT_TRUE(letter.text.contains("is now: manager.")) << letter.text;
    EXPECT_EQ(
        sql_value("select actor_id || ' ' || action || ' ' || changes from trail.events where action like 'member.%'"),
        people.at("ada").text() + R"( member.role_changed {"role":{"from":"viewer","to":"manager"}})");
}

TEST_F(MemberRoutes, change_nothing_when_the_role_is_the_same) {
    as("ada");
    auto before = everything();
    EXPECT_EQ(change("vic", "viewer").status, 200);
    EXPECT_EQ(everything(), before);
}

TEST_F(MemberRoutes, end_what_a_removed_person_held_in_the_company) {
    sql("update auth.memberships set role = 'owner' where user_id = '" + hex(people.at("max")) + "'");
    auto max = as("max");
    auto made = call("POST /v1/api-keys", R"({"name":"max's","role":"owner"})", max);
    auto key = bearer(made.at("/secret"));
    auto kept = bearer(make_key("owner"));
    ASSERT_EQ(call("GET /v1/members", "", key).status, 200);
    EXPECT_EQ(remove("max").status, 204);
    EXPECT_EQ(call("GET /v1/sessions/current", "", max).status, 401);
    EXPECT_EQ(call("GET /v1/members", "", key).status, 401);
    EXPECT_EQ(call("GET /v1/members", "", kept).status, 200) << "somebody else's key";
    EXPECT_EQ(letter_to("max@example.com").subject, "You were removed from Maple Fleet");
    EXPECT_EQ(sign_in("max").at("/company"), "null") << "the account stays";
    EXPECT_EQ(remove("max").at("/code"), "auth.member_not_found");
    EXPECT_EQ(sql_value("select changes from trail.events where action = 'member.removed'"),
              R"({"role":{"from":"owner"},"revoked_keys":{"to":1}})");
}

TEST_F(MemberRoutes, leave_a_person_s_sessions_in_other_companies_alone) {
    auto tom = as("tom");
    call("POST /v1/sessions/current/company", std::format(R"({{"company_id":"{}"}})", oak.text()), tom);
    EXPECT_EQ(remove("tom").status, 204);
    auto session = call("GET /v1/sessions/current", "", tom);
    EXPECT_EQ(session.at("/company/name") + " " + std::to_string(session.items_at("/companies")), "Oak Outdoor 1");
}

TEST_F(MemberRoutes, leave_a_company_one_owner) {
    as("ada");
    auto before = everything();
    EXPECT_EQ(change("ada", "manager").at("/code"), "auth.last_owner");
    EXPECT_EQ(remove("ada").at("/code"), "auth.last_owner");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(change("max", "owner").status, 200);
    EXPECT_EQ(change("ada", "manager").status, 200);
    EXPECT_EQ(change("max", "viewer", "max").at("/code"), "auth.last_owner");
}

TEST_F(MemberRoutes, count_no_owner_who_cannot_sign_in) {
    EXPECT_EQ(change("max", "owner").status, 200);
    sql("update auth.users set disabled_at = '2026-01-02' where name = 'max'");
    EXPECT_EQ(change("ada", "viewer").at("/code"), "auth.last_owner");
    EXPECT_EQ(remove("max").status, 204);
}

TEST_F(MemberRoutes, let_two_owners_who_demote_each_other_not_both_succeed) {
    change("max", "owner");
    auto demote = [&](const std::string& who, const std::string& whom) {
        return [this, who, whom,
                actor = May<Permission::members_manage>{
                    Company{.company = maple, .role = Role::owner, .user = people.at(who)}}]() -> Task<void> {
            try {
                co_await memberships.change_role(actor, people.at(whom), Role::viewer, [](auto) {});
            } catch (const Problem& problem) {
                EXPECT_EQ(problem.code(), "auth.last_owner");
            }
        };
    };
    runtime().spawn("one", demote("ada", "max"), 0);
    runtime().spawn("other", demote("max", "ada"), 1);
    ASSERT_TRUE(runtime().drain(2min));
    EXPECT_EQ(sql_value(std::format("select count(*) from auth.memberships where role = 'owner' and company_id = '{}'",
                                    hex(maple))),
              "1");
}

TEST_F(MemberRoutes, are_not_changed_from_a_role_that_nobody_saw) {
    const auto vic = [&] {
        auto list = call("GET /v1/members", "", as("ada"));
        for (std::size_t i = 0; i < list.items_at("/items"); ++i)
            if (list.at(std::format("/items/{}/name", i)) == "vic") return list.at(std::format("/items/{}/version", i));
        return std::string{};
    };
    const auto change_if = [&](const std::string& role, const std::string& tag) {
        return call("PATCH " + member("vic"), std::format(R"({{"role":"{}"}})", role),
                    with(as("ada"), "If-Match", tag));
    };
    const auto seen = "\"" + vic() + "\"";
    auto changed = change_if("analyst", seen);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.etag, changed.at("/version"));
    EXPECT_EQ(vic(), changed.etag);
    auto before = everything();
    EXPECT_EQ(change_if("manager", seen).at("/code"), "http.changed_meanwhile");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(change_if("manager", "*").status, 200);
}

TEST_F(MemberRoutes, rules_are_not_set_from_rules_that_nobody_saw) {
    auto key = bearer(make_key("owner"));
    const auto set_if = [&](bool asked, const std::string& tag) {
        return call("PUT /v1/access-rules", std::format(R"({{"second_factor_required":{}}})", asked),
                    with(key, "If-Match", tag));
    };
    auto read = call("GET /v1/access-rules", "", key);
    EXPECT_EQ(read.etag, read.at("/version"));
    const auto seen = "\"" + read.etag + "\"";
    auto set = set_if(true, seen);
    EXPECT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(call("GET /v1/access-rules", "", key).etag, set.etag);
    const auto rules = [&] { return sql_value("select count(*) from auth.access_rules"); };
    EXPECT_EQ(set_if(false, seen).at("/code"), "http.changed_meanwhile");
    EXPECT_EQ(rules(), "1");
    EXPECT_EQ(set_if(false, "\"" + set.etag + "\"").status, 200);
    EXPECT_EQ(rules(), "0");
    EXPECT_EQ(set_if(true, "*").status, 200);
}

TEST_F(MemberRoutes, know_nobody_of_another_company) {
    as("ada");
    as("olga");
    auto before = everything();
    EXPECT_EQ(change("olga", "viewer").at("/code"), "auth.member_not_found");
    EXPECT_EQ(remove("olga").at("/code"), "auth.member_not_found");
    EXPECT_EQ(remove("vic", "olga").at("/code"), "auth.member_not_found");
    EXPECT_EQ(everything(), before);
}

TEST_F(MemberRoutes, explain_roles_and_permissions) {
    auto roles = call("GET /v1/roles", "", as("ivy"));
    EXPECT_EQ(roles.items_at("/roles"), all_roles().size());
    EXPECT_EQ(roles.at("/roles/0/role"), "owner");
    EXPECT_EQ(roles.items_at("/roles/0/permissions"), all_permissions().size());
    EXPECT_EQ(roles.at("/roles/5/role") + " " + roles.at("/roles/5/permissions"),
              R"(billing ["company.read","campaigns.read"])");
    for (std::size_t i = 0; i < roles.items_at("/permissions"); ++i)
        EXPECT_TRUE(roles.at(std::format("/permissions/{}/sentence", i)).ends_with('.')) << i;
    EXPECT_EQ(roles.at("/staff"), "null") << "what staff may is shown to staff";
    auto to_staff = call("GET /v1/roles", "", as("sam"));
    EXPECT_EQ(to_staff.items_at("/roles"), all_roles().size());
    EXPECT_EQ(to_staff.items_at("/staff/roles"), all_staff_roles().size());
    EXPECT_EQ(to_staff.items_at("/staff/permissions"), all_staff_permissions().size());
}

}  // namespace

}  // namespace mobilytics::auth
