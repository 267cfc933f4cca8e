#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

// The embedded default: a private PostgreSQL 17 cluster in a folder, reachable over a unix socket only,
// started with the server and stopped with it. The SQL is the same as against a server of its own.
namespace mobilytics::embedded {

struct Options {
    std::filesystem::path folder;  // made if missing: data/, postgres.log, lock
    std::vector<std::string> extensions{"timescaledb", "postgis", "hll", "btree_gist"};
    // false: nothing survives a crash of the machine, which only a test can accept. A killed process loses
    // nothing.
    bool durable = true;
};

enum class Role {
    superuser,  // setting up only
    owner,      // migrations
    app,        // the server; row-level security holds for it
    ingest,     // INSERT only, on raw tables
    reporting,  // SELECT only, on what reports are made of
};

inline constexpr const char* database_name = "mobilytics";

std::string role_name(Role role);

// `socket_folder` is an absolute path.
std::string conninfo(const std::filesystem::path& socket_folder, Role role, const std::string& database);

// Makes the three roles, the database owned by mobilytics_owner and its extensions, as far as they are
// missing, and updates extensions to the installed packages. merge_chunks(regclass, regclass) of
// TimescaleDB's Apache edition crashes the server and is taken from everybody.
void set_up(const std::filesystem::path& socket_folder, const std::string& database,
            const std::vector<std::string>& extensions);

class Server {
public:
    explicit Server(Options options);
    ~Server();  // stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // Returns once the database accepts connections, with roles, database and extensions there. As root the
    // cluster belongs to and runs as the system's `postgres` user, otherwise as ourselves. A cluster that a
    // killed server left running on the folder is stopped first. From then on a database process that dies is
    // started again, with growing pauses. Throws std::runtime_error with a sentence for the operator:
    // PostgreSQL 17 is missing, the folder is in use by another server or cannot be entered, or the server's
    // last words.
    void start();

    // Fast shutdown: connections are cut, nothing is lost. Returns once the process has ended. If this
    // program is killed instead, the kernel tells the database to do the same.
    void stop();

    std::string conninfo(Role role, const std::string& database = database_name) const;
    std::filesystem::path socket_folder() const;

    // Of the postmaster; 0 while there is none.
    int pid() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mobilytics::embedded
