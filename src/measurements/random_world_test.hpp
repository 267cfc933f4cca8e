#pragma once

#include <initializer_list>
#include <random>

#include "src/measurements/world_values_test.hpp"

// Small random worlds that meet the method's edges often: gaps of exactly 300 s, two fixes at one instant,
// teleports, stops, attachments that end at a visit's instant, the antimeridian.
namespace mobilytics::measurements::testing {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : bits_{seed} {}

    int up_to(int most) { return static_cast<int>(bits_() % static_cast<std::uint64_t>(most + 1)); }
    bool one_in(int odds) { return up_to(odds - 1) == 0; }
    double between(double low, double high) {
        return low + (high - low) * static_cast<double>(bits_() >> 11U) / static_cast<double>(std::uint64_t{1} << 53U);
    }
    template <class T>
    T of(std::initializer_list<T> choices) {
        return choices.begin()[up_to(static_cast<int>(choices.size()) - 1)];
    }
    template <class T>
    const T& of(const std::vector<T>& choices) {
        return choices[static_cast<std::size_t>(up_to(static_cast<int>(choices.size()) - 1))];
    }
    template <class T>
    void shuffle(std::vector<T>& values) {
        std::ranges::shuffle(values, bits_);
    }

private:
    std::mt19937_64 bits_;
};

inline ids::Uuid numbered(int number) {
    ids::Uuid uuid;
    uuid.bytes[0] = 1;
    uuid.bytes[15] = static_cast<std::uint8_t>(number);
    return uuid;
}

// Saturday evening to Sunday morning around the change to summer time in Toronto.
inline constexpr Instant world_start{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{3}};
inline constexpr Window world_span{world_start, world_start + std::chrono::hours{6}};
inline constexpr Window busy_span{world_start + one_hour, world_start + std::chrono::hours{4}};

