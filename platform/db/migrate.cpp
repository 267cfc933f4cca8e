#include "platform/db/migrate.hpp"

#include <chrono>
#include <exception>
#include <format>
#include <map>
#include <stdexcept>
#include <thread>

#include "platform/db/blocking.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::db {

namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = std::chrono::minutes{5};
constexpr std::string_view no_transaction = "-- no transaction";

// Any fixed number; it must only never change.
const std::string lock_number = "7205301811";

class Migrating {
public:
    Migrating(const std::string& conninfo, std::span<const Migration> migrations)
        : connection_{conninfo}, migrations_{migrations} {}

    MigrationReport run() {
        take_lock();
        read_recorded();
        refuse_changed_history();
        MigrationReport report;
        for (const Migration& migration : migrations_) {
            report.newest = std::max(report.newest, migration.number);
            if (recorded_.contains(migration.number)) continue;
            apply(migration);
            report.applied.push_back(migration.number);
        }
        if (!recorded_.empty() && recorded_.rbegin()->first > report.newest) {
            report.newest = recorded_.rbegin()->first;
            report.database_is_newer = true;
        }
        return report;
    }

private:
    // The lock ends with the connection, so a killed migration leaves none behind.
    void take_lock() {
        auto deadline = std::chrono::steady_clock::now() + longest_wait;
        while (connection_.value("select pg_try_advisory_lock($1::bigint)", {lock_number}) != "t") {
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error{"another process has been migrating this database for five minutes"};
            std::this_thread::sleep_for(200ms);
        }
    }

    // The first migration makes the schema, so on a new database there is no table yet.
    void read_recorded() {
        if (!connection_.value("select to_regclass('platform.migrations')::text")) return;
        for (const auto& row : connection_.run("select number, sha256 from platform.migrations"))
            recorded_[std::stoi(row.at(0).value())] = row.at(1).value();
    }

    void refuse_changed_history() const {
        int last = 0;
        for (const Migration& migration : migrations_) {
            if (migration.number <= last)
                throw std::logic_error{std::format("migration {} is out of order", migration.number)};
            last = migration.number;
            auto found = recorded_.find(migration.number);
            if (found == recorded_.end()) {
                if (!recorded_.empty() && recorded_.rbegin()->first > migration.number)
                    throw std::runtime_error{
                        std::format("migration {} ({}) is new but numbered before {}, which this database already has",
                                    migration.number, migration.name, recorded_.rbegin()->first)};
            } else if (found->second != migration.sha256) {
                throw std::runtime_error{
                    std::format("migration {} ({}) has changed since this database ran it; write a new one instead",
                                migration.number, migration.name)};
            }
        }
    }

    void apply(const Migration& migration) {
        auto started = std::chrono::steady_clock::now();
        try {
            connection_.script("set lock_timeout = '30s'");
            if (migration.text.starts_with(no_transaction))
                apply_alone(migration);
            else
                apply_in_transaction(migration);
        } catch (const std::exception& failure) {
            throw std::runtime_error{
                std::format("migration {} ({}): {}", migration.number, migration.name, failure.what())};
        }
        auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
        log::info("migrated", {{"number", migration.number}, {"name", migration.name}, {"ms", took.count()}});
    }

    void apply_in_transaction(const Migration& migration) {
        connection_.script("begin");
        try {
            connection_.script(std::string{migration.text});
            record(migration);
        } catch (...) {
            roll_back();
            throw;
        }
        connection_.script("commit");
    }

    void roll_back() noexcept {
        try {
            connection_.script("rollback");
        } catch (const std::exception& failure) {
            log::debug("no rollback", {{"what", failure.what()}});  // the first failure is the one that counts
        }
    }

    // run() takes one statement only; a text with several would be a transaction again.
    void apply_alone(const Migration& migration) {
        connection_.run(std::string{migration.text});
        record(migration);
    }

    void record(const Migration& migration) {
        connection_.script(
            "create schema if not exists platform;"
            "create table if not exists platform.migrations ("
            "number integer primary key, name text not null, sha256 text not null,"
            "applied_at timestamptz not null default now())");
        connection_.run("insert into platform.migrations (number, name, sha256) values ($1::integer, $2, $3)",
                        {std::to_string(migration.number), std::string{migration.name}, std::string{migration.sha256}});
    }

    Blocking connection_;
    std::span<const Migration> migrations_;
    std::map<int, std::string> recorded_;
};

}  // namespace

MigrationReport migrate(const std::string& conninfo, std::span<const Migration> migrations) {
    return Migrating{conninfo, migrations}.run();
}

}  // namespace mobilytics::db
