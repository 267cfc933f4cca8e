#include "src/measurements/history.hpp"

#include <gtest/gtest.h>

namespace mobilytics::measurements {
namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{12}};
constexpr clock::Milliseconds moment{1};

ids::Uuid numbered(std::uint8_t number) {
    ids::Uuid uuid;
    uuid.bytes[15] = number;
    return uuid;
}

TEST(Timeline, a_value_holds_from_its_instant_until_the_next_one) {
    const Timeline<int> timeline{{{noon + std::chrono::hours{1}, 2}, {noon, 1}}};
    EXPECT_EQ(timeline.at(noon - moment), std::nullopt);
    EXPECT_EQ(timeline.at(noon), 1);
    EXPECT_EQ(timeline.at(noon + std::chrono::hours{1} - moment), 1);
    EXPECT_EQ(timeline.at(noon + std::chrono::hours{1}), 2);
    EXPECT_EQ(timeline.at(clock::far_future), 2);
}

TEST(Timeline, of_two_records_for_one_instant_the_later_given_wins) {
    EXPECT_EQ((Timeline<int>{{{noon, 1}, {noon, 2}}}).at(noon), 2);
    EXPECT_EQ((Timeline<int>{{{noon, 2}, {noon, 1}}}).at(noon), 1);
}

TEST(Timeline, nothing_is_ever_in_force_in_an_empty_one) { EXPECT_EQ(Timeline<int>{}.at(noon), std::nullopt); }

TEST(People, the_devices_calibration_comes_before_its_models_and_without_either_one_person_is_uncalibrated) {
    DeviceHistory history;
    history.calibrations = Timeline<Calibration>{{{noon + std::chrono::hours{1}, {0.25, 0.2, 0.35}}}};
    history.model_calibrations = Timeline<Calibration>{{{noon, {0.5, 0.4, 0.6}}}};
    EXPECT_EQ(people_per_visit(history, noon - moment), (People{1, std::nullopt, std::nullopt, false}));
    EXPECT_EQ(people_per_visit(history, noon), (People{0.5, 0.4, 0.6, true}));
    EXPECT_EQ(people_per_visit(history, noon + std::chrono::hours{1}), (People{0.25, 0.2, 0.35, true}));
}

TEST(Attachments, one_holds_from_its_start_up_to_but_not_at_its_end) {
    const std::vector<Attachment> attachments{
        {numbered(1), numbered(10), {noon, noon + std::chrono::hours{1}}},
        {numbered(1), numbered(11), {noon + std::chrono::hours{1}, clock::far_future}},
        {numbered(2), numbered(12), {noon - moment, clock::far_future}}};
    const auto asset = [&](std::uint8_t device, Instant when) {
        const Attachment* attachment = attachment_at(attachments, numbered(device), when);
        return attachment == nullptr ? 0 : int{attachment->asset.bytes[15]};
    };
    EXPECT_EQ(asset(1, noon - moment), 0);
    EXPECT_EQ(asset(1, noon), 10);
    EXPECT_EQ(asset(1, noon + std::chrono::hours{1} - moment), 10);
    EXPECT_EQ(asset(1, noon + std::chrono::hours{1}), 11);
    EXPECT_EQ(asset(2, noon), 12);
    EXPECT_EQ(asset(3, noon), 0);
}

}  // namespace
}  // namespace mobilytics::measurements
