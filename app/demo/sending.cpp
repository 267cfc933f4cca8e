#include "app/demo/sending.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <format>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include "app/demo/fleet.hpp"
#include "platform/clock/zone.hpp"
#include "platform/outbound/client.hpp"

namespace mobilytics::demo {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr int senders = 6;
constexpr std::chrono::hours per_batch{2};
constexpr int silent_days = 3;                  // a silent device was last heard of so many days ago
constexpr std::chrono::seconds fast_clock{95};  // how far a clock runs ahead; the product allows five minutes
constexpr std::chrono::seconds live_step{30};
constexpr hours longest_rest{12};  // of what happened while nobody ran the demo, only this much is made up for

// Where the fleet's vehicles spend the night.
constexpr Place depots[] = {{43.6650, -79.5000}, {43.6900, -79.4600}, {43.7050, -79.4000}};

// A local day of the fleet: so many before the one the demo was made on, and cut at an instant.
struct LocalDay {
    clock::Instant made_at;
    int ago = 0;
    clock::Instant cut;

    clock::Instant midnight() const { return midnight_of(made_at, ago); }
    clock::Window hours(double from, double to) const {
        const auto midnight = this->midnight();
        const auto at = [&](double hour) { return std::min(cut, midnight + minutes{static_cast<int>(hour * 60)}); };
        return {at(from), at(to)};
    }
};

struct Work {
    const DemoDevice* device;
    int index;  // of the device
    LocalDay day;
};

// Weekends are quieter, and the weather is the whole city's.
double busy_on(const LocalDay& day, std::uint64_t seed) {
    constexpr double by_weekday[] = {0.62, 0.96, 1.0, 1.02, 1.04, 1.08, 0.8};  // from Sunday on
    const auto date = std::chrono::floor<days>(clock::Zone::named(zone).local(day.midnight()));
    Chance weather{seed + static_cast<std::uint64_t>(date.time_since_epoch().count())};
    return by_weekday[std::chrono::weekday{date}.c_encoding()] * weather.between(0.9, 1.05);
}

Shift shift_of(const Work& work, std::uint64_t seed) {
    const bool billboard = work.device->lat.has_value();
    const double start = billboard ? 0 : 6.5 + (work.index % 4) * 0.5;
    const double end = billboard ? 24 : start + 10 + (work.index % 3);
    return {work.day.hours(start, end), start, busy_on(work.day, seed)};
}

SimulatedDay simulate(const City& city, const Work& work, std::uint64_t seed) {
    const auto shift = shift_of(work, seed);
    Chance chance{seed + static_cast<std::uint64_t>(work.index) * 1000 + static_cast<std::uint64_t>(work.day.ago)};
    Chance home{seed + static_cast<std::uint64_t>(work.index)};
    const Place depot = city.crossing(depots[static_cast<std::size_t>(home.below(std::size(depots)))]);
    const auto whole = work.day.hours(0, 24);
    auto day = work.device->lat ? watch(city, {*work.device->lat, *work.device->lon}, shift, chance)
                                : drive(city, depot, shift, chance);
    // The sensor is awake when the vehicle is not.
    beat(day, whole, chance);
    if (!work.device->lat)
        for (const auto night : {clock::Window{whole.from, shift.during.from}, {shift.during.to, whole.to}})
            rest(day, depot, night, chance);
    return day;
}

template <class Record, class Print>
void append_list(std::string& body, std::string_view name, const std::vector<Record>& records, clock::Window window,
                 Print print) {
    body += std::format(",\"{}\":[", name);
    bool first = true;
    for (const auto& record : records) {
        if (!window.contains(record.at)) continue;
        if (!first) body += ',';
        first = false;
        print(record);
    }
    body += ']';
}

// `skew` is how far the device's clock is ahead of the world's.
std::string batch_of(const std::string& name, const SimulatedDay& day, clock::Window window,
                     std::chrono::seconds skew) {
    const auto stamp = [&](clock::Instant at) { return clock::to_rfc3339(at + skew); };
    std::string body = std::format("{{\"batch\":\"{}\"", name);
    append_list(body, "positions", day.fixes, window, [&](const SimulatedFix& fix) {
        body += std::format(
            R"({{"at":"{}","lat":{:.6f},"lon":{:.6f},"speed_mps":{:.1f},"heading_deg":{:.0f},"accuracy_m":{:.0f}}})",
            stamp(fix.at), fix.place.lat, fix.place.lon, fix.speed_mps, fix.heading_deg, fix.accuracy_m);
    });
    append_list(body, "sightings", day.sightings, window, [&](const SimulatedSighting& seen) {
        body += std::format(R"({{"at":"{}","visitor":"{:016x}","rssi_dbm":{},"randomized":{}}})", stamp(seen.at),
                            seen.visitor, seen.rssi_dbm, seen.randomized);
    });
    append_list(body, "heartbeats", day.heartbeats, window, [&](const SimulatedHeartbeat& beat) {
        body += std::format(R"({{"at":"{}","firmware":"2.4.1","battery":{:.2f},"temperature":{:.1f},"queue_depth":0}})",
                            stamp(beat.at), beat.battery, beat.temperature);
    });
    return body + "}";
}

void post(outbound::Client& client, const Options& options, const DemoDevice& device, const std::string& body) {
    for (int attempt = 1;; ++attempt) {
        const auto reply =
            client.post(options.url + "/v1/ingest/batch",
                        {"Content-Type: application/json", "Authorization: Bearer " + device.token}, body);
        if (reply.status == 202) {
            if (!reply.body.contains("\"rejected\":[]"))
                throw std::runtime_error{"the demo's own records were refused: " + reply.body};
            return;
        }
        if (reply.status != 503 || attempt == 20) throw std::runtime_error{"ingest answered " + reply.body};
        std::this_thread::sleep_for(std::chrono::milliseconds{500});
    }
}

std::chrono::seconds skew_of(const DemoDevice& device) {
    return device.habit == Habit::clock_ahead ? fast_clock : std::chrono::seconds{0};
}

void send_day(outbound::Client& client, const City& city, const DemoFile& file, const Options& options,
              const Work& work) {
    if (work.device->habit == Habit::silent && work.day.ago < silent_days) return;
    const auto whole = work.day.hours(0, 24);
    const auto day = simulate(city, work, file.seed);
    int part = 0;
    for (auto from = whole.from; from < whole.to; from += per_batch) {
        const auto name = std::format("demo-{}-{}-{}", file.seed, work.day.ago, part++);
        const clock::Window window{from, std::min(from + per_batch, whole.to)};
        post(client, options, *work.device, batch_of(name, day, window, skew_of(*work.device)));
    }
}

}  // namespace

