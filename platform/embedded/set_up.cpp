// What a fresh cluster lacks: roles, the database, its extensions. Safe to run again at any point.
#include <format>
#include <stdexcept>

#include "platform/db/blocking.hpp"
#include "platform/embedded/embedded.hpp"

namespace mobilytics::embedded {

namespace {

std::string quoted_value(const std::string& text) {
    std::string out = "'";
    for (char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

// A connection of its own each: TimescaleDB wants to be loaded or updated by a session's first statement.
void set_up_extension(const std::string& superuser, const std::string& extension) {
    db::Blocking look{superuser};
    auto found =
        look.run("select installed_version, default_version from pg_available_extensions where name = $1", {extension});
    if (found.empty())
        throw std::runtime_error{std::format("PostgreSQL's extension {} is not installed on this machine", extension)};
    auto installed = found.front().at(0), packaged = found.front().at(1);
    if (installed == packaged) return;
    auto name = db::Blocking::quoted_name(extension);
    db::Blocking change{superuser};
    change.run(installed ? "alter extension " + name + " update" : "create extension " + name + " cascade");
}

}  // namespace

std::string role_name(Role role) {
    switch (role) {
        case Role::superuser:
            return "postgres";
        case Role::owner:
            return "mobilytics_owner";
        case Role::app:
            return "mobilytics_app";
        case Role::ingest:
            return "mobilytics_ingest";
        case Role::reporting:
            return "mobilytics_reporting";
    }
    throw std::logic_error{"no such role"};
}

std::string conninfo(const std::filesystem::path& socket_folder, Role role, const std::string& database) {
    return std::format("host={} port=5432 dbname={} user={}", quoted_value(socket_folder.string()),
                       quoted_value(database), role_name(role));
}

void set_up(const std::filesystem::path& socket_folder, const std::string& database,
            const std::vector<std::string>& extensions) {
    {
        db::Blocking cluster{conninfo(socket_folder, Role::superuser, "postgres")};
        for (Role role : {Role::owner, Role::app, Role::ingest, Role::reporting})
            if (!cluster.value("select 1 from pg_roles where rolname = $1", {role_name(role)}))
                cluster.run("create role " + role_name(role) + " login");
        auto name = db::Blocking::quoted_name(database);
        if (!cluster.value("select 1 from pg_database where datname = $1", {database}))
            cluster.run("create database " + name + " owner mobilytics_owner");
        cluster.run("revoke all on database " + name + " from public");
        cluster.run("grant connect on database " + name +
                    " to mobilytics_app, mobilytics_ingest, mobilytics_reporting");
    }
    auto superuser = conninfo(socket_folder, Role::superuser, database);
    for (const auto& extension : extensions) set_up_extension(superuser, extension);

    db::Blocking inside{superuser};
    if (inside.value("select to_regprocedure('merge_chunks(regclass,regclass)')::text"))
        inside.run("revoke execute on procedure merge_chunks(regclass, regclass) from public");
}

}  // namespace mobilytics::embedded
