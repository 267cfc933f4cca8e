#pragma once

#include <memory>
#include <string>

#include "app/settings.hpp"
#include "platform/embedded/embedded.hpp"

namespace mobilytics::app {

// Where the database is: at `database.url`, else the embedded cluster of the home folder, which is started here unless
// a server runs on it already. Ends with this object, if it was started by it.
class Storage {
public:
    enum class Use {
        own,    // the server's: refuses a home on which another server runs
        share,  // a command's: joins it
    };

    Storage(const Settings& settings, Use use);

    // By role; the owner's is for migrations.
    const std::string& owner() const { return owner_; }
    const std::string& app() const { return app_; }
    const std::string& ingest() const { return ingest_; }
    const std::string& reporting() const { return reporting_; }

    // Brings the schema to what this program knows.
    void migrate() const;

    void stop();

private:
    void use_server(const Settings& settings);
    void use_embedded(const std::filesystem::path& folder, Use use);
    void connect_to(const std::filesystem::path& socket_folder);

    std::unique_ptr<embedded::Server> embedded_;
    std::string owner_, app_, ingest_, reporting_;
};

// The number of the last migration that this program knows.
int known_schema();

// The connection string with another user, for the string and the URL form alike.
std::string with_user(const std::string& conninfo, const std::string& user);

}  // namespace mobilytics::app
