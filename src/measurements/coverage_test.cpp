#include "src/measurements/coverage.hpp"

#include <gtest/gtest.h>

namespace mobilytics::measurements {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Instant seven{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{7}};
constexpr clock::Milliseconds moment{1};
const Timeline<seconds> every_minute{{{Instant{}, seconds{60}}}};
constexpr std::uint64_t whole_hour = (std::uint64_t{1} << 60U) - 1;

ids::Uuid numbered(std::uint8_t number) {
    ids::Uuid uuid;
    uuid.bytes[15] = number;
    return uuid;
}

const ids::Uuid device = numbered(1);
const ids::Uuid asset = numbered(9);

Minutes minutes_of(std::vector<Window> attached, std::vector<Instant> beats,
                   const Timeline<seconds>& interval = every_minute) {
    std::vector<Attachment> attachments;
    for (const Window& during : attached) attachments.push_back({device, asset, during});
    return minutes_of_device(seven, device, asset, attachments, beats, interval);
}

TEST(Coverage, a_minute_is_expected_when_the_device_is_attached_throughout_it) {
    EXPECT_EQ(minutes_of({{Instant{}, clock::far_future}}, {}).expected, whole_hour);
    EXPECT_EQ(minutes_of({{seven + minutes{1}, seven + minutes{3}}}, {}).expected, 0b110U);
    EXPECT_EQ(minutes_of({{seven + moment, seven + minutes{3} - moment}}, {}).expected, 0b010U);
    EXPECT_EQ(minutes_of({{seven + moment, seven + minutes{1}}}, {}).expected, 0U);
}

TEST(Coverage, an_attachment_that_follows_without_a_break_keeps_the_minute_expected) {
    const Instant change = seven + seconds{90};
    EXPECT_EQ(minutes_of({{change, seven + minutes{3}}, {seven, change}}, {}).expected, 0b111U);
    EXPECT_EQ(minutes_of({{change + moment, seven + minutes{3}}, {seven, change}}, {}).expected, 0b101U);
}

TEST(Coverage, another_devices_and_another_assets_attachments_do_not_enter) {
    const std::vector<Attachment> attachments{{numbered(2), asset, {seven, clock::far_future}},
                                              {device, numbered(8), {seven, clock::far_future}}};
    EXPECT_EQ(minutes_of_device(seven, device, asset, attachments, std::vector{seven}, every_minute), Minutes{});
}

TEST(Coverage, a_minute_is_covered_from_its_start_back_to_one_expected_interval) {
    const std::vector<Window> always{{Instant{}, clock::far_future}};
    EXPECT_EQ(minutes_of(always, {}).covered, 0U);
    EXPECT_EQ(minutes_of(always, {seven - seconds{60}}).covered, 0b1U);
    EXPECT_EQ(minutes_of(always, {seven - seconds{60} - moment}).covered, 0U);
    EXPECT_EQ(minutes_of(always, {seven}).covered, 0b11U);
    EXPECT_EQ(minutes_of(always, {seven + moment}).covered, 0b10U);
    EXPECT_EQ(minutes_of(always, {seven + minutes{5}, seven + moment}).covered, 0b1100010U);
}

TEST(Coverage, the_interval_in_force_at_the_minute_counts) {
    const Timeline<seconds> changes{{{seven + minutes{2}, seconds{300}}}};
    EXPECT_EQ(minutes_of({{seven, clock::far_future}}, {seven}, changes).covered, 0b111100U);
}

TEST(Coverage, only_expected_minutes_are_covered) {
    const Minutes found = minutes_of({{seven + minutes{1}, clock::far_future}}, {seven});
    EXPECT_EQ(found.covered, 0b10U);
    EXPECT_EQ(found.expected_count(), 59);
    EXPECT_EQ(found.covered_count(), 1);
}

TEST(Coverage, several_devices_are_the_union_of_theirs) {
    Minutes sum{0b0011, 0b0001};
    sum |= {0b0110, 0b0100};
    EXPECT_EQ(sum, (Minutes{0b0111, 0b0101}));
}

TEST(Coverage, a_campaigns_minutes_lie_wholly_in_its_windows) {
    const Minutes all{whole_hour, whole_hour};
    const std::vector<Window> windows{{seven + seconds{90}, seven + minutes{4}},
                                      {seven - minutes{9}, seven + seconds{90}},
                                      {seven + minutes{5} + moment, seven + minutes{7}}};
    EXPECT_EQ(minutes_within(all, seven, windows).covered, 0b1001111U);
    EXPECT_EQ(minutes_within({0b11, 0b10}, seven, windows), (Minutes{0b11, 0b10}));
    EXPECT_EQ(minutes_within(all, seven, {}), Minutes{});
}

}  // namespace
}  // namespace mobilytics::measurements
