#include <future>

#include "src/devices/device_room_test.hpp"

namespace mobilytics::devices {
namespace {

using auth::Role;
using std::chrono::seconds;

clock::Instant instant(std::string_view text) { return clock::from_rfc3339(text).value(); }

class DeviceHistories : public DeviceRoomTest {
protected:
    Task<DeviceHistory> read(CompanyId company) {
        co_return co_await database().transaction(
            db::Scope::of(company),
            [&](db::Session& session) -> Task<DeviceHistory> { co_return co_await devices.history(session, company); });
    }

    DeviceHistory history(CompanyId company) { return run(read(company)); }

    Heard heard(const std::string& device, int at_s, std::string firmware) {
        return {ours, DeviceId::parse(device).value(), clock().now() + seconds{at_s}, std::move(firmware), 0.5, {}, 3};
    }

    void hear(std::vector<Heard> heartbeats) { run(write(std::move(heartbeats))); }

    Task<void> write(std::vector<Heard> heartbeats) {
        co_await database().transaction(db::Scope::of(ours), [&](db::Session& session) -> Task<void> {
            co_await devices.heard_from(session, heartbeats);
        });
    }

    std::string shown(const std::string& device) {
        const auto answer = call("GET /v1/devices/" + device);
        return answer.at("/last_seen_at") + " " + answer.at("/firmware");
    }

