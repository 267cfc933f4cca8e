#include "platform/testing/cluster.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <format>
#include <functional>
#include <stdexcept>

#include "platform/db/migrate.hpp"
#include "platform/embedded/process.hpp"

namespace mobilytics::test {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> extensions{"timescaledb", "postgis", "hll", "btree_gist"};
constexpr const char* folder_prefix = "mobilytics-test-";
const std::string template_lock = "7205301812";

// Each test copies a database of 17 MB, which takes 0.15 s in memory and up to a second on a disk.
fs::path place_for_clusters() {
    constexpr std::uintmax_t enough = std::uintmax_t{2} << 30;
    std::error_code missing;
    auto space = fs::space("/dev/shm", missing);
    bool roomy = !missing && space.available >= enough && ::access("/dev/shm", W_OK | X_OK) == 0;
    return roomy ? fs::path{"/dev/shm"} : fs::temp_directory_path();
}

// What a killed test program left: its lock is free again.
void remove_abandoned(const fs::path& place) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{place, ignored}) {
        if (!entry.path().filename().string().starts_with(folder_prefix)) continue;
        int lock = ::open((entry.path() / "lock").c_str(), O_RDWR | O_CLOEXEC);
        if (lock < 0) continue;
        bool free = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
        if (free && embedded::postgres_on(entry.path() / "data").empty()) fs::remove_all(entry.path(), ignored);
        ::close(lock);
    }
}

fs::path make_folder() {
    auto place = place_for_clusters();
    remove_abandoned(place);
    std::string path = (place / (std::string{folder_prefix} + "XXXXXX")).string();
    if (!::mkdtemp(path.data())) throw std::runtime_error{"cannot make a folder in " + path};
    return path;
}

std::unique_ptr<TestCluster> started;

class EndOfTests : public ::testing::Environment {
public:
    void TearDown() override {
        if (started) started->stop();
        started.reset();
    }
};

// Before main, since a test program may end in no other way than through its environments.
[[maybe_unused]] const auto* const end_of_tests = ::testing::AddGlobalTestEnvironment(new EndOfTests);

}  // namespace

TestCluster& TestCluster::instance() {
    if (!started) started.reset(new TestCluster);
    return *started;
}

TestCluster::TestCluster() {
    if (const char* shared = std::getenv("MOBILYTICS_TEST_CLUSTER"); shared && *shared) {
        socket_folder_ = shared;
    } else {
        folder_ = make_folder();
        server_ = std::make_unique<embedded::Server>(
            embedded::Options{.folder = folder_, .extensions = {}, .durable = false});
        server_->start();
        socket_folder_ = server_->socket_folder();
    }
    connection_.emplace(conninfo(embedded::Role::superuser, "postgres"));
}

void TestCluster::stop() {
    connection_.reset();
    if (server_) server_->stop();
    server_.reset();
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::string TestCluster::conninfo(embedded::Role role, const std::string& database) const {
    return embedded::conninfo(socket_folder_, role, database);
}

std::string TestCluster::create_database(std::span<const db::Migration> migrations) {
    auto source = template_of(migrations);
    auto name = std::format("test_{}_{}", ::getpid(), ++databases_);
    // The page cache holds the template; copying its files beats writing each page through the log.
    connection_->run(
        std::format("create database {} template {} strategy file_copy owner mobilytics_owner", name, source));
    return name;
}

void TestCluster::drop_database(const std::string& name) {
    connection_->run(std::format("drop database if exists {} with (force)", name));
}

std::string TestCluster::template_of(std::span<const db::Migration> migrations) {
    std::string all;
    for (const auto& migration : migrations) all += migration.sha256.empty() ? migration.text : migration.sha256;
    auto name = std::format("template_{:016x}", std::hash<std::string>{}(all));
    auto exists = [&] {
        return connection_->value("select 1 from pg_database where datname = $1", {name}).has_value();
    };
    if (exists()) return name;
    // Another test program on the same cluster may be at it.
    connection_->run("select pg_advisory_lock($1::bigint)", {template_lock});
    if (!exists()) make_template(name, migrations);
    connection_->run("select pg_advisory_unlock($1::bigint)", {template_lock});
    return name;
}

void TestCluster::make_template(const std::string& name, std::span<const db::Migration> migrations) {
    auto making = "making_" + name;
    connection_->run("drop database if exists " + making + " with (force)");
    embedded::set_up(socket_folder_, making, extensions);
    db::migrate(conninfo(embedded::Role::owner, making), migrations);
    connection_->run("alter database " + making + " allow_connections false");
    connection_->run("alter database " + making + " rename to " + name);
}

}  // namespace mobilytics::test
