#include "platform/config/config.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

namespace mobilytics::config {

namespace {

enum class Mood { calm, busy };

struct Sample {
    std::string name = "none";
    std::uint16_t port = 80;
    bool on = false;
    double ratio = 0.5;
    Mood mood = Mood::calm;
    std::optional<clock::Instant> start;
    std::chrono::milliseconds patience{10};
    std::string password;
};

class ConfigTest : public ::testing::Test {
protected:
    void SetUp() override {
        keys.add("server.name", sample.name, "A name.");
        keys.add("server.port", sample.port, "A port.");
        keys.add("server.on", sample.on, "Whether.");
        keys.add("server.ratio", sample.ratio, "How much.");
        keys.add("server.mood", sample.mood, "How.");
        keys.add("clock.start_at", sample.start, "When.");
        keys.add("server.patience", sample.patience, "How long.");
        keys.add_secret("server.password", sample.password, "Secret.");
    }

    std::string refusal(auto action) {
        try {
            action();
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "accepted";
    }

    Sample sample;
    Keys keys;
};

TEST_F(ConfigTest, LaterSourcesWin) {
    keys.read_text(
        "[server]\nname = \"file\"\nport = 1\non = true\nratio = 0.25\nmood = \"busy\"\npatience = 99\n"
        "[clock]\nstart_at = \"2026-03-08T07:00:00Z\"\n",
        "a.toml");
    EXPECT_EQ(sample.name, "file");
    EXPECT_TRUE(sample.on);
    EXPECT_EQ(sample.ratio, 0.25);
    EXPECT_EQ(sample.mood, Mood::busy);
    EXPECT_EQ(clock::to_rfc3339(*sample.start), "2026-03-08T07:00:00.000Z");
    EXPECT_EQ(sample.patience.count(), 99);
    keys.read_environment(std::vector<std::string>{"MOBILYTICS_SERVER_PORT=2", "MOBILYTICS_CLOCK_START_AT=", "HOME=/"});
    EXPECT_EQ(sample.port, 2);
    EXPECT_FALSE(sample.start);
    keys.set("server.port", "3", "command line");
    EXPECT_EQ(sample.port, 3);
}

TEST_F(ConfigTest, UnknownKeysAreRefusedWithTheNearestKnownOne) {
    EXPECT_EQ(refusal([&] { keys.read_text("[server]\nprot = 1", "a.toml"); }),
              "server.prot (a.toml) is not a setting. Did you mean server.port?");
    std::vector<std::string> variables{"MOBILYTICS_SERVER_NAMES=x"};
    EXPECT_EQ(refusal([&] { keys.read_environment(variables); }),
              "MOBILYTICS_SERVER_NAMES (environment) is not a setting. Did you mean MOBILYTICS_SERVER_NAME?");
    std::string_view others[] = {"MOBILYTICS_SERVER_NAMES"};
    EXPECT_EQ(refusal([&] { keys.read_environment(variables, others); }), "accepted");
}

TEST_F(ConfigTest, WrongValuesNameTheKeyAndItsOrigin) {
    EXPECT_EQ(refusal([&] { keys.set("server.port", "70000", "x"); }), "server.port (x) is out of range.");
    EXPECT_EQ(refusal([&] { keys.set("server.port", "1a", "x"); }), "server.port (x) must be a number.");
    EXPECT_EQ(refusal([&] { keys.set("server.on", "yes", "x"); }), "server.on (x) must be true or false.");
    EXPECT_EQ(refusal([&] { keys.set("server.mood", "sad", "x"); }), "server.mood (x) must be one of calm busy.");
    EXPECT_EQ(refusal([&] { keys.set("clock.start_at", "noon", "x"); }),
              "clock.start_at (x) must be a time such as 2026-03-08T07:00:00Z.");
    EXPECT_EQ(refusal([&] { keys.read_text("[server]\nname = [1]", "a.toml"); }),
              "server.name in a.toml must be one value.");
    EXPECT_TRUE(refusal([&] { keys.read_text("[server", "a.toml"); }).starts_with("a.toml line 1: "));
    EXPECT_EQ(sample.port, 80);
}

TEST_F(ConfigTest, ReadsAFileAndRefusesOneThatIsNotThere) {
    auto file = std::filesystem::temp_directory_path() / "mobilytics_config_test.toml";
    std::ofstream{file} << "server.port = 9\n";
    keys.read_file(file);
    EXPECT_EQ(sample.port, 9);
    std::filesystem::remove(file);
    EXPECT_NE(refusal([&] { keys.read_file(file); }), "accepted");
}

TEST_F(ConfigTest, ListsEveryKeyWithItsOriginAndHidesSecrets) {
    keys.set("server.password", "hunter2", "environment");
    auto all = keys.all();
    ASSERT_EQ(all.size(), 8u);
    EXPECT_EQ(all[0].key, "clock.start_at");
    EXPECT_EQ(all[0].variable, "MOBILYTICS_CLOCK_START_AT");
    EXPECT_EQ(all[0].origin, "default");
    for (const auto& entry : all) {
        EXPECT_EQ(entry.value.find("hunter2"), std::string::npos);
        if (entry.key == "server.password") {
            EXPECT_EQ(entry.value, "(hidden)");
        }
    }
}

TEST_F(ConfigTest, ASecretMayStandInAFileOfItsOwn) {
    const auto file = std::filesystem::temp_directory_path() / "mobilytics_config_secret";
    std::ofstream{file} << "hunter2\n";
    keys.read_environment(std::vector<std::string>{"MOBILYTICS_SERVER_PASSWORD_FILE=" + file.string()});
    EXPECT_EQ(sample.password, "hunter2");
    EXPECT_TRUE(keys.has_secret_of(file.string()));
    EXPECT_FALSE(keys.has_secret_of("environment"));
    std::ofstream{file} << "another";
    keys.read_text("[server]\npassword_file = \"" + file.string() + "\"\n", "a.toml");
    EXPECT_EQ(sample.password, "another");
    std::filesystem::remove(file);
    const auto missing = refusal([&] { keys.set("server.password_file", file.string(), "x"); });
    EXPECT_TRUE(missing.starts_with("server.password_file: the file ")) << missing;
    EXPECT_NE(refusal([&] { keys.set("server.name_file", file.string(), "x"); }), "accepted") << "it is no secret";
}

}  // namespace

}  // namespace mobilytics::config
