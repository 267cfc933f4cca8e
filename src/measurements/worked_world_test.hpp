#pragma once

#include <glaze/glaze.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "platform/testing/source_dir.hpp"
#include "src/measurements/reference_rollup_test.hpp"

// The files of fixtures/worked_world as the values of the tests. Names become ids in the order of the names.
namespace mobilytics::measurements::testing::worked {

template <class T>
using Named = std::map<std::string, T>;
using Text = std::string;

struct JsonCalibration {
    Text effective_from;
    double factor = 0, low = 0, high = 0;
};
struct JsonModel {
    int interval_s = 0;
    std::vector<JsonCalibration> calibrations;
};
struct JsonDevice {
    Text model;
    std::optional<std::int16_t> near_dbm;
    std::vector<JsonCalibration> calibrations;
};
struct JsonFace {
    Text format, placement;
};
struct JsonAsset {
    Text kind;
    std::optional<double> lat, lon;
    Named<JsonFace> faces;
};
struct JsonAttachment {
    Text device, asset, from;
    std::optional<Text> to;
};
struct JsonDaypart {
    std::vector<unsigned> weekdays;
    Text start, end;
};
struct JsonCampaign {
    Text from, to, zone;
    std::vector<JsonDaypart> dayparts;
};
struct JsonAssignment {
    Text campaign, face, from;
    std::optional<Text> to;
    double share = 1;
};
struct JsonVisibility {
    Text format, placement, speed;
    double value = 0;
};
struct JsonPolicy {
    Text kind;
    int minutes = 0;
};
struct JsonPosition {
    Text device, at;
    double lat = 0, lon = 0;
    std::optional<double> speed_mps, heading_deg, accuracy_m;
};
struct JsonSighting {
    Text device, at, visitor;
    std::int16_t rssi_dbm = 0;
};
struct JsonHeartbeat {
    Text device, at;
};
struct JsonWorld {
    Text about, zone;
    Named<JsonModel> models;
    Named<JsonDevice> devices;
    Named<JsonAsset> assets;
    std::vector<JsonAttachment> attachments;
    Named<JsonCampaign> campaigns;
    std::vector<JsonAssignment> assignments;
    std::vector<JsonVisibility> visibility;
    JsonPolicy parked_policy;
    std::vector<JsonPosition> positions;
    std::vector<JsonSighting> sightings;
    std::vector<JsonHeartbeat> heartbeats;
};

struct JsonVisit {
    Text device, visitor, start, end, asset, cell, speed;

    bool operator==(const JsonVisit&) const = default;
};
struct JsonRollup {
    Text by, campaign, of, hour;
    double visits = 0, ots = 0, ots_low = 0, ots_high = 0, lts = 0, dwell_s = 0;
    std::array<double, 9> bins{};
    std::size_t visitors = 0;
    double calibrated = 0;
};
struct JsonRoadSeconds {
    Text asset, hour;
    Text speed_class;
    double seconds = 0;

    struct glaze {
        using T = JsonRoadSeconds;
        static constexpr auto value =
            glz::object("asset", &T::asset, "hour", &T::hour, "class", &T::speed_class, "seconds", &T::seconds);
    };
    bool operator==(const JsonRoadSeconds&) const = default;
};
struct JsonQuality {
    int parked_out = 0, unattached = 0;
};
struct JsonExpected {
    std::vector<JsonVisit> visits;
    std::vector<JsonRollup> rollups;
    std::vector<JsonRoadSeconds> road_seconds;
    JsonQuality quality;
};

template <class T>
T read(const std::string& name) {
    const auto path = std::filesystem::path{test::source_dir} / "src/measurements/fixtures/worked_world" / name;
    std::ifstream file{path};
    std::ostringstream body;
    body << file.rdbuf();
    T value{};
    if (!file || glz::read_json(value, body.view())) throw std::runtime_error{"cannot read " + path.string()};
    return value;
}

// One id per name, in the order of the names, so that "the lowest id" means the first name.
class Names {
public:
    template <class Map>
    explicit Names(const Map& named) {
        for (const auto& entry : named) names_.push_back(entry.first);
    }

