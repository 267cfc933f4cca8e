#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/jobs/events.hpp"
#include "platform/testing/database.hpp"
#include "platform/testing/routes.hpp"
#include "platform/trail/trail.hpp"
#include "src/auth/auth.hpp"

// A world for the tests of rooms that hold companies' things: two companies, callers in every role, the real router
// and database, and a look at everything that was written.
namespace mobilytics::test {

class RoomTest : public DatabaseTest {
protected:
    const CompanyId ours = CompanyId::make();
    const CompanyId theirs = CompanyId::make();
    const auth::UserId user = auth::UserId::make();

    // `tables` are watched; `events` are the names the room publishes.
    RoomTest(std::vector<std::string> tables, std::initializer_list<std::string_view> events)
        : tables_{std::move(tables)}, events_{queue_} {
        for (const auto name : events) events_.subscribe(std::string{name}, std::string{name});
        for (const CompanyId company : {ours, theirs})
            sql("insert into companies.companies (company_id, name, zone, country, created_at) values ('" +
                ids::to_hex(company.uuid) + "', 'Company', 'America/Toronto', 'CA', '2026-01-01Z')");
        router_.authenticate_with([this](http::Request& request) -> Task<void> {
            if (caller_) request.set_principal(caller_);
            co_return;
        });
        as(auth::Role::owner);
    }

    http::Router& router() { return router_; }
    jobs::Events& events() { return events_; }
    trail::Trail& trail() { return trail_; }

    // Who the next calls come from.
    void as(auth::Role role) { as(role, ours); }
    void as(auth::Role role, CompanyId company) {
        auth::Principal principal;
        principal.user = user;
        principal.session = auth::SessionId::make();
        principal.company = company;
        principal.role = role;
        caller_ = std::make_shared<const auth::Principal>(principal);
    }
    void as_staff() {
        auth::Principal principal;
        principal.user = user;
        principal.session = auth::SessionId::make();
        principal.staff = auth::StaffRole::admin;
        caller_ = std::make_shared<const auth::Principal>(principal);
    }
    void as_nobody() { caller_.reset(); }

    auth::Company actor() const { return {.company = ours, .role = auth::Role::owner, .user = user, .key = {}}; }

    Answer call(std::string target, std::string body = "", std::map<std::string, std::string> headers = {}) {
        return run(Caller{router_}.call(std::move(target), std::move(body), std::move(headers)));
    }

    // The same, with the code of a problem as the whole answer: "201", "409 devices.attachment_overlaps".
    std::string outcome(std::string target, std::string body = "", std::map<std::string, std::string> headers = {}) {
        const auto answer = call(std::move(target), std::move(body), std::move(headers));
        return std::to_string(answer.status) + (answer.status < 400 ? "" : " " + answer.at("/code"));
    }

    // The outcome of a call that must write nothing at all.
    std::string refusal(std::string target, std::string body = "", std::map<std::string, std::string> headers = {}) {
        const auto before = everything();
        const auto name = target;
        auto result = outcome(std::move(target), std::move(body), std::move(headers));
        EXPECT_EQ(everything(), before) << name << " left something behind";
        return result;
    }

    // An edit that was begun when the thing had that version.
    static std::map<std::string, std::string> seen(const std::string& version) {
        return {{"If-Match", "\"" + version + "\""}};
    }

    // Events published since the last look, one a line, with ids as they are.
    std::string new_events() {
        auto found = sql_value(
                         "select coalesce(string_agg(kind || ' ' || payload, E'\\n' order by kind, payload), '') "
                         "from jobs.jobs")
                         .value();
        sql("delete from jobs.jobs");
        return found;
    }

    // Every row of the watched tables.
    std::string everything() {
        std::string rows =
            "select 'job ' || j::text as row from jobs.jobs j "
            "union all select 'event ' || e::text from trail.events e";
        for (const auto& table : tables_) rows += " union all select '" + table + " ' || t::text from " + table + " t";
        return sql_value("select coalesce(string_agg(row, E'\\n' order by row), '') from (" + rows + ") as rows")
            .value();
    }

    std::string number_of(const std::string& table) { return sql_value("select count(*) from " + table).value(); }

private:
    std::vector<std::string> tables_;
    jobs::Queue queue_;
    jobs::Events events_;
    trail::Trail trail_{clock()};
    http::Router router_;
    std::shared_ptr<const auth::Principal> caller_;
};

}  // namespace mobilytics::test
