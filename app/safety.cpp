#include "app/safety.hpp"

#include <format>
#include <ranges>
#include <string_view>
#include <utility>

#include "platform/db/hosts.hpp"
#include "platform/mail/routes.hpp"

namespace mobilytics::app {

namespace {

void look_at_server(const Settings& settings, std::vector<std::string>& found) {
    const auto& server = settings.server;
    if (mail::is_loopback(server.address) || server.behind_proxy || !server.certificate_file.empty()) return;
    found.push_back(
        std::format("server.address {} is reached from other machines in plain text: set server.certificate_file and "
                    "server.key_file, or server.behind_proxy where a proxy in front speaks TLS",
                    server.address));
}

void look_at_database(const Settings& settings, std::vector<std::string>& found) {
    const auto& database = settings.database;
    if (database.allow_unverified) return;
    const std::pair<std::string_view, const std::string&> strings[] = {
        {"database.url", database.url},
        {"database.app_url", database.app_url},
        {"database.ingest_url", database.ingest_url},
        {"database.reporting_url", database.reporting_url}};
    for (const auto& [name, conninfo] : strings)
        if (!conninfo.empty() && db::may_be_overheard(conninfo))
            found.push_back(
                std::format("{} leads to another machine without sslmode=verify-full: add it (and sslrootcert), or set "
                            "database.allow_unverified where the network itself is guarded",
                            name));
}

}  // namespace

std::vector<std::string> dangers(const Settings& settings) {
    std::vector<std::string> found;
    look_at_server(settings, found);
    look_at_database(settings, found);
    return found;
}

void refuse_dangers(const Settings& settings) {
    std::string text;
    for (const auto& danger : dangers(settings)) text += (text.empty() ? "" : "; ") + danger;
    if (!text.empty()) throw config::ConfigError{text};
}

bool is_read_by_all(const std::filesystem::path& file, const config::Keys& keys) {
    if (file.empty() || !keys.has_secret_of(file.string())) return false;
    std::error_code gone;
    const auto permissions = std::filesystem::status(file, gone).permissions();
    return !gone && (permissions & std::filesystem::perms::others_read) != std::filesystem::perms::none;
}

}  // namespace mobilytics::app
