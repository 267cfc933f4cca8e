// What happens to requests when connections and servers die under them. Brings a cluster of its own to kill.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <filesystem>
#include <set>
#include <thread>

#include "platform/db/blocking.hpp"
#include "platform/db/database.hpp"
#include "platform/embedded/embedded.hpp"
#include "platform/problem/problem.hpp"

namespace mobilytics::db {
namespace {

using namespace std::chrono_literals;

constexpr Query echo{"t.echo", "select $1::bigint", Kind::one};
constexpr Query backend{"t.backend", "select pg_backend_pid()", Kind::one};
constexpr Query add{"t.add", "insert into healing (n) values ($1)", Kind::exec};
constexpr Query sleep{"t.sleep", "select true from pg_sleep($1)", Kind::one};

class Healing : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        std::string path = (std::filesystem::temp_directory_path() / "mobilytics-healing-XXXXXX").string();
        ASSERT_NE(::mkdtemp(path.data()), nullptr);
        folder = path;
        server =
            std::make_unique<embedded::Server>(embedded::Options{.folder = folder, .extensions = {}, .durable = false});
        server->start();
    }

    static void TearDownTestSuite() {
        server.reset();
        std::filesystem::remove_all(folder);
    }

    Healing() {
        runtime_.start();
        superuser().script(
            "drop table if exists healing; create table healing (n bigint primary key);"
            "grant all on healing to mobilytics_app");
    }

    // The server may just be coming back from the test before.
    static Blocking superuser() {
        while (true) {
            try {
                return Blocking{server->conninfo(embedded::Role::superuser)};
            } catch (const std::runtime_error&) {
                std::this_thread::sleep_for(20ms);
            }
        }
    }

    template <class T>
    T run(Task<T> task) {
        return boost::asio::co_spawn(runtime_.executor(0), std::move(task), boost::asio::use_future).get();
    }

    async::Runtime& runtime() { return runtime_; }

    Database& pool(PoolOptions options = {}) {
        options.conninfo = server->conninfo(embedded::Role::app);
        options.connections_per_thread = 2;
        database_ = std::make_unique<Database>(runtime_, options);
        return *database_;
    }

    template <class T>
    std::string problem(Task<T> task) {
        try {
            run(std::move(task));
        } catch (const Problem& refused) {
            return refused.code();
        }
        return "";
    }

    static inline std::filesystem::path folder;
    static inline std::unique_ptr<embedded::Server> server;

private:
    async::Runtime runtime_{2, 1};
    std::unique_ptr<Database> database_;
};

TEST_F(Healing, ReplacesIdleConnectionsThatTheServerClosed) {
    auto& database = pool();
    auto first = run(database.one<std::int32_t>(Scope::nobody(), backend));
    superuser().run("select pg_terminate_backend($1::int, 5000)", {std::to_string(first)});
    auto value = run(database.transaction(Scope::nobody(), [](Session& session) -> Task<std::int64_t> {
        co_return co_await session.one<std::int64_t>(echo, std::int64_t{7});
    }));
    EXPECT_EQ(value, 7);
}

TEST_F(Healing, TriesAReadAgainWhoseConnectionDiedUnderIt) {
    auto& database = pool();
    std::atomic<bool> ended = false;
    // Ends every statement that sleeps, until the read came through on another connection.
    std::thread killer{[&] {
        auto connection = superuser();
        bool killed = false;
        while (!ended && !killed)
            killed = !connection
                          .run(
                              "select pg_terminate_backend(pid) from pg_stat_activity where query like "
                              "'%pg_sleep%' "
                              "and state = 'active' and pid <> pg_backend_pid()")
                          .empty();
    }};
    EXPECT_TRUE(run(database.one<bool>(Scope::nobody(), sleep, 1.0)));
    ended = true;
    killer.join();
}

TEST_F(Healing, FailsATransactionWhoseConnectionDiedAndServesTheNext) {
    auto& database = pool();
    auto body = [](Session& session) -> Task<void> {
        co_await session.exec(add, std::int64_t{1});
        auto own = co_await session.one<std::int32_t>(backend);
        superuser().run("select pg_terminate_backend($1::int, 5000)", {std::to_string(own)});
        co_await session.exec(add, std::int64_t{2});
    };
    EXPECT_EQ(problem(database.transaction(Scope::nobody(), body)), "database.unavailable");
    EXPECT_EQ(superuser().value("select count(*) from healing"), "0");
    EXPECT_EQ(run(database.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{5})), 5);
}

