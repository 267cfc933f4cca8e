#include "src/measurements/records.hpp"

#include <gtest/gtest.h>

namespace mobilytics::measurements {
namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::March / 8 / 2026} + std::chrono::hours{12}};
constexpr std::nullopt_t none = std::nullopt;

TEST(Visitor, is_sixteen_lower_case_hexadecimal_digits_kept_as_a_signed_number) {
    EXPECT_EQ(visitor_from_hex("0000000000000001"), Visitor{1});
    EXPECT_EQ(visitor_from_hex("7fffffffffffffff"), Visitor{std::numeric_limits<std::int64_t>::max()});
    EXPECT_EQ(visitor_from_hex("8000000000000000"), Visitor{std::numeric_limits<std::int64_t>::min()});
    EXPECT_EQ(visitor_from_hex("ffffffffffffffff"), Visitor{-1});
    for (const char* text : {"0123456789abcdef", "fedcba9876543210", "8000000000000001"})
        EXPECT_EQ(to_hex(visitor_from_hex(text).value()), text);
}

TEST(Visitor, is_nothing_else_and_never_an_address) {
    for (const char* text :
         {"", "000000000000001", "00000000000000001", "000000000000000A", "00000000000000g1", " 000000000000001",
          "0x00000000000001", "aa:bb:cc:dd:ee:f", "aabbccddeeff", "-000000000000001", "aa-bb-cc-dd-ee-f"})
        EXPECT_EQ(visitor_from_hex(text), none) << text;
}

TEST(PositionsWithOneKey, the_one_kept_is_chosen_by_each_value_in_turn_with_a_missing_one_last) {
    const ids::Uuid device{};
    // Each row is to be kept rather than any row below it.
    const std::vector<Position> ranked{{device, noon, 2, 2, 9.0, 9.0, 1.0},   {device, noon, 1, 1, 1.0, 1.0, 2.0},
                                       {device, noon, 1, 2, 1.0, 1.0, 2.0},   {device, noon, 2, 1, 1.0, 1.0, 2.0},
                                       {device, noon, 2, 1, 2.0, 0.0, 2.0},   {device, noon, 2, 1, 2.0, 5.0, 2.0},
                                       {device, noon, 2, 1, 2.0, none, 2.0},  {device, noon, 2, 1, none, 0.0, 2.0},
                                       {device, noon, 2, 1, none, none, 2.0}, {device, noon, 0, 0, 0.0, 0.0, none}};
    for (std::size_t better = 0; better < ranked.size(); ++better) {
        for (std::size_t worse = better + 1; worse < ranked.size(); ++worse) {
            std::vector<Position> positions{ranked[worse], ranked[better], ranked[worse]};
            keep_one_per_key(positions);
            EXPECT_EQ(positions, std::vector{ranked[better]}) << better << " and " << worse;
        }
    }
}

TEST(PositionsWithOneKey, other_devices_and_other_instants_are_other_keys) {
    ids::Uuid second;
    second.bytes[0] = 1;
    const Position one{{}, noon, 1, 1, none, none, none};
    Position other_device = one;
    other_device.device = second;
    Position other_instant = one;
    other_instant.at += clock::Milliseconds{1};
    std::vector<Position> positions{other_device, other_instant, one, one};
    keep_one_per_key(positions);
    EXPECT_EQ(positions, (std::vector{one, other_instant, other_device}));
}

}  // namespace
}  // namespace mobilytics::measurements
