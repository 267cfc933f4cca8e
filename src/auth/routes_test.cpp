#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <format>
#include <string>
#include <vector>

#include "src/auth/queries.hpp"
#include "src/auth/world_test.hpp"

// Who may do what, and what a company cannot see of another.
namespace mobilytics::auth {

namespace {

using namespace std::chrono_literals;

class AuthRoutes : public WorldTest {
protected:
    std::string body_for(std::string_view request, const std::string& who) {
        if (request == "POST /v1/invitations")
            return std::format(R"({{"email":"new-{}@example.com","role":"viewer"}})", std::hash<std::string>{}(who));
        if (request.starts_with("PATCH /v1/members/")) return R"({"role":"viewer"})";
        if (request == "PATCH /v1/account") return R"({"name":"Other"})";
        if (request == "POST /v1/account/email") return R"({"email":"other@example.com"})";
        if (request == "POST /v1/account/password")
            return std::format(R"({{"current_password":"{}","new_password":"short"}})", password);
        if (request == "POST /v1/sessions/current/confirm") return std::format(R"({{"password":"{}"}})", password);
        if (request.starts_with("POST /v1/api-keys/")) return "{}";
        if (request == "POST /v1/api-keys") return R"({"name":"feed","role":"viewer"})";
        if (request == "POST /v1/sessions/current/company")
            return std::format(R"({{"company_id":"{}"}})", maple.text());
        return "";
    }

    // A key of Maple that may be revoked.
    std::string spare_key() {
        auto made = call("POST /v1/api-keys", R"({"name":"spare","role":"viewer"})", as("ada"));
        return made.at("/id");
    }

    // Of what `request` ends with a slash for: something of Maple that may be done away with.
    std::string target_of(const std::string& request) {
        if (!request.ends_with('/')) return request;
        if (request.starts_with("POST /v1/api-keys/")) return request + spare_key() + "/secret/rotate";
        if (request.contains("api-keys")) return request + spare_key();
        if (request.contains("members")) {
            const std::string name = std::format("spare {}", spares_++);
            add_member(name, maple, "viewer");
            return request + people.at(name).text();
        }
        auto made = call("POST /v1/invitations",
                         std::format(R"({{"email":"spare-{}@example.com","role":"viewer"}})", spares_++), as("ada"));
        return request + made.at("/id");
    }

    int spares_ = 0;

