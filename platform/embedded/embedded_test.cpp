#include "platform/embedded/embedded.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "platform/db/blocking.hpp"
#include "platform/db/result.hpp"
#include "platform/embedded/process.hpp"

namespace mobilytics::embedded {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class EmbeddedTest : public ::testing::Test {
protected:
    EmbeddedTest() {
        std::string path = (fs::temp_directory_path() / "mobilytics-embedded-XXXXXX").string();
        if (!::mkdtemp(path.data())) throw std::runtime_error{"mkdtemp"};
        ::chmod(path.c_str(), 0755);
        top_ = path;
        folder_ = top_ / "database";
    }

    ~EmbeddedTest() override {
        server_.reset();
        fs::remove_all(top_);
    }

    Server& start(std::vector<std::string> extensions = {}) {
        server_.reset();
        server_ = std::make_unique<Server>(Options{.folder = folder_, .extensions = extensions, .durable = false});
        server_->start();
        return *server_;
    }

    void stop() { server_.reset(); }

    static db::Blocking as(Server& server, Role role) { return db::Blocking{server.conninfo(role)}; }

    void wait_until_nobody_works_on_it() {
        while (!postgres_on(folder_ / "data").empty()) std::this_thread::sleep_for(10ms);
    }

    std::string words_of(const std::function<void()>& refused) {
        try {
            refused();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    }

    fs::path top_, folder_;
    std::unique_ptr<Server> server_;
};

TEST_F(EmbeddedTest, BringsRolesDatabaseAndExtensions) {
    auto& server = start({"timescaledb", "btree_gist"});
    auto owner = as(server, Role::owner);
    EXPECT_EQ(owner.value("select current_user || '@' || current_database()"), "mobilytics_owner@mobilytics");
    EXPECT_EQ(owner.value("select count(*) from pg_extension where extname in ('timescaledb', 'btree_gist')"), "2");
    EXPECT_EQ(owner.value("select datcollate || datlocprovider::text from pg_database where datname = 'mobilytics'"),
              "C.UTF-8b");
    EXPECT_EQ(
        owner.value("select count(*) from pg_roles where rolname like 'mobilytics%' and (rolsuper or rolbypassrls)"),
        "0");
    owner.run("create table private (n int)");
    EXPECT_THROW(as(server, Role::app).run("select * from private"), db::DatabaseError);
    for (Role role : {Role::ingest, Role::reporting})
        EXPECT_THROW(as(server, role).run("create table public.mine (n int)"), db::DatabaseError);
}

// The two-argument form takes the whole server down (performance.md 0.4).
TEST_F(EmbeddedTest, LetsNobodyCallMergeChunks) {
    auto& server = start({"timescaledb"});
    auto before = server.pid();
    for (Role role : {Role::owner, Role::app, Role::ingest, Role::reporting}) {
        try {
            as(server, role).run("call merge_chunks('pg_class'::regclass, 'pg_class'::regclass)");
            ADD_FAILURE() << "was called";
        } catch (const db::DatabaseError& error) {
            EXPECT_EQ(error.sqlstate(), "42501");
        }
    }
    EXPECT_EQ(server.pid(), before);
}

TEST_F(EmbeddedTest, ListensOnItsSocketOnlyAndLetsOnlyItsOwnerIn) {
    auto& server = start();
    EXPECT_EQ(as(server, Role::app).value("show listen_addresses"), "");
    struct stat found{};
    ASSERT_EQ(::stat(server.socket_folder().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0700U);
    ASSERT_EQ(::stat(("/proc/" + std::to_string(server.pid())).c_str(), &found), 0);
    EXPECT_EQ(found.st_uid, database_account().uid);
    EXPECT_NE(found.st_uid, 0U);
}

TEST_F(EmbeddedTest, KeepsItsContentFromOneStartToTheNext) {
    as(start(), Role::owner).script("create table kept (n int); insert into kept values (7)");
    stop();
    EXPECT_TRUE(postgres_on(folder_ / "data").empty());
    EXPECT_EQ(as(start(), Role::owner).value("select n from kept"), "7");
}

TEST_F(EmbeddedTest, StartsAgainWhenItsProcessIsKilled) {
    auto& server = start();
    as(server, Role::owner).script("create table kept (n int); insert into kept values (7)");
    for (int kill = 0; kill < 2; ++kill) {
        auto before = server.pid();
        ::kill(before, SIGKILL);
        while (server.pid() == before || server.pid() == 0) std::this_thread::sleep_for(5ms);
        std::optional<std::string> value;
        while (!value) {
            try {
                value = as(server, Role::owner).value("select n from kept");
            } catch (const std::runtime_error&) {
                std::this_thread::sleep_for(20ms);  // it recovers
            }
        }
        EXPECT_EQ(value, "7");
    }
}

TEST_F(EmbeddedTest, StopsWhenItIsNeededNoMoreEvenWhileItKeepsDying) {
    auto& server = start();
    ::kill(server.pid(), SIGKILL);
    stop();
    wait_until_nobody_works_on_it();
}

// As after kill -9 of the server without its database noticing: it still runs, and nobody holds the folder's
// lock.
TEST_F(EmbeddedTest, EndsADatabaseThatAKilledServerLeftRunning) {
    as(start(), Role::owner).script("create table kept (n int)");
    stop();
    auto left = spawn({"/usr/lib/postgresql/17/bin/postgres", "-D", (folder_ / "data").string()}, database_account(),
                      folder_ / "left.log", 0);
    while (!fs::exists(folder_ / "socket" / ".s.PGSQL.5432")) std::this_thread::sleep_for(10ms);
    std::thread reaper{[left] { wait_for(left); }};
    auto& server = start();
    reaper.join();
    EXPECT_NE(server.pid(), left);
    EXPECT_EQ(as(server, Role::owner).value("select count(*) from kept"), "0");
}

TEST_F(EmbeddedTest, EndsWithTheThreadThatStartedIt) {
    start();
    stop();
    pid_t child = 0;
    std::thread starter{[&] {
        child = spawn({"/usr/lib/postgresql/17/bin/postgres", "-D", (folder_ / "data").string()}, database_account(),
                      folder_ / "left.log", SIGINT);
        while (!fs::exists(folder_ / "socket" / ".s.PGSQL.5432")) std::this_thread::sleep_for(10ms);
    }};
    starter.join();
    EXPECT_EQ(wait_for(child), 0);  // a clean shutdown
    EXPECT_TRUE(postgres_on(folder_ / "data").empty());
}

TEST_F(EmbeddedTest, IsNotFooledByALockFileThatNamesAForeignProcess) {
    start();
    stop();
    auto foreign = spawn({"/usr/bin/sleep", "1000"}, database_account(), folder_ / "left.log", SIGKILL);
    std::ofstream{folder_ / "data" / "postmaster.pid"} << foreign << "\n" << (folder_ / "data").string() << "\n";
    EXPECT_EQ(as(start(), Role::app).value("select 1"), "1");
    EXPECT_EQ(::kill(foreign, 0), 0);
    ::kill(foreign, SIGKILL);
    wait_for(foreign);
}

TEST_F(EmbeddedTest, RefusesAFolderThatAnotherServerHolds) {
    start();
    Server second{Options{.folder = folder_, .extensions = {}, .durable = false}};
    EXPECT_NE(words_of([&] { second.start(); }).find("already running"), std::string::npos);
}

TEST_F(EmbeddedTest, MovesItsSocketWhereItsPathIsShortEnough) {
    folder_ = top_ / std::string(120, 'd') / "database";
    auto& server = start();
    EXPECT_LT(server.socket_folder().string().size(), 90U);
    EXPECT_EQ(as(server, Role::app).value("select 1"), "1");
    auto socket_folder = server.socket_folder();
    stop();
    fs::remove_all(socket_folder);
}

TEST_F(EmbeddedTest, SaysWhatIsMissing) {
    EXPECT_NE(words_of([&] { start({"no_such_extension"}); }).find("no_such_extension"), std::string::npos);
    EXPECT_TRUE(postgres_on(folder_ / "data").empty());
}

TEST_F(EmbeddedTest, TakesUpAnInterruptedCreation) {
    fs::create_directories(folder_ / "data.new");
    std::ofstream{folder_ / "data.new" / "PG_VERSION"} << "17\n";
    EXPECT_EQ(as(start(), Role::app).value("select 1"), "1");
}

TEST_F(EmbeddedTest, TellsTheOperatorWhichFolderItsUserCannotEnter) {
    if (database_account().uid == ::geteuid()) return;  // only root hands the database to somebody else
    ::chmod(top_.c_str(), 0700);
    EXPECT_NE(words_of([&] { start(); }).find("cannot enter"), std::string::npos);
}

}  // namespace
}  // namespace mobilytics::embedded
