#include "app/demo/sending.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <format>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "app/demo/fleet.hpp"
#include "platform/outbound/client.hpp"

namespace mobilytics::demo {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr int senders = 6;
constexpr std::chrono::hours per_batch{2};
struct Work {
    const DemoDevice* device;
    int index;  // of the device
    int days_ago;
};

// A part of a local day in the fleet's own time zone, cut at "now".
clock::Window hours_of(int days_ago, double from_hour, double to_hour, clock::Instant now) {
    const auto start = midnight_of(now, days_ago);
    const auto at = [&](double hour) { return std::min(now, start + minutes{static_cast<int>(hour * 60)}); };
    return {at(from_hour), at(to_hour)};
}

Shift shift_of(const Work& work, clock::Instant now) {
    const bool billboard = work.device->lat.has_value();
    const double start = billboard ? 0 : 6.5 + (work.index % 4) * 0.5;
    const double end = billboard ? 24 : start + 10 + (work.index % 3);
    return {hours_of(work.days_ago, start, end, now), start};
}

SimulatedDay simulate(const City& city, const Work& work, std::uint64_t seed, Shift shift, clock::Window whole) {
    Chance chance{seed + static_cast<std::uint64_t>(work.index) * 1000 + static_cast<std::uint64_t>(work.days_ago)};
    Chance home{seed + static_cast<std::uint64_t>(work.index)};
    const Place depot = city.crossing({home.between(43.635, 43.700), home.between(-79.46, -79.33)});
    auto day = work.device->lat ? watch(city, {*work.device->lat, *work.device->lon}, shift, chance)
                                : drive(city, depot, shift, chance);
    beat(day, whole, chance);  // the sensor is awake when the vehicle is not
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

std::string batch_of(const std::string& name, const SimulatedDay& day, clock::Window window) {
    std::string body = std::format("{{\"batch\":\"{}\"", name);
    append_list(body, "positions", day.fixes, window, [&](const SimulatedFix& fix) {
        body += std::format(
            R"({{"at":"{}","lat":{:.6f},"lon":{:.6f},"speed_mps":{:.1f},"heading_deg":{:.0f},"accuracy_m":{:.0f}}})",
            clock::to_rfc3339(fix.at), fix.place.lat, fix.place.lon, fix.speed_mps, fix.heading_deg, fix.accuracy_m);
    });
    append_list(body, "sightings", day.sightings, window, [&](const SimulatedSighting& seen) {
        body += std::format(R"({{"at":"{}","visitor":"{:016x}","rssi_dbm":{},"randomized":{}}})",
                            clock::to_rfc3339(seen.at), seen.visitor, seen.rssi_dbm, seen.randomized);
    });
    append_list(body, "heartbeats", day.heartbeats, window, [&](const SimulatedHeartbeat& beat) {
        body += std::format(R"({{"at":"{}","firmware":"2.4.1","battery":{:.2f},"temperature":{:.1f},"queue_depth":0}})",
                            clock::to_rfc3339(beat.at), beat.battery, beat.temperature);
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

void send_day(outbound::Client& client, const City& city, const DemoFile& file, const Options& options,
              const Work& work) {
    const auto now = clock::from_rfc3339(file.started_at).value();
    const auto whole = hours_of(work.days_ago, 0, 24, now);
    const auto day = simulate(city, work, file.seed, shift_of(work, now), whole);
    int part = 0;
    for (auto from = whole.from; from < whole.to; from += per_batch) {
        const auto name = std::format("demo-{}-{}-{}", file.seed, work.days_ago, part++);
        post(client, options, *work.device, batch_of(name, day, {from, std::min(from + per_batch, whole.to)}));
    }
}

}  // namespace

void send_everything(const DemoFile& file, const Options& options, std::stop_token stop) {
    const City city;
    std::vector<Work> work;
    for (int ago = days_back; ago >= 0; --ago)
        for (std::size_t i = 0; i < file.devices.size(); ++i)
            work.push_back({&file.devices[i], static_cast<int>(i), ago});
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
                        options.progress("Sending seven days of sensor data",
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

}  // namespace mobilytics::demo
