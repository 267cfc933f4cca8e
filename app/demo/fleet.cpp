#include "app/demo/fleet.hpp"

#include <algorithm>
#include <cmath>

namespace mobilytics::demo {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds between_fixes{15};
constexpr seconds between_fixes_standing{60};
constexpr seconds between_fixes_resting{240};
constexpr seconds between_heartbeats{60};
constexpr minutes way_home{40};
constexpr seconds watch_step{30};
constexpr double people_per_second = 0.07;  // newly seen at the busiest place and hour
constexpr double regulars_share = 0.12;     // seen again and again on one day
constexpr int regulars = 400;

milliseconds span(double s) { return milliseconds{static_cast<std::int64_t>(s * 1000)}; }

double hour_at(const Shift& shift, clock::Instant at) {
    const double hours = std::chrono::duration<double, std::ratio<3600>>{at - shift.during.from}.count();
    return std::fmod(shift.hour_of_day + hours, 24.0);
}

// Addresses that change live for one burst; the few that stay are seen for as long as their owner is near.
void see_someone(SimulatedDay& day, clock::Instant at, clock::Instant until, double dwell_s, std::uint64_t day_salt,
                 Chance& chance) {
    const bool regular = chance.happens(regulars_share);
    Chance person{day_salt + static_cast<std::uint64_t>(chance.below(regulars))};
    const std::uint64_t visitor = regular ? person.bits() : chance.bits();
    const double centre = chance.normal(-76, 9);
    for (double passed = 0; passed <= dwell_s; passed += chance.between(8, 40)) {
        const auto when = at + span(passed);
        if (when >= until) return;
        const int rssi = std::clamp(static_cast<int>(chance.normal(centre, 3)), -105, -32);
        day.sightings.push_back({when, visitor, rssi, !regular});
    }
}

void look_around(SimulatedDay& day, const City& city, Place place, const Shift& shift, clock::Instant at,
                 seconds span_s, bool standing, std::uint64_t salt, Chance& chance) {
    const double rate = people_per_second * shift.busy * city.crowd(place, hour_at(shift, at));
    const int newcomers = chance.poisson(rate * static_cast<double>(span_s.count()));
    for (int i = 0; i < newcomers; ++i) {
        const auto when = at + span(chance.between(0, static_cast<double>(span_s.count())));
        const double dwell = chance.happens(0.55) ? 0 : chance.exponential(standing ? 140 : 25);
        see_someone(day, when, shift.during.to, dwell, salt, chance);
    }
}

// Phones in a bus that passes: as many addresses as people, all gone within seconds.
void burst(SimulatedDay& day, clock::Instant at, clock::Instant until, Chance& chance) {
    const int phones = 25 + chance.below(50);
    for (int i = 0; i < phones; ++i) {
        const auto when = at + span(chance.between(0, 12));
        const int rssi = std::clamp(static_cast<int>(chance.normal(-74, 7)), -105, -32);
        if (when < until) day.sightings.push_back({when, chance.bits(), rssi, true});
    }
}

// Where a receiver believes to be, a metre or two off.
Place received(Place at, Chance& chance) {
    return {at.lat + chance.normal(0, 0.00002), at.lon + chance.normal(0, 0.00003)};
}

struct Driver {
    const City& city;
    const Shift& shift;
    SimulatedDay& day;
    Chance& chance;
    std::uint64_t salt;
    clock::Instant now;
    Place here;
    clock::Instant under_sky_from{};

    bool working() const { return now < shift.during.to; }

    void report(double speed, double heading) {
        const seconds until_next = speed < 1 ? between_fixes_standing : between_fixes;
        // Tunnels and towers hide the sky for some minutes.
        if (chance.happens(0.002)) under_sky_from = now + seconds{90 + chance.below(600)};
        if (now >= under_sky_from) fix(speed, heading);
        look_around(day, city, here, shift, now, until_next, speed < 1, salt, chance);
        now += until_next;
    }

    // Now and then the receiver believes to be in the next county: too far for any road, so that no track goes there.
    void fix(double speed, double heading) {
        const bool astray = chance.happens(0.0006);
        const double off = astray ? chance.between(0.6, 0.9) : 0;
        const Place seen = received({here.lat + off, here.lon - off}, chance);
        day.fixes.push_back(
            {now, seen, std::round(speed * 10) / 10, std::round(heading), std::round(chance.between(3, 9))});
    }

    void stand(seconds how_long) {
        if (working() && chance.happens(0.03)) burst(day, now, shift.during.to, chance);
        for (const auto until = now + how_long; working() && now < until;) report(0, 0);
    }

    // Along one block: slower where and when it is crowded, sometimes waiting at the lights.
    void go(Place next) {
        const double speed = std::max(2.0, 13.0 - 9.0 * city.crowd(here, hour_at(shift, now)) + chance.normal(0, 1));
        const double length = metres_between(here, next);
        const double heading =
            std::fmod(450 - std::atan2(next.lat - here.lat, next.lon - here.lon) * 180 / std::numbers::pi, 360);
        const Place start = here;
        for (double passed = 0; working() && passed < length;) {
            report(speed, heading);
            passed = std::min(length, passed + speed * static_cast<double>(between_fixes.count()));
            here = {start.lat + (next.lat - start.lat) * passed / length,
                    start.lon + (next.lon - start.lon) * passed / length};
        }
        here = next;
        if (chance.happens(0.2)) stand(seconds{chance.below(50)});
    }

    void follow(const std::vector<Place>& way) {
        for (const auto& next : way)
            if (working() && metres_between(here, next) > 1) go(next);
    }
};

}  // namespace

void beat(SimulatedDay& day, clock::Window during, Chance& chance) {
    double battery = chance.between(0.82, 1);
    const auto silent_from = during.from + minutes{chance.below(22 * 60)};
    const clock::Window silent{silent_from, silent_from + minutes{chance.happens(0.2) ? 30 + chance.below(90) : 0}};
    for (auto at = during.from; at < during.to; at += between_heartbeats) {
        battery = std::max(0.15, battery - 0.0003);
        if (silent.contains(at)) continue;
        day.heartbeats.push_back({at, std::round(battery * 100) / 100, std::round(chance.normal(18, 1) * 10) / 10});
    }
}

void rest(SimulatedDay& day, Place depot, clock::Window during, Chance& chance) {
    for (auto at = during.from; at < during.to; at += between_fixes_resting)
        day.fixes.push_back({at, received(depot, chance), 0, 0, std::round(chance.between(3, 9))});
}

SimulatedDay drive(const City& city, Place depot, Shift shift, Chance& chance) {
    SimulatedDay day;
    Driver driver{city, shift, day, chance, chance.bits(), shift.during.from, depot};
    while (driver.now < shift.during.to - way_home) {
        driver.follow(city.way(driver.here, city.destination(chance), chance));
        driver.stand(minutes{4 + chance.below(16)});
    }
    driver.follow(city.way(driver.here, depot, chance));
    driver.stand(way_home);
    std::ranges::sort(day.sightings, {}, &SimulatedSighting::at);
    return day;
}

SimulatedDay watch(const City& city, Place place, Shift shift, Chance& chance) {
    SimulatedDay day;
    const std::uint64_t salt = chance.bits();
    for (auto at = shift.during.from; at < shift.during.to; at += watch_step)
        look_around(day, city, place, shift, at, watch_step, false, salt, chance);
    std::ranges::sort(day.sightings, {}, &SimulatedSighting::at);
    return day;
}

}  // namespace mobilytics::demo
