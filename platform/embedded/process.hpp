#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

// Child processes of the embedded database: started under another account, found again after a crash, ended.
namespace mobilytics::embedded {

// Whom the database belongs to and runs as.
struct Account {
    uid_t uid;
    gid_t gid;
    std::string name;
    std::string home;
};

// `postgres` when we are root, since PostgreSQL refuses to run as root; otherwise ourselves.
Account database_account();
std::string own_name();

// Starts `command` (absolute path first) as the account, in a session of its own, so that Ctrl-C in the
// terminal reaches only us; with an environment of its own; output appended to `log`. When the calling thread
// ends, for whatever reason, the kernel sends it `signal_at_our_death`. Throws std::system_error when it
// cannot be started.
pid_t spawn(const std::vector<std::string>& command, const Account& account, const std::filesystem::path& log,
            int signal_at_our_death);

// Blocks; the exit status as of waitpid.
int wait_for(pid_t child);
std::string describe_exit(int status);

// Processes of PostgreSQL, whoever started them, that work in this data folder.
std::vector<pid_t> postgres_on(const std::filesystem::path& data_folder);

// Ends them all: the postmaster politely, then firmly; backends without one as well.
void end_postgres_on(const std::filesystem::path& data_folder, std::chrono::seconds patience);

}  // namespace mobilytics::embedded