    // The error that the database itself answers a statement with.
    std::string refused_by_database(const std::string& statement) {
        try {
            sql(statement);
            return "accepted";
        } catch (const std::exception& error) {
            return error.what();
        }
    }
};

TEST_F(DeviceHistories, hold_everything_dated_in_order) {
    const auto sensor =
        call("POST /v1/devices", std::format(R"({{"serial":"A","model_id":"{}","near_dbm":-70}})", model.text()))
            .at("/id");
    const auto plain = added_device("B");
    const auto truck = added_asset("Truck");
    const auto threshold = [&](std::string from, int dbm) {
        EXPECT_EQ(outcome("PUT /v1/devices/" + sensor + "/near-threshold",
                          std::format(R"({{"near_dbm":{},"effective_from":"{}"}})", dbm, from)),
                  "200");
    };
    threshold("2026-03-05T00:00:00Z", -60);
    threshold("2026-03-02T00:00:00Z", -65);
    const auto calibrate = [&](std::string target, std::string from, double factor) {
        EXPECT_EQ(outcome("POST " + target + "/calibrations",
                          std::format(R"({{"effective_from":"{}","factor":{},"low":0.1,"high":0.9,"method":"C"}})",
                                      from, factor)),
                  "201");
    };
    calibrate("/v1/devices/" + sensor, "2026-03-08T07:00:00Z", 0.25);
    calibrate("/v1/devices/" + sensor, "2026-03-01T00:00:00Z", 0.5);
    as_staff();
    calibrate("/v1/device-models/" + model.text(), "2026-02-01T00:00:00Z", 0.75);
    as(Role::owner);
    EXPECT_EQ(outcome("PATCH /v1/devices/" + plain, R"({"state":"disabled"})"), "200");
    attach(plain, truck, "2026-03-03T00:00:00Z", R"(,"position":"roof")");
    attach(sensor, truck, "2026-03-01T00:00:00Z", R"(,"to":"2026-03-02T00:00:00Z")");
    as(Role::owner, theirs);
    added_device("A");

    const auto found = history(ours);
    ASSERT_EQ(found.devices.size(), 2U);
    const DevicePast& first = found.devices[0];
    EXPECT_EQ(first.device.text(), sensor);
    EXPECT_EQ(first.model, model);
    EXPECT_EQ(first.interval_s, 300);
    EXPECT_FALSE(first.disabled);
    EXPECT_EQ(first.near_thresholds, (std::vector<DatedThreshold>{{clock::Instant{}, -70},
                                                                  {instant("2026-03-02T00:00:00Z"), -65},
                                                                  {instant("2026-03-05T00:00:00Z"), -60}}));
    EXPECT_EQ(first.calibrations, (std::vector<DatedCalibration>{{instant("2026-03-01T00:00:00Z"), 0.5, 0.1, 0.9},
                                                                 {instant("2026-03-08T07:00:00Z"), 0.25, 0.1, 0.9}}));
    const std::vector<DatedCalibration> of_model{{instant("2026-02-01T00:00:00Z"), 0.75, 0.1, 0.9}};
    EXPECT_EQ(first.model_calibrations, of_model);
    const DevicePast& second = found.devices[1];
    EXPECT_TRUE(second.disabled);
    EXPECT_TRUE(second.near_thresholds.empty());
    EXPECT_TRUE(second.calibrations.empty());
    EXPECT_EQ(second.model_calibrations, of_model);

    const auto asset = AssetId::parse(truck).value();
    EXPECT_EQ(found.attachments,
              (std::vector<AttachmentPast>{
                  {first.device, asset, "main", {instant("2026-03-01T00:00:00Z"), instant("2026-03-02T00:00:00Z")}},
                  {second.device, asset, "roof", {instant("2026-03-03T00:00:00Z"), {}}}}));
    EXPECT_EQ(history(theirs).devices.size(), 1U);
    EXPECT_TRUE(history(theirs).attachments.empty());
}

TEST_F(DeviceHistories, the_registry_is_at_most_5_s_old_and_knows_changes_made_here_at_once) {
    EXPECT_TRUE(run(devices.registry(ours))->empty());
    const auto id = DeviceId::parse(added_device("A")).value();
    EXPECT_EQ(run(devices.registry(ours))->at(id), DeviceState::in_stock);
    EXPECT_EQ(outcome("PATCH /v1/devices/" + id.text(), R"({"state":"disabled"})"), "200");
    EXPECT_EQ(run(devices.registry(ours))->at(id), DeviceState::disabled);

    sql("update devices.devices set state = 'active'");  // as another node would
    EXPECT_EQ(run(devices.registry(ours))->at(id), DeviceState::disabled);
    EXPECT_EQ(run(devices.fresh_registry(ours))->at(id), DeviceState::active);
    sql("update devices.devices set state = 'faulty'");
    clock().set(clock().now() + seconds{5});
    EXPECT_EQ(run(devices.registry(ours))->at(id), DeviceState::faulty);
    EXPECT_TRUE(run(devices.registry(theirs))->empty());
}

TEST_F(DeviceHistories, of_what_was_heard_the_newest_is_kept_whatever_the_order) {
    const auto one = added_device("A");
    const auto other = added_device("B");
    hear({heard(one, -60, "1.0"), heard(one, -10, "1.1"), heard(other, -20, "2.0"), heard(one, -30, "1.0")});
    EXPECT_EQ(shown(one), "2026-03-08T06:59:50.000Z 1.1");
    EXPECT_EQ(shown(other), "2026-03-08T06:59:40.000Z 2.0");
    hear({heard(one, -40, "0.9"), heard(other, -5, "2.1")});
    EXPECT_EQ(shown(one), "2026-03-08T06:59:50.000Z 1.1");
    EXPECT_EQ(shown(other), "2026-03-08T06:59:55.000Z 2.1");
    hear({});
    EXPECT_EQ(number_of("devices.last_seen"), "2");
}

TEST_F(DeviceHistories, many_writers_of_what_was_heard_do_not_block_each_other_for_good) {
    std::vector<std::string> sensors;
    for (int number = 0; number < 20; ++number) sensors.push_back(added_device(std::format("S{}", number)));
    std::vector<std::future<void>> writers;
    for (int writer = 0; writer < 8; ++writer) {
        std::vector<Heard> heartbeats;
        for (std::size_t i = 0; i < sensors.size(); ++i)  // each in another order
            heartbeats.push_back(
                heard(sensors[(i * 7 + static_cast<std::size_t>(writer) * 3) % sensors.size()], writer, "w"));
        writers.push_back(start(write(std::move(heartbeats)), writer));
    }
    for (auto& writer : writers) writer.get();
    EXPECT_EQ(sql_value("select count(*) from devices.last_seen where at = '2026-03-08T07:00:07Z'"), "20");
}

TEST_F(DeviceHistories, the_database_itself_refuses_what_cannot_be) {
    const auto device = ids::to_hex(DeviceId::parse(added_device("A")).value().uuid);
    const auto asset = ids::to_hex(AssetId::parse(added_asset("Truck")).value().uuid);
    const auto attachment = [&](CompanyId company, std::string during) {
        return refused_by_database(
            std::format("insert into devices.attachments (company_id, attachment_id, device_id, asset_id, "
                        "during, created_at) "
                        "values ('{}', gen_random_uuid(), '{}', '{}', {}, now())",
                        ids::to_hex(company.uuid), device, asset, during));
    };
    EXPECT_NE(attachment(ours, "'empty'").find("during_sane"), std::string::npos);
    EXPECT_NE(attachment(ours, "'(2026-01-01,2026-02-01)'").find("during_sane"), std::string::npos);
    EXPECT_NE(attachment(ours, "'[2026-01-01,2026-02-01]'").find("during_sane"), std::string::npos);
    EXPECT_NE(attachment(ours, "'[,2026-02-01)'").find("during_sane"), std::string::npos);
    EXPECT_EQ(attachment(ours, "'[2026-01-01,2026-02-01)'"), "accepted");
    EXPECT_NE(attachment(ours, "'[2026-01-31,)'").find("one_asset_per_device"), std::string::npos);
    EXPECT_NE(attachment(theirs, "'[2027-01-01,)'").find("foreign key"), std::string::npos) << "across companies";
    EXPECT_NE(refused_by_database("update devices.devices set state = 'lost'").find("check"), std::string::npos);
}

}  // namespace
}  // namespace mobilytics::devices
