#include "app/settings.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "app/storage.hpp"

namespace mobilytics::app {

namespace {

class SettingsTest : public ::testing::Test {
protected:
    SettingsTest() { std::filesystem::create_directories(home); }
    ~SettingsTest() override { std::filesystem::remove_all(home); }

    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::ofstream{home / name} << text;
        return home / name;
    }

    Settings settings_with(const std::filesystem::path& file, std::vector<Flag> flags) {
        Settings settings;
        config::Keys keys = keys_of(settings);
        flags.push_back({"home", home.string()});
        read(settings, keys, file, flags);
        return settings;
    }

    std::filesystem::path home =
        std::filesystem::temp_directory_path() / ("settings_test_" + std::to_string(::getpid()));
};

TEST_F(SettingsTest, come_from_the_file_in_the_home_when_there_is_one) {
    EXPECT_EQ(settings_with({}, {}).server.port, 8080);
    write("mobilytics.toml", "[server]\nport = 1\n[clock]\nstart_at = \"2026-03-08T07:00:00Z\"\n");
    Settings settings = settings_with({}, {});
    EXPECT_EQ(settings.server.port, 1);
    EXPECT_EQ(clock::to_rfc3339(settings.clock.start_at.value()), "2026-03-08T07:00:00.000Z");
}

TEST_F(SettingsTest, from_a_named_file_take_its_place_and_must_be_there) {
    write("mobilytics.toml", "[server]\nport = 1\n");
    EXPECT_EQ(settings_with(write("other.toml", "[server]\nport = 2\n"), {}).server.port, 2);
    EXPECT_THROW(settings_with(home / "missing.toml", {}), config::ConfigError);
}

TEST_F(SettingsTest, of_the_command_line_win_over_the_file) {
    write("mobilytics.toml", "[server]\nport = 1\naddress = \"::1\"\n");
    Settings settings = settings_with({}, {{"server.port", "3"}});
    EXPECT_EQ(settings.server.port, 3);
    EXPECT_EQ(settings.server.address, "::1");
}

TEST_F(SettingsTest, ask_staff_for_a_second_factor_where_people_come_from_elsewhere_unless_told) {
    EXPECT_FALSE(asks_staff_for_factor(settings_with({}, {})));
    EXPECT_TRUE(asks_staff_for_factor(settings_with({}, {{"staff.second_factor", "required"}})));
    const Flag elsewhere{"server.url", "https://app.example.com"};
    EXPECT_TRUE(asks_staff_for_factor(settings_with({}, {elsewhere})));
    EXPECT_FALSE(asks_staff_for_factor(settings_with({}, {elsewhere, {"staff.second_factor", "optional"}})));
    EXPECT_THROW(settings_with({}, {{"staff.second_factor", "perhaps"}}), config::ConfigError);
}

TEST_F(SettingsTest, that_nobody_knows_are_refused) {
    write("mobilytics.toml", "[server]\nprot = 1\n");
    EXPECT_THROW(settings_with({}, {}), config::ConfigError);
}

TEST(Storage, without_the_owner_all_other_roles_are_given) {
    Settings settings;
    EXPECT_TRUE(is_embedded(settings));
    settings.database.app_url = "host=db user=mobilytics_app";
    settings.database.ingest_url = "host=db user=mobilytics_ingest";
    EXPECT_FALSE(is_embedded(settings));
    EXPECT_THROW((Storage{settings, Storage::Use::own}), config::ConfigError);
    settings.database.reporting_url = "host=db user=mobilytics_reporting";
    const Storage storage{settings, Storage::Use::own};
    EXPECT_FALSE(storage.has_owner());
    EXPECT_EQ(storage.reporting(), settings.database.reporting_url);
}

// Tried with libpq in both forms: of several users it takes the last.
TEST(Storage, roles_share_all_of_a_connection_string_but_the_user) {
    EXPECT_EQ(with_user("host=/tmp dbname=m user=owner", "app"), "host=/tmp dbname=m user=owner user=app");
    EXPECT_EQ(with_user("postgresql://owner:pw@db/m", "app"), "postgresql://owner:pw@db/m?user=app");
    EXPECT_EQ(with_user("postgres://db/m?sslmode=require", "app"), "postgres://db/m?sslmode=require&user=app");
}

}  // namespace

}  // namespace mobilytics::app