    ids::Uuid id(const Text& name) const {
        const auto found = std::ranges::find(names_, name);
        if (found == names_.end()) throw std::runtime_error{"no such name: " + name};
        ids::Uuid uuid;
        uuid.bytes[15] = static_cast<std::uint8_t>(1 + (found - names_.begin()));
        return uuid;
    }

    const Text& name(const ids::Uuid& uuid) const { return names_.at(uuid.bytes[15] - 1U); }

private:
    std::vector<Text> names_;
};

inline Instant instant(const Text& text) { return clock::from_rfc3339(text).value(); }

inline Window window(const Text& from, const std::optional<Text>& to) {
    return {instant(from), to ? instant(*to) : clock::far_future};
}

inline std::vector<Dated<Calibration>> calibrations(const std::vector<JsonCalibration>& json) {
    std::vector<Dated<Calibration>> dated;
    for (const auto& one : json) dated.push_back({instant(one.effective_from), {one.factor, one.low, one.high}});
    return dated;
}

inline std::chrono::minutes time_of_day(const Text& text) {
    return std::chrono::hours{std::stoi(text.substr(0, 2))} + std::chrono::minutes{std::stoi(text.substr(3))};
}

inline Names face_names(const JsonWorld& json) {
    Named<JsonFace> faces;
    for (const auto& [name, asset] : json.assets) faces.insert(asset.faces.begin(), asset.faces.end());
    return Names{faces};
}

inline TestDevice device(const JsonWorld& json, const ids::Uuid& id, const JsonDevice& one) {
    const Instant always{};
    const JsonModel& model = json.models.at(one.model);
    TestDevice made{.id = id,
                    .calibrations = calibrations(one.calibrations),
                    .model_calibrations = calibrations(model.calibrations),
                    .expected_interval = {{always, std::chrono::seconds{model.interval_s}}}};
    if (one.near_dbm) made.near_dbm.push_back({always, *one.near_dbm});
    return made;
}

inline World world(const JsonWorld& json) {
    const Names devices{json.devices}, assets{json.assets}, campaigns{json.campaigns}, faces = face_names(json);
    World made;
    for (const auto& [name, one] : json.devices) made.devices.push_back(device(json, devices.id(name), one));
    for (const auto& [name, one] : json.assets) {
        TestAsset& asset = made.assets.emplace_back(TestAsset{.id = assets.id(name)});
        if (one.kind == "billboard") asset.point = LatLon{one.lat.value(), one.lon.value()};
        for (const auto& [face, look] : one.faces) asset.faces.push_back({faces.id(face), look.format, look.placement});
    }
    for (const auto& one : json.attachments)
        made.attachments.push_back({devices.id(one.device), assets.id(one.asset), window(one.from, one.to)});
    for (const auto& [name, one] : json.campaigns) {
        TestCampaign& campaign =
            made.campaigns.emplace_back(TestCampaign{campaigns.id(name), window(one.from, one.to), one.zone, {}});
        for (const auto& part : one.dayparts)
            campaign.dayparts.push_back(
                {{part.weekdays.begin(), part.weekdays.end()}, time_of_day(part.start), time_of_day(part.end)});
    }
    for (const auto& one : json.assignments)
        made.assignments.push_back(
            {campaigns.id(one.campaign), faces.id(one.face), window(one.from, one.to), one.share});
    for (const auto& one : json.visibility)
        made.visibility.push_back({one.format, one.placement, one.speed, one.value});
    if (json.parked_policy.kind != "cap") throw std::runtime_error{"the worked world has the cap policy"};
    made.parked_policies = {{Instant{}, {ParkedRule::cap, std::chrono::minutes{json.parked_policy.minutes}}}};
    for (const auto& one : json.positions)
        made.positions.push_back({devices.id(one.device), instant(one.at), one.lat, one.lon, one.speed_mps,
                                  one.heading_deg, one.accuracy_m});
    for (const auto& one : json.sightings)
        made.sightings.push_back(
            {devices.id(one.device), {instant(one.at), visitor_from_hex(one.visitor).value(), one.rssi_dbm}});
    for (const auto& one : json.heartbeats) made.heartbeats.push_back({devices.id(one.device), instant(one.at)});
    return made;
}

}  // namespace mobilytics::measurements::testing::worked
