#include <future>

#include "src/devices/device_room_test.hpp"

namespace mobilytics::devices {
namespace {

using auth::Role;

class Attachments : public DeviceRoomTest {
protected:
    std::string event(const std::string& device, const std::string& asset, const std::string& from,
                      const std::string& to) {
        return std::format(R"(devices.attachment_changed {{"company_id":"{}","device_id":"{}","asset_ids":["{}"],)"
                           R"("from":"{}","to":{}}})",
                           ours.text(), device, asset, from, to);
    }

    std::string corrected(const std::string& attachment, const std::string& body) {
        return outcome("PATCH /v1/attachments/" + attachment, body);
    }

    Task<std::string> attempt(DeviceId device, AssetId asset) {
        try {
            co_await devices.attach(actor(), device, NewAttachment{asset, {}, Span{clock().now(), {}}});
            co_return "attached";
        } catch (const Problem& problem) {
            co_return problem.code();
        }
    }

    std::string sensor = added_device("SN-1");
    std::string other_sensor = added_device("SN-2");
    std::string truck = added_asset("Truck");
    std::string van = added_asset("Van");
};

TEST_F(Attachments, put_a_device_on_an_asset) {
    const auto answer = attach(sensor, truck, "2026-03-07T00:00:00Z");
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.body,
              std::format(R"({{"id":"{}","device_id":"{}","asset_id":"{}","asset_name":"Truck","position":"main",)"
                          R"("from":"2026-03-07T00:00:00.000Z","to":null,"version":"{}"}})",
                          answer.at("/id"), sensor, truck, answer.at("/version")));
    EXPECT_EQ(new_events(), event(sensor, truck, "2026-03-07T00:00:00.000Z", "null"));
    const auto device = call("GET /v1/devices/" + sensor);
    EXPECT_EQ(device.at("/attached_to/asset_id"), truck);
    EXPECT_EQ(device.at("/attached_to/asset_name"), "Truck");
    EXPECT_EQ(device.at("/attached_to/since"), "2026-03-07T00:00:00.000Z");
    EXPECT_EQ(device.at("/state"), "active") << "it is no longer in stock";
    EXPECT_EQ(call("GET /v1/devices?q=SN-2").at("/items/0/attached_to"), "null");
}

TEST_F(Attachments, may_touch_but_not_overlap) {
    const auto first = attach(sensor, truck, "2026-03-01T00:00:00Z", R"(,"to":"2026-03-05T00:00:00Z")").at("/id");
    EXPECT_EQ(attach(sensor, van, "2026-03-05T00:00:00Z").status, 201) << "adjacent";
    EXPECT_EQ(attach(other_sensor, truck, "2026-03-05T00:00:00Z").status, 201) << "the position is free by then";
    new_events();
    const auto again = [&](std::string device, std::string asset, std::string from, std::string rest) {
        const auto before = everything();
        const auto answer = attach(device, asset, from, rest);
        EXPECT_EQ(everything(), before);
        return answer;
    };
    const auto same_device = again(sensor, van, "2026-03-04T23:59:59.999Z", R"(,"to":"2026-03-05T00:00:00Z")");
    EXPECT_EQ(same_device.status, 409);
    EXPECT_EQ(same_device.at("/code"), "devices.attachment_overlaps");
    EXPECT_EQ(same_device.at("/detail"),
              "The device is on 'Truck' in position 'main' from 2026-03-01T00:00:00.000Z to "
              "2026-03-05T00:00:00.000Z "
              "(attachment " +
                  first + "). End or correct that first.");
    const auto third = added_device("SN-3");
    const auto same_position = again(third, truck, "2026-03-20T00:00:00Z", "");
    EXPECT_EQ(same_position.at("/code"), "devices.attachment_overlaps");
    EXPECT_TRUE(same_position.at("/detail").starts_with("Device " + other_sensor +
                                                        " is on 'Truck' in position 'main' since "
                                                        "2026-03-05T00:00:00.000Z"))
        << same_position.body;
    EXPECT_EQ(attach(third, truck, "2026-03-20T00:00:00Z", R"(,"position":"roof")").status, 201);
}

TEST_F(Attachments, what_cannot_be_is_refused_and_leaves_nothing) {
    const auto id = attach(sensor, truck, "2026-03-07T00:00:00Z").at("/id");
    const auto retired = added_asset("Old");
    EXPECT_EQ(outcome("PATCH /v1/assets/" + retired, R"({"state":"retired"})"), "200");
    new_events();
    const auto path = "POST /v1/devices/" + other_sensor + "/attachments";
    struct Row {
        std::string target, body, outcome;
    };
    for (const Row& row : {
             Row{path,
                 std::format(R"({{"asset_id":"{}","from":"2026-03-07T00:00:00Z","to":"2026-03-07T00:00:00Z"}})", van),
                 "422 devices.invalid_attachment"},
             Row{path, std::format(R"({{"asset_id":"{}"}})", van), "422 http.invalid_body"},
             Row{path, std::format(R"({{"asset_id":"{}","from":"2026-03-07T00:00:00Z","position":""}})", van),
                 "422 http.invalid_body"},
             Row{path, std::format(R"({{"asset_id":"{}","from":"2026-03-07T00:00:00Z"}})", AssetId::make().text()),
                 "404 assets.not_found"},
             Row{"POST /v1/devices/" + DeviceId::make().text() + "/attachments",
                 std::format(R"({{"asset_id":"{}","from":"2026-03-07T00:00:00Z"}})", van), "404 devices.not_found"},
             Row{path, std::format(R"({{"asset_id":"{}","from":"2026-03-07T00:00:00Z"}})", retired),
                 "409 devices.asset_retired"},
             Row{"PATCH /v1/attachments/" + id, R"({"to":"2026-03-06T00:00:00Z"})", "422 devices.invalid_attachment"},
             Row{"PATCH /v1/attachments/" + id, R"({"asset_id":"x"})", "422 http.invalid_body"},
             Row{"PATCH /v1/attachments/" + AttachmentId::make().text(), R"({"to":null})",
                 "404 devices.attachment_not_found"},
             Row{"DELETE /v1/attachments/" + AttachmentId::make().text(), "", "404 devices.attachment_not_found"},
         })
        EXPECT_EQ(refusal(row.target, row.body), row.outcome) << row.target << " " << row.body;
}

TEST_F(Attachments, of_the_past_can_be_corrected_and_both_spans_are_told) {
    const auto id = attach(sensor, truck, "2026-03-01T00:00:00Z").at("/id");
    new_events();
    EXPECT_EQ(corrected(id, R"({"to":"2026-03-05T00:00:00Z"})"), "200");
    EXPECT_EQ(new_events(), event(sensor, truck, "2026-03-01T00:00:00.000Z", "null"));
    EXPECT_EQ(corrected(id, R"({"from":"2026-03-02T00:00:00Z"})"), "200");
    EXPECT_EQ(new_events(), event(sensor, truck, "2026-03-01T00:00:00.000Z", "\"2026-03-05T00:00:00.000Z\""));
    EXPECT_EQ(corrected(id, R"({"to":null})"), "200");
    EXPECT_EQ(new_events(), event(sensor, truck, "2026-03-02T00:00:00.000Z", "null"));
    const auto answer = call("PATCH /v1/attachments/" + id, R"({"to":"2026-03-06T00:00:00+01:00"})");
    EXPECT_EQ(answer.at("/from"), "2026-03-02T00:00:00.000Z");
    EXPECT_EQ(answer.at("/to"), "2026-03-05T23:00:00.000Z");
}

TEST_F(Attachments, a_correction_into_another_is_refused) {
    const auto id = attach(sensor, truck, "2026-03-01T00:00:00Z", R"(,"to":"2026-03-05T00:00:00Z")").at("/id");
    attach(sensor, van, "2026-03-05T00:00:00Z");
    new_events();
    EXPECT_EQ(refusal("PATCH /v1/attachments/" + id, R"({"to":"2026-03-05T00:00:00.001Z"})"),
              "409 devices.attachment_overlaps");
    EXPECT_EQ(refusal("PATCH /v1/attachments/" + id, R"({"to":null})"), "409 devices.attachment_overlaps");
}

TEST_F(Attachments, are_not_corrected_from_ends_that_are_others_by_now) {
    const auto made = attach(sensor, truck, "2026-03-01T00:00:00Z");
    const auto path = "PATCH /v1/attachments/" + made.at("/id");
    const auto version = call("GET /v1/devices/" + sensor + "/attachments").at("/items/0/version");
    EXPECT_EQ(made.at("/version"), version);
    const auto ended = call(path, R"({"to":"2026-03-05T00:00:00Z"})", seen(version));
    EXPECT_EQ(ended.status, 200) << ended.body;
    EXPECT_EQ(ended.etag, ended.at("/version"));
    EXPECT_EQ(call("GET /v1/assets/" + truck + "/attachments").at("/items/0/version"), ended.etag);
    EXPECT_EQ(refusal(path, R"({"to":"2026-03-06T00:00:00Z"})", seen(version)), "412 http.changed_meanwhile");
    EXPECT_EQ(outcome(path, R"({"to":"2026-03-06T00:00:00Z"})", {{"If-Match", "*"}}), "200");
    EXPECT_EQ(outcome(path, R"({"to":"2026-03-07T00:00:00Z"})"), "200");
}

TEST_F(Attachments, that_never_were_are_deleted_and_told) {
    const auto id = attach(sensor, truck, "2026-03-01T00:00:00Z").at("/id");
    new_events();
    EXPECT_EQ(outcome("DELETE /v1/attachments/" + id), "204");
    EXPECT_EQ(new_events(), event(sensor, truck, "2026-03-01T00:00:00.000Z", "null"));
    EXPECT_EQ(number_of("devices.attachments"), "0");
    EXPECT_EQ(attach(sensor, van, "2026-03-01T00:00:00Z").status, 201);
}

TEST_F(Attachments, are_listed_by_device_and_by_asset_newest_first) {
    attach(sensor, truck, "2026-03-01T00:00:00Z", R"(,"to":"2026-03-02T00:00:00Z")");
    attach(sensor, van, "2026-03-02T00:00:00Z", R"(,"to":"2026-03-03T00:00:00Z")");
    attach(sensor, truck, "2026-03-03T00:00:00Z");
    attach(other_sensor, truck, "2026-03-03T00:00:00Z", R"(,"position":"roof")");
    const auto first = call("GET /v1/devices/" + sensor + "/attachments?limit=2");
    EXPECT_EQ(first.at("/items/0/from"), "2026-03-03T00:00:00.000Z");
    EXPECT_EQ(first.at("/items/1/asset_name"), "Van");
    const auto second = call("GET /v1/devices/" + sensor + "/attachments?limit=2&cursor=" + first.at("/next_cursor"));
    EXPECT_EQ(second.items_at("/items"), 1U);
    EXPECT_EQ(second.at("/items/0/from"), "2026-03-01T00:00:00.000Z");

    std::vector<std::string> seen;
    std::string cursor;
    for (int page = 0; page < 3; ++page) {
        const auto answer = call("GET /v1/assets/" + truck + "/attachments?limit=1" + cursor);
        seen.push_back(answer.at("/items/0/from") + " " + answer.at("/items/0/device_id"));
        cursor = "&cursor=" + answer.at("/next_cursor");
        EXPECT_EQ(answer.at("/next_cursor") == "null", page == 2);
    }
    EXPECT_EQ(seen[0], "2026-03-03T00:00:00.000Z " + other_sensor) << "of two at one instant the later made one first";
    EXPECT_EQ(seen[1], "2026-03-03T00:00:00.000Z " + sensor);
    EXPECT_EQ(seen[2], "2026-03-01T00:00:00.000Z " + sensor);
}

// Many at once for the same device and position: exactly one wins, the others are told why, nobody fails otherwise.
TEST_F(Attachments, of_one_device_and_position_asked_for_at_once_become_one) {
    const auto sensor_id = DeviceId::parse(sensor).value();
    const auto other_id = DeviceId::parse(other_sensor).value();
    const auto truck_id = AssetId::parse(truck).value();
    const auto van_id = AssetId::parse(van).value();
    for (int round = 0; round < 5; ++round) {
        sql("delete from devices.attachments");
        std::vector<std::future<std::string>> outcomes;
        for (const auto& [device, asset] : {std::pair{sensor_id, truck_id},
                                            {sensor_id, van_id},
                                            {other_id, truck_id},
                                            {sensor_id, truck_id},
                                            {other_id, truck_id},
                                            {sensor_id, van_id}}) {
            outcomes.push_back(start(attempt(device, asset), static_cast<int>(outcomes.size())));
        }
        int attached = 0;
        for (auto& outcome : outcomes) {
            const auto result = outcome.get();
            if (result == "attached")
                ++attached;
            else
                EXPECT_EQ(result, "devices.attachment_overlaps");
        }
        EXPECT_EQ(std::to_string(attached), number_of("devices.attachments"));
        EXPECT_GE(attached, 1);
        EXPECT_LE(attached, 2) << "two devices, two assets";
        EXPECT_EQ(sql_value("select count(*) from devices.attachments one join devices.attachments other "
                            "on one.attachment_id < other.attachment_id and one.during && other.during and "
                            "(one.device_id = other.device_id or one.asset_id = other.asset_id)"),
                  "0");
    }
}

}  // namespace
}  // namespace mobilytics::devices
