#include "src/measurements/acceptance.hpp"

#include <gtest/gtest.h>

#include "platform/json/enum_names.hpp"
#include "platform/problem/problem.hpp"
#include "src/devices/ids.hpp"
#include "src/measurements/batch_reader.hpp"

namespace mobilytics::measurements {
namespace {

const Instant now = clock::from_rfc3339("2026-03-08T07:00:00Z").value();

struct AcceptanceTest : ::testing::Test {
    const DeviceId known = DeviceId::make();
    const DeviceId disabled = DeviceId::make();

    Court court() const {
        return {.now = now, .limits = {}, .only_device = std::nullopt, .standing_of = [this](const ids::Uuid& device) {
                    if (device == known.uuid) return Standing::usable;
                    return device == disabled.uuid ? Standing::disabled : Standing::unknown;
                }};
    }

    // Why the one item of a JSON batch is refused; empty when it is kept.
    std::string verdict(const std::string& stream, std::string item, Court judge) const {
        for (auto at = item.find("$known"); at != std::string::npos; at = item.find("$known"))
            item.replace(at, 6, known.text());
        for (auto at = item.find("$disabled"); at != std::string::npos; at = item.find("$disabled"))
            item.replace(at, 9, disabled.text());
        const std::string body = "{\"batch\":\"b\",\"" + stream + "\":[" + item + "]}";
        const auto batch = read_json_batch(body);
        Acceptance acceptance{std::move(judge)};
        measurements::judge(acceptance, batch);
        if (acceptance.rejections().empty()) return "";
        EXPECT_EQ(acceptance.records().size(), 0U);
        return std::string{json::name_of(acceptance.rejections().front().reason)};
    }
};

struct Case {
    const char* name;
    const char* stream;
    const char* item;
    const char* verdict;
};

class ItemTest : public AcceptanceTest, public ::testing::WithParamInterface<Case> {};

TEST_P(ItemTest, is_judged) { EXPECT_EQ(verdict(GetParam().stream, GetParam().item, court()), GetParam().verdict); }

constexpr Case cases[] = {
    {"sighting", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-60})", ""},
    {"mac_address", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"aa:bb:cc:dd:ee:ff","rssi_dbm":-60})", "bad_value"},
    {"mac_in_hex", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"aabbccddeeff","rssi_dbm":-60})", "bad_value"},
    {"upper_case", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000FF","rssi_dbm":-60})", "bad_value"},
    {"visitor_as_number", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":255,"rssi_dbm":-60})", "bad_value"},
    {"unknown_field", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-60,"ssid":"x"})",
     "unknown_field"},
    {"no_visitor", "sightings", R"({"device":"$known","at":"2026-03-08T06:59:50Z","rssi_dbm":-60})", "missing_field"},
    {"no_device", "sightings", R"({"at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-60})",
     "missing_field"},
    {"rssi_strong", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-19})",
     "rssi_out_of_range"},
    {"rssi_strongest", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-20})", ""},
    {"rssi_weakest", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-110})", ""},
    {"rssi_weak", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-111})",
     "rssi_out_of_range"},
    {"rssi_fraction", "sightings",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-60.5})", "bad_value"},
    {"disabled", "sightings",
     R"({"device":"$disabled","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff","rssi_dbm":-60})",
     "device_disabled"},
    {"stranger", "sightings",
     R"({"device":"dev_00000000000000000000000001","at":"2026-03-08T06:59:50Z","visitor":"00000000000000ff",)"
     R"("rssi_dbm":-60})",
     "unknown_device"},
    {"five_minutes_ahead", "heartbeats", R"({"device":"$known","at":"2026-03-08T07:05:00Z","firmware":"1"})", ""},
    {"further_ahead", "heartbeats", R"({"device":"$known","at":"2026-03-08T07:05:00.001Z","firmware":"1"})",
     "too_far_ahead"},
    {"ninety_days_old", "heartbeats", R"({"device":"$known","at":"2025-12-08T07:00:00Z","firmware":"1"})", ""},
    {"older", "heartbeats", R"({"device":"$known","at":"2025-12-08T06:59:59.999Z","firmware":"1"})", "too_old"},
    {"no_time", "heartbeats", R"({"device":"$known","at":"yesterday","firmware":"1"})", "bad_value"},
    {"zero_zero", "positions", R"({"device":"$known","at":"2026-03-08T06:59:50Z","lat":0,"lon":0})",
     "position_out_of_range"},
    {"on_the_equator", "positions", R"({"device":"$known","at":"2026-03-08T06:59:50Z","lat":0,"lon":10})", ""},
    {"beyond_the_pole", "positions", R"({"device":"$known","at":"2026-03-08T06:59:50Z","lat":90.1,"lon":10})",
     "position_out_of_range"},
    {"beyond_the_date_line", "positions", R"({"device":"$known","at":"2026-03-08T06:59:50Z","lat":1,"lon":-180.1})",
     "position_out_of_range"},
    {"no_longitude", "positions", R"({"device":"$known","at":"2026-03-08T06:59:50Z","lat":1})", "missing_field"},
    {"absurd_speed", "positions",
     R"({"device":"$known","at":"2026-03-08T06:59:50Z","lat":1,"lon":1,"speed_mps":1e300})", "bad_value"},
};

