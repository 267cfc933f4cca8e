#include <gtest/gtest.h>

#include <chrono>
#include <format>
#include <future>
#include <string>

#include "platform/jobs/events.hpp"
#include "src/auth/world_test.hpp"
#include "src/companies/companies.hpp"

namespace mobilytics::companies {

namespace {

using namespace std::chrono_literals;

class FirstOwnerRoutes : public auth::WorldTest {
protected:
    FirstOwnerRoutes() { add_routes(router, companies); }

    test::Answer make(std::string_view owner, const std::string& who = "sam") {
        return call("POST /v1/companies",
                    std::format(R"({{"name":"Pine Media","zone":"America/Halifax","country":"CA","owner":{}}})", owner),
                    as(who));
    }

    test::Answer invite(const std::string& company, const std::string& email, const auth::Headers& who) {
        return call("PUT /v1/companies/" + company + "/first-owner", std::format(R"({{"email":"{}"}})", email), who);
    }

    test::Answer invite(const std::string& company, const std::string& email, const std::string& who = "sam") {
        return invite(company, email, as(who));
    }

    test::Answer look(const std::string& company, const std::string& who = "sam") {
        return call("GET /v1/companies/" + company + "/first-owner", "", as(who));
    }

    test::Answer accept(const std::string& token) {
        return call("POST /v1/invitations/accept",
                    std::format(R"({{"token":"{}","name":"Pia","password":"a password of one's own"}})", token));
    }

    jobs::Events events{queue};
    Companies companies{database(), clock(), events, trail, auth, auth::first_owners(invitations)};
};

TEST_F(FirstOwnerRoutes, is_invited_by_letter_and_nobody_else_ever_knows_the_password) {
    const auto made = make(R"({"email":"Pia@Example.com","locale":"fr-CA"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string id{made.at("/id")};
    const auto waiting = look(id);
    EXPECT_EQ(waiting.at("/joined") + " " + waiting.at("/invited/email") + " " + waiting.at("/invited/sent_at"),
              "false pia@example.com null");

    const auto letter = letter_to("pia@example.com");
    EXPECT_EQ(letter.subject, "Mobilytics vous invite dans New sur Mobilytics");
    ASSERT_EQ(accept(token_in(letter)).status, 200);
    const auto session = sign_in("pia", "a password of one's own");
    EXPECT_EQ(session.at("/role") + " " + session.at("/company/id"), "owner " + id);
    EXPECT_EQ(look(id).body, R"({"joined":true,"invited":null})");
}

TEST_F(FirstOwnerRoutes, may_be_somebody_who_has_an_account) {
    const std::string id{make(R"({"email":"ada@example.com"})").at("/id")};
    const auto token = token_in(letter_to("ada@example.com"));
    EXPECT_EQ(call("POST /v1/invitations/join", std::format(R"({{"token":"{}"}})", token), as("ada")).status, 200);
    EXPECT_EQ(look(id).at("/joined"), "true");
}

TEST_F(FirstOwnerRoutes, is_invited_again_and_the_letter_before_is_good_no_more) {
    const std::string id{make(R"({"email":"pai@example.com"})").at("/id")};
    const auto mistyped = token_in(letter_to("pai@example.com"));
    EXPECT_EQ(invite(id, "pai@example.com").status, 429) << "within a minute";
    EXPECT_EQ(invite(id, "pia@example.com").at("/invited/email"), "pia@example.com") << "another address at once";
    EXPECT_EQ(accept(mistyped).at("/code"), "auth.invitation_not_open");
    const auto first = token_in(letter_to("pia@example.com"));
    clock().set(clock().now() + 8 * 24h);
    EXPECT_EQ(accept(first).at("/code"), "auth.invitation_not_open") << "expired";
    EXPECT_EQ(invite(id, "pia@example.com", headers_of(sign_in("sam"))).status, 200);
    EXPECT_EQ(accept(token_in(letter_to("pia@example.com"))).status, 200);
    EXPECT_EQ(sql_value("select count(*) from auth.invitations"), "0");
}

// Else staff could let themselves into any company.
TEST_F(FirstOwnerRoutes, is_not_invited_into_a_company_that_has_an_owner) {
    as("sam");
    const auto before = everything();
    EXPECT_EQ(invite(maple.text(), "sam@example.com").at("/code"), "auth.company_has_owner");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(look(maple.text()).at("/joined"), "true");
    sql("update auth.users set disabled_at = now() where email = 'ada@example.com'");
    EXPECT_EQ(look(maple.text()).at("/joined"), "true");
    EXPECT_EQ(invite(maple.text(), "sam@example.com").at("/code"), "auth.company_has_owner")
        << "whoever disables the owner takes no company over";
}

TEST_F(FirstOwnerRoutes, joins_or_is_replaced_but_not_both_at_once) {
    for (int i = 0; i < 8; ++i) {
        const auto address = std::format("pia{}@example.com", i);
        const std::string id{make(std::format(R"({{"email":"{}"}})", address)).at("/id")};
        const auto token = token_in(letter_to(address));
        const auto sam = as("sam");
        auto joins = std::async(std::launch::async, [&] { return accept(token).status; });
        const auto again = invite(id, std::format("other{}@example.com", i), sam).status;
        const auto joined = joins.get();
        EXPECT_TRUE((joined == 200 && again == 409) || (joined == 404 && again == 200)) << joined << ' ' << again;
        letters_sent();
    }
}

TEST_F(FirstOwnerRoutes, is_invited_by_staff_alone_and_into_companies_that_exist) {
    const std::string id{make("null").at("/id")};
    EXPECT_EQ(look(id).body, R"({"joined":false,"invited":null})");
    for (const auto* who : {"ada", "max", "olga"}) {
        EXPECT_EQ(invite(id, "pia@example.com", who).status, 403) << who;
        EXPECT_EQ(look(id, who).status, 403) << who;
    }
    const auto nowhere = CompanyId::make().text();
    EXPECT_EQ(invite(nowhere, "pia@example.com").at("/code"), "companies.not_found");
    EXPECT_EQ(look(nowhere).at("/code"), "companies.not_found");
    EXPECT_EQ(invite(id, "nobody").pointers(), "/email");
    EXPECT_EQ(sql_value("select count(*) from auth.invitations"), "0");
}

TEST_F(FirstOwnerRoutes, and_company_are_refused_together) {
    as("sam");
    const auto before = everything();
    EXPECT_EQ(make(R"({"email":"pia","locale":"de"})").pointers(), "/owner/email, /owner/locale");
    EXPECT_EQ(make(R"({"email":"pia@example.com","name":"Pia"})").pointers(), "/owner/name")
        << "who is invited gives a name";
    EXPECT_EQ(everything(), before);
}

TEST_F(FirstOwnerRoutes, stands_in_the_trail_with_the_member_of_staff_who_did_it) {
    const std::string id{make(R"({"email":"pia@example.com"})").at("/id")};
    EXPECT_EQ(
        sql_value(std::format("select string_agg(action || ' by ' || actor_kind || ' ' || actor_label, ', ' order by "
                              "sequence) from trail.events where company_id = '{}'",
                              hex(CompanyId::parse(id).value()))),
        "company.created by staff sam, invitation.created by staff sam");
}

}  // namespace

}  // namespace mobilytics::companies
