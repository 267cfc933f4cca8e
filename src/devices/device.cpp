#include "src/devices/device.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <tuple>
#include <utility>

#include "platform/crypto/fingerprint.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/problem/faults.hpp"

namespace mobilytics::devices {

namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_model_name = 100;
constexpr std::size_t longest_serial = 64;
constexpr std::size_t longest_method = 200;
constexpr double most_people = 1e6;

}  // namespace

DeviceStatus status_of(std::optional<clock::Instant> last_heartbeat, int expected_interval_s, clock::Instant now) {
    if (!last_heartbeat) return DeviceStatus::never_seen;
    const std::chrono::seconds interval{std::max(expected_interval_s, shortest_interval_s)};
    const auto silence = now - *last_heartbeat;
    if (silence <= online_intervals * interval) return DeviceStatus::online;
    if (silence <= stale_intervals * interval) return DeviceStatus::stale;
    return DeviceStatus::offline;
}

void NewCalibration::check() const {
    Faults faults;
    if (!(factor >= 0 && factor <= most_people))
        faults.add("/factor", "must be between 0 and 1,000,000 people a visit");
    if (!(low >= 0 && low <= factor)) faults.add("/low", "must be between 0 and the factor");
    if (!(high >= factor && high <= most_people)) faults.add("/high", "must be between the factor and 1,000,000");
    faults.check_line("/method", method, longest_method);
    faults.refuse("devices.invalid_calibration", "The calibration cannot be like that; see errors.");
}

void NewModel::check() const {
    Faults faults;
    faults.check_line("/name", name, longest_model_name);
    if (expected_interval_s < 1 || expected_interval_s > longest_interval_s)
        faults.add("/expected_interval_s", "must be between 1 second and a day");
    faults.refuse("devices.invalid_model", "The model cannot be like that; see errors.");
}

void NewDevice::check() const {
    Faults faults;
    faults.check_line("/serial", serial, longest_serial);
    if (name) faults.check_line("/name", *name, longest_name);
    faults.refuse("devices.invalid", "The device cannot be like that; see errors.");
    if (near_dbm) check_near_threshold(*near_dbm);
}

void DeviceChange::check() const {
    Faults faults;
    if (name) faults.check_line("/name", *name, longest_name);
    faults.refuse("devices.invalid", "The device cannot be like that; see errors.");
}

void check_near_threshold(std::int16_t near_dbm) {
    Faults faults;
    if (near_dbm < weakest_dbm || near_dbm > strongest_dbm) faults.add("/near_dbm", "must be between -110 and -20 dBm");
    faults.refuse("devices.invalid_near_threshold", "No sighting is that weak or that strong.");
}

Problem no_such_device() { return {Kind::missing, "devices.not_found", "There is no such device."}; }

std::string Device::version() const { return crypto::fingerprint({name, json::name_of(state)}); }

std::vector<Heard> newest_of_each(std::vector<Heard> heard) {
    const auto key = [](const Heard& one) { return std::tie(one.company, one.device); };
    std::ranges::sort(heard, [&](const Heard& one, const Heard& other) {
        return key(one) != key(other) ? key(one) < key(other) : one.at > other.at;
    });
    const auto older = std::ranges::unique(heard, {}, key);
    heard.erase(older.begin(), older.end());
    return heard;
}

}  // namespace mobilytics::devices