void send_everything(const DemoFile& file, const Options& options, std::stop_token stop) {
    const City city;
    const auto made_at = clock::from_rfc3339(file.started_at).value();
    std::vector<Work> work;
    for (int ago = file.days; ago >= 0; --ago)
        for (std::size_t i = 0; i < file.devices.size(); ++i)
            work.push_back({&file.devices[i], static_cast<int>(i), {made_at, ago, made_at}});
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < senders; ++i)
            threads.emplace_back([&] {
                try {
                    outbound::Client client{std::chrono::seconds{60}};
                    for (std::size_t mine = next++; mine < work.size() && !stop.stop_requested(); mine = next++) {
                        send_day(client, city, file, options, work[mine]);
                        options.progress("Sending days of sensor data",
                                         static_cast<double>(mine + 1) / static_cast<double>(work.size()));
                    }
                } catch (...) {
                    const std::scoped_lock lock{mutex};
                    failure = std::current_exception();
                    next = work.size();
                }
            });
    }
    if (failure) std::rethrow_exception(failure);
}

// The day that is running is simulated to its end, and each half minute's part of it sent when it is over.
void go_on(DemoFile& file, const clock::Clock& clock, const Options& options, const std::function<void()>& save,
           std::stop_token stop) {
    const City city;
    const auto started = clock::from_rfc3339(file.started_at).value();
    auto from = file.sent_until ? clock::from_rfc3339(*file.sent_until).value() : started;
    from = std::max(from, clock.now() - longest_rest);
    outbound::Client client{std::chrono::seconds{60}};
    std::optional<clock::Instant> midnight;  // of the day that is simulated
    std::vector<SimulatedDay> fleet;
    while (!stop.stop_requested()) {
        const auto next_midnight = midnight_of(from, -1);
        const auto to = std::min({clock.now(), from + per_batch, next_midnight});
        if (to < next_midnight && to - from < live_step) {
            std::this_thread::sleep_for(std::chrono::milliseconds{500});
            continue;
        }
        if (midnight != midnight_of(from, 0)) {
            midnight = midnight_of(from, 0);
            const auto after = std::chrono::round<days>(*midnight - midnight_of(started, 0)).count();
            const LocalDay day{started, -static_cast<int>(after), clock::far_future};
            fleet.clear();
            for (std::size_t i = 0; i < file.devices.size(); ++i)
                fleet.push_back(simulate(city, {&file.devices[i], static_cast<int>(i), day}, file.seed));
        }
        const auto name = std::format("demo-{}-live-{}-{}", file.seed, from.time_since_epoch().count(),
                                      to.time_since_epoch().count());
        for (std::size_t i = 0; i < fleet.size() && !stop.stop_requested(); ++i)
            if (const auto& device = file.devices[i]; device.habit != Habit::silent)
                post(client, options, device, batch_of(name, fleet[i], {from, to}, skew_of(device)));
        if (stop.stop_requested()) return;
        from = to;
        file.sent_until = clock::to_rfc3339(from);
        save();
    }
}

}  // namespace mobilytics::demo
