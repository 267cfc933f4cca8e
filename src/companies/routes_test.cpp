#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <format>
#include <set>
#include <string>
#include <vector>

#include "platform/jobs/events.hpp"
#include "src/auth/world_test.hpp"
#include "src/companies/companies.hpp"
#include "src/companies/queries.hpp"

namespace mobilytics::companies {

namespace {

using namespace std::chrono_literals;
using auth::Headers;

class CompaniesRoutes : public auth::WorldTest {
protected:
    CompaniesRoutes() : companies{database(), clock(), events, trail, auth, auth::first_owners(invitations)} {
        events.subscribe("companies.parked_policy_changed", "test.heard");
        add_routes(router, companies);
    }

    // Events that subscribers will be told, oldest first.
    std::string heard() {
        return sql_value("select string_agg(kind || ' ' || payload, '; ' order by id) from jobs.jobs").value_or("");
    }

    std::string path_of(CompanyId id) { return "/v1/companies/" + id.text(); }

    auth::Staff sam() { return auth::Staff{.user = people.at("sam"), .role = auth::StaffRole::admin}; }

    static std::string company_in(std::string_view owner = "null") {
        return std::format(R"({{"name":"Pine Media","zone":"America/Halifax","country":"CA","owner":{}}})", owner);
    }

    jobs::Queue queue;
    jobs::Events events{queue};
    Companies companies;
};

struct Line {
    std::string request;
    std::string body;
    //              nobody sam ada max vic olga key:owner key:viewer
    std::array<int, 8> statuses;
};

TEST_F(CompaniesRoutes, staff_run_companies_members_read_their_own_and_its_owner_sets_the_parked_policy) {
    const std::array<std::string, 8> callers = {"", "sam", "ada", "max", "vic", "olga", "key:owner", "key:viewer"};
    const std::string one = path_of(maple);
    const std::string policy = R"({"kind":"cap","minutes":5,"effective_from":"2026-03-01T00:00:00Z"})";
    const std::vector<Line> table = {
        {"GET /v1/companies", "", {401, 200, 403, 403, 403, 403, 403, 403}},
        {"POST /v1/companies", company_in(), {401, 201, 403, 403, 403, 403, 403, 403}},
        {"GET " + one, "", {401, 200, 200, 200, 200, 404, 200, 200}},
        {"PATCH " + one, R"({"name":"Maple & Co"})", {401, 200, 403, 403, 403, 403, 403, 403}},
        {"PUT " + one + "/parked-policy", policy, {401, 200, 200, 403, 403, 404, 200, 403}},
    };
    for (const auto& who : callers) as(who);
    for (const auto& [request, body, statuses] : table)
        for (std::size_t i = 0; i < callers.size(); ++i) {
            SCOPED_TRACE(request + " as '" + callers[i] + "'");
            auto before = everything();
            auto answer = call(request, body, as(callers[i]));
            EXPECT_EQ(answer.status, statuses[i]) << answer.body;
            if (statuses[i] >= 400) {
                EXPECT_EQ(everything(), before) << "a refused request changed something";
            }
        }
}

TEST_F(CompaniesRoutes, a_company_comes_with_its_first_owner_who_can_sign_in) {
    auto made = call("POST /v1/companies",
                     company_in(R"({"email":"Pia@Example.com","name":"Pia","password":"a long password"})"), as("sam"));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.at("/state"), "active");
    EXPECT_EQ(made.at("/privacy_floor"), "10");
    EXPECT_EQ(made.at("/parked_policy/kind"), "count");
    EXPECT_EQ(made.headers.at("Location"), "/v1/companies/" + made.at("/id"));
    auto session = sign_in("pia", "a long password");
    EXPECT_EQ(session.status, 201) << session.body;
    EXPECT_EQ(session.at("/role"), "owner");
    auto own = call("GET /v1/companies/" + made.at("/id"), "", headers_of(session));
    EXPECT_EQ(own.body, made.body);
}

TEST_F(CompaniesRoutes, an_address_in_use_elsewhere_makes_no_owner_and_no_company) {
    as("sam");
    auto before = everything();
    auto made = call("POST /v1/companies",
                     company_in(R"({"email":"ada@example.com","name":"X","password":"another password"})"), as("sam"));
    EXPECT_EQ(made.status, 409) << made.body;
    EXPECT_EQ(made.at("/code"), "auth.person_known");
    EXPECT_EQ(everything(), before);
}

TEST_F(CompaniesRoutes, a_company_with_wrong_fields_is_refused_whole) {
    as("sam");
    auto before = everything();
    auto answer = call("POST /v1/companies",
                       R"({"name":" ","zone":"Toronto","country":"Canada",
                           "owner":{"email":"pia","name":"","password":"short"}})",
                       as("sam"));
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.at("/code"), "companies.invalid");
    EXPECT_EQ(answer.pointers(), "/name, /zone, /country, /owner/email, /owner/name, /owner/password");
    EXPECT_EQ(call("POST /v1/companies", R"({"name":"P","zone":"UTC","country":"CA","owner":null,"state":"active"})",
                   as("sam"))
                  .pointers(),
              "/state");
    EXPECT_EQ(everything(), before);
}

