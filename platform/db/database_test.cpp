#include "platform/db/database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/system/system_error.hpp>
#include <set>

#include "platform/async/promise.hpp"
#include "platform/problem/problem.hpp"
#include "platform/testing/database.hpp"

namespace mobilytics::db {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr Migration schema[] = {
    {1, "things",
     "create schema t; grant usage on schema t to mobilytics_app;"
     "create table t.things (id bigint primary key, name text);"
     "create table t.parts (thing bigint references t.things deferrable initially deferred);"
     "grant all on all tables in schema t to mobilytics_app",
     "things1"}};

constexpr Query add{"t.add", "insert into t.things (id, name) values ($1, $2)", Kind::exec};
constexpr Query add_part{"t.add_part", "insert into t.parts (thing) values ($1)", Kind::exec};
constexpr Query count{"t.count", "select count(*) from t.things", Kind::one};
constexpr Query echo{"t.echo", "select $1::bigint", Kind::one};
constexpr Query bad_table{"t.bad_table", "select x from t.nowhere where id = $1", Kind::one};
constexpr Query bad_syntax{"t.bad_syntax", "selekt 1", Kind::one};
constexpr Query bad_value{"t.bad_value", "select 1 / $1::bigint", Kind::one};
constexpr Query sleep{"t.sleep", "select true from pg_sleep($1)", Kind::one};
constexpr Query backend{"t.backend", "select pg_backend_pid()", Kind::one};
constexpr Query scope_now{"t.scope_now",
                          "select coalesce(current_setting('app.company_id', true), ''), "
                          "coalesce(current_setting('app.scope', true), '')",
                          Kind::one};

struct ScopeNow {
    std::string company, kind;
};

class DatabaseQueries : public test::DatabaseTest {
protected:
    std::span<const Migration> migrations() const override { return schema; }

    std::int64_t things() { return run(database().one<std::int64_t>(Scope::nobody(), count)); }

    // A pool of one connection on each thread, so that what one user leaves behind meets the next one.
    Database& narrow(PoolOptions options = {.connections_per_thread = 1}) {
        options.conninfo = conninfo(embedded::Role::app);
        narrow_ = std::make_unique<Database>(runtime(), options);
        return *narrow_;
    }

    // Work of a company on the first thread, which keeps its connection until `end` is set.
    std::future<void> work(
        Database& database, ids::Uuid company, async::Promise<bool> end, std::function<void()> begun = [] {}) {
        auto body = [end, begun](Session& session) -> Task<void> {
            co_await session.run(db::bind(count));
            begun();
            co_await end.wait();
        };
        const Scope scope{Scope::Kind::company, company};
        return boost::asio::co_spawn(runtime().executor(0), database.transaction(scope, body), boost::asio::use_future);
    }

    static async::Promise<bool> at_once() {
        async::Promise<bool> end;
        end.set(true);
        return end;
    }

    static Task<void> add_one(Session& session, std::int64_t id) { co_await session.exec(add, id, "thing"); }