    Headers headers_with_session(const Headers& session, const std::string& key) {
        Headers headers = session;
        headers.erase("X-Csrf-Token");
        headers["Authorization"] = "Bearer " + key;
        return headers;
    }
};

// ---- every operation as everybody

struct Line {
    std::string request;
    //              nobody ada max ann vic ivy bo sam  key:owner key:viewer
    std::array<int, 10> statuses;
};

TEST_F(AuthRoutes, every_operation_is_for_those_who_hold_its_permission) {
    const std::array<std::string, 10> callers = {"",    "ada", "max", "ann",       "vic",
                                                 "ivy", "bo",  "sam", "key:owner", "key:viewer"};
    const std::vector<Line> table = {
        {"GET /v1/sessions/current", {401, 200, 200, 200, 200, 200, 200, 200, 403, 403}},
        {"GET /v1/sessions", {401, 200, 200, 200, 200, 200, 200, 200, 403, 403}},
        {"POST /v1/sessions/current/company", {401, 200, 200, 200, 200, 200, 200, 404, 403, 403}},
        {"GET /v1/roles", {401, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
        {"GET /v1/members", {401, 200, 200, 403, 403, 403, 403, 403, 200, 403}},
        {"PATCH /v1/members/", {401, 200, 403, 403, 403, 403, 403, 403, 200, 403}},
        {"DELETE /v1/members/", {401, 204, 403, 403, 403, 403, 403, 403, 204, 403}},
        {"GET /v1/invitations", {401, 200, 200, 403, 403, 403, 403, 403, 200, 403}},
        {"POST /v1/invitations", {401, 201, 403, 403, 403, 403, 403, 403, 201, 403}},
        {"DELETE /v1/invitations/", {401, 204, 403, 403, 403, 403, 403, 403, 204, 403}},
        {"GET /v1/api-keys", {401, 200, 403, 403, 403, 403, 403, 403, 200, 403}},
        {"POST /v1/api-keys", {401, 201, 403, 403, 403, 403, 403, 403, 201, 403}},
        {"POST /v1/api-keys/", {401, 200, 403, 403, 403, 403, 403, 403, 200, 403}},
        {"DELETE /v1/api-keys/", {401, 204, 403, 403, 403, 403, 403, 403, 204, 403}},
        {"PATCH /v1/account", {401, 200, 200, 200, 200, 200, 200, 200, 403, 403}},
        {"POST /v1/account/email", {401, 202, 202, 202, 202, 202, 202, 202, 403, 403}},
        {"POST /v1/account/password", {401, 422, 422, 422, 422, 422, 422, 422, 403, 403}},
        {"DELETE /v1/sessions", {401, 204, 204, 204, 204, 204, 204, 204, 403, 403}},
        {"POST /v1/sessions/current/confirm", {401, 204, 204, 204, 204, 204, 204, 204, 403, 403}},
        {"DELETE /v1/sessions/current", {401, 204, 204, 204, 204, 204, 204, 204, 403, 403}},
    };
    for (const auto& who : callers) as(who);
    for (const auto& [request, statuses] : table)
        for (std::size_t i = 0; i < callers.size(); ++i) {
            SCOPED_TRACE(request + " as '" + callers[i] + "'");
            std::string target = target_of(request);
            auto before = everything();
            auto answer = call(target, body_for(request, callers[i]), as(callers[i]));
            EXPECT_EQ(answer.status, statuses[i]) << answer.body;
            if (statuses[i] >= 400) {
                EXPECT_EQ(everything(), before) << "a refused request changed something";
            }
        }
}

// A browser adds the cookie by itself; what acts is the bearer text alone.
TEST_F(AuthRoutes, a_bearer_text_makes_the_cookie_count_for_nothing) {
    std::string viewer = make_key("viewer");
    auto session = as("ada");
    auto answer = call("GET /v1/api-keys", "", headers_with_session(session, viewer));
    EXPECT_EQ(answer.at("/code"), "auth.not_permitted");
    answer = call("GET /v1/api-keys", "", headers_with_session(session, "nonsense"));
    EXPECT_EQ(answer.at("/code"), "auth.bad_credentials");
}

// ---- members

TEST_F(AuthRoutes, the_demo_adds_people_that_nobody_else_has) {
    const May<Permission::members_manage> ada{Company{.company = maple, .role = Role::owner, .user = people.at("ada")}};
    auto refusal = [&](NewPerson person) {
        try {
            run(auth.add_member(ada, std::move(person), Role::viewer));
        } catch (const Problem& problem) {
            return problem.code();
        }
        return std::string{"added"};
    };
    EXPECT_EQ(refusal({"Zoe@Example.com", "Zoë", "a long password"}), "added");
    EXPECT_EQ(sign_in("zoe", "a long password").at("/role"), "viewer");
    auto before = everything();
    EXPECT_EQ(refusal({"max@example.com", "Max", "a long password"}), "auth.already_member");
    EXPECT_EQ(refusal({"olga@example.com", "Other", "another password"}), "auth.person_known");
    EXPECT_EQ(refusal({"zoe", " ", "short"}), "auth.invalid_member");
    EXPECT_EQ(everything(), before);
}

TEST_F(AuthRoutes, a_list_of_members_shows_the_company_s_own) {
    auto list = call("GET /v1/members?limit=200", "", as("olga"));
    ASSERT_EQ(list.items_at("/items"), 2);
    EXPECT_EQ(list.at("/items/0/name"), "olga");
    EXPECT_EQ(list.at("/items/1/name"), "tom");
    EXPECT_EQ(list.at("/items/1/role"), "viewer");
}

// ---- companies

TEST_F(AuthRoutes, a_member_of_two_companies_goes_from_one_to_the_other) {
    auto first = sign_in("tom");
    EXPECT_EQ(first.at("/company/id"), maple.text());
    EXPECT_EQ(first.at("/role"), "manager");
    EXPECT_EQ(first.items_at("/companies"), 2);
    auto headers = headers_of(first);
    EXPECT_EQ(call("GET /v1/members", "", headers).items_at("/items"), 7);

    auto second =
        call("POST /v1/sessions/current/company", std::format(R"({{"company_id":"{}"}})", oak.text()), headers);
    EXPECT_EQ(second.status, 200) << second.body;
    EXPECT_EQ(second.at("/company/id"), oak.text());
    EXPECT_EQ(second.at("/role"), "viewer");
    EXPECT_EQ(second.at("/id"), first.at("/id"));
    EXPECT_EQ(call("GET /v1/members", "", headers).at("/code"), "auth.not_permitted") << "a viewer there";
}

TEST_F(AuthRoutes, another_company_s_things_do_not_exist) {
    std::string key = spare_key();
    as("olga");
    auto before = everything();
    auto revoke = call("DELETE /v1/api-keys/" + key, "", as("olga"));
    EXPECT_EQ(revoke.status, 404);
    EXPECT_EQ(revoke.at("/code"), "auth.api_key_not_found");
    auto enter =
        call("POST /v1/sessions/current/company", std::format(R"({{"company_id":"{}"}})", maple.text()), as("olga"));
    EXPECT_EQ(enter.status, 404);
    auto nowhere = call("POST /v1/sessions/current/company",
                        std::format(R"({{"company_id":"{}"}})", CompanyId::make().text()), as("olga"));
    EXPECT_EQ(nowhere.body, enter.body) << "a foreign company answers as one that never was";
    EXPECT_EQ(everything(), before);
}

TEST_F(AuthRoutes, a_suspended_company_is_closed_to_people_and_keys) {
    auto key = bearer(make_key("owner"));
    auto ada = as("ada");
    auto tom = as("tom");
    suspend(maple);
    for (const Headers& headers : {key, ada, tom}) {
        auto answer = call("GET /v1/members", "", headers);
        EXPECT_EQ(answer.status, 403);
        EXPECT_EQ(answer.at("/code"), "auth.company_suspended");
    }
    auto session = call("GET /v1/sessions/current", "", ada);
    EXPECT_EQ(session.status, 200) << "who is signed in is still told, and may sign out";
    EXPECT_EQ(session.items_at("/permissions"), 0);
    EXPECT_EQ(session.at("/company_suspended"), "true");
    EXPECT_EQ(sign_in("tom").at("/company/id"), oak.text()) << "a new session begins where the door is open";
    auto back = call("POST /v1/sessions/current/company", std::format(R"({{"company_id":"{}"}})", maple.text()), tom);
    EXPECT_EQ(back.at("/code"), "auth.company_suspended");
    sql("delete from auth.suspensions");
    EXPECT_EQ(call("GET /v1/members", "", ada).status, 200);
    EXPECT_EQ(call("GET /v1/members", "", key).status, 200);
}

// ---- the second wall: what row-level security does when a statement forgets

TEST_F(AuthRoutes, a_transaction_that_forgot_its_scope_sees_no_tenant_row) {
    make_key("owner");
    auto members_seen = [&](db::Scope scope, CompanyId asked) {
        auto result =
            run(database().read(scope, db::bind(sql::list_members, asked, std::optional<UserId>{}, std::int64_t{100})));
        return result.rows();
    };
    EXPECT_EQ(members_seen(db::Scope::of(maple), maple), 7U);
    EXPECT_EQ(members_seen(db::Scope::nobody(), maple), 0U);
    EXPECT_EQ(members_seen(db::Scope::of(oak), maple), 0U);
    EXPECT_EQ(sql_value("select count(*) > 0 from auth.api_keys"), "t");
    for (db::Scope scope : {db::Scope::nobody(), db::Scope::of(oak)}) {
        auto listed = run(
            database().read(scope, db::bind(sql::list_api_keys, maple, std::optional<ApiKeyId>{}, std::int64_t{100})));
        EXPECT_EQ(listed.rows(), 0U);
    }
}

TEST_F(AuthRoutes, a_row_of_another_company_cannot_be_written) {
    UserId user = add_person("zoe");
    auto write = [&](db::Scope scope) {
        return run(database().transaction(scope, [&](db::Session& session) {
            return session.exec(sql::insert_membership, maple, user, std::string{"owner"}, clock().now());
        }));
    };
    EXPECT_THROW(write(db::Scope::of(oak)), db::DatabaseError);
    EXPECT_THROW(write(db::Scope::nobody()), db::DatabaseError);
    EXPECT_EQ(write(db::Scope::of(maple)), 1);
}

// ---- staff by the command line

TEST_F(AuthRoutes, adding_staff_makes_a_person_or_promotes_a_known_one) {
    auto ada = as("ada");
    UserId known = run(auth.add_staff("ada@example.com", "Ada", "a new password", StaffRole::finance));
    EXPECT_EQ(known, people.at("ada"));
    EXPECT_EQ(call("GET /v1/sessions/current", "", ada).status, 401) << "sessions from before end";
    EXPECT_EQ(sign_in("ada").status, 401);
    EXPECT_EQ(sign_in("ada", "a new password").at("/staff"), "true");
    run(auth.add_staff("root@example.com", "Root", "another password", StaffRole::admin));
    EXPECT_EQ(sign_in("root", "another password").at("/staff"), "true");
    EXPECT_THROW(run(auth.add_staff("root", "", "short", StaffRole::admin)), Problem);
}

}  // namespace

}  // namespace mobilytics::auth
