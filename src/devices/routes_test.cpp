#include "src/auth/credential.hpp"
#include "src/devices/device_room_test.hpp"
#include "src/devices/limits.hpp"

namespace mobilytics::devices {
namespace {

using auth::Role;

class DeviceRoutes : public DeviceRoomTest {
protected:
    std::string device_body(std::string serial, std::string rest = "") {
        return std::format(R"({{"serial":"{}","model_id":"{}"{}}})", serial, model.text(), rest);
    }

    void heartbeat(const std::string& device, std::string age) {
        sql(
            std::format("insert into devices.last_seen (company_id, device_id, at, firmware, battery, "
                        "queue_depth) values "
                        "('{}', '{}', '2026-03-08T07:00:00Z'::timestamptz - interval '{}', '1.4.2', 0.8, 12) "
                        "on conflict (company_id, device_id) do update set at = excluded.at",
                        ids::to_hex(ours.uuid), ids::to_hex(DeviceId::parse(device).value().uuid), age));
    }
};

const std::string calibration =
    R"({"effective_from":"2026-03-01T00:00:00Z","factor":0.5,"low":0.4,"high":0.6,"method":"Count"})";

TEST_F(DeviceRoutes, an_added_device_is_there_to_read) {
    const auto answer = call("POST /v1/devices", device_body("SN-1", R"(,"name":"Front sensor","near_dbm":-70)"));
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto id = answer.at("/id");
    EXPECT_EQ(answer.headers.at("Location"), "/v1/devices/" + id);
    EXPECT_EQ(answer.body,
              std::format(R"({{"id":"{}","serial":"SN-1","name":"Front sensor","model":{{"id":"{}","name":"M1"}},)"
                          R"("firmware":null,"state":"in_stock","near_dbm":-70,"last_seen_at":null,)"
                          R"("status":"never_seen","battery":null,"temperature":null,"queue_depth":null,)"
                          R"("attached_to":null,"calibrated":false,"created_at":"2026-03-08T07:00:00.000Z",)"
                          R"("version":"{}"}})",
                          id, model.text(), answer.at("/version")));
    EXPECT_EQ(call("GET /v1/devices/" + id).body, answer.body);
    EXPECT_EQ(call("POST /v1/devices", device_body("SN-2")).at("/name"), "SN-2")
        << "the serial, where no name is given";
    EXPECT_EQ(call("GET /v1/devices").at("/items/0/near_dbm"), "-75");
}

TEST_F(DeviceRoutes, what_cannot_be_is_refused_and_leaves_nothing) {
    const auto id = added_device("SN-1");
    EXPECT_EQ(outcome("POST /v1/devices/" + id + "/calibrations", calibration), "201");
    const auto device = "/v1/devices/" + id;
    const auto nowhere = "/v1/devices/" + DeviceId::make().text();
    struct Row {
        std::string target, body, outcome;
    };
    for (const Row& row : {
             Row{"POST /v1/devices", device_body("SN-1"), "409 devices.serial_taken"},
             Row{"POST /v1/devices", R"({"serial":"SN-9","model_id":")" + ModelId::make().text() + "\"}",
                 "422 devices.unknown_model"},
             Row{"POST /v1/devices", device_body(" "), "422 devices.invalid"},
             Row{"POST /v1/devices", device_body("SN-9", R"(,"near_dbm":-111)"), "422 http.invalid_body"},
             Row{"POST /v1/devices", device_body("SN-9", R"(,"near_dbm":-70.5)"), "422 http.invalid_body"},
             Row{"POST /v1/devices", R"({"serial":"SN-9","model_id":"dev_1"})", "422 http.invalid_body"},
             Row{"PATCH " + device, R"({"state":"lost"})", "422 http.invalid_body"},
             Row{"PATCH " + device, R"({"name":" "})", "422 devices.invalid"},
             Row{"PATCH " + nowhere, R"({"name":"X"})", "404 devices.not_found"},
             Row{"PUT " + device + "/near-threshold", R"({"near_dbm":-10,"effective_from":"2026-03-01T00:00:00Z"})",
                 "422 http.invalid_body"},
             Row{"PUT " + device + "/near-threshold", R"({"near_dbm":-70,"effective_from":"yesterday"})",
                 "422 http.invalid_body"},
             Row{"PUT " + nowhere + "/near-threshold", R"({"near_dbm":-70,"effective_from":"2026-03-01T00:00:00Z"})",
                 "404 devices.not_found"},
             Row{"POST " + device + "/calibrations", calibration, "409 devices.calibration_exists"},
             Row{"POST " + device + "/calibrations",
                 R"({"effective_from":"2026-03-02T00:00:00Z","factor":0.5,"low":0.6,"high":0.7,"method":"Count"})",
                 "422 devices.invalid_calibration"},
             Row{"POST " + nowhere + "/calibrations", calibration, "404 devices.not_found"},
             Row{"GET " + nowhere + "/calibrations", "", "404 devices.not_found"},
             Row{"GET " + nowhere + "/tokens", "", "404 devices.not_found"},
             Row{"POST " + nowhere + "/tokens", "", "404 devices.not_found"},
             Row{"DELETE " + device + "/tokens/" + TokenId::make().text(), "", "404 devices.token_not_found"},
         })
        EXPECT_EQ(refusal(row.target, row.body), row.outcome) << row.target << " " << row.body;
}

TEST_F(DeviceRoutes, an_edit_of_an_old_version_is_refused) {
    const auto id = added_device("SN-1");
    const auto path = "/v1/devices/" + id;
    const auto first = call("GET " + path);
    const auto version = first.at("/version");
    EXPECT_EQ(first.headers.at("ETag"), "\"" + version + "\"");
    EXPECT_EQ(first.etag, "") << "what it says of itself would be kept as it was";
    heartbeat(id, "1 minute");
    const auto edited = call("PATCH " + path, R"({"name":"A"})", seen(version));
    EXPECT_EQ(edited.status, 200) << "a heartbeat is no edit";
    EXPECT_EQ(call("GET " + path).headers.at("ETag"), edited.headers.at("ETag"));
    EXPECT_EQ(call("GET /v1/devices").at("/items/0/version"), edited.at("/version"));
    EXPECT_EQ(refusal("PATCH " + path, R"({"name":"B"})", seen(version)), "412 http.changed_meanwhile");
    EXPECT_EQ(outcome("PATCH " + path, R"({"name":"C"})", {{"If-Match", "*"}}), "200");
    EXPECT_EQ(outcome("PATCH " + path, R"({"name":"D"})"), "200");
    const auto before = call("GET " + path).at("/version");
    attach(id, added_asset("Truck"), "2026-03-01T00:00:00Z");
    EXPECT_NE(call("GET " + path).at("/version"), before) << "it is in service now";
}

TEST_F(DeviceRoutes, each_role_does_what_it_may) {
    const auto id = added_device("SN-1");
    int serial = 1;
    for (const auto& [role, reads, edits] : {std::tuple{Role::owner, true, true},
                                             {Role::manager, true, true},
                                             {Role::analyst, true, false},
                                             {Role::viewer, false, false},
                                             {Role::installer, true, true}}) {
        as(role);
        const std::string name{to_string(role)};
        const auto may = [](bool allowed, const std::string& done) {
            return allowed ? done : "403 auth.not_permitted";
        };
        EXPECT_EQ(outcome("GET /v1/devices"), may(reads, "200")) << name;
        EXPECT_EQ(outcome("GET /v1/devices/" + id), may(reads, "200")) << name;
        EXPECT_EQ(outcome("GET /v1/device-models"), may(reads, "200")) << name;
        EXPECT_EQ(outcome("POST /v1/devices", device_body(std::format("S{}", serial++))), may(edits, "201")) << name;
        EXPECT_EQ(outcome("PATCH /v1/devices/" + id, R"({"name":"N"})"), may(edits, "200")) << name;
        EXPECT_EQ(refusal("POST /v1/device-models", R"({"name":"M9","expected_interval_s":60})"), "403 auth.staff_only")
            << name;
        if (edits) continue;
        for (const std::string& target :
             {"POST /v1/devices/" + id + "/tokens", "PUT /v1/devices/" + id + "/near-threshold",
              "POST /v1/devices/" + id + "/calibrations", "POST /v1/devices/" + id + "/attachments",
              "PATCH /v1/attachments/" + AttachmentId::make().text(),
              "DELETE /v1/attachments/" + AttachmentId::make().text()})
            EXPECT_EQ(refusal(target), "403 auth.not_permitted") << name << " " << target;
    }
    as_nobody();
    EXPECT_EQ(refusal("GET /v1/devices"), "401 auth.not_signed_in");
    EXPECT_EQ(refusal("POST /v1/devices/" + id + "/tokens"), "401 auth.not_signed_in");
}

TEST_F(DeviceRoutes, another_companys_device_does_not_exist) {
    const auto id = added_device("SN-1");
    const auto token = call("POST /v1/devices/" + id + "/tokens").at("/id");
    const auto asset = added_asset("Truck");
    const auto attachment = attach(id, asset, "2026-03-01T00:00:00Z").at("/id");
    as(Role::owner, theirs);
    const auto device = "/v1/devices/" + id;
    struct Row {
        std::string target, body, outcome;
    };
    for (const Row& row : {
             Row{"GET " + device, "", "404 devices.not_found"},
             Row{"PATCH " + device, R"({"name":"Mine"})", "404 devices.not_found"},
             Row{"PUT " + device + "/near-threshold", R"({"near_dbm":-70,"effective_from":"2026-03-01T00:00:00Z"})",
                 "404 devices.not_found"},
             Row{"GET " + device + "/tokens", "", "404 devices.not_found"},
             Row{"POST " + device + "/tokens", "", "404 devices.not_found"},
             Row{"DELETE " + device + "/tokens/" + token, "", "404 devices.token_not_found"},
             Row{"GET " + device + "/calibrations", "", "404 devices.not_found"},
             Row{"POST " + device + "/calibrations", calibration, "404 devices.not_found"},
             Row{"GET " + device + "/attachments", "", "404 devices.not_found"},
             Row{"GET /v1/assets/" + asset + "/attachments", "", "404 assets.not_found"},
             Row{"PATCH /v1/attachments/" + attachment, R"({"to":"2026-03-02T00:00:00Z"})",
                 "404 devices.attachment_not_found"},
             Row{"DELETE /v1/attachments/" + attachment, "", "404 devices.attachment_not_found"},
         })
        EXPECT_EQ(refusal(row.target, row.body), row.outcome) << row.target;
    EXPECT_EQ(call("GET /v1/devices").items_at("/items"), 0U);
    const auto own = added_device("SN-1");
    EXPECT_EQ(attach(own, asset, "2026-03-01T00:00:00Z").at("/code"), "assets.not_found");
}

TEST_F(DeviceRoutes, models_are_staffs_to_write_and_everybodys_to_read) {
    as_staff();
    const auto made = call("POST /v1/device-models", R"({"name":"Quick","expected_interval_s":60})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto path = "/v1/device-models/" + made.at("/id") + "/calibrations";
    const auto recorded = call("POST " + path, calibration);
    EXPECT_EQ(recorded.status, 201) << recorded.body;
    EXPECT_EQ(recorded.at("/by"), user.text());
    EXPECT_EQ(refusal("POST " + path, calibration), "409 devices.calibration_exists");
    EXPECT_EQ(refusal("POST /v1/device-models/" + ModelId::make().text() + "/calibrations", calibration),
              "404 devices.model_not_found");
    EXPECT_EQ(refusal("POST /v1/device-models", R"({"name":"Quick","expected_interval_s":60})"),
              "409 devices.model_exists");
    EXPECT_EQ(refusal("POST /v1/device-models", R"({"name":"Slow","expected_interval_s":0})"), "422 http.invalid_body");
    EXPECT_EQ(refusal("GET /v1/devices"), "403 auth.no_company");

    const auto as_seen_by_staff = call("GET /v1/device-models").body;
    as(Role::installer);
    const auto list = call("GET /v1/device-models");
    EXPECT_EQ(list.body, as_seen_by_staff);
    EXPECT_EQ(list.items_at("/items"), 2U);
    EXPECT_EQ(list.at("/items/0/name"), "Quick");
    EXPECT_EQ(list.at("/items/0/calibrations/0/factor"), "0.5");
    EXPECT_EQ(list.items_at("/items/1/calibrations"), 0U);
}

TEST_F(DeviceRoutes, a_models_calibration_is_told_to_each_company_that_has_such_devices) {
    const auto id = added_device("SN-1");
    as(Role::owner, theirs);
    added_device("SN-1");
    added_device("SN-2");
    as_staff();
    const auto path = "POST /v1/device-models/" + model.text() + "/calibrations";
    EXPECT_EQ(
        outcome(path, R"({"effective_from":"2026-05-01T00:00:00Z","factor":0.5,"low":0.4,"high":0.6,"method":"C"})"),
        "201");
    new_events();
    EXPECT_EQ(outcome(path, calibration), "201");
    std::vector<std::string> expected;
    for (const CompanyId company : {ours, theirs})
        expected.push_back(
            std::format(R"(devices.calibration_changed {{"company_id":"{}","device_id":null,"model_id":"{}",)"
                        R"("from":"2026-03-01T00:00:00.000Z","to":"2026-05-01T00:00:00.000Z"}})",
                        company.text(), model.text()));
    std::ranges::sort(expected);
    EXPECT_EQ(new_events(), expected[0] + "\n" + expected[1]);
    as(Role::owner);
    EXPECT_EQ(call("GET /v1/devices/" + id).at("/calibrated"), "true");
}

TEST_F(DeviceRoutes, status_comes_from_the_last_heartbeat_and_can_be_asked_for) {
    struct Row {
        std::string age, status;
    };
    const std::vector<Row> rows{{"0 s", "online"},   {"600 s", "online"},       {"600.001 s", "stale"},
                                {"3000 s", "stale"}, {"3000.001 s", "offline"}, {"9 days", "offline"}};
    std::map<std::string, std::size_t> expected{{"never_seen", 1}};
    added_device("SILENT");
    for (const Row& row : rows) {
        const auto id = added_device("S" + row.age);
        heartbeat(id, row.age);
        const auto answer = call("GET /v1/devices/" + id);
        EXPECT_EQ(answer.at("/status"), row.status) << row.age;
        EXPECT_EQ(answer.at("/firmware"), "1.4.2");
        EXPECT_EQ(answer.at("/queue_depth"), "12");
        EXPECT_EQ(answer.at("/temperature"), "null");
        ++expected[row.status];
    }
    for (const auto& [status, number] : expected) {
        const auto list = call("GET /v1/devices?status=" + status);
        EXPECT_EQ(list.items_at("/items"), number) << status;
        EXPECT_EQ(list.at("/items/0/status"), status) << "the list's rule and the noun's are one";
    }
}

TEST_F(DeviceRoutes, a_list_can_be_narrowed_and_goes_on_where_it_stopped) {
    for (int number = 1; number <= 5; ++number) added_device(std::format("SN-{}", number));
    EXPECT_EQ(call("GET /v1/devices?q=sn-3").items_at("/items"), 1U);
    EXPECT_EQ(call("GET /v1/devices?q=n_3").items_at("/items"), 0U);
    const auto first = call("GET /v1/devices?limit=3");
    EXPECT_EQ(first.at("/items/0/serial"), "SN-5");
    const auto second = call("GET /v1/devices?limit=3&cursor=" + first.at("/next_cursor"));
    EXPECT_EQ(second.items_at("/items"), 2U);
    EXPECT_EQ(second.at("/items/1/serial"), "SN-1");
    EXPECT_EQ(second.at("/next_cursor"), "null");
}

TEST_F(DeviceRoutes, near_thresholds_are_dated_and_told_until_the_next_one) {
    const auto id = added_device("SN-1");
    const auto put = [&](std::string from, int dbm) {
        const auto answer = call("PUT /v1/devices/" + id + "/near-threshold",
                                 std::format(R"({{"near_dbm":{},"effective_from":"{}"}})", dbm, from));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.at("/near_dbm");
    };
    const auto event = [&](std::string from, std::string to) {
        return std::format(
            R"(devices.near_threshold_changed {{"company_id":"{}","device_id":"{}","from":"{}","to":{}}})", ours.text(),
            id, from, to);
    };
    EXPECT_EQ(put("2026-03-05T00:00:00Z", -70), "-70");
    EXPECT_EQ(new_events(), event("2026-03-05T00:00:00.000Z", "null"));
    EXPECT_EQ(put("2026-03-01T00:00:00Z", -60), "-70") << "the later one is in force now";
    EXPECT_EQ(new_events(), event("2026-03-01T00:00:00.000Z", "\"2026-03-05T00:00:00.000Z\""));
    EXPECT_EQ(put("2026-04-01T00:00:00Z", -50), "-70") << "a future one is not in force yet";
    new_events();
    EXPECT_EQ(put("2026-03-05T00:00:00Z", -72), "-72") << "one for the same instant replaces it";
    EXPECT_EQ(new_events(), event("2026-03-05T00:00:00.000Z", "\"2026-04-01T00:00:00.000Z\""));
}

TEST_F(DeviceRoutes, calibrations_are_listed_newest_first_and_told) {
    const auto id = added_device("SN-1");
    const auto post = [&](std::string from) {
        return outcome(
            "POST /v1/devices/" + id + "/calibrations",
            std::format(R"({{"effective_from":"{}","factor":0.25,"low":0.2,"high":0.35,"method":"Count"}})", from));
    };
    EXPECT_EQ(post("2026-03-10T00:00:00Z"), "201");
    EXPECT_EQ(call("GET /v1/devices/" + id).at("/calibrated"), "false") << "not in force yet";
    new_events();
    EXPECT_EQ(post("2026-03-01T00:00:00Z"), "201");
    EXPECT_EQ(new_events(),
              std::format(R"(devices.calibration_changed {{"company_id":"{}","device_id":"{}","model_id":null,)"
                          R"("from":"2026-03-01T00:00:00.000Z","to":"2026-03-10T00:00:00.000Z"}})",
                          ours.text(), id));
    EXPECT_EQ(call("GET /v1/devices/" + id).at("/calibrated"), "true");
    EXPECT_EQ(post("2026-03-05T00:00:00Z"), "201");
    const auto first = call("GET /v1/devices/" + id + "/calibrations?limit=2");
    EXPECT_EQ(first.at("/items/0/effective_from"), "2026-03-10T00:00:00.000Z");
    EXPECT_EQ(first.at("/items/1/effective_from"), "2026-03-05T00:00:00.000Z");
    EXPECT_EQ(first.at("/items/1/by"), user.text());
    const auto second = call("GET /v1/devices/" + id + "/calibrations?limit=2&cursor=" + first.at("/next_cursor"));
    EXPECT_EQ(second.items_at("/items"), 1U);
    EXPECT_EQ(second.at("/next_cursor"), "null");
}

TEST_F(DeviceRoutes, two_tokens_are_active_at_most) {
    const auto path = "/v1/devices/" + added_device("SN-1") + "/tokens";
    const auto first = call("POST " + path);
    ASSERT_EQ(first.status, 201) << first.body;
    EXPECT_TRUE(first.at("/secret").starts_with("mob_dev_"));
    EXPECT_EQ(outcome("POST " + path), "201");
    EXPECT_EQ(refusal("POST " + path), "409 devices.too_many_tokens");
    EXPECT_EQ(outcome("DELETE " + path + "/" + first.at("/id")), "204");
    EXPECT_EQ(outcome("DELETE " + path + "/" + first.at("/id")), "204") << "revoking again changes nothing";
    EXPECT_EQ(outcome("POST " + path), "201");
    const auto list = call("GET " + path);
    EXPECT_EQ(list.items_at("/items"), 3U);
    EXPECT_EQ(list.at("/items/2/id"), first.at("/id"));
    EXPECT_EQ(list.at("/items/2/revoked_at"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(list.at("/items/0/revoked_at"), "null");
    EXPECT_EQ(list.body.find("mob_dev_"), std::string::npos) << "a secret is shown once";
    EXPECT_EQ(everything().find(first.at("/secret").substr(60)), std::string::npos) << "and stored nowhere";
}

TEST_F(DeviceRoutes, a_token_proves_its_device_until_it_is_revoked) {
    const auto id = added_device("SN-1");
    const auto issued = call("POST /v1/devices/" + id + "/tokens");
    const auto secret = issued.at("/secret");
    const DeviceActor actor{ours, DeviceId::parse(id).value(), TokenId::parse(issued.at("/id")).value()};
    EXPECT_EQ(run(devices.authenticate(secret)), actor);
    EXPECT_EQ(run(devices.authenticate(secret)), actor) << "from the cache";
    const auto list = "GET /v1/devices/" + id + "/tokens";
    EXPECT_EQ(call(list).at("/items/0/last_used_at"), "2026-03-08T07:00:00.000Z");
    clock().set(clock().now() + std::chrono::seconds{31});
    EXPECT_EQ(run(devices.authenticate(secret)), actor);
    EXPECT_EQ(call(list).at("/items/0/last_used_at"), "2026-03-08T07:00:00.000Z") << "to about a minute";
    clock().set(clock().now() + std::chrono::seconds{31});
    EXPECT_EQ(run(devices.authenticate(secret)), actor);
    EXPECT_EQ(call(list).at("/items/0/last_used_at"), "2026-03-08T07:01:02.000Z");

    EXPECT_EQ(outcome("DELETE /v1/devices/" + id + "/tokens/" + issued.at("/id")), "204");
    EXPECT_EQ(run(devices.authenticate(secret)), std::nullopt) << "at once, though it was in the cache";
}

TEST_F(DeviceRoutes, no_other_text_proves_anything) {
    const auto first = call("POST /v1/devices/" + added_device("SN-1") + "/tokens").at("/secret");
    const auto made_up = auth::print_credential(auth::device_token_prefix, {ours, TokenId::make().uuid});
    const auto right_row = auth::read_credential(auth::device_token_prefix, first).value();
    const auto wrong_secret = auth::print_credential(auth::device_token_prefix, right_row);
    const auto wrong_company = auth::print_credential(auth::device_token_prefix, {theirs, right_row.id});
    for (int cached = 0; cached < 2; ++cached) {
        for (const std::string& text :
             {std::string{}, std::string{"mob_dev_"}, first + "x", made_up, wrong_secret, wrong_company})
            EXPECT_EQ(run(devices.authenticate(text)), std::nullopt) << text;
        EXPECT_NE(run(devices.authenticate(first)), std::nullopt);
    }
}

TEST_F(DeviceRoutes, are_not_more_than_a_company_may_have) {
    sql(
        std::format("insert into devices.devices (company_id, device_id, model_id, serial, name, created_at) select "
                    "'{}', gen_random_uuid(), '{}', 'S' || i, 'Eye', '2026-01-01Z' from generate_series(1, {}) i",
                    ids::to_hex(ours.uuid), ids::to_hex(model.uuid), most_devices - 1));
    added_device("last");
    EXPECT_EQ(outcome("POST /v1/devices", std::format(R"({{"serial":"more","model_id":"{}"}})", model.text())),
              "409 devices.too_many");
    EXPECT_EQ(sql_value("select count(*) from devices.devices"), std::to_string(most_devices));
}

}  // namespace
}  // namespace mobilytics::devices
