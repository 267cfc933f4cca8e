#include "platform/idempotency/repeats.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "platform/db/blocking.hpp"
#include "platform/http/router.hpp"
#include "platform/idempotency/queries.hpp"
#include "platform/testing/database.hpp"
#include "platform/testing/routes.hpp"
#include "platform/trail/trail.hpp"

namespace mobilytics::idempotency {

namespace {

struct Thing {
    std::string name;
};

// Anybody whom the hook below made known.
struct Known {
    static Known from(const http::Request& request) {
        if (request.caller.user.empty()) throw Problem{Kind::unauthenticated, "test.unknown", "Who are you?"};
        return {};
    }
    static void describe(http::OperationDoc&) {}
};

class RepeatedRequestRoutes : public test::DatabaseTest {
protected:
    void SetUp() override {
        router_.authenticate_with([this](http::Request& request) -> Task<void> {
            if (const auto who = request.bearer()) {
                request.caller.user = *who;
                if (*who != "usr_staff") request.caller.company_id = company_;
            }
            co_return;
        });
        router_.repeat_with([this](http::Request& request, std::function<Task<http::Response>()> run) {
            return repeats_.answer(request, std::move(run));
        });
        router_.group("things").post(
            "/v1/things", {.id = "things.create"},
            [this](Known, http::Request& request, http::Body<Thing> body) -> Task<http::Created<Thing>> {
                ++runs_;
                request.answer_headers.add("Set-Cookie", "thing=" + std::to_string(runs_));
                if (while_running_) co_await while_running_(request.id);
                co_return http::Created<Thing>{{body->name + " " + std::to_string(runs_)}, "/v1/things/1"};
            });
    }

    test::Answer post(const std::string& name, const std::string& key_used, const std::string& who = "usr_1") {
        std::map<std::string, std::string> headers{{"Authorization", "Bearer " + who}};
        if (!key_used.empty()) headers["Idempotency-Key"] = key_used;
        return run(caller_.call("POST /v1/things", "{\"name\":\"" + name + "\"}", headers));
    }

    void pass(std::chrono::milliseconds span) { clock().set(clock().now() + span); }

    std::string rows() { return sql_value("select count(*) from requests.answers").value(); }

    // What a handler does when it changes something.
    Task<void> record(std::string request_id) {
        co_await database().transaction(db::Scope::system(), [&](db::Session& session) -> Task<void> {
            co_await trail_.record(session, company_, {.kind = "person", .request_id = request_id},
                                   {.action = "thing.created"});
        });
    }

