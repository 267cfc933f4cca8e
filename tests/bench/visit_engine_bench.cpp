#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "src/measurements/exposure.hpp"
#include "src/measurements/visits.hpp"

// The hot path of measurement: one device-hour of sightings to visits, and visits to stored rows.
// items_per_second is per core. The bare sort of the same sightings is the limit that visits can come near.
namespace mobilytics::measurements {
namespace {

constexpr Instant seven{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{7}};
constexpr Window hour{seven, seven + std::chrono::hours{1}};
constexpr Instant loaded_until = hour.to + join_gap;

enum Order : std::int64_t { as_arrived, by_visitor };

// A busy street: every visitor is seen about eight times around one moment.
std::vector<Sighting> street(std::int64_t count, std::int64_t order) {
    std::mt19937_64 bits{7};
    std::vector<Sighting> sightings;
    while (static_cast<std::int64_t>(sightings.size()) < count) {
        const Visitor visitor{static_cast<std::int64_t>(bits())};
        Instant at = seven + clock::Milliseconds{static_cast<std::int64_t>(bits() % 3'600'000)};
        for (int seen = 0; seen < 8; ++seen, at += clock::Milliseconds{static_cast<std::int64_t>(bits() % 20'000)})
            sightings.push_back({at, visitor, static_cast<std::int16_t>(-50 - static_cast<int>(bits() % 45))});
    }
    const auto by_time = [](const Sighting& one) { return one.at; };
    const auto by_key = [](const Sighting& one) { return std::pair{one.visitor, one.at}; };
    if (order == as_arrived)
        std::ranges::sort(sightings, {}, by_time);
    else
        std::ranges::sort(sightings, {}, by_key);
    return sightings;
}

void bare_sort(benchmark::State& state) {
    const auto sightings = street(state.range(0), as_arrived);
    for (auto _ : state) {
        auto copy = sightings;
        std::ranges::sort(copy, {}, [](const Sighting& one) { return std::pair{one.visitor, one.at}; });
        benchmark::DoNotOptimize(copy.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(sightings.size()));
}

void visits_of_an_hour(benchmark::State& state) {
    const auto sightings = street(state.range(0), state.range(1));
    for (auto _ : state) benchmark::DoNotOptimize(visits_starting_in(sightings, hour, loaded_until));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(sightings.size()));
}

void rows_on_a_moving_vehicle(benchmark::State& state) {
    const auto found = visits_starting_in(street(state.range(0), by_visitor), hour, loaded_until);
    std::vector<Fix> fixes;
    for (int second = 0; second <= 3900; second += 10)
        fixes.push_back({seven + std::chrono::seconds{second}, {43.6 + second * 1e-4, -79.4}, 11.0});
    const Track track = Track::extend({}, fixes);
    DeviceHistory history;
    history.attachments = {{{}, {}, {Instant{}, clock::far_future}}};
    const std::vector<Site> sites{Site::vehicle({}, track)};
    for (auto _ : state) benchmark::DoNotOptimize(expose(found.visits, history, sites, {}));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(found.visits.size()));
}

BENCHMARK(bare_sort)->Arg(100'000)->Arg(1'000'000);
BENCHMARK(visits_of_an_hour)
    ->ArgNames({"sightings", "sorted"})
    ->Args({10'000, as_arrived})
    ->Args({100'000, as_arrived})
    ->Args({1'000'000, as_arrived})
    ->Args({1'000'000, by_visitor});
BENCHMARK(rows_on_a_moving_vehicle)->Arg(100'000);

}  // namespace
}  // namespace mobilytics::measurements
