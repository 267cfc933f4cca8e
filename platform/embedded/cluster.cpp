#include "platform/embedded/cluster.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <format>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <system_error>

namespace mobilytics::embedded {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view socket_file = ".s.PGSQL.5432";
constexpr std::uintmax_t largest_log = 16 << 20;
constexpr auto patience_with_leftovers = std::chrono::seconds{30};

fs::path find_programs() {
    for (const char* place : {"/usr/lib/postgresql/17/bin", "/usr/pgsql-17/bin"})
        if (fs::exists(fs::path{place} / "postgres")) return place;
    throw std::runtime_error{"PostgreSQL 17 was not found in /usr/lib/postgresql/17; install postgresql-17"};
}

bool fits_a_socket(const fs::path& folder) {
    return folder.string().size() + 1 + socket_file.size() < sizeof(sockaddr_un::sun_path);
}

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (char c : text) {
        if (c == '\'' || c == '\\') out += c;
        out += c;
    }
    return out + "'";
}

long memory_mb() { return sysconf(_SC_PHYS_PAGES) / 1024 * (sysconf(_SC_PAGESIZE) / 1024); }

}  // namespace

Cluster::Cluster(const Options& options)
    : options_{options},
      account_{database_account()},
      folder_{fs::absolute(options.folder).lexically_normal()},
      data_{folder_ / "data"},
      log_{folder_ / "postgres.log"},
      programs_{find_programs()} {}

Cluster::~Cluster() {
    if (lock_ >= 0) ::close(lock_);
}

void Cluster::prepare() {
    fs::create_directories(folder_);
    take_folder();
    rotate_log();
    give_to_account(folder_);
    require_entry();
    if (!fs::exists(data_ / "PG_VERSION")) initialise();
    clear_leftovers();
    choose_socket_folder();
    configure();
}

