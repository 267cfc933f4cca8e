#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "platform/db/blocking.hpp"
#include "platform/embedded/cluster.hpp"
#include "platform/embedded/embedded.hpp"
#include "platform/embedded/process.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::embedded {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto first_pause = 100ms;
constexpr auto longest_pause = 5000ms;
constexpr auto healthy_after = 60s;
constexpr auto longest_recovery = 10min;
constexpr auto fast_shutdown = 60s;
constexpr auto immediate_shutdown = 10s;

}  // namespace

struct Server::State {
    explicit State(const Options& options) : extensions{options.extensions}, cluster{options} {}

    std::vector<std::string> extensions;
    Cluster cluster;
    std::thread supervisor;
    mutable std::mutex mutex;
    std::condition_variable changed;
    pid_t postmaster = 0;
    bool stopping = false;
    bool accepted = false;  // once the first start has succeeded, a death is followed by a new start
    bool ended = false;     // the supervisor has nothing more to do

    void supervise();
    bool start_postmaster();
    void await_postmaster();
    void wait_until_accepting();
    bool wait_until_ended(Steady::duration patience);
};

// The kernel watches this very thread: PR_SET_PDEATHSIG fires when the thread that forked ends. It therefore
// forks all postmasters and lives until the last has ended.
void Server::State::supervise() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    Steady::duration pause = first_pause;
    while (true) {
        auto started = Steady::now();
        bool running = false;
        try {
            running = start_postmaster();
        } catch (const std::exception& failure) {
            log::error("the database could not be started", {{"reason", failure.what()}});
        }
        if (running) await_postmaster();
        std::unique_lock lock{mutex};
        if (stopping || !accepted) break;
        if (Steady::now() - started > healthy_after) pause = first_pause;
        changed.wait_for(lock, pause, [this] { return stopping; });
        if (stopping) break;
        pause = std::min<Steady::duration>(pause * 2, longest_pause);
        lock.unlock();
        try {
            cluster.clear_leftovers();
        } catch (const std::exception& failure) {
            log::error("the database's remains could not be cleared", {{"reason", failure.what()}});
        }
    }
    std::lock_guard lock{mutex};
    ended = true;
    changed.notify_all();
}

bool Server::State::start_postmaster() {
    std::lock_guard lock{mutex};
    if (stopping) return false;
    postmaster = spawn(cluster.server_command(), cluster.account(), cluster.log(), SIGINT);
    log::info("the database is starting", {{"pid", postmaster}});
    return true;
}

void Server::State::await_postmaster() {
    // Only looked at first: until it is reaped its number cannot belong to another process, so stop() may
    // signal it.
    siginfo_t seen{};
    while (::waitid(P_PID, static_cast<id_t>(postmaster), &seen, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
    }
    std::lock_guard lock{mutex};
    int status = wait_for(postmaster);
    postmaster = 0;
    if (stopping)
        log::info("the database has stopped", {{"how", describe_exit(status)}});
    else
        log::error("the database has died", {{"how", describe_exit(status)}});
}

void Server::State::wait_until_accepting() {
    auto deadline = Steady::now() + longest_recovery;
    auto superuser = embedded::conninfo(cluster.socket_folder(), Role::superuser, "postgres");
    while (true) {
        {
            std::lock_guard lock{mutex};
            if (ended) throw std::runtime_error{"the database does not start: " + cluster.last_words()};
        }
        try {
            db::Blocking{superuser}.run("select 1");
            return;
        } catch (const std::exception& failure) {
            if (Steady::now() > deadline)
                throw std::runtime_error{std::string{"the database does not get ready: "} + failure.what()};
        }
        std::this_thread::sleep_for(30ms);
    }
}

bool Server::State::wait_until_ended(Steady::duration patience) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, patience, [this] { return ended; });
}

Server::Server(Options options) : state_{std::make_unique<State>(options)} {}

Server::~Server() { stop(); }

void Server::start() {
    if (state_->supervisor.joinable()) throw std::logic_error{"the embedded database was started twice"};
    state_->cluster.prepare();
    state_->supervisor = std::thread{[state = state_.get()] { state->supervise(); }};
    try {
        state_->wait_until_accepting();
        set_up(state_->cluster.socket_folder(), database_name, state_->extensions);
    } catch (...) {
        stop();
        throw;
    }
    std::lock_guard lock{state_->mutex};
    state_->accepted = true;
}

void Server::stop() {
    if (!state_->supervisor.joinable()) return;
    auto signal = [this](int number) {
        std::lock_guard lock{state_->mutex};
        state_->stopping = true;
        state_->changed.notify_all();
        if (state_->postmaster > 0) ::kill(state_->postmaster, number);
    };
    signal(SIGINT);
    if (!state_->wait_until_ended(fast_shutdown)) signal(SIGQUIT);
    if (!state_->wait_until_ended(immediate_shutdown)) signal(SIGKILL);
    state_->supervisor.join();
}

std::string Server::conninfo(Role role, const std::string& database) const {
    return embedded::conninfo(state_->cluster.socket_folder(), role, database);
}

std::filesystem::path Server::socket_folder() const { return state_->cluster.socket_folder(); }

int Server::pid() const {
    std::lock_guard lock{state_->mutex};
    return state_->postmaster;
}

}  // namespace mobilytics::embedded
