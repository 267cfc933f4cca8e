#include "app/storage.hpp"

#include <algorithm>
#include <exception>
#include <format>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "db/migrations.hpp"
#include "platform/db/blocking.hpp"
#include "platform/db/migrate.hpp"
#include "platform/log/log.hpp"

namespace mobilytics::app {

namespace {

// PostgreSQL writes its socket's folder into line 5 of its pid file.
std::optional<std::filesystem::path> running_socket(const std::filesystem::path& folder) {
    std::ifstream file{folder / "data" / "postmaster.pid"};
    std::string line;
    for (int number = 1; number <= 5; ++number)
        if (!std::getline(file, line)) return std::nullopt;
    try {
        db::Blocking{embedded::conninfo(line, embedded::Role::app, embedded::database_name)};
    } catch (const std::exception&) {
        return std::nullopt;  // left behind by a crash
    }
    return line;
}

}  // namespace

int schema_at(const std::string& conninfo) {
    db::Blocking database{conninfo};
    const bool has_migrations = database.value("select to_regclass('platform.migrations')::text").has_value();
    const auto number =
        has_migrations ? database.value("select max(number)::text from platform.migrations") : std::nullopt;
    return number ? std::stoi(*number) : 0;
}

std::string with_user(const std::string& conninfo, const std::string& user) {
    bool is_url = conninfo.starts_with("postgres://") || conninfo.starts_with("postgresql://");
    if (!is_url) return std::format("{} user={}", conninfo, user);
    return std::format("{}{}user={}", conninfo, conninfo.contains('?') ? '&' : '?', user);
}

bool is_embedded(const Settings& settings) {
    const auto& given = settings.database;
    return given.url.empty() && given.app_url.empty() && given.ingest_url.empty() && given.reporting_url.empty();
}

Storage::Storage(const Settings& settings, Use use) {
    if (is_embedded(settings))
        use_embedded(settings.home / "database", use);
    else
        use_server(settings);
}

// libpq takes the last of several users, so the roles share the URL's host, password and the rest.
void Storage::use_server(const Settings& settings) {
    const auto& given = settings.database;
    const auto url_of = [&](const std::string& own, embedded::Role role) {
        return own.empty() ? with_user(given.url, embedded::role_name(role)) : own;
    };
    if (given.url.empty() && (given.app_url.empty() || given.ingest_url.empty() || given.reporting_url.empty()))
        throw config::ConfigError{
            "without database.url all of database.app_url, database.ingest_url and database.reporting_url are needed"};
    owner_ = given.url;
    app_ = url_of(given.app_url, embedded::Role::app);
    ingest_ = url_of(given.ingest_url, embedded::Role::ingest);
    reporting_ = url_of(given.reporting_url, embedded::Role::reporting);
}

void Storage::use_embedded(const std::filesystem::path& folder, Use use) {
    if (use == Use::share)
        if (auto socket = running_socket(folder)) return connect_to(*socket);
    embedded_ = std::make_unique<embedded::Server>(embedded::Options{.folder = folder});
    embedded_->start();
    connect_to(embedded_->socket_folder());
}

void Storage::connect_to(const std::filesystem::path& socket_folder) {
    auto conninfo = [&](embedded::Role role) {
        return embedded::conninfo(socket_folder, role, embedded::database_name);
    };
    owner_ = conninfo(embedded::Role::owner);
    app_ = conninfo(embedded::Role::app);
    ingest_ = conninfo(embedded::Role::ingest);
    reporting_ = conninfo(embedded::Role::reporting);
}

int known_schema() { return std::ranges::max(db::migrations, {}, &db::Migration::number).number; }

void Storage::ensure_schema() const {
    if (!has_owner()) return require_schema();
    auto report = db::migrate(owner_, db::migrations);
    if (report.database_is_newer) log::warn("the database is newer than this program", {{"at", report.newest}});
}

void Storage::require_schema() const {
    const auto number = schema_at(app_);
    if (number < known_schema())
        throw std::runtime_error{
            std::format("the database's schema is at {}, this program needs {}, and database.url, as whose user it "
                        "could be brought up to date, is not given: run `mobilytics migrate` with it first",
                        number, known_schema())};
    if (number > known_schema()) log::warn("the database is newer than this program", {{"at", number}});
}

void Storage::stop() {
    if (embedded_) embedded_->stop();
}

}  // namespace mobilytics::app