TEST_F(Healing, ReadsThroughAKillOfTheServer) {
    auto& database = pool();
    EXPECT_EQ(run(database.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{1})), 1);
    auto before = server->pid();
    ASSERT_GT(before, 0);
    ::kill(before, SIGKILL);
    while (server->pid() == before) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(run(database.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{2})), 2);
    auto body = [](Session& session) -> Task<void> { co_await session.exec(add, std::int64_t{1}); };
    run(database.transaction(Scope::nobody(), body));
    EXPECT_GT(server->pid(), 0);
    EXPECT_EQ(superuser().value("select count(*) from healing"), "1");
}

// Every insert that was acknowledged is there, none that failed was acknowledged, and work goes on by itself.
TEST_F(Healing, LosesNoAcknowledgedWriteWhenTheServerIsKilledDuringUse) {
    auto& database = pool();
    std::atomic<std::int64_t> next = 0;
    std::atomic<bool> enough = false;
    std::atomic<int> refused = 0;
    auto writer = [&]() -> Task<std::vector<std::int64_t>> {
        std::vector<std::int64_t> acknowledged;
        while (!enough) {
            auto n = next++;
            try {
                co_await database.transaction(Scope::nobody(),
                                              [n](Session& session) -> Task<void> { co_await session.exec(add, n); });
                acknowledged.push_back(n);
            } catch (const Problem& problem) {
                EXPECT_EQ(problem.code(), "database.unavailable");
                ++refused;
            }
        }
        co_return acknowledged;
    };
    std::vector<std::future<std::vector<std::int64_t>>> all;
    for (int i = 0; i < 4; ++i)
        all.push_back(boost::asio::co_spawn(runtime().executor(i), writer(), boost::asio::use_future));
    for (int kill = 0; kill < 2; ++kill) {
        auto written = next.load();
        while (next < written + 200) std::this_thread::sleep_for(1ms);
        int victim = server->pid();
        if (victim > 0) ::kill(victim, SIGKILL);
        while (server->pid() == victim || server->pid() == 0) std::this_thread::sleep_for(1ms);
    }
    auto written = next.load();
    while (next < written + 200) std::this_thread::sleep_for(1ms);
    enough = true;
    std::set<std::string> stored;
    std::vector<std::int64_t> acknowledged;
    for (auto& one : all)
        for (auto n : one.get()) acknowledged.push_back(n);
    for (const auto& row : superuser().run("select n from healing")) stored.insert(row.front().value());
    for (auto n : acknowledged) EXPECT_TRUE(stored.contains(std::to_string(n))) << n;
    // What was refused may or may not be stored, and nothing else can be.
    EXPECT_LE(stored.size(), acknowledged.size() + static_cast<std::size_t>(refused));
    EXPECT_GE(acknowledged.size(), 500U);
}

TEST_F(Healing, SaysUnavailableWhenTheServerStaysAway) {
    Database nowhere{runtime(), {.conninfo = "host=/nonexistent dbname=x", .acquire_timeout = 100ms}};
    EXPECT_EQ(problem(nowhere.read(Scope::nobody(), db::bind(echo, std::int64_t{1}))), "database.unavailable");
    auto body = [](Session& session) -> Task<void> { co_await session.exec(add, std::int64_t{1}); };
    EXPECT_EQ(problem(nowhere.transaction(Scope::nobody(), body)), "database.unavailable");
}

// A host that accepts connections but is otherwise dead.
TEST_F(Healing, DoesNotWaitForAServerThatNeverAnswers) {
    auto& database = pool({.statement_timeout = 100ms, .acquire_timeout = 30s});
    run(database.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{1}));
    auto own = run(database.one<std::int32_t>(Scope::nobody(), backend));
    ::kill(own, SIGSTOP);
    // On the stopped connection it gives up, on a new one it is answered.
    EXPECT_EQ(run(database.one<std::int64_t>(Scope::nobody(), echo, std::int64_t{3})), 3);
    ::kill(own, SIGCONT);
}

}  // namespace
}  // namespace mobilytics::db
