#include "app/demo/demo.hpp"

#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "app/demo/company.hpp"
#include "app/demo/sending.hpp"
#include "platform/clock/zone.hpp"
#include "platform/json/json.hpp"

namespace mobilytics::demo {

namespace {

std::optional<DemoFile> read_file(const std::filesystem::path& path) {
    std::ifstream in{path};
    if (!in) return std::nullopt;
    std::stringstream text;
    text << in.rdbuf();
    auto file = json::read<DemoFile>(text.str());
    if (!file)
        throw std::runtime_error{path.string() +
                                 " cannot be read; remove it together with the home folder to start anew"};
    return *std::move(file);
}

// Replaced whole, so that a reader never sees half of it. It holds passwords and tokens, hence for the owner alone.
void write_file(const std::filesystem::path& path, const DemoFile& file) {
    const auto part = path.string() + ".part";
    {
        std::ofstream out{part, std::ios::trunc};
        std::filesystem::permissions(part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        out << json::write(file) << '\n';
        if (!out.flush()) throw std::runtime_error{"cannot write " + part};
    }
    std::filesystem::rename(part, path);
}

// Runs a coroutine on the runtime and blocks this thread, which is not one of its threads, until it ends.
template <class T>
T wait_for(async::Runtime& runtime, std::function<Task<T>()> body) {
    std::promise<T> promise;
    runtime.spawn("demo", [&]() -> Task<void> {
        try {
            promise.set_value(co_await body());
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    });
    return promise.get_future().get();
}

}  // namespace

clock::Instant midnight_of(clock::Instant now, int days_ago) {
    const auto& there = clock::Zone::named(zone);
    return there.first_at(std::chrono::floor<std::chrono::days>(there.local(now)) - std::chrono::days{days_ago});
}

DemoFile load(async::Runtime& runtime, app::Modules& modules, const clock::Clock& clock, const Options& options,
              std::stop_token stop) {
    const auto path = options.home / "demo.json";
    auto file = read_file(path);
    if (!file) {
        file = wait_for<DemoFile>(runtime, [&] { return make_company(modules, clock.now(), options); });
        file->url = options.url;
        write_file(path, *file);
    }
    if (!file->loaded) {
        send_everything(*file, options, stop);
        // The numbers follow the data within seconds; the demo is ready when they are there.
        while (!stop.stop_requested()) {
            const auto marks = wait_for<std::int64_t>(runtime, [&] { return modules.measurements.marks_waiting(); });
            if (marks == 0) break;
            options.progress("Computing visits and exposure", 1.0 / static_cast<double>(1 + marks));
            std::this_thread::sleep_for(std::chrono::seconds{1});
        }
        file->loaded = !stop.stop_requested();
    }
    file->url = options.url;
    write_file(path, *file);
    return *file;
}

void drive_on(DemoFile file, const clock::Clock& clock, const Options& options, std::stop_token stop) {
    go_on(file, clock, options, [&] { write_file(options.home / "demo.json", file); }, stop);
}

}  // namespace mobilytics::demo
