#include "src/companies/company.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mobilytics::companies {

namespace {

bool takes_zone(std::string_view zone) {
    Faults faults;
    check_zone(zone, faults);
    return faults.none();
}

bool takes_country(std::string_view country) {
    Faults faults;
    check_country(country, faults);
    return faults.none();
}

bool takes_minutes(int minutes) {
    Faults faults;
    check(ParkedPolicy{ParkedKind::cap, minutes}, faults);
    return faults.none();
}

TEST(Company, lives_in_a_zone_of_the_iana_database) {
    EXPECT_TRUE(takes_zone("America/Toronto"));
    EXPECT_TRUE(takes_zone("UTC"));
    EXPECT_TRUE(takes_zone("Asia/Kathmandu"));
    for (const char* zone : {"", "Toronto", "america/toronto", "GMT+5", "America/Toronto ", "../etc/passwd"})
        EXPECT_FALSE(takes_zone(zone)) << zone;
}

TEST(Company, has_a_country_of_two_capitals) {
    EXPECT_TRUE(takes_country("CA"));
    for (const char* country : {"", "C", "ca", "CAN", "C1"}) EXPECT_FALSE(takes_country(country)) << country;
}

TEST(Company, caps_parked_visits_within_a_day) {
    EXPECT_TRUE(takes_minutes(0));
    EXPECT_TRUE(takes_minutes(1440));
    EXPECT_FALSE(takes_minutes(-1));
    EXPECT_FALSE(takes_minutes(1441));
}

TEST(Company, shows_two_letters_for_a_logo) {
    EXPECT_EQ(logo_text("Maple Fleet Media"), "MF");
    EXPECT_EQ(logo_text("  acme  "), "A");
    EXPECT_EQ(logo_text("Élan vital"), "ÉV");
    EXPECT_EQ(logo_text(""), "");
}

TEST(Company, patch_changes_what_it_names_and_nothing_else) {
    Company company{
        .id = CompanyId::make(), .name = "Maple", .zone = "UTC", .country = "CA", .created_at = clock::Instant{}};
    Company patched = CompanyPatch{.name = "Oak", .zone = {}, .state = {}}.apply_to(company);
    EXPECT_EQ(patched.name, "Oak");
    EXPECT_EQ(patched.zone, "UTC");
    EXPECT_EQ(patched.state, State::active);
    Company suspended = CompanyPatch{.name = {}, .zone = {}, .state = State::suspended}.apply_to(company);
    EXPECT_EQ(suspended.state, State::suspended);
}

TEST(Company, tag_changes_with_an_edit_and_when_another_policy_comes_into_force) {
    Company company{
        .id = CompanyId::make(), .name = "Maple", .zone = "UTC", .country = "CA", .created_at = clock::Instant{}};
    Company edited = company;
    edited.version += 1;
    Company later = company;
    later.parked_policy_since = clock::Instant{clock::Milliseconds{1}};
    EXPECT_NE(company.tag(), edited.tag());
    EXPECT_NE(company.tag(), later.tag());
}

}  // namespace

}  // namespace mobilytics::companies
