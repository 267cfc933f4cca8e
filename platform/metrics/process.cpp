#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <climits>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "platform/metrics/machine.hpp"
#include "platform/metrics/metrics.hpp"

// What Linux says of this process, under the names that every Prometheus client uses.
namespace mobilytics::metrics {

namespace {

std::vector<Sample> one(double value) { return {{{}, value}}; }

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto in_seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

// proc(5): the second number of statm is the resident set in pages.
double resident_bytes() {
    std::ifstream file{"/proc/self/statm"};
    double total = 0, resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double entries_of(const char* folder) {
    std::error_code gone;
    std::filesystem::directory_iterator entry{folder, gone};
    double count = 0;
    while (!gone && entry != std::filesystem::directory_iterator{}) {
        ++count;
        entry.increment(gone);
    }
    return count;
}

double most_files() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void add_process(Registry& registry) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const double started = std::chrono::duration<double>{now}.count();
    registry.sampled("process_cpu_seconds_total", "Processor time used, in seconds.", Kind::counter,
                     [] { return one(cpu_seconds()); });
    registry.sampled("process_resident_memory_bytes", "Memory that is resident, in bytes.", Kind::gauge,
                     [] { return one(resident_bytes()); });
    registry.sampled("process_open_fds", "Files and sockets that are open.", Kind::gauge,
                     [] { return one(entries_of("/proc/self/fd")); });
    registry.sampled("process_max_fds", "Files and sockets that may be open.", Kind::gauge,
                     [] { return one(most_files()); });
    registry.sampled("process_threads", "Threads.", Kind::gauge, [] { return one(entries_of("/proc/self/task")); });
    registry.sampled("process_start_time_seconds", "When the process began to serve, in seconds since 1970.",
                     Kind::gauge, [started] { return one(started); });
}

double share_of_files_open() { return entries_of("/proc/self/fd") / most_files(); }

std::string machine_name() {
    char name[HOST_NAME_MAX + 1] = "";
    ::gethostname(name, sizeof name - 1);
    return name;
}

}  // namespace mobilytics::metrics
