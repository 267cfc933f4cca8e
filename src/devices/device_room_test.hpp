#pragma once

#include <format>
#include <string>

#include "src/assets/assets.hpp"
#include "src/assets/room_test.hpp"
#include "src/devices/devices.hpp"

// What the tests of this room share: a model, and quick ways to devices and assets.
namespace mobilytics::devices {

class DeviceRoomTest : public test::RoomTest {
protected:
    DeviceRoomTest()
        : RoomTest{{"assets.assets", "devices.models", "devices.model_calibrations", "devices.devices",
                    "devices.near_thresholds", "devices.calibrations", "devices.tokens", "devices.attachments",
                    "devices.last_seen"},
                   {"devices.attachment_changed", "devices.calibration_changed", "devices.near_threshold_changed"}} {
        assets::add_routes(router(), assets);
        add_routes(router(), devices);
        sql("insert into devices.models (model_id, name, expected_interval_s, created_at) values ('" +
            ids::to_hex(model.uuid) + "', 'M1', 300, '2026-01-01Z')");
    }

    std::string added_device(std::string serial) {
        const auto answer =
            call("POST /v1/devices", std::format(R"({{"serial":"{}","model_id":"{}"}})", serial, model.text()));
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.at("/id");
    }

    std::string added_asset(std::string name) {
        const auto answer = call("POST /v1/assets", std::format(R"({{"kind":"vehicle","name":"{}"}})", name));
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.at("/id");
    }

    // `rest` continues the body: ,"to":"..." or ,"position":"roof".
    test::Answer attach(std::string device, std::string asset, std::string from, std::string rest = "") {
        return call("POST /v1/devices/" + device + "/attachments",
                    std::format(R"({{"asset_id":"{}","from":"{}"{}}})", asset, from, rest));
    }

    const ModelId model = ModelId::make();
    assets::Assets assets{database(), clock(), events(), trail()};
    Devices devices{database(), clock(), events(), trail(), assets};
};

}  // namespace mobilytics::devices