    // The refusal's SQLSTATE, or "" when there was none.
    template <class T>
    std::string refusal(Task<T> task) {
        try {
            run(std::move(task));
        } catch (const DatabaseError& error) {
            return error.sqlstate();
        }
        return "";
    }

private:
    std::unique_ptr<Database> narrow_;
};

TEST_F(DatabaseQueries, CommitsWhatTheBodyDidAndGivesItsValue) {
    auto value = run(database().transaction(Scope::nobody(), [](Session& session) -> Task<std::string> {
        co_await add_one(session, 1);
        co_return "done";
    }));
    EXPECT_EQ(value, "done");
    EXPECT_EQ(things(), 1);
}

TEST_F(DatabaseQueries, RollsBackWhenTheBodyThrows) {
    auto body = [](Session& session) -> Task<void> {
        co_await add_one(session, 1);
        throw Problem{mobilytics::Kind::conflict, "t.no", "no"};
    };
    EXPECT_THROW(run(database().transaction(Scope::nobody(), body)), Problem);
    EXPECT_EQ(things(), 0);
}

TEST_F(DatabaseQueries, RollsBackWhenAStatementFailsAndKeepsTheConnection) {
    auto& one = narrow();
    auto before = run(one.one<std::int32_t>(Scope::nobody(), backend));
    auto twice = [](Session& session) -> Task<void> {
        co_await add_one(session, 1);
        co_await add_one(session, 1);
    };
    EXPECT_EQ(refusal(one.transaction(Scope::nobody(), twice)), "23505");
    EXPECT_EQ(things(), 0);
    EXPECT_EQ(run(one.one<std::int32_t>(Scope::nobody(), backend)), before);
}

TEST_F(DatabaseQueries, CannotCommitAfterAFailureThatTheBodySwallowed) {
    auto body = [](Session& session) -> Task<void> {
        co_await add_one(session, 1);
        try {
            co_await add_one(session, 1);
        } catch (const DatabaseError&) {
        }
    };
    EXPECT_EQ(refusal(database().transaction(Scope::nobody(), body)), "25P02");
    EXPECT_EQ(things(), 0);
}

TEST_F(DatabaseQueries, TellsTheCallerWhenTheCommitItselfFails) {
    auto body = [](Session& session) -> Task<void> { co_await session.exec(add_part, std::int64_t{404}); };
    EXPECT_EQ(refusal(database().transaction(Scope::nobody(), body)), "23503");
    EXPECT_EQ(sql_value("select count(*) from t.parts"), "0");
    EXPECT_EQ(things(), 0);
}

TEST_F(DatabaseQueries, CallsAfterCommitOnlyAfterACommit) {
    int calls = 0;
    auto body = [&](Session& session) -> Task<void> {
        session.after_commit([&] { ++calls; });
        co_await add_one(session, 1);
    };
    run(database().transaction(Scope::nobody(), body));
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(refusal(database().transaction(Scope::nobody(), body)), "23505");
    EXPECT_EQ(calls, 1);
}

TEST_F(DatabaseQueries, ReadsCannotWrite) {
    EXPECT_EQ(refusal(database().read(Scope::nobody(), db::bind(add, std::int64_t{1}, "x"))), "25006");
    auto body = [](Session& session) -> Task<void> { co_await add_one(session, 1); };
    EXPECT_EQ(refusal(database().transaction(Scope::nobody(), body, {.read_only = true})), "25006");
    run(database().transaction(Scope::nobody(), body));
    EXPECT_EQ(things(), 1);
}

TEST_F(DatabaseQueries, SetsTheScopeAnewForEveryTransactionOnTheSameConnection) {
    auto& one = narrow();
    auto company = ids::new_uuid();
    auto look = [](Session& session) { return session.one<ScopeNow>(scope_now); };
    for (bool as_read : {true, false}) {
        for (auto scope : {Scope{Scope::Kind::company, company}, Scope::nobody(), Scope::system()}) {
            auto seen = as_read ? run(one.one<ScopeNow>(scope, scope_now)) : run(one.transaction(scope, look));
            EXPECT_EQ(seen.company, scope.kind == Scope::Kind::company ? ids::to_hex(company) : "");
            EXPECT_EQ(seen.kind, scope.kind == Scope::Kind::company  ? "company"
                                 : scope.kind == Scope::Kind::system ? "system"
                                                                     : "nobody");
        }
    }
    auto failing = [](Session& session) -> Task<void> { co_await session.run(db::bind(bad_syntax)); };
    EXPECT_EQ(refusal(one.transaction(Scope{Scope::Kind::company, company}, failing)), "42601");
    EXPECT_EQ(run(one.one<ScopeNow>(Scope::nobody(), scope_now)).company, "");
}

// 20 requests at once over two connections a thread; every third one cannot be prepared or run.
TEST_F(DatabaseQueries, GivesEachOfManyRequestsItsOwnAnswerWhileOthersFail) {
    auto& many = narrow();
    constexpr int requests = 20;
    std::vector<std::future<std::string>> answers;
    auto request = [&many](int i) -> Task<std::string> {
        try {
            const Query& query = i % 3 == 0 ? bad_table : i % 3 == 1 ? echo : bad_value;
            auto n = static_cast<std::int64_t>(i % 6 == 5 ? 0 : i);
            auto result = co_await many.read(Scope::nobody(), db::bind(query, n));
            co_return std::to_string(result.only<std::int64_t>());
        } catch (const DatabaseError& error) {
            co_return error.sqlstate();
        }
    };
    for (int round = 0; round < 3; ++round) {
        answers.clear();
        for (int i = 0; i < requests; ++i)
            answers.push_back(boost::asio::co_spawn(runtime().executor(i), request(i), boost::asio::use_future));
        for (int i = 0; i < requests; ++i) {
            auto division = i % 6 == 5 ? std::string{"22012"} : std::to_string(i == 0 ? 0 : 1 / i);
            auto wanted = i % 3 == 0 ? "42P01" : i % 3 == 1 ? std::to_string(i) : division;
            EXPECT_EQ(answers[static_cast<std::size_t>(i)].get(), wanted) << "request " << i;
        }
    }
}

TEST_F(DatabaseQueries, FailsOnlyTheBatchThatHoldsTheBadStatement) {
    auto& one = narrow();
    auto batch = [](const Query& middle) {
        std::vector<Statement> statements;
        statements.push_back(db::bind(echo, std::int64_t{1}));
        statements.push_back(db::bind(middle, std::int64_t{2}));
        statements.push_back(db::bind(echo, std::int64_t{3}));
        statements.push_back(db::bind(count));
        return statements;
    };
    auto good = [&] {
        auto results = run(one.read_all(Scope::nobody(), batch(echo)));
        ASSERT_EQ(results.size(), 4U);
        for (std::size_t i = 0; i < 3; ++i)
            EXPECT_EQ(results[i].only<std::int64_t>(), static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(results[3].only<std::int64_t>(), 0);
    };
    EXPECT_EQ(refusal(one.read_all(Scope::nobody(), batch(bad_table))), "42P01");
    good();
    EXPECT_EQ(refusal(one.read_all(Scope::nobody(), batch(bad_table))), "42P01");
    good();
}

TEST_F(DatabaseQueries, PreparesAgainOnceATableThatWasMissingIsThere) {
    auto& one = narrow();
    EXPECT_EQ(refusal(one.read(Scope::nobody(), db::bind(bad_table, std::int64_t{1}))), "42P01");
    sql("create table t.nowhere (id bigint, x bigint); insert into t.nowhere values (1, 9); grant all on "
        "t.nowhere to public");
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), bad_table, std::int64_t{1})), 9);
    // A plan for columns that are no more.
    sql("alter table t.nowhere alter x type int");
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), bad_table, std::int64_t{1})), 9);
}

