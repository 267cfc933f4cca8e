#include "src/auth/person.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mobilytics::auth {

namespace {

std::vector<std::string> faulty_fields(const NewPerson& person, std::string_view pointer = "") {
    Faults faults;
    check(person, pointer, faults);
    std::vector<std::string> fields;
    for (const FieldError& error : faults.all()) fields.push_back(error.pointer);
    return fields;
}

using Fields = std::vector<std::string>;
const NewPerson good{"Ada@Example.com", "Ada", "a long password"};

NewPerson with_email(std::string email) { return {std::move(email), good.name, good.password}; }
NewPerson with_password(std::string password) { return {good.email, good.name, std::move(password)}; }

TEST(Person, is_one_address_however_it_is_typed) {
    EXPECT_EQ(normalized_email("  Ada@Example.COM\t"), "ada@example.com");
    EXPECT_EQ(normalized_email(" \n"), "");
}

TEST(Person, with_good_fields_has_no_fault) { EXPECT_EQ(faulty_fields(good), Fields{}); }

TEST(Person, needs_an_address_with_two_ends) {
    for (const char* email :
         {"", "ada", "@example.com", "ada@", "ada@@example.com", "ada@exa mple.com", "ada@.com", "ada@example.",
          "ada\x01@example.com", "ada>@example.com", "ada@example.com,eve@example.com", "élise@example.com"})
        EXPECT_EQ(faulty_fields(with_email(email)), Fields{"/email"}) << email;
    EXPECT_EQ(faulty_fields(with_email(std::string(250, 'a') + "@b.ca")), Fields{"/email"});
}

TEST(Person, may_choose_any_password_that_is_long_enough) {
    EXPECT_EQ(faulty_fields(with_password("            ")), Fields{});
    EXPECT_EQ(faulty_fields(with_password("éééééééééééé")), Fields{});
    EXPECT_EQ(faulty_fields(with_password("elevenchars")), Fields{"/password"});
    EXPECT_EQ(faulty_fields(with_password("ééééééééééé")), Fields{"/password"});
    EXPECT_EQ(faulty_fields(with_password(std::string(257, 'x'))), Fields{"/password"});
    EXPECT_EQ(faulty_fields(with_password("ADA@example.com")), Fields{"/password"});
}

TEST(Person, may_not_choose_a_password_that_is_guessed_first) {
    EXPECT_EQ(faulty_fields(with_password("qwerty123456")), Fields{"/password"});
    EXPECT_EQ(faulty_fields(with_password("QWERTY123456")), Fields{"/password"});
    EXPECT_EQ(faulty_fields(with_password("qwerty123456!")), Fields{});
}

TEST(Person, may_not_choose_a_password_of_words_of_the_house) {
    for (const char* guessed : {"Mobilytics2026!", "mobilytics123456", "Mobilytics-Admin-1", "Ada.Example.2026",
                                "truck truck truck", "MotDePasse!2026", "ada-billboard-77"})
        EXPECT_EQ(faulty_fields(with_password(guessed)), Fields{"/password"}) << guessed;
    for (const char* good_one : {"mobilytics by night", "the truck is late", "314159265358", "ada likes her example"})
        EXPECT_EQ(faulty_fields(with_password(good_one)), Fields{}) << good_one;
}

TEST(Person, all_faults_are_named_at_once_under_the_pointer_given) {
    EXPECT_EQ(faulty_fields({"", " ", ""}, "/owner"), (Fields{"/owner/email", "/owner/name", "/owner/password"}));
}

}  // namespace

}  // namespace mobilytics::auth
