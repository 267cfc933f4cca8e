#include "app/sealing_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include "platform/testing/folder.hpp"

namespace mobilytics::app {
namespace {

class SealingKey : public ::testing::Test {
protected:
    SealingKey() { settings.home = home; }

    const test::Folder folder;
    const std::filesystem::path home = folder.path() / "home";
    Settings settings;
};

TEST_F(SealingKey, is_made_once_and_for_its_owner_alone) {
    const auto key = sealing_keys(settings).present;
    EXPECT_EQ(key.size(), 32U);
    EXPECT_EQ(sealing_keys(settings).present, key);
    struct stat file{};
    ASSERT_EQ(::stat((home / "secrets.key").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{home}, {}), 1) << "nothing else is left there";
}

TEST_F(SealingKey, is_the_same_for_all_who_start_at_once) {
    std::vector<std::string> keys(8);
    {
        std::vector<std::jthread> threads;
        for (auto& key : keys) threads.emplace_back([&] { key = sealing_keys(settings).present; });
    }
    EXPECT_EQ(std::set(keys.begin(), keys.end()).size(), 1U);
}

TEST_F(SealingKey, of_the_settings_comes_first) {
    settings.secrets.key = std::string(64, '1');
    EXPECT_EQ(sealing_keys(settings).present, std::string(32, '\x11'));
    EXPECT_FALSE(std::filesystem::exists(home));
}

TEST_F(SealingKey, is_followed_by_those_before_it) {
    const std::string one(64, '1'), two(64, '2'), three(64, '3');
    std::filesystem::create_directories(home);
    std::ofstream{home / "secrets.key"} << one << '\n' << two << '\n' << three << '\n';
    auto keys = sealing_keys(settings);
    EXPECT_EQ(keys.present, std::string(32, '\x11'));
    EXPECT_EQ(keys.former, (std::vector{std::string(32, '\x22'), std::string(32, '\x33')}));
    settings.secrets.key = three;
    settings.secrets.former_keys = two + "," + one;
    keys = sealing_keys(settings);
    EXPECT_EQ(keys.present, std::string(32, '\x33'));
    EXPECT_EQ(keys.former, (std::vector{std::string(32, '\x22'), std::string(32, '\x11')}));
    settings.secrets.former_keys = two + ", " + one;
    EXPECT_THROW(sealing_keys(settings), config::ConfigError);
}

TEST_F(SealingKey, that_is_none_is_refused) {
    for (const char* none : {"short", "zz", "1234"}) {
        settings.secrets.key = none;
        EXPECT_THROW(sealing_keys(settings), config::ConfigError) << none;
    }
    settings.secrets.key.clear();
    std::filesystem::create_directories(home);
    std::ofstream{home / "secrets.key"} << "half a ke";
    EXPECT_THROW(sealing_keys(settings), config::ConfigError);
}

}  // namespace
}  // namespace mobilytics::app
