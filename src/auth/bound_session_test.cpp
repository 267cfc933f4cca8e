#include <algorithm>
#include <set>

#include "platform/http/operation.hpp"
#include "src/auth/notices.hpp"
#include "src/auth/provider_world_test.hpp"

namespace mobilytics::auth {

namespace {

// What a session may do that a company's provider opened. The provider may be lying: it is the company's own.
class BoundSessionRoutes : public ProviderWorldTest {
protected:
    BoundSessionRoutes() {
        set_provider();
        add_routes(router, notices);
    }

    Headers bound(const std::string& name) { return entered(sign_in_as(claims_of(name))); }

    Notices notices{database(), clock(), queue, trail, letters};
};

// Which operations are about the account is known by the types of their actors, and by nothing that a test repeats.
TEST_F(BoundSessionRoutes, reaches_nothing_of_the_account) {
    const std::set<std::string> open = {"sessions.current", "sessions.end",     "sessions.enter_company",
                                        "sessions.list",    "sessions.end_one", "sessions.end_others"};
    const auto ann = bound("ann");
    const auto before = everything();
    int closed = 0;
    for (const http::Operation* operation : router.table().all()) {
        if (operation->security != std::vector<std::string>{"session"} || open.contains(operation->options.id))
            continue;
        const auto target = std::string{http::name_of(operation->method)} + " " + operation->path;
        const bool is_for_staff = std::ranges::contains(operation->roles, "staff");
        EXPECT_EQ(refusal(call(target, "{}", ann)),
                  is_for_staff ? "403 auth.staff_only" : "403 auth.opened_by_provider")
            << target;
        ++closed;
    }
    EXPECT_GE(closed, 20);
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(call("DELETE /v1/sessions/current", "", ann).status, 204);
    EXPECT_EQ(call("GET /v1/sessions/current", "", ann).status, 401);
}

// Tom works for both companies.
TEST_F(BoundSessionRoutes, knows_one_company) {
    const auto tom = bound("tom");
    auto session = call("GET /v1/sessions/current", "", tom);
    EXPECT_EQ(session.at("/company/name") + " " + std::to_string(session.items_at("/companies")), "Maple Fleet 1");
    EXPECT_EQ(session.body.find("Oak"), std::string::npos);
    const auto enter = [&](CompanyId company) {
        return refusal(
            call("POST /v1/sessions/current/company", std::format(R"({{"company_id":"{}"}})", company.text()), tom));
    };
    EXPECT_EQ(enter(oak), "404 auth.company_not_found");
    EXPECT_EQ(enter(CompanyId::make()), "404 auth.company_not_found") << "alike";
    EXPECT_EQ(enter(maple), "200 ");
    EXPECT_EQ(call("GET /v1/members", "", tom).status, 200) << "as manager of Maple";
    EXPECT_ANY_THROW(
        sql(std::format("update auth.sessions set entered_company = '{}' where bound_company is not null", hex(oak))))
        << "the database keeps it to its company too";
    sql(std::format("delete from auth.memberships where company_id = '{}' and user_id = '{}'", hex(maple),
                    hex(people.at("tom"))));
    auto left = call("GET /v1/sessions/current", "", tom);
    EXPECT_EQ(left.at("/company") + left.at("/companies"), "null[]");
    EXPECT_EQ(refusal(call("GET /v1/members", "", tom)), "403 auth.no_company");
    EXPECT_EQ(enter(oak) + enter(maple), "404 auth.company_not_found404 auth.company_not_found");
}

TEST_F(BoundSessionRoutes, is_never_of_our_staff) {
    join("sam", maple, "viewer");
    const auto own = as("sam");
    EXPECT_EQ(call("GET /v1/sessions/current", "", own).at("/staff"), "true");
    auto opened = sign_in_as(claims_of("sam"));
    EXPECT_EQ(opened.at("/staff"), "false");
    EXPECT_EQ(call("GET /v1/sessions/current", "", entered(opened)).at("/staff"), "false");
    EXPECT_EQ(sql_value("select actor_kind from trail.events where action = 'session.opened' and method = 'provider'"),
              "person");
    auto live = run(auth.find_session(cookie_of(opened).substr(std::string{"__Host-mobilytics="}.size())));
    EXPECT_FALSE(live.value().principal.staff);
    EXPECT_TRUE(live->principal.bound);
}

// The provider is the company's own: what it asks of its people is the company's affair.
TEST_F(BoundSessionRoutes, needs_no_second_factor) {
    sql(std::format("insert into auth.access_rules (company_id, factor_asked_since) values ('{}', '2026-01-01')",
                    hex(maple)));
    const auto own = as("max");
    EXPECT_EQ(refusal(call("GET /v1/members", "", own)), "403 auth.second_factor_missing");
    const auto by_provider = bound("max");
    EXPECT_EQ(call("GET /v1/members", "", by_provider).status, 200);
    EXPECT_EQ(call("GET /v1/sessions/current", "", by_provider).at("/second_factor_missing"), "false");
}

TEST_F(BoundSessionRoutes, is_seen_and_ended_by_its_person) {
    const auto by_provider = bound("ann");
    const auto own = as("ann");
    EXPECT_EQ(call("GET /v1/sessions", "", own).items_at("/items"), 2);
    EXPECT_EQ(call("DELETE /v1/sessions", "", own).status, 204);
    EXPECT_EQ(call("GET /v1/sessions/current", "", by_provider).status, 401);
}

TEST_F(BoundSessionRoutes, sees_and_ends_its_like_alone) {
    const auto own = as("ann");
    const auto one = bound("ann");
    const auto other = bound("ann");
    const auto lives = [&](const Headers& session) {
        return call("GET /v1/sessions/current", "", session).status == 200;
    };
    EXPECT_EQ(call("GET /v1/sessions", "", one).items_at("/items"), 2);
    const auto own_id = call("GET /v1/sessions/current", "", own).at("/id");
    EXPECT_EQ(refusal(call("DELETE /v1/sessions/" + own_id, "", one)), "404 auth.session_not_found");
    EXPECT_EQ(call("DELETE /v1/sessions", "", one).status, 204);
    EXPECT_EQ(std::tuple(lives(own), lives(one), lives(other)), std::tuple(true, true, false));
    sql(std::format("delete from auth.memberships where company_id = '{}' and user_id = '{}'", hex(maple),
                    hex(people.at("ann"))));
    EXPECT_EQ(refusal(call("GET /v1/sessions", "", one)), "403 auth.no_company")
        << "not all, because it is bound to none";
}

TEST_F(BoundSessionRoutes, acts_in_the_company_by_its_role_and_with_its_csrf_token) {
    auto ada = bound("ada");
    EXPECT_EQ(call("POST /v1/api-keys", R"({"name":"feed","role":"viewer"})", ada).status, 201);
    EXPECT_EQ(sql_value("select method from trail.events where action = 'api_key.created'"), "provider");
    ada.erase("X-Csrf-Token");
    EXPECT_EQ(refusal(call("POST /v1/api-keys", R"({"name":"feed","role":"viewer"})", ada)), "403 auth.csrf_token");
    EXPECT_EQ(refusal(call("POST /v1/api-keys", R"({"name":"feed","role":"viewer"})", bound("vic"))),
              "403 auth.not_permitted");
}

}  // namespace

}  // namespace mobilytics::auth
