#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platform/embedded/embedded.hpp"
#include "platform/embedded/process.hpp"

namespace mobilytics::embedded {

// The files of the cluster: where they are and what is in them.
class Cluster {
public:
    explicit Cluster(const Options& options);
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    // Takes the folder for this process, makes the cluster if there is none, and writes its configuration
    // anew.
    void prepare();

    // After a crash: ends what is left of an earlier server and removes lock files that name foreign
    // processes.
    void clear_leftovers();

    std::vector<std::string> server_command() const;
    std::string last_words() const;

    const Account& account() const { return account_; }
    const std::filesystem::path& log() const { return log_; }
    const std::filesystem::path& socket_folder() const { return socket_folder_; }

private:
    void take_folder();
    void rotate_log() const;
    void require_entry() const;
    void initialise();
    void choose_socket_folder();
    void make_socket_folder(const std::filesystem::path& folder) const;
    void configure() const;
    std::string settings() const;
    void write_file(const std::filesystem::path& path, const std::string& text) const;
    void give_to_account(const std::filesystem::path& path) const;
    void run(const std::vector<std::string>& command) const;

    Options options_;
    Account account_;
    std::filesystem::path folder_, data_, log_, programs_, socket_folder_;
    int lock_ = -1;
};

}  // namespace mobilytics::embedded
