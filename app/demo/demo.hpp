#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/demo/size.hpp"
#include "app/modules.hpp"

// A believable company to look at: made through the front doors, its fleet simulated and sent through the public ingest
// API, as devices would. Deterministic by seed, safe to interrupt: batches that were stored are not stored again.
namespace mobilytics::demo {

struct SignIn {
    std::string email;
    std::string password;
    std::string api_key;
};

// How a device differs from one that works as it should.
enum class Habit { steady, silent, clock_ahead };

struct DemoDevice {
    std::string device_id;
    std::string token;
    std::optional<double> lat;  // a billboard's
    std::optional<double> lon;
    Habit habit = Habit::steady;
};

// demo.json of the home folder.
struct DemoFile {
    std::string url;
    SignIn owner;
    SignIn analyst;
    SignIn staff;
    SignIn neighbour;        // owner of another company, to see the wall between the two
    std::string started_at;  // when the demo was made; its days end there
    std::uint64_t seed = 0;
    int days = 0;  // whole local days before the one it was made on
    bool loaded = false;
    std::optional<std::string> sent_until;  // by a fleet that goes on
    std::vector<DemoDevice> devices;
};

inline constexpr std::string_view zone = "America/Toronto";

// When the local day began that was that many days before this instant's.
clock::Instant midnight_of(clock::Instant now, int days_ago);

struct Options {
    std::filesystem::path home;
    std::string url;  // of the running server, without a slash at the end
    std::uint64_t seed = 20260308;
    Size size;
    std::function<void(std::string_view what, double share)> progress;
};

// Loads the demo unless it is loaded, waits until its numbers are there, writes demo.json with the present URL. Blocks;
// not on an I/O thread. Returns early, to go on at the next start, when asked to stop.
DemoFile load(async::Runtime& runtime, app::Modules& modules, const clock::Clock& clock, const Options& options,
              std::stop_token stop);

// Lets the fleet of a loaded demo drive on, until asked to stop. Blocks; not on an I/O thread.
void drive_on(DemoFile file, const clock::Clock& clock, const Options& options, std::stop_token stop);

}  // namespace mobilytics::demo