// The membership is written last: when the database refuses it, company and person are gone too.
TEST_F(CompaniesRoutes, a_company_whose_owner_cannot_be_stored_is_not_stored_either) {
    as("sam");
    sql("alter table auth.memberships add constraint nobody_more check (created_at < '2026-02-01')");
    auto before = everything();
    NewCompany wanted{"Pine Media", "America/Halifax", "CA"};
    auth::NewPerson owner{"pia@example.com", "Pia", "a long password"};
    EXPECT_THROW(run(companies.create(sam(), wanted, owner)), db::DatabaseError);
    EXPECT_EQ(everything(), before);
}

TEST_F(CompaniesRoutes, who_edits_a_company_may_not_yet_keep_it_out) {
    add_person("sue", "support");
    add_person("fin", "finance");
    const std::string edit = "PATCH " + path_of(maple);
    EXPECT_EQ(call(edit, R"({"name":"Maple & Co"})", as("sue")).status, 200);
    const auto before = everything();
    const auto refused = call(edit, R"({"state":"suspended"})", as("sue"));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.at("/detail"), "The role 'support' does not hold the permission 'companies.suspend'.");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(call(edit, R"({"state":"suspended"})", as("fin")).at("/state"), "suspended");
    EXPECT_EQ(call("POST /v1/companies", company_in(), as("fin")).at("/code"), "auth.not_permitted");
}

TEST_F(CompaniesRoutes, staff_page_through_all_companies_newest_first) {
    for (int i = 0; i < 3; ++i) call("POST /v1/companies", company_in(), as("sam"));
    std::vector<std::string> ids;
    for (std::string cursor; cursor != "null";) {
        auto page = call("GET /v1/companies?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor), "", as("sam"));
        ASSERT_EQ(page.status, 200) << page.body;
        for (std::size_t i = 0; i < page.items_at("/items"); ++i)
            ids.push_back(page.at(std::format("/items/{}/id", i)));
        cursor = page.at("/next_cursor");
    }
    EXPECT_EQ(ids.size(), 5U);
    EXPECT_TRUE(std::ranges::is_sorted(ids, std::greater{}));
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 5U);
}

TEST_F(CompaniesRoutes, a_foreign_company_answers_as_one_that_never_was) {
    auto foreign = call("GET " + path_of(maple), "", as("olga"));
    auto nothing = call("GET " + path_of(CompanyId::make()), "", as("olga"));
    EXPECT_EQ(foreign.status, 404);
    EXPECT_EQ(foreign.body, nothing.body);
    EXPECT_EQ(call("GET " + path_of(CompanyId::make()), "", as("sam")).at("/code"), "companies.not_found");
    EXPECT_EQ(call("PATCH " + path_of(CompanyId::make()), "{}", as("sam")).status, 404);
}

TEST_F(CompaniesRoutes, an_edit_changes_what_it_names_and_the_tag) {
    auto before = call("GET " + path_of(maple), "", as("sam"));
    auto edited = call("PATCH " + path_of(maple), R"({"zone":"America/Vancouver"})", as("sam"));
    EXPECT_EQ(edited.status, 200) << edited.body;
    EXPECT_EQ(edited.at("/zone"), "America/Vancouver");
    EXPECT_EQ(edited.at("/name"), "Maple Fleet");
    EXPECT_NE(edited.etag, before.etag);
    EXPECT_EQ(call("GET " + path_of(maple), "", as("sam")).etag, edited.etag);
}

TEST_F(CompaniesRoutes, an_edit_of_what_has_changed_meanwhile_is_refused) {
    auto seen = call("GET " + path_of(maple), "", as("sam"));
    auto tag = std::format("\"{}\"", seen.etag);
    EXPECT_EQ(call("PATCH " + path_of(maple), R"({"name":"A"})", with(as("sam"), "If-Match", tag)).status, 200);
    auto late = call("PATCH " + path_of(maple), R"({"name":"B"})", with(as("sam"), "If-Match", tag));
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(call("GET " + path_of(maple), "", as("sam")).at("/name"), "A");
    EXPECT_EQ(seen.at("/version"), seen.etag);
}

