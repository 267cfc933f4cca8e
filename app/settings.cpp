#include "app/settings.hpp"

#include <format>
#include <string_view>

namespace mobilytics::app {

namespace {

// Of scripts and tests, which share our environment.
constexpr std::string_view other_variables[] = {
    "MOBILYTICS_PORT",      "MOBILYTICS_REAL_DATA", "MOBILYTICS_TEST_CLUSTER", "MOBILYTICS_INSIDE",
    "MOBILYTICS_DEMO_JSON", "MOBILYTICS_OPENAPI",   "MOBILYTICS_BINARY",       "MOBILYTICS_DEBIAN_MIRROR"};

constexpr std::string_view default_file = "mobilytics.toml";

void add_database_keys(config::Keys& keys, Settings& settings) {
    keys.add_secret(
        "database.url", settings.database.url,
        "PostgreSQL of your own, as the owner role. Empty: the embedded one in the home folder; or, where the "
        "three below are given, a database whose schema this process has no right to change.");
    keys.add_secret("database.app_url", settings.database.app_url,
                    "The same as mobilytics_app; empty: database.url with that user.");
    keys.add_secret("database.ingest_url", settings.database.ingest_url,
                    "The same as mobilytics_ingest; empty: database.url with that user.");
    keys.add_secret("database.reporting_url", settings.database.reporting_url,
                    "The same as mobilytics_reporting; empty: database.url with that user.");
    keys.add("database.allow_unverified", settings.database.allow_unverified,
             "The database may be on another machine without sslmode=verify-full, since the network is guarded.");
    keys.add("database.connections_per_thread", settings.database.connections_per_thread,
             "Connections of each role that an I/O thread keeps.");
    keys.add("database.slow_statement", settings.database.slow_statement,
             "A statement that takes longer, in milliseconds, is logged by its name; 0: none is.");
}

void add_server_keys(config::Keys& keys, Settings& settings) {
    keys.add("server.address", settings.server.address, "Address to listen on.");
    keys.add("server.port", settings.server.port, "TCP port of API and pages; 0: any free one.");
    keys.add("server.web", settings.server.web, "Folder of the built pages; empty: no pages.");
    keys.add("server.certificate_file", settings.server.certificate_file, "PEM chain; with the key: TLS.");
    keys.add("server.key_file", settings.server.key_file, "PEM key of the certificate.");
    keys.add("server.cors_origins", settings.server.cors_origins,
             "Sites whose pages may call the API with a key, such as https://app.example; commas between them; "
             "*: any.");
    keys.add("server.behind_proxy", settings.server.behind_proxy,
             "A proxy in front speaks TLS for us: without it, or a certificate, only this machine is listened to.");
    keys.add("server.trusted_proxies", settings.server.trusted_proxies,
             "Addresses and networks of proxies, commas between them, that are believed on whom they ask for.");
    keys.add("server.proxy_header", settings.server.proxy_header,
             "Where they say it: x_forwarded_for or forwarded (RFC 7239); the other header is not read.");
    keys.add("staff.second_factor", settings.staff.second_factor,
             "required: Mobilytics' staff without a second factor may do nothing as staff; optional; or automatic: "
             "required where server.url is set.");
    keys.add(
        "server.url", settings.server.url,
        "Where people reach the pages, https://...; links in letters begin with it, and passkeys belong to its host. "
        "Empty: this machine.");
}

void add_quota_keys(config::Keys& keys, Settings& settings) {
    keys.add("quota.requests", settings.quota.requests,
             "Requests that a person, key or device may send in a window, to each process; 0: any number.");
    keys.add("quota.window_seconds", settings.quota.window_seconds, "How long a window is.");
    keys.add("quota.anonymous_requests", settings.quota.anonymous_requests,
             "Requests in a window from one address (of IPv6: one /64) of those who are not signed in; 0: any number.");
}

}  // namespace

config::Keys keys_of(Settings& settings) {
    config::Keys keys;
    keys.add("home", settings.home, "Folder of the embedded database and of what the product keeps.");
    add_database_keys(keys, settings);
    add_server_keys(keys, settings);
    add_quota_keys(keys, settings);
    keys.add("mail.url", settings.mail.url,
             "SMTP server: smtp://host:587 or smtps://host:465; empty: letters are kept in the home folder.");
    keys.add("mail.user", settings.mail.user, "Signs in at the SMTP server; empty: no sign-in.");
    keys.add_secret("mail.password", settings.mail.password, "Its password.");
    keys.add("mail.from", settings.mail.from, "Sender of letters: Name <address>.");
    keys.add("mail.starttls", settings.mail.starttls,
             "Over smtp://, send nothing before the connection is encrypted; false only for a server nearby.");
    keys.add("mail.ca_file", settings.mail.ca_file,
             "PEM of who signs the SMTP server's certificate; empty: the system's.");
    keys.add("basemap.file", settings.basemap.file, "MBTiles or PMTiles to draw under maps; empty: outlines only.");
    keys.add("objects.endpoint", settings.objects.endpoint,
             "Server that speaks S3, such as https://s3.ca-central-1.amazonaws.com; empty: the folder objects in the "
             "home.");
    keys.add("objects.region", settings.objects.region, "Its region, as requests are signed for it.");
    keys.add("objects.bucket", settings.objects.bucket, "The bucket.");
    keys.add("objects.prefix", settings.objects.prefix, "Before the name of everything that is kept there.");
    keys.add("objects.access_key", settings.objects.access_key, "Access key id.");
    keys.add_secret("objects.secret_key", settings.objects.secret_key, "Secret access key.");
    keys.add("audit.key_file", settings.audit.key_file,
             "Key that signs checkpoints of the trail, the same for all processes; empty: audit.key in the home.");
    keys.add("audit.keep_days", settings.audit.keep_days,
             "Audit events older than this are let go; 0: none ever. Less than 90 has no effect.");
    keys.add("threads.io", settings.threads.io, "I/O threads; 0: one per processor.");
    keys.add("threads.background", settings.threads.background,
             "Threads for password hashing and derivation; 0: one per processor.");
    keys.add("threads.jobs", settings.threads.jobs, "Jobs at once in this process.");
    keys.add_secret("metrics.token", settings.metrics.token,
                    "Whoever sends it as bearer may read /metrics; empty: programs of this machine may.");
    keys.add("alerts.every_seconds", settings.alerts.every_seconds,
             "How often the product judges whether something is wrong with it.");
    keys.add("alerts.patience", settings.alerts.patience,
             "Times of all alerts are multiplied by it: 0.5 tells of trouble in half the time.");
    keys.add("passwords.breached_file", settings.passwords.breached_file,
             "Passwords that were stolen elsewhere, as SHA-1 in order (Have I Been Pwned): no new one may be among "
             "them.");
    keys.add_secret("secrets.key", settings.secrets.key,
                    "Key that seals secrets in the database, 64 hexadecimal digits, the same on all nodes; empty: the "
                    "file secrets.key in the home folder.");
    keys.add_secret(
        "secrets.former_keys", settings.secrets.former_keys,
        "While secrets.key is changed: the keys before it, with commas between, which open and seal nothing; "
        "empty: the lines after the first of the file secrets.key.");
    keys.add("webhooks.allow_http", settings.webhooks.allow_http,
             "For development: webhooks, and requests to companies' sign-in providers, may go to http:// URLs.");
    keys.add("webhooks.allow_this_machine_for_tests", settings.webhooks.allow_this_machine_for_tests,
             "For tests: the same may go to this machine, on any port. Never where customers are.");
    keys.add("clock.start_at", settings.clock.start_at,
             "The product's time begins here when the process starts, to replay old data; empty: the "
             "machine's time.");
    keys.add("log.level", settings.log.level, "debug, info, warn, error or off.");
    keys.add("log.form", settings.log.form, "json, text, or automatic: text on a terminal.");
    return keys;
}

std::string pages_url(const Settings& settings) {
    std::string url = settings.server.url;
    if (url.empty())
        url = std::format("{}://localhost:{}", settings.server.certificate_file.empty() ? "http" : "https",
                          settings.server.port);
    while (url.ends_with('/')) url.pop_back();
    return url;
}

bool asks_staff_for_factor(const Settings& settings) {
    if (settings.staff.second_factor == StaffFactor::automatic) return !settings.server.url.empty();
    return settings.staff.second_factor == StaffFactor::required;
}

// The home may be named by a flag or the environment, and the file in it is read before them: so they are read twice.
std::filesystem::path read(Settings& settings, config::Keys& keys, const std::filesystem::path& config_file,
                           const std::vector<Flag>& flags) {
    auto environment = config::environment();
    auto override_file = [&] {
        keys.read_environment(environment, other_variables);
        for (const auto& [key, value] : flags) keys.set(key, value, "command line");
    };
    override_file();
    auto file = config_file.empty() ? settings.home / default_file : config_file;
    if (config_file.empty() && !std::filesystem::exists(file)) return {};
    keys.read_file(file);
    override_file();
    return file;
}

}  // namespace mobilytics::app