TEST_F(DatabaseQueries, BindsTheSameTextWithOtherTypesAnew) {
    constexpr Query type{"t.type", "select pg_typeof($1)::text", Kind::one};
    auto& one = narrow();
    EXPECT_EQ(run(one.one<std::string>(Scope::nobody(), type, std::int64_t{1})), "bigint");
    EXPECT_EQ(run(one.one<std::string>(Scope::nobody(), type, std::int32_t{1})), "integer");
    EXPECT_EQ(run(one.one<std::string>(Scope::nobody(), type, std::string{"x"})), "text");
    EXPECT_EQ(run(one.one<std::string>(Scope::nobody(), type, std::int64_t{1})), "bigint");
}

TEST_F(DatabaseQueries, EndsAStatementThatTakesTooLong) {
    auto& one = narrow({.statement_timeout = 200ms});
    EXPECT_EQ(refusal(one.read(Scope::nobody(), db::bind(sleep, 60.0))), "57014");
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{5})), 5);
    auto longer = [](Session& session) -> Task<bool> { co_return co_await session.one<bool>(sleep, 0.4); };
    EXPECT_TRUE(run(one.transaction(Scope::nobody(), longer, {.statement_timeout = 60s})));
    EXPECT_EQ(refusal(one.transaction(Scope::nobody(), longer)), "57014");
}

TEST_F(DatabaseQueries, CancelsTheStatementOfACancelledRequestAndKeepsThePoolClean) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto& one = narrow();
    auto before = run(one.one<std::int32_t>(Scope::nobody(), backend));
    auto timed_out = [&one]() -> Task<std::size_t> {
        auto first = co_await (one.read(Scope::nobody(), db::bind(sleep, 600.0)) || async::sleep_for(100ms));
        co_return first.index();
    };
    EXPECT_EQ(run(timed_out), 1U);
    // The only connection of the thread is free again, so the statement was really cancelled.
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{5})), 5);
    EXPECT_EQ(run(one.one<std::int32_t>(Scope::nobody(), backend)), before);
}

