#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/ids/id.hpp"

// The raw records of the sensor streams as plain values, and which of several with one natural key is kept
// (measurement.md 1). Pure: no clock, no database.
namespace mobilytics::measurements {

using clock::Instant;
using clock::Window;

// A visitor's pseudonym: 16 lower-case hexadecimal digits outside, a two's-complement bigint in the database.
enum class Visitor : std::int64_t {};

// Nothing but exactly 16 digits of 0-9 and a-f is a pseudonym; a MAC address above all is none.
inline std::optional<Visitor> visitor_from_hex(std::string_view text) {
    if (text.size() != 16) return std::nullopt;
    std::uint64_t bits = 0;
    for (const char digit : text) {
        const bool decimal = digit >= '0' && digit <= '9';
        if (!decimal && (digit < 'a' || digit > 'f')) return std::nullopt;
        bits = bits << 4U | static_cast<std::uint64_t>(decimal ? digit - '0' : digit - 'a' + 10);
    }
    return Visitor{static_cast<std::int64_t>(bits)};
}

inline std::string to_hex(Visitor visitor) {
    std::string text(16, '0');
    auto bits = static_cast<std::uint64_t>(visitor);
    for (auto place = text.rbegin(); place != text.rend(); ++place, bits >>= 4U)
        *place = "0123456789abcdef"[bits & 15U];
    return text;
}

// One sighting of the device that is being worked on. Repeats of a natural key (visitor, at) need no removal
// before visits are made of them: the strongest counts either way.
struct Sighting {
    Instant at;
    Visitor visitor{};
    std::int16_t rssi_dbm = 0;

    bool operator==(const Sighting&) const = default;
};

struct Position {
    ids::Uuid device;
    Instant at;
    double lat = 0;
    double lon = 0;
    std::optional<double> speed_mps;
    std::optional<double> heading_deg;
    std::optional<double> accuracy_m;

    bool operator==(const Position&) const = default;
};

// The one to keep of two positions with one natural key sorts first: the smallest accuracy, then latitude,
// longitude, speed and heading, each with a missing value last.
inline bool is_preferred(const Position& one, const Position& other) {
    const auto rank = [](const Position& position) {
        constexpr double last = std::numeric_limits<double>::infinity();
        return std::tuple{position.accuracy_m.value_or(last), position.lat, position.lon,
                          position.speed_mps.value_or(last), position.heading_deg.value_or(last)};
    };
    return rank(one) < rank(other);
}

// Leaves one position per natural key (device, at), ordered by device and time.
inline void keep_one_per_key(std::vector<Position>& positions) {
    std::ranges::sort(positions, [](const Position& one, const Position& other) {
        if (one.device != other.device) return one.device < other.device;
        if (one.at != other.at) return one.at < other.at;
        return is_preferred(one, other);
    });
    const auto repeats = std::ranges::unique(positions, [](const Position& one, const Position& other) {
        return one.device == other.device && one.at == other.at;
    });
    positions.erase(repeats.begin(), repeats.end());
}

}  // namespace mobilytics::measurements
