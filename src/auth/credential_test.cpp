#include "src/auth/credential.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mobilytics::auth {

namespace {

const CredentialName name{CompanyId::make(), ids::new_uuid()};

TEST(Credential, names_its_company_and_row) {
    std::string text = print_credential(api_key_prefix, name);
    EXPECT_EQ(read_credential(api_key_prefix, text), name);
    EXPECT_TRUE(text.starts_with("mob_live_"));
}

TEST(Credential, is_never_printed_twice) {
    EXPECT_NE(print_credential(api_key_prefix, name), print_credential(api_key_prefix, name));
}

TEST(Credential, of_another_kind_is_not_read) {
    std::string text = print_credential(device_token_prefix, name);
    EXPECT_EQ(read_credential(api_key_prefix, text), std::nullopt);
    EXPECT_EQ(read_credential(device_token_prefix, text), name);
}

// Every single character counts: none can be changed, dropped or added without the checksum noticing.
TEST(Credential, with_any_character_changed_is_not_read) {
    std::string text = print_credential(api_key_prefix, name);
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string changed = text;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        EXPECT_EQ(read_credential(api_key_prefix, changed), std::nullopt) << i;
        std::string shortened = text;
        shortened.erase(i, 1);
        EXPECT_EQ(read_credential(api_key_prefix, shortened), std::nullopt) << i;
    }
    EXPECT_EQ(read_credential(api_key_prefix, text + "x"), std::nullopt);
    EXPECT_EQ(read_credential(api_key_prefix, ""), std::nullopt);
    EXPECT_EQ(read_credential(api_key_prefix, "mob_live_"), std::nullopt);
}

TEST(Credential, hint_shows_its_ends_only) {
    std::string text = print_credential(api_key_prefix, name);
    EXPECT_EQ(hint_of(api_key_prefix, text), "mob_live_…" + text.substr(text.size() - 4));
}

}  // namespace

}  // namespace mobilytics::auth
