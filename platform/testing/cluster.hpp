#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "platform/db/blocking.hpp"
#include "platform/db/migration.hpp"
#include "platform/embedded/embedded.hpp"

namespace mobilytics::test {

// The cluster of this test program. Started at first use, ended after the last test.
class TestCluster {
public:
    static TestCluster& instance();

    // A new database with that schema, and its end. From the main thread.
    std::string create_database(std::span<const db::Migration> migrations);
    void drop_database(const std::string& name);

    std::string conninfo(embedded::Role role, const std::string& database) const;

    void stop();

private:
    TestCluster();
    std::string template_of(std::span<const db::Migration> migrations);
    void make_template(const std::string& name, std::span<const db::Migration> migrations);

    std::filesystem::path folder_;  // ours to remove; empty when the cluster is another's
    std::unique_ptr<embedded::Server> server_;
    std::filesystem::path socket_folder_;
    std::optional<db::Blocking> connection_;
    int databases_ = 0;
};

}  // namespace mobilytics::test