INSTANTIATE_TEST_SUITE_P(items, ItemTest, ::testing::ValuesIn(cases),
                         [](const auto& one) { return std::string{one.param.name}; });

TEST_F(AcceptanceTest, a_device_speaks_for_itself_alone) {
    auto judge = court();
    judge.only_device = known.uuid;
    EXPECT_EQ(verdict("heartbeats", R"({"device":"$disabled","at":"2026-03-08T06:59:50Z","firmware":"1"})", judge),
              "not_your_device");
    EXPECT_EQ(verdict("heartbeats", R"({"at":"2026-03-08T06:59:50Z","firmware":"1"})", judge), "");
    judge.only_device = disabled.uuid;
    EXPECT_EQ(verdict("heartbeats", R"({"at":"2026-03-08T06:59:50Z","firmware":"1"})", judge), "device_disabled");
}

TEST_F(AcceptanceTest, an_import_has_no_age_limit) {
    auto judge = court();
    judge.limits.behind = std::nullopt;
    EXPECT_EQ(verdict("heartbeats", R"({"device":"$known","at":"2008-05-17T06:59:50Z","firmware":"1"})", judge), "");
}

TEST(BatchReaderTest, reads_ndjson_and_judges_a_broken_line_alone) {
    const auto batch = read_ndjson_batch(
        "{\"batch\":\"n 1\"}\n{\"kind\":\"heartbeat\",\"at\":\"x\",\"firmware\":\"1\"}\n{oops\n"
        "{\"kind\":\"sighting\",\"mac\":\"1\"}\n");
    EXPECT_EQ(batch.batch, "n 1");
    ASSERT_EQ(batch.items.size(), 3U);
    EXPECT_FALSE(batch.items[0].fault);
    EXPECT_EQ(batch.items[1].fault->reason, Reason::bad_value);
    EXPECT_EQ(batch.items[2].fault->reason, Reason::unknown_field);
    EXPECT_EQ(batch.items[2].index, 2);
}

TEST(BatchReaderTest, refuses_what_is_no_batch) {
    for (const char* body : {"", "[]", "{", "{\"batch\":\"\"}", "{\"positions\":[]}", "{\"batch\":\"b\",\"other\":[]}"})
        EXPECT_THROW(read_json_batch(body), Problem) << body;
    std::string many = "{\"batch\":\"b\",\"heartbeats\":[";
    for (int i = 0; i <= 5000; ++i) many += i == 0 ? "{}" : ",{}";
    EXPECT_THROW(read_json_batch(many + "]}"), Problem);
}

TEST(TouchedSpansTest, part_where_an_hour_or_more_is_silent) {
    const auto device = ids::new_uuid();
    Records records;
    for (const int minute : {0, 30, 95, 200})
        records.heartbeats.push_back({device, now + std::chrono::minutes{minute}, "1", {}, {}, {}});
    const auto spans = touched_spans(records);
    ASSERT_EQ(spans.size(), 3U);
    EXPECT_EQ(spans[0].span.to, now + std::chrono::minutes{30} + std::chrono::milliseconds{1});
    EXPECT_TRUE(spans[0].coverage);
    EXPECT_FALSE(spans[0].visits);
}

}  // namespace
}  // namespace mobilytics::measurements