// The request to cancel overtakes the statement: the stopped server reads the one before it begins the other.
TEST_F(DatabaseQueries, CancelsAStatementThatTheServerHasNotBegunYet) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto& one = narrow();
    auto before = run(one.one<std::int32_t>(Scope::nobody(), backend));
    ASSERT_EQ(::kill(before, SIGSTOP), 0);
    auto cancelled = [&one]() -> Task<std::size_t> {
        auto first = co_await (one.read(Scope::nobody(), db::bind(sleep, 600.0)) || async::sleep_for(50ms));
        co_await async::sleep_for(150ms);  // the first cancel request is delivered meanwhile
        co_return first.index();
    };
    EXPECT_EQ(run(cancelled), 1U);
    ::kill(before, SIGCONT);
    EXPECT_EQ(run(one.one<std::int32_t>(Scope::nobody(), backend)), before);
}

TEST_F(DatabaseQueries, RollsBackTheTransactionOfACancelledRequest) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto& one = narrow();
    auto body = [](Session& session) -> Task<void> {
        co_await add_one(session, 1);
        co_await session.run(db::bind(sleep, 600.0));
    };
    auto idle = [](Session& session) -> Task<void> {
        co_await add_one(session, 2);
        co_await async::sleep_for(600s);
    };
    auto cancelled = [&](auto what) -> Task<std::size_t> {
        auto first = co_await (one.transaction(Scope::nobody(), what) || async::sleep_for(100ms));
        co_return first.index();
    };
    EXPECT_EQ(run(cancelled(body)), 1U);
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), count)), 0);
    EXPECT_EQ(run(cancelled(idle)), 1U);
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), count)), 0);
    EXPECT_EQ(
        sql_value("select count(*) from pg_locks l join pg_class c on c.oid = l.relation where relname = 'things'"),
        "0");
}

TEST_F(DatabaseQueries, SaysBusyWhenNoConnectionComesFreeInTime) {
    auto& one = narrow({.connections_per_thread = 1, .acquire_timeout = 200ms});
    async::Promise<bool> release;
    auto hold = boost::asio::co_spawn(runtime().executor(0),
                                      one.transaction(Scope::nobody(),
                                                      [release](Session& session) -> Task<void> {
                                                          co_await session.run(db::bind(count));
                                                          co_await release.wait();
                                                      }),
                                      boost::asio::use_future);
    try {
        run([&]() -> Task<void> {
            // Until the holder has it.
            while (true) {
                co_await one.read(Scope::nobody(), db::bind(count));
                co_await async::sleep_for(1ms);
            }
        });
        ADD_FAILURE() << "never busy";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "database.busy");
    }
    release.set(true);
    hold.get();
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), count)), 0);
}

TEST_F(DatabaseQueries, ServesWaitersOfABusyPoolAsConnectionsComeFree) {
    auto& one = narrow();
    std::vector<std::future<std::int64_t>> answers;
    for (std::int64_t i = 0; i < 50; ++i)
        answers.push_back(boost::asio::co_spawn(runtime().executor(static_cast<int>(i)),
                                                one.one<std::int64_t>(Scope::nobody(), echo, i),
                                                boost::asio::use_future));
    for (std::int64_t i = 0; i < 50; ++i) EXPECT_EQ(answers[static_cast<std::size_t>(i)].get(), i);
}

TEST_F(DatabaseQueries, KeepsAConnectionForOthersWhenACompanyWantsAll) {
    auto& two = narrow({.connections_per_thread = 2});
    const auto noisy = ids::new_uuid();
    async::Promise<bool> end;
    auto first = work(two, noisy, end);
    auto second = work(two, noisy, at_once());
    work(two, ids::new_uuid(), at_once()).get();
    EXPECT_EQ(second.wait_for(0s), std::future_status::timeout);
    end.set(true);
    first.get();
    second.get();
}

TEST_F(DatabaseQueries, ServesFirstWhoHoldsLeast) {
    auto& four = narrow({.connections_per_thread = 4, .neighbours_stay = 0ms});
    const auto noisy = ids::new_uuid();
    const auto other = ids::new_uuid();
    std::vector<std::string> begun;
    async::Promise<bool> ends[4];
    std::vector<std::future<void>> all;
    for (const auto& end : {ends[0], ends[1]}) all.push_back(work(four, noisy, end));
    for (const auto& end : {ends[2], ends[3]}) all.push_back(work(four, other, end));
    all.push_back(work(four, noisy, at_once(), [&] { begun.push_back("noisy"); }));
    all.push_back(work(four, ids::new_uuid(), at_once(), [&] { begun.push_back("quiet"); }));
    ends[2].set(true);
    all[5].get();
    all[4].get();
    EXPECT_EQ(begun, (std::vector<std::string>{"quiet", "noisy"}));
    for (const auto& end : {ends[0], ends[1], ends[3]}) end.set(true);
    for (std::size_t i = 0; i < 4; ++i) all[i].get();
}

