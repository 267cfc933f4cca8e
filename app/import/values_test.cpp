#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "app/import/import.hpp"

namespace mobilytics::import {

namespace {

TEST(ImportedTime, of_unix_seconds_and_milliseconds_is_cut_to_milliseconds) {
    EXPECT_EQ(to_rfc3339("1211018412", "unix", "UTC"), "2008-05-17T10:00:12.000Z");
    EXPECT_EQ(to_rfc3339("1211018412.1239", "unix", "UTC"), "2008-05-17T10:00:12.123Z");
    EXPECT_EQ(to_rfc3339("1211018412123.9", "unix_ms", "UTC"), "2008-05-17T10:00:12.123Z");
    EXPECT_EQ(to_rfc3339("-0.0005", "unix", "UTC"), "1969-12-31T23:59:59.999Z");
    for (const char* milliseconds : {"000", "001", "123", "290", "577", "999"})
        EXPECT_EQ(to_rfc3339(std::string{"1768494827."} + milliseconds, "unix", "UTC"),
                  std::string{"2026-01-15T16:33:47."} + milliseconds + "Z");
}

TEST(ImportedTime, that_says_its_offset_needs_no_zone) {
    for (const char* format : {"auto", "rfc3339"})
        EXPECT_EQ(to_rfc3339("2023-03-07T08:49:59.945629+01:00", format, "America/Toronto"),
                  "2023-03-07T07:49:59.945Z");
    EXPECT_EQ(to_rfc3339("2023-03-07 08:49:59", "rfc3339", "UTC"), "");
}

TEST(ImportedTime, of_a_wall_clock_is_that_of_the_zone) {
    for (const char* text : {"2023-03-07 08:49:59.945629", "2023-03-07T08:49:59.945", "2023/03/07 08:49:59.9459"})
        EXPECT_EQ(to_rfc3339(text, "auto", "Europe/Prague"), "2023-03-07T07:49:59.945Z") << text;
    EXPECT_EQ(to_rfc3339("2023-03-07 08:49:59", "auto", "UTC"), "2023-03-07T08:49:59.000Z");
    EXPECT_EQ(to_rfc3339("05/19/2008 08:50:06.710478", "%m/%d/%Y %H:%M:%S", "America/Los_Angeles"),
              "2008-05-19T15:50:06.710Z");
    EXPECT_EQ(to_rfc3339("19.05.2008 08:50", "%d.%m.%Y %H:%M", "America/St_Johns"), "2008-05-19T11:20:00.000Z");
}

// In Toronto the clock of 8 March 2026 has no 2:30, and that of 1 November has two.
TEST(ImportedTime, where_the_clock_changes_is_the_first_there_is) {
    EXPECT_EQ(to_rfc3339("2026-03-08 02:30:00", "auto", "America/Toronto"), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(to_rfc3339("2026-11-01 01:30:00", "auto", "America/Toronto"), "2026-11-01T05:30:00.000Z");
    EXPECT_EQ(to_rfc3339("2026-11-01 02:00:00", "auto", "America/Toronto"), "2026-11-01T07:00:00.000Z");
}

TEST(ImportedTime, that_is_a_number_is_taken_for_unix_time_by_its_size) {
    EXPECT_EQ(to_rfc3339("1768494827", "auto", "America/Toronto"), "2026-01-15T16:33:47.000Z");
    EXPECT_EQ(to_rfc3339("1768494827000", "auto", "America/Toronto"), "2026-01-15T16:33:47.000Z");
}

TEST(ImportedTime, that_is_none_is_empty) {
    for (const char* text : {"", "yesterday", "nan", "inf", "1e300", "2023-02-30 08:00:00", "2023-03-07 25:00:00",
                             "2023-03-07 08:49:59 PM", "2023-03-07 08:49", " 1768494827"})
        EXPECT_EQ(to_rfc3339(text, "auto", "UTC"), "") << text;
    EXPECT_EQ(to_rfc3339("12:00", "unix", "UTC"), "");
    EXPECT_EQ(to_rfc3339("2008-05-19", "%d.%m.%Y", "UTC"), "");
}

TEST(ImportedTime, in_a_zone_that_nobody_knows_is_refused) {
    EXPECT_THROW(to_rfc3339("2023-03-07 08:49:59", "auto", "Europe/Brno"), std::runtime_error);
}

TEST(ImportedSpeed, is_made_metres_per_second) {
    EXPECT_DOUBLE_EQ(to_mps(36, "kmh"), 10);
    EXPECT_DOUBLE_EQ(to_mps(100, "mph"), 44.704);
    EXPECT_DOUBLE_EQ(to_mps(3600, "knots"), 1852);
    EXPECT_DOUBLE_EQ(to_mps(12.5, "mps"), 12.5);
}

// Computed with another program: HMAC-SHA256 under the HMAC-SHA256 of the UTC date, its first 16 digits.
TEST(Pseudonym, is_the_address_digest_under_the_key_of_the_day) {
    const std::string address = "32:5d:8c:bf:bc:20";
    const auto made = pseudonym("the company's key", address, "2023-03-07T07:49:59.945Z");
    EXPECT_EQ(made, "91df6e4348db1d89");
    EXPECT_EQ(pseudonym("the company's key", address, "2023-03-08T00:00:00.000Z"), "fa43c7e7fbd1d718");
}

TEST(Pseudonym, stays_within_a_utc_day_and_differs_by_day_key_and_address) {
    const auto made = pseudonym("key", "a", "2023-03-07T00:00:00.000Z");
    EXPECT_EQ(pseudonym("key", "a", "2023-03-07T23:59:59.999Z"), made);
    EXPECT_NE(pseudonym("key", "a", "2023-03-08T00:00:00.000Z"), made);
    EXPECT_NE(pseudonym("yek", "a", "2023-03-07T00:00:00.000Z"), made);
    EXPECT_NE(pseudonym("key", "b", "2023-03-07T00:00:00.000Z"), made);
}

}  // namespace

}  // namespace mobilytics::import