    const std::string key_ = "8e03978e-40d5-43dd-bc93-6894a57f9324";
    const ids::Uuid company_ = ids::new_uuid();
    int runs_ = 0;
    std::function<Task<void>(std::string)> while_running_;
    http::Router router_;
    Repeats repeats_{database(), clock()};
    trail::Trail trail_{clock()};
    test::Caller caller_{router_};
};

TEST_F(RepeatedRequestRoutes, every_statement_can_be_prepared_by_the_servers_role) {
    for (const auto* query : sql::all) {
        db::Blocking server{conninfo(embedded::Role::app)};
        EXPECT_NO_THROW(server.script("prepare statement as " + std::string{query->text})) << query->name;
    }
}

TEST_F(RepeatedRequestRoutes, the_same_request_again_gets_the_first_answer) {
    const auto first = post("one", key_);
    EXPECT_EQ(first.status, 201);
    EXPECT_FALSE(first.headers.contains("Idempotency-Replayed"));
    for (const auto& spelled : {key_, "\"" + key_ + "\""}) {
        const auto again = post("one", spelled);
        EXPECT_EQ(again.status, 201);
        EXPECT_EQ(again.body, first.body);
        EXPECT_EQ(again.headers.at("Location"), "/v1/things/1");
        EXPECT_EQ(again.headers.at("Set-Cookie"), "thing=1");
        EXPECT_EQ(again.headers.at("Idempotency-Replayed"), "true");
    }
    EXPECT_EQ(runs_, 1);
}

TEST_F(RepeatedRequestRoutes, without_a_key_every_request_is_its_own) {
    post("one", "");
    post("one", "");
    EXPECT_EQ(runs_, 2);
    EXPECT_EQ(rows(), "0");
}

TEST_F(RepeatedRequestRoutes, a_key_belongs_to_its_caller_and_company) {
    post("one", key_);
    post("one", key_, "usr_2");
    post("one", key_, "usr_staff");
    EXPECT_EQ(runs_, 3);
    EXPECT_EQ(post("one", key_, "usr_staff").headers.at("Idempotency-Replayed"), "true");
}

TEST_F(RepeatedRequestRoutes, a_key_with_another_request_is_refused) {
    post("one", key_);
    const auto other = post("two", key_);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.at("/code"), "http.idempotency_key_reused");
    EXPECT_EQ(runs_, 1);
}

TEST_F(RepeatedRequestRoutes, a_key_that_others_could_choose_is_refused) {
    for (const std::string bad : {"1", "fifteen-letters", "with a blank in it", "\"\""}) {
        const auto refused = post("one", bad);
        EXPECT_EQ(refused.status, 400) << bad;
        EXPECT_EQ(refused.at("/code"), "http.bad_idempotency_key");
    }
    EXPECT_EQ(post("one", std::string(256, 'k')).status, 400);
    EXPECT_EQ(runs_, 0);
}

TEST_F(RepeatedRequestRoutes, a_second_one_does_not_run_beside_the_first) {
    test::Answer meanwhile;
    while_running_ = [&](std::string) -> Task<void> {
        std::map<std::string, std::string> headers{{"Authorization", "Bearer usr_1"}, {"Idempotency-Key", key_}};
        meanwhile = co_await caller_.call("POST /v1/things", "{\"name\":\"one\"}", headers);
    };
    EXPECT_EQ(post("one", key_).status, 201);
    EXPECT_EQ(meanwhile.status, 409);
    EXPECT_EQ(meanwhile.at("/code"), "http.idempotency_in_progress");
    EXPECT_EQ(meanwhile.headers.at("Retry-After"), "5");
    EXPECT_EQ(runs_, 1);
}

TEST_F(RepeatedRequestRoutes, a_refusal_lets_the_key_go) {
    while_running_ = [](std::string) -> Task<void> {
        throw Problem{Kind::conflict, "things.taken", "There is one already."};
        co_return;
    };
    EXPECT_EQ(post("one", key_).status, 409);
    EXPECT_EQ(rows(), "0");
    while_running_ = nullptr;
    EXPECT_EQ(post("two", key_).status, 201);
}

TEST_F(RepeatedRequestRoutes, after_a_failure_that_changed_nothing_the_work_is_done) {
    while_running_ = [](std::string) -> Task<void> {
        throw std::runtime_error{"the process fell over"};
        co_return;
    };
    EXPECT_EQ(post("one", key_).status, 500);
    while_running_ = nullptr;
    EXPECT_EQ(post("one", key_).at("/code"), "http.idempotency_in_progress");
    pass(pause_after_failure);
    EXPECT_EQ(post("one", key_).status, 201);
    EXPECT_EQ(post("one", key_).headers.at("Idempotency-Replayed"), "true");
    EXPECT_EQ(runs_, 2);
}

// The commit came through and the answer did not: doing it again would be the one thing that the key forbids.
TEST_F(RepeatedRequestRoutes, after_a_failure_behind_the_commit_nothing_is_done_twice) {
    while_running_ = [this](std::string request_id) -> Task<void> {
        co_await record(request_id);
        throw std::runtime_error{"the process fell over"};
    };
    for (const auto& who : {"usr_1", "usr_staff"}) {
        runs_ = 0;
        EXPECT_EQ(post("one", key_, who).status, 500);
        pass(longest_attempt);
        const auto again = post("one", key_, who);
        EXPECT_EQ(again.status, 409);
        EXPECT_EQ(again.at("/code"), "http.idempotency_answer_lost");
        EXPECT_EQ(runs_, 1);
    }
}

TEST_F(RepeatedRequestRoutes, a_claim_whose_process_died_is_taken_over_when_it_ends) {
    post("one", key_);
    sql("update requests.answers set answer = null, held_until = claimed_at + interval '90 seconds'");
    EXPECT_EQ(post("one", key_).at("/code"), "http.idempotency_in_progress");
    pass(longest_attempt);
    EXPECT_EQ(post("one", key_).status, 201);
    EXPECT_EQ(runs_, 2);
}

TEST_F(RepeatedRequestRoutes, answers_are_kept_for_a_day_and_then_forgotten) {
    post("one", key_);
    pass(kept_for - std::chrono::seconds{1});
    run(repeats_.forget());
    EXPECT_EQ(post("one", key_).headers.at("Idempotency-Replayed"), "true");
    pass(std::chrono::seconds{1});
    // Also one that the job has not come to yet.
    EXPECT_EQ(post("two", key_).status, 201);
    EXPECT_EQ(runs_, 2);
    pass(kept_for);
    run(repeats_.forget());
    EXPECT_EQ(rows(), "0");
}

TEST_F(RepeatedRequestRoutes, the_database_holds_neither_key_nor_answer) {
    post("topsecret", key_);
    EXPECT_EQ(sql_value("select count(*) from requests.answers a where position('topsecret' in encode(a.answer, "
                        "'escape')) > 0 or position('" +
                        key_ + "' in a::text) > 0"),
              "0");
    EXPECT_EQ(rows(), "1");
}

TEST_F(RepeatedRequestRoutes, who_is_not_known_has_no_key) {
    const auto refused = run(caller_.call("POST /v1/things", "{\"name\":\"one\"}", {{"Idempotency-Key", key_}}));
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(rows(), "0");
}

}  // namespace

}  // namespace mobilytics::idempotency