TEST_F(DatabaseQueries, GivesACompanyAQuarterWhileOthersCome) {
    auto& eight = narrow({.connections_per_thread = 8, .neighbours_stay = 1h});
    const auto noisy = ids::new_uuid();
    constexpr int most = 7;
    struct Held {
        async::Promise<bool> begun, end;
        std::future<void> done;
    };
    std::atomic<int> running = 0;
    const auto hold = [&] {
        Held held;
        held.done = work(eight, noisy, held.end, [&running, begun = held.begun] {
            ++running;
            begun.set(true);
        });
        return held;
    };
    // Nobody else is there.
    std::vector<Held> all;
    for (int i = 0; i < most; ++i) {
        all.push_back(hold());
        run(all.back().begun.wait());
    }
    work(eight, ids::new_uuid(), at_once()).get();
    for (const auto& held : all) held.end.set(true);
    for (auto& held : all) held.done.get();

    running = 0;
    all.clear();
    for (int i = 0; i < most; ++i) all.push_back(hold());
    for (int i : {0, 1}) run(all[static_cast<std::size_t>(i)].begun.wait());
    for (int i = 0; i < most; ++i) work(eight, ids::new_uuid(), at_once()).get();
    EXPECT_EQ(running, 2);
    for (const auto& held : all) held.end.set(true);
    for (auto& held : all) held.done.get();
    EXPECT_EQ(running, most);
}

TEST_F(DatabaseQueries, SendsHundredsOfStatementsInOnePipelineWithoutADeadlock) {
    constexpr Query large{"t.large", "select repeat($1, 200000)", Kind::one};
    constexpr Query length{"t.length", "select length($1)::bigint", Kind::one};
    std::string big(200000, 'x');
    std::vector<Statement> statements;
    for (int i = 0; i < 100; ++i) {
        statements.push_back(db::bind(large, "y"));
        statements.push_back(db::bind(length, big));
    }
    auto results = run(database().read_all(Scope::nobody(), std::move(statements)));
    ASSERT_EQ(results.size(), 200U);
    EXPECT_EQ(results[198].only<std::string>().size(), 200000U);
    EXPECT_EQ(results[199].only<std::int64_t>(), 200000);
}

TEST_F(DatabaseQueries, RefusesNewWorkOnceClosed) {
    auto& one = narrow();
    EXPECT_EQ(run(one.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{5})), 5);
    one.close();
    try {
        run(one.read(Scope::nobody(), db::bind(count)));
        ADD_FAILURE() << "was served";
    } catch (const Problem& problem) {
        EXPECT_EQ(problem.code(), "database.closed");
    }
}

TEST_F(DatabaseQueries, NamesTheStatementInARefusalButNotItsParameters) {
    try {
        run(database().read(Scope::nobody(), db::bind(bad_table, std::int64_t{424242})));
        ADD_FAILURE();
    } catch (const DatabaseError& error) {
        EXPECT_THAT(error.what(), HasSubstr("t.bad_table"));
        EXPECT_THAT(error.what(), ::testing::Not(HasSubstr("424242")));
    }
}

TEST_F(DatabaseQueries, RefusesARowOfAnotherShape) {
    EXPECT_THROW(run(database().one<ScopeNow>(Scope::nobody(), count)), std::logic_error);
    EXPECT_THROW(run(database().one<std::string>(Scope::nobody(), count)), std::logic_error);
    constexpr Query null{"t.null", "select null::bigint", Kind::one};
    EXPECT_THROW(run(database().one<std::int64_t>(Scope::nobody(), null)), std::logic_error);
    EXPECT_EQ(run(database().one<std::optional<std::int64_t>>(Scope::nobody(), null)), std::nullopt);
    EXPECT_EQ(things(), 0);
}

}  // namespace
}  // namespace mobilytics::db
