#include "platform/testing/database.hpp"

#include "db/migrations.hpp"
#include "platform/testing/cluster.hpp"

namespace mobilytics::test {

namespace {

constexpr clock::Instant start_of_tests{clock::Milliseconds{1772953200000}};

}  // namespace

DatabaseTest::DatabaseTest() : clock_{start_of_tests}, runtime_{std::make_unique<async::Runtime>(2, 2)} {
    runtime_->start();
}

DatabaseTest::~DatabaseTest() {
    // Connections are closed by their own threads before these end.
    app_.reset();
    ingest_.reset();
    reporting_.reset();
    owner_.reset();
    runtime_.reset();
    if (!name_.empty()) TestCluster::instance().drop_database(name_);
}

std::span<const db::Migration> DatabaseTest::migrations() const { return db::migrations; }

const std::string& DatabaseTest::name() {
    if (name_.empty()) name_ = TestCluster::instance().create_database(migrations());
    return name_;
}

std::string DatabaseTest::conninfo(embedded::Role role) { return TestCluster::instance().conninfo(role, name()); }

db::Database& DatabaseTest::connected(std::unique_ptr<db::Database>& database, embedded::Role role) {
    if (!database) database = std::make_unique<db::Database>(*runtime_, db::PoolOptions{.conninfo = conninfo(role)});
    return *database;
}

db::Database& DatabaseTest::database() { return connected(app_, embedded::Role::app); }

db::Database& DatabaseTest::ingest_database() { return connected(ingest_, embedded::Role::ingest); }

db::Database& DatabaseTest::reporting_database() { return connected(reporting_, embedded::Role::reporting); }

db::Database& DatabaseTest::owner_database() { return connected(owner_, embedded::Role::owner); }

void DatabaseTest::sql(const std::string& statements) {
    db::Blocking{conninfo(embedded::Role::superuser)}.script(statements);
}

std::optional<std::string> DatabaseTest::sql_value(const std::string& statement) {
    return db::Blocking{conninfo(embedded::Role::superuser)}.value(statement);
}

}  // namespace mobilytics::test
