#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "app/safety.hpp"
#include "app/settings.hpp"
#include "app/verbs.hpp"
#include "platform/config/config.hpp"
#include "platform/log/log.hpp"

// The command line: reads the settings, starts the log, calls one verb.
namespace mobilytics::app {

namespace {

struct Line {
    CLI::App cli{"Mobilytics: exposure of campaigns on trucks, cars and billboards"};
    std::string config_file;
    std::vector<Flag> flags;
    std::function<int(const Settings&)> verb;

    // An option that is a setting under another name.
    void add_setting(CLI::App* to, const std::string& option, std::string key, const std::string& help) {
        to->add_option_function<std::string>(
            option, [this, key = std::move(key)](const std::string& value) { flags.push_back({key, value}); }, help);
    }
};

void add_serve(Line& line) {
    auto* serve_line = line.cli.add_subcommand("serve", "Answer requests and run jobs, until SIGINT or SIGTERM");
    auto options = std::make_shared<ServeOptions>();
    line.add_setting(serve_line, "--port", "server.port", "TCP port (8080)");
    line.add_setting(serve_line, "--address", "server.address", "Address to listen on (127.0.0.1)");
    line.add_setting(serve_line, "--web", "server.web", "Folder of the built pages");
    serve_line->add_flag("--demo", options->demo, "Load the demo once, then serve it");
    serve_line->add_flag("--live", options->live, "Let the demo's fleet drive on while the server runs");
    serve_line
        ->add_option_function<std::string>(
            "--only",
            [options](const std::string& part) {
                options->api = part == "api";
                options->workers = part == "worker";
            },
            "api or worker: run one part in this process")
        ->check(CLI::IsMember({"api", "worker"}));
    serve_line->callback(
        [&line, options] { line.verb = [options](const Settings& settings) { return serve(settings, *options); }; });
}

void add_demo(Line& line) {
    auto* demo_line = line.cli.add_subcommand("demo", "Load the demo into the home and stop, or serve it live");
    auto options = std::make_shared<ServeOptions>();
    auto devices = std::make_shared<int>(options->size.vehicles + options->size.billboards);
    line.add_setting(demo_line, "--port", "server.port", "TCP port (8080)");
    line.add_setting(demo_line, "--web", "server.web", "Folder of the built pages");
    demo_line->add_flag("--live", options->live, "Stay up, and let the fleet drive on");
    demo_line->add_option("--devices", *devices, "Vehicles and billboards, four to one (50)")
        ->check(CLI::Range(1, 5000));
    demo_line->add_option("--days", options->size.days, "Days of data up to now (14)")->check(CLI::Range(1, 60));
    demo_line->callback([&line, options, devices] {
        options->demo = true;
        options->stay = options->live;
        options->size.billboards = *devices / 5;
        options->size.vehicles = *devices - options->size.billboards;
        line.verb = [options](const Settings& settings) { return serve(settings, *options); };
    });
}

void add_recover(Line& line, CLI::App* user) {
    auto* recover =
        user->add_subcommand("recover", "Take app, passkeys and recovery codes away from somebody who lost them");
    auto email = std::make_shared<std::string>();
    recover->add_option("--email", *email, "E-mail address")->required();
    recover->callback(
        [&line, email] { line.verb = [email](const Settings& settings) { return recover_person(settings, *email); }; });
}

void add_user(Line& line) {
    auto* user = line.cli.add_subcommand("user", "People, without a browser");
    user->require_subcommand(1);
    auto* add = user->add_subcommand("add", "Add a member of staff, or make a known person one");
    auto person = std::make_shared<NewStaff>();
    add->add_flag("--staff", "A member of Mobilytics' own staff")->required();
    add->add_option("--email", person->email, "E-mail address")->required();
    add->add_option("--name", person->name, "Name (the address)");
    add->add_option_function<std::string>(
           "--role", [person](const std::string& text) { person->role = auth::staff_role_from(text).value(); },
           "support, fulfilment, finance or admin (admin)")
        ->check(CLI::IsMember({"support", "fulfilment", "finance", "admin"}));
    auto* secret = add->add_option_group("password", "Without one, the person gets a letter to choose it");
    secret->require_option(0, 1);
    secret->add_option("--password", person->password, "Password; other users of the machine can see it");
    secret->add_flag_callback(
        "--password-stdin", [person] { std::getline(std::cin, person->password.emplace()); },
        "Read it from standard input");
    add->callback([&line, person] {
        if (person->name.empty()) person->name = person->email;
        line.verb = [person](const Settings& settings) { return add_staff(settings, *person); };
    });
    add_recover(line, user);
}

CompanyId company_of(const std::string& text) {
    const auto id = CompanyId::parse(text);
    if (!id) throw CLI::ValidationError{"--company", "is no company id (co_...)"};
    return *id;
}

void add_import(Line& line) {
    auto* import_line = line.cli.add_subcommand("import", "Bring in positions, sightings or regions from a file");
    auto wanted = std::make_shared<import::Wanted>();
    auto company = std::make_shared<std::string>();
    auto columns = std::make_shared<std::vector<std::string>>();
    auto separator = std::make_shared<std::string>();
    import_line->add_option("what", wanted->stream, "positions, sightings or regions")
        ->required()
        ->check(CLI::IsMember({"positions", "sightings", "regions"}));
    import_line->add_option("file", wanted->file, "CSV, GeoJSON, Shapefile or GPX")
        ->required()
        ->check(CLI::ExistingFile);
    import_line->add_option("--company", *company, "The company's id (co_...)")->required();
    import_line->add_option("--map", *columns,
                            "FIELD=COLUMN; fields: device, at, lat, lon, speed_mps, heading_deg, "
                            "accuracy_m, visitor, rssi_dbm, code, name");
    import_line->add_option("--device", wanted->device, "Serial of the one device the file is of");
    import_line->add_option("--create-devices", wanted->create_devices_of_model,
                            "Unknown serials become devices of this model");
    import_line->add_option("--zone", wanted->zone, "Time zone of times that do not say (UTC)");
    import_line->add_option("--time-format", wanted->time_format, "auto, unix, unix_ms, rfc3339 or a strftime pattern");
    import_line->add_option("--speed-unit", wanted->speed_unit, "mps, kmh, mph or knots")
        ->check(CLI::IsMember({"mps", "kmh", "mph", "knots"}));
    import_line->add_option("--pseudonym-key", wanted->pseudonym_key,
                            "The visitor column holds addresses: make pseudonyms of them with this key");
    import_line->add_option("--separator", *separator, "CSV: one character, or tab or space; found out by default");
    import_line->add_flag("--no-header{false}", wanted->has_header, "CSV: the columns are field_1, field_2, ...");
    import_line->add_option("--set", wanted->set_id, "Regions: the set's id, such as us-zcta");
    import_line->add_option("--set-name", wanted->set_name, "Regions: the set's name");
    import_line->add_option("--attribution", wanted->attribution, "Regions: the source's licence line");
    import_line->add_option("--errors", wanted->error_file, "Where lines that are refused go (FILE.errors.csv)");
    import_line->callback([&line, wanted, company, columns, separator] {
        wanted->company = company_of(*company);
        for (const auto& pair : *columns) {
            const auto equals = pair.find('=');
            if (equals == std::string::npos) throw CLI::ValidationError{"--map", "wants FIELD=COLUMN"};
            wanted->columns[pair.substr(0, equals)] = pair.substr(equals + 1);
        }
        if (!separator->empty())
            wanted->separator = *separator == "tab" ? '\t' : *separator == "space" ? ' ' : separator->front();
        if (wanted->set_name.empty()) wanted->set_name = wanted->set_id;
        line.verb = [wanted](const Settings& settings) { return import_file(settings, *wanted); };
    });
}

clock::Instant instant_of(const std::string& option, const std::string& text) {
    const auto instant = clock::from_rfc3339(text);
    if (!instant) throw CLI::ValidationError{option, instant.error()};
    return *instant;
}

void add_erase(Line& line) {
    auto* erase_line = line.cli.add_subcommand("erase", "Remove a device's raw records of a time, for privacy");
    struct Words {
        std::string company, device, from, to;
    };
    auto words = std::make_shared<Words>();
    erase_line->add_option("--company", words->company, "The company's id (co_...)")->required();
    erase_line->add_option("--device", words->device, "The device's id (dev_...)")->required();
    erase_line->add_option("--from", words->from, "RFC 3339; included")->required();
    erase_line->add_option("--to", words->to, "RFC 3339; not included")->required();
    erase_line->callback([&line, words] {
        const auto device = DeviceId::parse(words->device);
        if (!device) throw CLI::ValidationError{"--device", "is no device id (dev_...)"};
        const clock::Window span{instant_of("--from", words->from), instant_of("--to", words->to)};
        if (span.empty()) throw CLI::ValidationError{"--to", "must be after --from"};
        const Erasure erasure{company_of(words->company), *device, span};
        line.verb = [erasure](const Settings& settings) { return erase(settings, erasure); };
    });
}

void add_rebuild(Line& line) {
    auto* rebuild_line = line.cli.add_subcommand("rebuild", "Derive a company's numbers again from its raw records");
    auto company = std::make_shared<std::string>();
    rebuild_line->add_option("--company", *company, "The company's id (co_...)")->required();
    rebuild_line->callback([&line, company] {
        const auto id = company_of(*company);
        line.verb = [id](const Settings& settings) { return rebuild(settings, id); };
    });
}

void add_audit(Line& line) {
    auto* audit_line = line.cli.add_subcommand("audit", "The trail of what was done");
    audit_line->require_subcommand(1);
    audit_line->add_subcommand("sign", "Sign now what the trail has become; a server does it every hour")
        ->callback([&line] { line.verb = sign_audit; });
    auto* verify = audit_line->add_subcommand("verify", "Check that no event was changed, put in or taken out");
    auto company = std::make_shared<std::string>();
    verify->add_option("--company", *company, "Only this company's (co_...)");
    verify->callback([&line, company] {
        std::optional<CompanyId> id;
        if (!company->empty()) id = company_of(*company);
        line.verb = [id](const Settings& settings) { return verify_audit(settings, id); };
    });
}

void add_keys(Line& line) {
    auto* keys = line.cli.add_subcommand("keys", "The keys that sign access tokens");
    keys->require_subcommand(1);
    keys->add_subcommand("replace", "One may be in other hands: end all of them and their tokens, and make another")
        ->callback([&line] { line.verb = replace_signing_keys; });
}

void add_secrets(Line& line) {
    auto* secrets = line.cli.add_subcommand("secrets", "What is sealed in the database by secrets.key");
    secrets->require_subcommand(1);
    secrets->add_subcommand("reseal", "The key was changed: seal anew what a former key sealed")->callback([&line] {
        line.verb = reseal;
    });
}

void add_plain(Line& line, const std::string& name, const std::string& help, int (*verb)(const Settings&)) {
    line.cli.add_subcommand(name, help)->callback([&line, verb] { line.verb = verb; });
}

void add_verbs(Line& line) {
    line.cli.require_subcommand(1);
    line.cli.fallthrough();
    line.cli.add_option("--config", line.config_file, "Settings (mobilytics.toml in the home)");
    line.add_setting(&line.cli, "--home", "home", "Folder of the embedded database (var)");
    add_serve(line);
    add_plain(line, "migrate", "Bring the database's schema up to date", migrate);
    add_user(line);
    add_plain(line, "openapi", "Print the API's description", print_openapi);
    add_plain(line, "check", "Look whether settings and database are fit for use", check);
    add_demo(line);
    add_import(line);
    add_erase(line);
    add_rebuild(line);
    add_audit(line);
    add_keys(line);
    add_secrets(line);
}

int run(int count, char** arguments) {
    Line line;
    add_verbs(line);
    try {
        line.cli.parse(count, arguments);
    } catch (const CLI::ParseError& stop) {
        return line.cli.exit(stop);
    }
    try {
        Settings settings;
        config::Keys keys = keys_of(settings);
        const auto file = read(settings, keys, line.config_file, line.flags);
        log::start({.level = settings.log.level, .form = settings.log.form});
        refuse_dangers(settings);
        if (is_read_by_all(file, keys))
            log::warn("everybody on this machine can read the secrets in the settings",
                      {{"file", file.string()}, {"do", "chmod o-r"}});
        return line.verb(settings);
    } catch (const std::exception& failure) {
        log::flush();
        std::cerr << "mobilytics: " << failure.what() << '\n';
        return 1;
    }
}

}  // namespace

}  // namespace mobilytics::app

int main(int count, char** arguments) { return mobilytics::app::run(count, arguments); }