TEST_F(CompaniesRoutes, a_parked_policy_is_not_set_over_one_that_nobody_saw) {
    const std::string policy = R"({"kind":"cap","minutes":5,"effective_from":"2026-01-01T00:00:00Z"})";
    const auto set_if = [&](const std::string& tag) {
        return call("PUT " + path_of(maple) + "/parked-policy", policy, with(as("ada"), "If-Match", tag));
    };
    auto tag = std::format("\"{}\"", call("GET " + path_of(maple), "", as("ada")).etag);
    auto set = set_if(tag);
    EXPECT_EQ(set.status, 200) << set.body;
    auto before = everything();
    EXPECT_EQ(set_if(tag).at("/code"), "http.changed_meanwhile");
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(set_if(std::format("\"{}\"", set.etag)).status, 200);
    EXPECT_EQ(set_if("*").status, 200);
}

TEST_F(CompaniesRoutes, a_wrong_edit_changes_nothing) {
    as("sam");
    auto before = everything();
    auto answer = call("PATCH " + path_of(maple), R"({"name":"","zone":"Mars/Base"})", as("sam"));
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.pointers(), "/name, /zone");
    EXPECT_EQ(call("PATCH " + path_of(maple), R"({"state":"closed"})", as("sam")).pointers(), "/state");
    EXPECT_EQ(call("PATCH " + path_of(maple), R"({"privacy_floor":1})", as("sam")).pointers(), "/privacy_floor");
    EXPECT_EQ(everything(), before);
}

TEST_F(CompaniesRoutes, a_suspended_company_is_closed_until_it_is_reinstated) {
    auto key = as("key:owner");
    EXPECT_EQ(call("PATCH " + path_of(maple), R"({"state":"suspended"})", as("sam")).at("/state"), "suspended");
    for (const Headers& headers : {as("ada"), key}) {
        auto answer = call("GET " + path_of(maple), "", headers);
        EXPECT_EQ(answer.status, 403);
        EXPECT_EQ(answer.at("/code"), "auth.company_suspended");
    }
    EXPECT_EQ(call("GET " + path_of(oak), "", as("olga")).status, 200) << "others are not touched";
    EXPECT_EQ(call("PATCH " + path_of(maple), R"({"state":"suspended"})", as("sam")).status, 200) << "twice is fine";
    EXPECT_EQ(call("PATCH " + path_of(maple), R"({"state":"active"})", as("sam")).at("/state"), "active");
    EXPECT_EQ(call("GET " + path_of(maple), "", as("ada")).status, 200);
    EXPECT_EQ(call("GET " + path_of(maple), "", key).status, 200);
}

TEST_F(CompaniesRoutes, a_parked_policy_holds_from_its_instant_and_is_told_to_others) {
    auto put = [&](std::string_view kind, int minutes, std::string_view from) {
        return call("PUT " + path_of(maple) + "/parked-policy",
                    std::format(R"({{"kind":"{}","minutes":{},"effective_from":"{}"}})", kind, minutes, from),
                    as("ada"));
    };
    auto past = put("exclude", 10, "2026-02-01T00:00:00Z");
    EXPECT_EQ(past.status, 200) << past.body;
    EXPECT_EQ(past.at("/parked_policy/kind"), "exclude");
    auto future = put("cap", 7, "2026-04-01T00:00:00+02:00");
    EXPECT_EQ(future.at("/parked_policy/kind"), "exclude") << "not in force yet";
    put("exclude", 20, "2026-02-01T00:00:00Z");

    std::vector<DatedParkedPolicy> expected = {
        {clock::from_rfc3339("2026-02-01T00:00:00Z").value(), ParkedKind::exclude, 20},
        {clock::from_rfc3339("2026-03-31T22:00:00Z").value(), ParkedKind::cap, 7}};
    auto policies = run(database().transaction(
        db::Scope::of(maple), [&](db::Session& session) { return companies.parked_policies(session, maple); }));
    EXPECT_EQ(policies, expected);
    auto event = [&](std::string_view from) {
        return std::format(R"(test.heard {{"company_id":"{}","from":"{}"}})", maple.text(), from);
    };
    EXPECT_EQ(heard(), event("2026-02-01T00:00:00.000Z") + "; " + event("2026-03-31T22:00:00.000Z") + "; " +
                           event("2026-02-01T00:00:00.000Z"));

    auto tag = call("GET " + path_of(maple), "", as("ada")).etag;
    clock().set(clock::from_rfc3339("2026-03-31T22:00:00Z").value());
    auto later = call("GET " + path_of(maple), "", headers_of(sign_in("ada")));
    EXPECT_EQ(later.at("/parked_policy/kind"), "cap");
    EXPECT_NE(later.etag, tag) << "a cache must not keep the policy that went out of force";
}