// The kernel gives the lock back when we die, however we die.
void Cluster::take_folder() {
    if (lock_ >= 0) return;
    lock_ = ::open((folder_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) throw std::system_error{errno, std::generic_category(), (folder_ / "lock").string()};
    if (::flock(lock_, LOCK_EX | LOCK_NB))
        throw std::runtime_error{"another server is already running on " + folder_.string()};
}

void Cluster::rotate_log() const {
    std::error_code missing;
    if (fs::file_size(log_, missing) > largest_log && !missing) fs::rename(log_, log_.string() + ".1");
}

// As root we can enter places that the database's account cannot, and its own message would be obscure.
void Cluster::require_entry() const {
    if (account_.uid == ::geteuid()) return;
    pid_t child = spawn({"/usr/bin/test", "-x", folder_.string()}, account_, log_, SIGKILL);
    if (wait_for(child) != 0)
        throw std::runtime_error{
            std::format("user {} cannot enter {}; open its parent folders to others (chmod o+x) "
                        "or choose another home",
                        account_.name, folder_.string())};
}

// Made beside its place and moved there when it is whole, so a killed attempt leaves nothing half-made.
void Cluster::initialise() {
    fs::path fresh = folder_ / "data.new";
    fs::remove_all(fresh);
    fs::remove_all(data_);
    std::vector<std::string> command{(programs_ / "initdb").string(),
                                     "--pgdata=" + fresh.string(),
                                     "--username=postgres",
                                     "--auth=peer",
                                     "--encoding=UTF8",
                                     "--locale=C.UTF-8",
                                     "--locale-provider=builtin",
                                     "--builtin-locale=C.UTF-8",
                                     "--data-checksums"};
    if (!options_.durable) command.push_back("--no-sync");
    run(command);
    fs::rename(fresh, data_);
}

void Cluster::run(const std::vector<std::string>& command) const {
    int status = wait_for(spawn(command, account_, log_, SIGKILL));
    if (status != 0)
        throw std::runtime_error{
            std::format("{} failed ({}): {}", command.front(), describe_exit(status), last_words())};
}

void Cluster::clear_leftovers() {
    end_postgres_on(data_, patience_with_leftovers);
    // Nobody works on the folder any more (we hold its lock). PostgreSQL clears the files of a dead process
    // itself, but would bow to a live one that merely got the same number.
    std::error_code ignored;
    if (!socket_folder_.empty()) fs::remove(socket_folder_ / (std::string{socket_file} + ".lock"), ignored);
    std::ifstream file{data_ / "postmaster.pid"};
    pid_t noted = 0;
    if (file >> noted && noted > 0 && (::kill(noted, 0) == 0 || errno == EPERM))
        fs::remove(data_ / "postmaster.pid", ignored);
}

// A socket's path is limited to 107 bytes, which a deep home exceeds.
void Cluster::choose_socket_folder() {
    socket_folder_ = folder_ / "socket";
    if (!fits_a_socket(socket_folder_)) {
        const char* runtime = ::geteuid() == 0 ? nullptr : std::getenv("XDG_RUNTIME_DIR");
        auto name = std::format("mobilytics-{}-{:08x}", ::geteuid(),
                                static_cast<std::uint32_t>(std::hash<std::string>{}(folder_.string())));
        socket_folder_ = fs::path{runtime && *runtime ? runtime : "/tmp"} / name;
        if (!fits_a_socket(socket_folder_)) socket_folder_ = fs::path{"/tmp"} / name;
    }
    make_socket_folder(socket_folder_);
    std::error_code ignored;
    fs::remove(socket_folder_ / (std::string{socket_file} + ".lock"), ignored);
}

// In a place that is open to all somebody else may have been there first.
void Cluster::make_socket_folder(const fs::path& folder) const {
    if (::mkdir(folder.c_str(), 0700) && errno != EEXIST)
        throw std::system_error{errno, std::generic_category(), folder.string()};
    struct stat found{};
    if (::lstat(folder.c_str(), &found) || !S_ISDIR(found.st_mode) ||
        (found.st_uid != ::geteuid() && found.st_uid != account_.uid))
        throw std::runtime_error{folder.string() + " belongs to somebody else"};
    give_to_account(folder);
    if (::chmod(folder.c_str(), 0700)) throw std::system_error{errno, std::generic_category(), folder.string()};
}

void Cluster::configure() const {
    write_file(data_ / "postgresql.conf", settings());
    write_file(data_ / "pg_hba.conf", "local all all peer map=mobilytics\n");
    std::string users = std::format("mobilytics {} all\n", own_name());
    if (own_name() != account_.name) users += std::format("mobilytics {} all\n", account_.name);
    write_file(data_ / "pg_ident.conf", users);
}

std::string Cluster::settings() const {
    auto memory = memory_mb();
    auto buffers = options_.durable ? std::clamp(memory / 8, 128L, 1024L) : 128L;
    std::string text = std::format(
        "# Written at every start. Put your own settings into local.conf beside this file.\n"
        "listen_addresses = ''\n"
        "port = 5432\n"
        "unix_socket_directories = {}\n"
        "unix_socket_permissions = 0700\n"
        "max_connections = 100\n"
        "max_locks_per_transaction = 256\n"
        "shared_preload_libraries = 'timescaledb'\n"
        "timescaledb.telemetry_level = off\n"
        "max_worker_processes = 12\n"
        "max_parallel_workers_per_gather = 0\n"
        "shared_buffers = {}MB\n"
        "effective_cache_size = {}MB\n"
        "work_mem = 16MB\n"
        "maintenance_work_mem = 128MB\n"
        "max_wal_size = 2GB\n"
        "checkpoint_timeout = 15min\n"
        "random_page_cost = 1.1\n"
        "jit = off\n"
        "timezone = 'UTC'\n"
        "log_timezone = 'UTC'\n"
        "logging_collector = off\n"
        "log_destination = 'stderr'\n"
        "log_line_prefix = '%m [%p] %u@%d '\n"
        "log_checkpoints = off\n"
        "log_lock_waits = on\n"
        "log_parameter_max_length_on_error = 0\n",
        quoted(socket_folder_.string()), buffers, std::max(memory / 2, 256L));
    if (options_.durable)
        text += "synchronous_commit = on\ntimescaledb.max_background_workers = 2\n";
    else
        // Their workers would hold on to the template that tests are cloned from.
        text +=
            "fsync = off\nfull_page_writes = off\nwal_level = minimal\nmax_wal_senders = 0\n"
            "timescaledb.max_background_workers = 0\nautovacuum = off\n";
    return text + "include_if_exists 'local.conf'\n";
}

void Cluster::write_file(const fs::path& path, const std::string& text) const {
    fs::path fresh = path.string() + ".new";
    {
        std::ofstream file{fresh, std::ios::trunc};
        file << text;
        if (!file.flush()) throw std::runtime_error{"cannot write " + fresh.string()};
    }
    fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write);
    give_to_account(fresh);
    fs::rename(fresh, path);
}

void Cluster::give_to_account(const fs::path& path) const {
    if (::geteuid() == 0 && ::lchown(path.c_str(), account_.uid, account_.gid))
        throw std::system_error{errno, std::generic_category(), path.string()};
}

std::vector<std::string> Cluster::server_command() const {
    return {(programs_ / "postgres").string(), "-D", data_.string()};
}

std::string Cluster::last_words() const {
    std::ifstream file{log_, std::ios::ate};
    auto size = static_cast<std::streamoff>(file.tellg());
    file.seekg(std::max<std::streamoff>(size - 1000, 0));
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    return text;
}

}  // namespace mobilytics::embedded
