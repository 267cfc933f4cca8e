#include "app/safety.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace mobilytics::app {

namespace {

namespace fs = std::filesystem;

TEST(Dangers, there_are_none_in_what_comes_by_default) { EXPECT_TRUE(dangers(Settings{}).empty()); }

TEST(Dangers, plain_text_is_spoken_to_this_machine_alone_unless_somebody_says_that_a_proxy_is_in_front) {
    for (const std::string address : {"0.0.0.0", "::", "203.0.113.7"}) {
        Settings settings;
        settings.server.address = address;
        ASSERT_EQ(dangers(settings).size(), 1U) << address;
        EXPECT_TRUE(dangers(settings).front().contains("server.certificate_file"));
        EXPECT_THROW(refuse_dangers(settings), config::ConfigError);
        Settings proxied = settings;
        proxied.server.behind_proxy = true;
        EXPECT_TRUE(dangers(proxied).empty());
        settings.server.certificate_file = "certificate.pem";
        EXPECT_TRUE(dangers(settings).empty());
    }
    Settings near;
    near.server.address = "::1";
    EXPECT_TRUE(dangers(near).empty());
}

TEST(Dangers, a_database_elsewhere_must_prove_who_it_is) {
    Settings settings;
    settings.database.url = "postgresql://owner@db.internal/mobilytics";
    ASSERT_EQ(dangers(settings).size(), 1U);
    EXPECT_TRUE(dangers(settings).front().starts_with("database.url "));
    EXPECT_FALSE(dangers(settings).front().contains("db.internal")) << "what is secret is not repeated";
    settings.database.url += "?sslmode=verify-full";
    EXPECT_TRUE(dangers(settings).empty());
    settings.database.reporting_url = "host=replica.internal sslmode=require";
    ASSERT_EQ(dangers(settings).size(), 1U);
    settings.database.allow_unverified = true;
    EXPECT_TRUE(dangers(settings).empty());
}

TEST(Dangers, a_file_with_secrets_that_all_can_read_is_noticed) {
    const fs::path file = fs::temp_directory_path() / ("safety_test_" + std::to_string(::getpid()) + ".toml");
    const auto is_noticed = [&](const std::string& text, fs::perms permissions) {
        std::ofstream{file} << text;
        fs::permissions(file, permissions);
        Settings settings;
        config::Keys keys = keys_of(settings);
        keys.read_file(file);
        return is_read_by_all(file, keys);
    };
    const std::string secret = "[metrics]\ntoken = \"t\"\n", open = "[server]\nport = 1\n";
    const auto all = fs::perms::owner_all | fs::perms::group_read | fs::perms::others_read;
    EXPECT_TRUE(is_noticed(secret, all));
    EXPECT_FALSE(is_noticed(secret, fs::perms::owner_all | fs::perms::group_read));
    EXPECT_FALSE(is_noticed(open, all));
    fs::remove(file);
}

}  // namespace

}  // namespace mobilytics::app