TEST_F(CompaniesRoutes, parked_policies_are_read_page_by_page_latest_first) {
    const auto list = "GET " + path_of(maple) + "/parked-policies";
    EXPECT_EQ(call(list, "", as("vic")).body, R"({"items":[],"next_cursor":null})");
    const std::pair<std::string_view, std::string_view> policies[] = {{"exclude", "2026-02-01T00:00:00Z"},
                                                                      {"cap", "2026-04-01T00:00:00Z"},
                                                                      {"count", "2026-03-01T00:00:00Z"},
                                                                      {"count", "2026-02-01T00:00:00Z"}};
    for (const auto& [kind, from] : policies)
        call("PUT " + path_of(maple) + "/parked-policy",
             std::format(R"({{"kind":"{}","minutes":7,"effective_from":"{}"}})", kind, from), as("ada"));
    std::string found, cursor;
    do {
        const auto page = call(list + "?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor), "", as("vic"));
        found += page.at("/items/0/kind") + " " + page.at("/items/0/effective_from") + "; ";
        cursor = page.at("/next_cursor");
    } while (!cursor.empty() && cursor != "null");
    EXPECT_EQ(found, "cap 2026-04-01T00:00:00.000Z; count 2026-03-01T00:00:00.000Z; count 2026-02-01T00:00:00.000Z; ");
    EXPECT_EQ(call(list, "", as("olga")).at("/code"), "companies.not_found");
    EXPECT_EQ(call(list, "", as("sam")).status, 200);
}

TEST_F(CompaniesRoutes, a_wrong_parked_policy_is_refused_and_told_to_nobody) {
    as("ada");
    auto before = everything();
    for (const char* body :
         {R"({"kind":"cap","minutes":1441,"effective_from":"2026-03-01T00:00:00Z"})",
          R"({"kind":"cap","minutes":-1,"effective_from":"2026-03-01T00:00:00Z"})",
          R"({"kind":"drop","minutes":1,"effective_from":"2026-03-01T00:00:00Z"})", R"({"kind":"cap","minutes":1})"})
        EXPECT_EQ(call("PUT " + path_of(maple) + "/parked-policy", body, as("ada")).status, 422) << body;
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(heard(), "");
}

// The database refuses at the very commit, when the event was written already.
TEST_F(CompaniesRoutes, a_change_that_is_rolled_back_is_told_to_nobody) {
    as("ada");
    sql("create function public.refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'not today'; end $$;"
        "create constraint trigger refuse after insert on companies.parked_policies "
        "deferrable initially deferred for each row execute function public.refuse()");
    auto before = everything();
    DatedParkedPolicy policy{clock().now(), ParkedKind::cap, 1};
    EXPECT_THROW(run(companies.set_parked_policy({.staff = sam()}, maple, policy, [](auto) {})), db::DatabaseError);
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(heard(), "");
}

TEST_F(CompaniesRoutes, other_rooms_read_zone_floor_and_cards) {
    EXPECT_EQ(run(companies.zone(maple)), "America/Toronto");
    EXPECT_EQ(run(companies.privacy_floor(maple)), 10);
    EXPECT_THROW(run(companies.zone(CompanyId::make())), std::logic_error);
    auto cards = run(companies.cards({maple, oak, CompanyId::make()}));
    ASSERT_EQ(cards.size(), 2U);
    EXPECT_EQ(cards[0].logo_text.size(), 2U);
}

TEST_F(CompaniesRoutes, a_transaction_that_forgot_its_scope_sees_no_company) {
    auto seen = [&](db::Scope scope) {
        auto result = run(database().read(scope, db::bind(sql::find_company, maple, clock().now())));
        return result.rows();
    };
    EXPECT_EQ(seen(db::Scope::of(maple)), 1U);
    EXPECT_EQ(seen(db::Scope::nobody()), 0U);
    EXPECT_EQ(seen(db::Scope::of(oak)), 0U);
}

}  // namespace

}  // namespace mobilytics::companies
