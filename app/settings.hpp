#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "platform/clock/clock.hpp"
#include "platform/config/config.hpp"
#include "platform/http/proxies.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::app {

// Whether staff must have a second factor. automatic: where server.url says that people reach it from elsewhere.
enum class StaffFactor { automatic, required, optional };

// What the operator may choose. Later wins: the configuration file, the environment, the command line.
struct Settings {
    std::filesystem::path home = "var";

    struct {
        std::string url;      // the owner's; empty with all others empty: the embedded database in `home`
        std::string app_url;  // when its roles sign in elsewhere or otherwise than as `url` with another user
        std::string ingest_url;
        std::string reporting_url;
        bool allow_unverified = false;
        int connections_per_thread = 4;
        std::chrono::milliseconds slow_statement{500};
    } database;

    struct {
        std::string address = "127.0.0.1";
        std::uint16_t port = 8080;
        std::filesystem::path web;  // the built pages; empty: API only
        std::string certificate_file;
        std::string key_file;
        std::string cors_origins;
        std::string trusted_proxies;
        http::ProxyHeader proxy_header = http::ProxyHeader::x_forwarded_for;
        bool behind_proxy = false;
        std::string url;  // where people reach it; empty: http://localhost and the port
    } server;

    struct {
        std::string url;  // empty: letters are written into `home`/mail
        std::string user;
        std::string password;
        std::string from = "Mobilytics <no-reply@localhost>";
        bool starttls = true;
        std::string ca_file;
    } mail;

    struct {
        std::filesystem::path file;  // MBTiles or PMTiles; empty: the pages' own outlines
    } basemap;

    struct {
        std::string endpoint;  // of a server that speaks S3; empty: a folder of the home
        std::string region = "us-east-1";
        std::string bucket;
        std::string prefix;
        std::string access_key;
        std::string secret_key;
    } objects;

    struct {
        std::filesystem::path key_file;  // empty: audit.key in the home
        int keep_days = 0;               // 0: for ever
    } audit;

    struct {
        int io = 0;  // 0: by the number of processors
        int background = 0;
        int jobs = 8;  // at once in this process
    } threads;

    struct {
        StaffFactor second_factor = StaffFactor::automatic;
    } staff;

    struct {
        int requests = 6000;
        int window_seconds = 60;
        int anonymous_requests = 600;
    } quota;

    struct {
        std::string token;
    } metrics;

    struct {
        int every_seconds = 60;
        double patience = 1;
    } alerts;

    struct {
        std::optional<clock::Instant> start_at;  // a replay of old data; unset: the machine's clock
    } clock;

    struct {
        log::Level level = log::Level::info;
        log::Form form = log::Form::automatic;
    } log;

    struct {
        std::filesystem::path breached_file;  // empty: the built-in list alone
    } passwords;

    struct {
        std::string key;  // 64 hexadecimal digits; empty: the file secrets.key in the home, made when it is missing
        std::string former_keys;  // those before it, with commas between; empty: further lines of that file
    } secrets;

    struct {
        bool allow_http = false;
        bool allow_this_machine_for_tests = false;
    } webhooks;
};

// The names of the settings, with what `mobilytics check` says of each.
config::Keys keys_of(Settings& settings);

// Where people reach the pages, without a slash at the end.
std::string pages_url(const Settings& settings);

bool asks_staff_for_factor(const Settings& settings);

// Reads `config_file`, or mobilytics.toml in the home if there is one, then the environment, then `flags` (key and
// value). The file that was read, or none. Throws config::ConfigError.
struct Flag {
    std::string key;
    std::string value;
};
std::filesystem::path read(Settings& settings, config::Keys& keys, const std::filesystem::path& config_file,
                           const std::vector<Flag>& flags);

}  // namespace mobilytics::app
