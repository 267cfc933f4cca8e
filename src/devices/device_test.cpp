#include "src/devices/device.hpp"

#include <gtest/gtest.h>

#include "src/devices/attachment.hpp"

namespace mobilytics::devices {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const clock::Instant now{clock::Milliseconds{1'772'000'000'000}};

std::string code_of(auto&& refused) {
    try {
        refused();
        return "accepted";
    } catch (const Problem& problem) {
        return problem.code();
    }
}

TEST(DeviceStatus, follows_the_age_of_the_last_heartbeat_in_expected_intervals) {
    struct Row {
        int interval_s;
        milliseconds age;
        DeviceStatus status;
    };
    for (const Row& row :
         {Row{300, seconds{0}, DeviceStatus::online}, Row{300, seconds{600}, DeviceStatus::online},
          Row{300, milliseconds{600'001}, DeviceStatus::stale}, Row{300, seconds{3000}, DeviceStatus::stale},
          Row{300, milliseconds{3'000'001}, DeviceStatus::offline},
          Row{300, seconds{-5}, DeviceStatus::online},  // a device's clock may be a little ahead
          Row{1, seconds{120}, DeviceStatus::online}, Row{1, milliseconds{120'001}, DeviceStatus::stale},
          Row{1, seconds{600}, DeviceStatus::stale}, Row{1, milliseconds{600'001}, DeviceStatus::offline}})
        EXPECT_EQ(status_of(now - row.age, row.interval_s, now), row.status)
            << row.interval_s << " s, " << row.age.count() << " ms";
    EXPECT_EQ(status_of(std::nullopt, 60, now), DeviceStatus::never_seen);
}

TEST(Calibration, bounds_hold_the_factor_between_them) {
    const auto code = [](double factor, double low, double high, std::string method = "camera count") {
        return code_of([&] { NewCalibration{now, factor, low, high, method}.check(); });
    };
    EXPECT_EQ(code(0.5, 0.4, 0.6), "accepted");
    EXPECT_EQ(code(0.5, 0.5, 0.5), "accepted");
    EXPECT_EQ(code(0, 0, 0), "accepted");
    EXPECT_EQ(code(0.5, 0.6, 0.7), "devices.invalid_calibration");
    EXPECT_EQ(code(0.5, 0.4, 0.45), "devices.invalid_calibration");
    EXPECT_EQ(code(-0.1, -0.2, 0), "devices.invalid_calibration");
    EXPECT_EQ(code(0.5, 0.4, 0.6, ""), "devices.invalid_calibration");
    EXPECT_EQ(code(1e300, 0, 1e301), "devices.invalid_calibration");
}

TEST(Device, near_thresholds_are_what_sensors_can_measure) {
    EXPECT_EQ(code_of([] { check_near_threshold(-110); }), "accepted");
    EXPECT_EQ(code_of([] { check_near_threshold(-20); }), "accepted");
    EXPECT_EQ(code_of([] { check_near_threshold(-111); }), "devices.invalid_near_threshold");
    EXPECT_EQ(code_of([] { check_near_threshold(-19); }), "devices.invalid_near_threshold");
}

TEST(Device, serials_have_1_to_64_characters) {
    const auto code = [](std::string serial) {
        return code_of([&] { NewDevice{serial, {}, ModelId::make(), {}}.check(); });
    };
    EXPECT_EQ(code("S"), "accepted");
    EXPECT_EQ(code(std::string(64, 'S')), "accepted");
    EXPECT_EQ(code(std::string(65, 'S')), "devices.invalid");
    EXPECT_EQ(code(" "), "devices.invalid");
}

TEST(Heard, keeps_the_newest_of_each_device_in_one_order) {
    const CompanyId company{ids::make_uuid7(1, 0, 1)};
    const DeviceId first{ids::make_uuid7(1, 0, 2)};
    const DeviceId second{ids::make_uuid7(1, 0, 3)};
    const auto heard = [&](DeviceId device, int at, std::string firmware) {
        return Heard{company, device, now + seconds{at}, firmware, {}, {}, {}};
    };
    const auto newest = newest_of_each({heard(second, 5, "c"), heard(first, 1, "a"), heard(first, 9, "b"),
                                        heard(second, 4, "d"), heard(first, 2, "e")});
    ASSERT_EQ(newest.size(), 2U);
    EXPECT_EQ(newest[0].device, first);
    EXPECT_EQ(newest[0].firmware, "b");
    EXPECT_EQ(newest[1].device, second);
    EXPECT_EQ(newest[1].firmware, "c");
}

TEST(Attachment, ends_after_it_starts) {
    const auto made = [](Span during, std::optional<std::string> position = {}) {
        return Attachment::made(AttachmentId::make(), DeviceId::make(), {AssetId::make(), position, during}, now);
    };
    EXPECT_EQ(made({now, {}}).position, "main");
    EXPECT_EQ(made({now, now + milliseconds{1}}, "roof").position, "roof");
    EXPECT_EQ(code_of([&] { made({now, now}); }), "devices.invalid_attachment");
    EXPECT_EQ(code_of([&] { made({now, now - seconds{1}}); }), "devices.invalid_attachment");
    EXPECT_EQ(code_of([&] { made({now, {}}, ""); }), "devices.invalid_attachment");
    EXPECT_EQ(made({now - std::chrono::days{5 * 365}, {}}).position, "main");
    EXPECT_EQ(code_of([&] { made({now - std::chrono::days{5 * 365 + 1}, {}}); }), "devices.invalid_attachment");
    EXPECT_EQ(code_of([&] { made({now, {}}, std::string(41, 'x')); }), "devices.invalid_attachment");
}

TEST(Attachment, a_correction_moves_only_the_ends_it_names) {
    const auto before =
        Attachment::made(AttachmentId::make(), DeviceId::make(), {AssetId::make(), {}, {now, now + seconds{10}}}, now);
    EXPECT_EQ(before.changed({now - seconds{5}, {}}, now).during, (Span{now - seconds{5}, now + seconds{10}}));
    EXPECT_EQ(before.changed({{}, now + seconds{3}}, now).during, (Span{now, now + seconds{3}}));
    EXPECT_EQ(before.changed({{}, std::optional<clock::Instant>{}}, now).during, (Span{now, {}}));
    EXPECT_EQ(code_of([&] { before.changed({now + seconds{10}, {}}, now); }), "devices.invalid_attachment");
}

TEST(Span, the_hull_of_two_holds_both) {
    const Span early{now, now + seconds{10}};
    const Span late{now + seconds{20}, now + seconds{30}};
    EXPECT_EQ(hull(early, late), (Span{now, now + seconds{30}}));
    EXPECT_EQ(hull(late, early), (Span{now, now + seconds{30}}));
    EXPECT_EQ(hull(early, Span{now + seconds{5}, {}}), (Span{now, {}}));
}

}  // namespace
}  // namespace mobilytics::devices