// Half of the instants lie on half minutes, so that records of different kinds meet.
inline Instant random_instant(Chance& chance, Window span = busy_span) {
    const auto length = static_cast<int>((span.to - span.from).count());
    if (chance.one_in(2)) return span.from + std::chrono::milliseconds{chance.up_to(length - 1)};
    return span.from + std::chrono::seconds{30} * chance.up_to(length / 30'000 - 1);
}

inline clock::Milliseconds random_step(Chance& chance) {
    return clock::Milliseconds{chance.of({1, 1'000, 30'000, 30'000, 60'000, 60'000, 60'001, 90'000, 120'000, 120'000,
                                          299'999, 300'000, 300'001, 330'000, 900'000})};
}

template <class Make>
auto random_records(Chance& chance, int most, Make make) {
    std::vector<Dated<decltype(make())>> records;
    for (int count = chance.up_to(most); count > 0; --count)
        records.push_back({chance.one_in(3) ? Instant{} : random_instant(chance), make()});
    return records;
}

inline TestDevice random_device(Chance& chance, int number) {
    const auto calibration = [&] {
        const double factor = chance.between(0.05, 2);
        return Calibration{factor, factor * 0.75, factor * 1.5};
    };
    TestDevice device;
    device.id = numbered(number);
    device.near_dbm = random_records(chance, 2, [&] { return chance.of<std::int16_t>({-80, -75, -70}); });
    device.calibrations = random_records(chance, 2, calibration);
    device.model_calibrations = random_records(chance, 1, calibration);
    device.expected_interval =
        random_records(chance, 2, [&] { return std::chrono::seconds{chance.of({60, 90, 300})}; });
    return device;
}

// No device on two assets at once; often an attachment follows another without a break.
inline std::vector<Attachment> random_attachments(Chance& chance, const World& world) {
    std::vector<Attachment> attachments;
    for (const TestDevice& device : world.devices) {
        Instant from = chance.one_in(2) ? world_span.from : random_instant(chance);
        while (from < busy_span.to) {
            Instant to = chance.one_in(2) ? clock::far_future : random_instant(chance, {from, world_span.to});
            if (to <= from) to = from + std::chrono::minutes{7};
            if (!chance.one_in(5)) attachments.push_back({device.id, chance.of(world.assets).id, {from, to}});
            from = to;
        }
    }
    return attachments;
}

inline std::vector<Dated<ParkedPolicy>> random_policies(Chance& chance) {
    return random_records(chance, 2, [&] {
        return ParkedPolicy{chance.of({ParkedRule::count, ParkedRule::exclude, ParkedRule::cap}),
                            std::chrono::minutes{chance.of({2, 10})}};
    });
}

inline void add_random_campaigns(Chance& chance, World& world) {
    for (int number = 0; number < 3; ++number) {
        TestCampaign campaign{numbered(100 + number),
                              {random_instant(chance), clock::far_future},
                              chance.of<std::string>({"America/Toronto", "Asia/Kathmandu", "America/St_Johns"}),
                              {}};
        if (chance.one_in(2)) campaign.flight = {world_span.from, random_instant(chance)};
        for (int parts = chance.up_to(2); parts > 0; --parts)
            campaign.dayparts.push_back({{static_cast<unsigned>(chance.up_to(6)), 5, 6},
                                         std::chrono::minutes{chance.up_to(1439)},
                                         std::chrono::minutes{chance.up_to(1440)}});
        for (const TestAsset& asset : world.assets)
            for (const TestFace& face : asset.faces)
                if (chance.one_in(2))
                    world.assignments.push_back({campaign.id,
                                                 face.id,
                                                 {random_instant(chance), clock::far_future},
                                                 chance.of({0.25, 0.25, 0.3})});
        world.campaigns.push_back(std::move(campaign));
    }
    for (const char* speed : {"parked", "crawl", "urban", "fast", "static", "unknown"})
        if (chance.one_in(2)) world.visibility.push_back({"truck", "side", speed, chance.between(0, 1)});
}

// One device's fixes: a walk in every speed class, at times a teleport, a repeated key or a report left out.
inline void add_random_walk(Chance& chance, World& world, const ids::Uuid& device, LatLon start) {
    LatLon place = start;
    double north = 0;
    double east = 0;
    int standing = 0;  // steps left of a long stop
    for (Instant at = random_instant(chance); at < busy_span.to;) {
        const auto step = standing > 0 ? clock::Milliseconds{60'000} : random_step(chance);
        if (standing == 0 && chance.one_in(20)) {
            standing = 5 + chance.up_to(30);
            north = east = 0;
        } else if (standing > 0) {
            --standing;
        } else if (chance.one_in(3)) {
            const double speed = chance.of({0.0, 0.0, 0.0, 1.3, 1.4, 5.0, 12.0, 16.0, 30.0, 59.0, 61.0, 300.0});
            const double heading = chance.between(0, 6.28);
            north = speed * std::cos(heading) / 111'195;
            east = speed * std::sin(heading) / 111'195;
        }
        const double seconds = std::chrono::duration<double>{step}.count();
        place.lat += north * seconds;
        place.lon += east * seconds;
        if (std::abs(place.lon) > 180) place.lon -= std::copysign(360, place.lon);
        Position position{device, at, place.lat, place.lon, {}, {}, {}};
        if (!chance.one_in(3)) position.speed_mps = chance.between(0, 20);
        if (!chance.one_in(3)) position.accuracy_m = chance.of({3.0, 5.0});
        world.positions.push_back(position);
        for (int repeats = chance.one_in(6) ? chance.up_to(2) : 0; repeats > 0; --repeats) {
            position.lat += chance.of({0.0, 0.0001, -0.0001});
            position.heading_deg = chance.between(0, 359);
            if (chance.one_in(2)) position.accuracy_m = chance.of({2.0, 5.0});
            world.positions.push_back(position);
        }
        at += step;
        // Back to the half minutes, where other devices' fixes are.
        if (chance.one_in(8)) at = std::chrono::ceil<std::chrono::minutes>(at);
    }
}

inline void add_random_sightings(Chance& chance, World& world, const ids::Uuid& device) {
    for (int visitor = 1; visitor <= 4; ++visitor) {
        const int liveliness = 1 + chance.up_to(3);  // some visitors are there all the time
        for (Instant at = random_instant(chance); at < busy_span.to; at += random_step(chance) / liveliness) {
            TestSighting one{device, {at, Visitor{visitor - 2}, chance.of<std::int16_t>({-90, -80, -76, -75, -60})}};
            world.sightings.push_back(one);
            if (!chance.one_in(6)) continue;
            one.sighting.rssi_dbm = chance.of<std::int16_t>({-90, -75, -70});
            world.sightings.push_back(one);
        }
    }
}

inline World random_world(std::uint64_t seed) {
    Chance chance{seed};
    World world;
    for (int number = 1; number <= 3; ++number) world.devices.push_back(random_device(chance, number));
    const auto face = [](int number, const char* placement) { return TestFace{numbered(number), "truck", placement}; };
    world.assets.push_back({numbered(50), std::nullopt, {face(61, "side"), face(62, "rear")}});
    world.assets.push_back({numbered(51), std::nullopt, {face(63, "side")}});
    world.assets.push_back({numbered(52), LatLon{43.64261234567, -79.38711234567}, {face(64, "side")}});
    world.attachments = random_attachments(chance, world);
    world.parked_policies = random_policies(chance);
    add_random_campaigns(chance, world);

    const LatLon start = chance.of({LatLon{43.65, -79.38}, LatLon{-17.8, 179.999}, LatLon{66.0, -179.999}});
    for (const TestDevice& device : world.devices) {
        add_random_walk(chance, world, device.id, start);
        add_random_sightings(chance, world, device.id);
        for (Instant at = random_instant(chance); at < busy_span.to; at += random_step(chance) / 2)
            world.heartbeats.push_back({device.id, at});
    }
    return world;
}

}  // namespace mobilytics::measurements::testing
