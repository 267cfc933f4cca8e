#include "platform/embedded/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <format>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "platform/log/log.hpp"

namespace mobilytics::embedded {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

Account account_of(const passwd* entry) { return {entry->pw_uid, entry->pw_gid, entry->pw_name, entry->pw_dir}; }

[[noreturn]] void throw_errno(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

struct Descriptor {
    int number = -1;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

// Everything between fork and exec: only async-signal-safe calls, since other threads may have held any lock.
[[noreturn]] void become(char* const* arguments, char* const* environment, const Account& account, pid_t parent,
                         int null, int log, int report, int signal_at_our_death) {
    auto fail = [&] {
        int error = errno;
        [[maybe_unused]] auto written = ::write(report, &error, sizeof error);
        ::_exit(127);
    };
    ::setsid();
    if (::geteuid() != account.uid) {
        if (::setgroups(1, &account.gid) || ::setgid(account.gid) || ::setuid(account.uid)) fail();
    }
    // After setuid, which would clear it; and the parent may have died before it was set.
    if (::prctl(PR_SET_PDEATHSIG, signal_at_our_death)) fail();
    if (::getppid() != parent) ::_exit(127);
    for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::umask(077);
    if (::chdir("/") || ::dup2(null, 0) < 0 || ::dup2(log, 1) < 0 || ::dup2(log, 2) < 0) fail();
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    ::execve(arguments[0], arguments, environment);
    fail();
    __builtin_unreachable();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> found;
    for (auto& text : texts) found.push_back(text.data());
    found.push_back(nullptr);
    return found;
}

pid_t parent_of(pid_t process) {
    std::ifstream file{std::format("/proc/{}/stat", process)};
    std::string text;
    std::getline(file, text);
    // "pid (comm) state ppid ...", and comm may hold anything.
    auto at = text.rfind(')');
    if (at == std::string::npos || at + 4 >= text.size()) return 0;
    pid_t parent = 0;
    std::from_chars(text.data() + at + 4, text.data() + text.size(), parent);
    return parent;
}

// Root in a container may not look at another user's working folder, but everybody may read its command line.
bool was_started_on(const fs::path& process, const fs::path& data_folder) {
    std::ifstream file{process / "cmdline"};
    std::string arguments{std::istreambuf_iterator<char>{file}, {}};
    return arguments.contains(std::string{"-D"} + '\0' + data_folder.string() + '\0');
}

bool wait_until_none(const fs::path& data_folder, std::chrono::milliseconds patience) {
    auto deadline = std::chrono::steady_clock::now() + patience;
    while (!postgres_on(data_folder).empty()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(50ms);
    }
    return true;
}

}  // namespace

Account database_account() {
    if (::geteuid() != 0) {
        const passwd* self = ::getpwuid(::geteuid());
        if (!self)
            throw std::runtime_error{std::format(
                "the embedded database needs a user with a name; user {} has none in /etc/passwd", ::geteuid())};
        return account_of(self);
    }
    const passwd* postgres = ::getpwnam("postgres");
    if (!postgres)
        throw std::runtime_error{
            "the embedded database does not run as root, and there is no user `postgres`; install "
            "postgresql-17"};
    return account_of(postgres);
}

std::string own_name() {
    const passwd* self = ::getpwuid(::geteuid());
    return self ? self->pw_name : std::to_string(::geteuid());
}

pid_t spawn(const std::vector<std::string>& command, const Account& account, const fs::path& log,
            int signal_at_our_death) {
    auto arguments = command;
    std::vector<std::string> environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
                                         "TZ=UTC", "HOME=" + account.home};
    auto argument_pointers = pointers(arguments);
    auto environment_pointers = pointers(environment);

    Descriptor null{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    Descriptor output{::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    if (output.number < 0) throw_errno(log.string());
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC)) throw_errno("pipe");
    Descriptor reader{ends[0]}, writer{ends[1]};

    pid_t parent = ::getpid();
    pid_t child = ::fork();
    if (child < 0) throw_errno("fork");
    if (child == 0)
        become(argument_pointers.data(), environment_pointers.data(), account, parent, null.number, output.number,
               writer.number, signal_at_our_death);
    ::close(std::exchange(writer.number, -1));
    int error = 0;
    if (::read(reader.number, &error, sizeof error) == sizeof error) {
        wait_for(child);
        throw std::system_error{error, std::generic_category(), command.front()};
    }
    return child;
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

std::string describe_exit(int status) {
    if (WIFSIGNALED(status)) return std::format("killed by signal {}", WTERMSIG(status));
    return std::format("exit code {}", WEXITSTATUS(status));
}

std::vector<pid_t> postgres_on(const fs::path& data_folder) {
    struct stat wanted{};
    std::vector<pid_t> found;
    if (::stat(data_folder.c_str(), &wanted)) return found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{"/proc", ignored}) {
        auto name = entry.path().filename().string();
        pid_t process = 0;
        auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
        if (error != std::errc{} || end != name.data() + name.size()) continue;
        std::ifstream comm{entry.path() / "comm"};
        std::string title;
        std::getline(comm, title);
        if (title != "postgres") continue;
        // By inode: the same folder may have another path in another mount namespace.
        struct stat place{};
        if (::stat((entry.path() / "cwd").c_str(), &place) == 0) {
            if (place.st_dev == wanted.st_dev && place.st_ino == wanted.st_ino) found.push_back(process);
        } else if (errno == EACCES && was_started_on(entry.path(), data_folder)) {
            found.push_back(process);
        }
    }
    return found;
}

void end_postgres_on(const fs::path& data_folder, std::chrono::seconds patience) {
    auto processes = postgres_on(data_folder);
    if (processes.empty()) return;
    for (int signal : {SIGINT, SIGQUIT, SIGKILL}) {
        processes = postgres_on(data_folder);
        auto is_child = [&](pid_t process) { return std::ranges::contains(processes, parent_of(process)); };
        log::warn("ending a database that is still running on the folder",
                  {{"processes", processes.size()}, {"signal", signal}});
        // The postmaster ends its own backends; only when it is gone they are on their own.
        for (pid_t process : processes)
            if (!is_child(process) || signal == SIGKILL) ::kill(process, signal);
        if (wait_until_none(data_folder, signal == SIGINT ? std::chrono::milliseconds{patience} : 5s)) return;
    }
    throw std::runtime_error{"a database process on " + data_folder.string() + " cannot be ended"};
}

}  // namespace mobilytics::embedded
