#pragma once

#include <memory>
#include <string>

#include "app/settings.hpp"
#include "platform/embedded/embedded.hpp"

namespace mobilytics::app {

// Where the database is: at `database.url`, or where its roles' own URLs say, else the embedded cluster of the home
// folder, which is started here unless a server runs on it already. Ends with this object, if it was started by it.
class Storage {
public:
    enum class Use {
        own,    // the server's: refuses a home on which another server runs
        share,  // a command's: joins it
    };

    // Throws config::ConfigError where some roles are given without `database.url`, and not all.
    Storage(const Settings& settings, Use use);

    // Whether the settings name the owner, so that this process may change the schema.
    bool has_owner() const { return !owner_.empty(); }

    // By role; the owner's is for migrations.
    const std::string& owner() const { return owner_; }
    const std::string& app() const { return app_; }
    const std::string& ingest() const { return ingest_; }
    const std::string& reporting() const { return reporting_; }

    // Brings the schema to what this program knows; without an owner throws std::runtime_error unless it is there.
    void ensure_schema() const;

    void stop();

private:
    void use_server(const Settings& settings);
    void require_schema() const;
    void use_embedded(const std::filesystem::path& folder, Use use);
    void connect_to(const std::filesystem::path& socket_folder);

    std::unique_ptr<embedded::Server> embedded_;
    std::string owner_, app_, ingest_, reporting_;
};

// Whether the database is the one in the home folder.
bool is_embedded(const Settings& settings);

// The number of the database's last migration, asked as one of its roles. Zero: not migrated.
int schema_at(const std::string& conninfo);

// The number of the last migration that this program knows.
int known_schema();

// The connection string with another user, for the string and the URL form alike.
std::string with_user(const std::string& conninfo, const std::string& user);

}  // namespace mobilytics::app
