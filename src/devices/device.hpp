#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/problem/problem.hpp"
#include "src/assets/ids.hpp"
#include "src/auth/ids.hpp"
#include "src/devices/ids.hpp"

// Sensors, their models and what is known of their health. Pure values and rules. The enumerators' names are their
// text in the API and in the database.
namespace mobilytics::devices {

enum class DeviceState { in_stock, active, faulty, retired, disabled };
enum class DeviceStatus { never_seen, online, stale, offline };

// An interval counts as at least a minute, so that a device that reports every second is not lost at once.
inline constexpr int shortest_interval_s = 60;
inline constexpr int online_intervals = 2;
inline constexpr int stale_intervals = 10;

inline constexpr std::int16_t default_near_dbm = -75;
inline constexpr std::int16_t weakest_dbm = -110;
inline constexpr std::int16_t strongest_dbm = -20;
inline constexpr int longest_interval_s = 86400;

// Online up to 2 expected intervals after the last heartbeat, stale up to 10, then offline.
DeviceStatus status_of(std::optional<clock::Instant> last_heartbeat, int expected_interval_s, clock::Instant now);

// People per near visit, in force from an instant until the next one's. Throws Problem invalid
// "devices.invalid_calibration" unless 0 <= low <= factor <= high.
struct NewCalibration {
    clock::Instant effective_from;
    double factor = 1;
    double low = 1;
    double high = 1;
    std::string method;

    void check() const;
};

struct Calibration {
    CalibrationId id;
    clock::Instant effective_from;
    double factor = 1;
    double low = 1;
    double high = 1;
    std::string method;
    std::string by;  // id of the person or key that recorded it
    bool operator==(const Calibration&) const = default;
};

struct NewModel {
    std::string name;
    int expected_interval_s = shortest_interval_s;

    void check() const;  // Problem invalid "devices.invalid_model"
};

struct Model {
    ModelId id;
    std::string name;
    int expected_interval_s = shortest_interval_s;
    clock::Instant created_at;
    std::vector<Calibration> calibrations;  // newest first
};

struct NewDevice {
    std::string serial;
    std::optional<std::string> name;  // the serial unless given
    ModelId model;
    std::optional<std::int16_t> near_dbm;

    void check() const;  // Problem invalid "devices.invalid"
};

struct DeviceChange {
    std::optional<std::string> name;
    std::optional<DeviceState> state;

    void check() const;  // Problem invalid "devices.invalid"
};

// Problem invalid "devices.invalid_near_threshold" unless the sensors can measure it.
void check_near_threshold(std::int16_t near_dbm);

struct LastHeartbeat {
    clock::Instant at;
    std::optional<std::string> firmware;
    std::optional<double> battery;
    std::optional<double> temperature;
    std::optional<std::int64_t> queue_depth;
};

struct AttachedTo {
    AssetId asset;
    std::string asset_name;
    clock::Instant since;
};

Problem no_such_device();  // missing "devices.not_found"

// A device as it stands at the instant of reading.
struct Device {
    DeviceId id;
    std::string serial;
    std::string name;
    ModelId model;
    std::string model_name;
    int expected_interval_s = shortest_interval_s;
    DeviceState state = DeviceState::in_stock;
    clock::Instant created_at;
    std::int16_t near_dbm = default_near_dbm;
    bool calibrated = false;
    std::optional<LastHeartbeat> last_heartbeat;
    DeviceStatus status = DeviceStatus::never_seen;
    std::optional<AttachedTo> attached_to;

    // Tells apart what an edit can make of it; what the device says of itself is no part of that.
    std::string version() const;
};

// One heartbeat as the ingest path took it.
struct Heard {
    CompanyId company;
    DeviceId device;
    clock::Instant at;
    std::string firmware;
    std::optional<double> battery;
    std::optional<double> temperature;
    std::optional<std::int64_t> queue_depth;
};

// The newest of each device, by company and device: writers who lock in one order never wait for each other in a ring.
std::vector<Heard> newest_of_each(std::vector<Heard> heard);

}  // namespace mobilytics::devices
