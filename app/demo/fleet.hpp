#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/demo/city.hpp"
#include "platform/clock/clock.hpp"

// What the sensors of the demo's fleet saw, day by day; values only.
namespace mobilytics::demo {

struct SimulatedFix {
    clock::Instant at;
    Place place;
    double speed_mps = 0;
    double heading_deg = 0;
    double accuracy_m = 5;
};

struct SimulatedSighting {
    clock::Instant at;
    std::uint64_t visitor = 0;
    int rssi_dbm = 0;
    bool randomized = true;
};

struct SimulatedHeartbeat {
    clock::Instant at;
    double battery = 1;
    double temperature = 20;
};

struct SimulatedDay {
    std::vector<SimulatedFix> fixes;
    std::vector<SimulatedSighting> sightings;
    std::vector<SimulatedHeartbeat> heartbeats;
};

// A sensor's working day: [from, to) of real time, with the local hour of day at `from`, and how many people are about
// on that day, beside a usual one.
struct Shift {
    clock::Window during;
    double hour_of_day = 0;
    double busy = 1;
};

// A sensor says every minute that it works, now and then not for an hour or two.
void beat(SimulatedDay& day, clock::Window during, Chance& chance);

// A vehicle in its depot: it says where it is, and nobody walks by.
void rest(SimulatedDay& day, Place depot, clock::Window during, Chance& chance);

// A vehicle leaves its depot, which is at a crossing, drives from stop to stop where people are, and comes back.
SimulatedDay drive(const City& city, Place depot, Shift shift, Chance& chance);

// A billboard's sensor watches its one place.
SimulatedDay watch(const City& city, Place place, Shift shift, Chance& chance);

}  // namespace mobilytics::demo
