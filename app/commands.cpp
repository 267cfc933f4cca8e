#include <filesystem>
#include <format>
#include <iostream>

#include "app/product.hpp"
#include "app/progress.hpp"
#include "app/verbs.hpp"
#include "platform/db/blocking.hpp"

// The verbs beside `serve`: short, and done when they return.
namespace mobilytics::app {

namespace {

Storage migrated(const Settings& settings) {
    Storage storage{settings, Storage::Use::share};
    storage.ensure_schema();
    return storage;
}

// The product on its database, whose schema is up to date; no socket is open and no job runs.
struct Opened {
    explicit Opened(const Settings& settings) : storage{migrated(settings)}, product{settings, &storage} {}

    Storage storage;
    Product product;
};

}  // namespace

int migrate(const Settings& settings) {
    Storage storage{settings, Storage::Use::share};
    if (!storage.has_owner()) throw config::ConfigError{"migrate needs database.url, the owner's"};
    storage.ensure_schema();
    return 0;
}

int print_openapi(const Settings& settings) {
    Product product{settings, nullptr};
    std::cout << product.openapi() << '\n';
    return 0;
}

int add_staff(const Settings& settings, NewStaff person) {
    Opened opened{settings};
    Product& product = opened.product;
    try {
        product.run("add staff", [&]() -> Task<void> {
            auto& modules = product.modules();
            const auto id = co_await modules.auth.add_staff(person.email, person.name, person.password, person.role);
            // In its own transaction: the same command again sends the letter again, and changes nothing else.
            if (!person.password) co_await modules.accounts.forgot_password(person.email, trail::by_operator());
            std::cout << std::format("{} is staff, {} ({})\n", auth::normalized_email(person.email),
                                     auth::to_string(person.role), id.text());
            if (!person.password)
                std::cout << "the running server sends a letter whose link lets them choose a password\n";
        });
    } catch (const Problem& problem) {
        for (const FieldError& error : problem.errors())
            std::cerr << std::format("--{} {}\n", error.pointer.substr(1), error.detail);
        throw;
    }
    return 0;
}

int recover_person(const Settings& settings, std::string email) {
    Opened opened{settings};
    opened.product.run("user recover", [&]() -> Task<void> {
        const auto id = co_await opened.product.modules().recoveries.recover(email);
        std::cout << std::format("{} signs in with the password alone ({})\n", auth::normalized_email(email),
                                 id.text());
    });
    return 0;
}

int replace_signing_keys(const Settings& settings) {
    Opened opened{settings};
    opened.product.run("keys replace", [&]() -> Task<void> {
        const auto id = co_await opened.product.modules().tokens.replace_signing_keys();
        std::cout << std::format("access tokens are signed with {} from now on; those before are good no more\n", id);
    });
    return 0;
}

int reseal(const Settings& settings) {
    Opened opened{settings};
    crypto::Renewal found;
    opened.product.run("secrets reseal", [&]() -> Task<void> {
        auto& modules = opened.product.modules();
        found += co_await modules.second_factor.reseal();
        found += co_await modules.identity_providers.reseal();
        found += co_await modules.tokens.reseal_signing_keys();
        found += co_await modules.webhooks.reseal();
    });
    std::cout << std::format("{} secrets sealed anew, {} were already, {} open with none of the keys\n", found.renewed,
                             found.current, found.lost);
    return found.lost == 0 ? 0 : 1;
}

int import_file(const Settings& settings, import::Wanted wanted) {
    Opened opened{settings};
    Product& product = opened.product;
    const auto company = wanted.company;
    const auto error_file = wanted.error_file.empty() ? wanted.file + ".errors.csv" : wanted.error_file;
    import::Outcome outcome;
    Progress progress;
    product.run("import", [&]() -> Task<void> {
        co_await product.modules().companies.zone(company);  // refuses one that is not there
        outcome = co_await import::run(product.modules(), std::move(wanted), [&](std::int64_t read, std::int64_t of) {
            progress.show("Importing", of > 0 ? static_cast<double>(read) / static_cast<double>(of) : 0);
        });
        // A server that runs does this by itself; without one the numbers should be there when the command ends.
        co_await product.modules().measurements.refresh(company);
    });
    progress.end();
    std::cout << std::format("{} read, {} stored, {} stored before, {} refused\n", outcome.read, outcome.stored,
                             outcome.repeated, outcome.refused);
    if (outcome.refused > 0) std::cout << std::format("why, line by line: {}\n", error_file);
    return 0;
}

int erase(const Settings& settings, Erasure erasure) {
    Opened opened{settings};
    auto& measurements = opened.product.modules().measurements;
    opened.product.run("erase", [&]() -> Task<void> {
        co_await measurements.erase(erasure.company, erasure.device, erasure.span);
        co_await measurements.refresh(erasure.company);
    });
    std::cout << std::format("records of {} from {} to {}: erased\n", erasure.device.text(),
                             clock::to_rfc3339(erasure.span.from), clock::to_rfc3339(erasure.span.to));
    return 0;
}

int rebuild(const Settings& settings, CompanyId company) {
    Opened opened{settings};
    auto& measurements = opened.product.modules().measurements;
    opened.product.run("rebuild", [&]() -> Task<void> {
        co_await measurements.rebuild(company);
        co_await measurements.refresh(company);
    });
    std::cout << std::format("{}: derived again from its raw records\n", company.text());
    return 0;
}

int verify_audit(const Settings& settings, std::optional<CompanyId> company) {
    Opened opened{settings};
    bool whole = true;
    opened.product.run("audit verify", [&]() -> Task<void> {
        auto& audit = opened.product.modules().audit;
        for (const auto& [owner, finding, checkpoints, last] : co_await audit.verify(company)) {
            const auto name = owner == trail::no_company ? std::string{"of no company"} : CompanyId{owner}.text();
            const auto signed_to =
                last ? std::format(", the last of {} with event {}", clock::to_rfc3339(last->at), last->link.sequence)
                     : std::string{};
            std::cout << std::format("{}: events {} to {}: {}; {} signed checkpoints{}\n", name,
                                     finding.first.sequence + 1, finding.last.sequence, finding.wrong.value_or("whole"),
                                     checkpoints, signed_to);
            whole = whole && !finding.wrong;
        }
        std::cout << std::format("checkpoints are verified with {}\n", audit.verifier_key());
    });
    return whole ? 0 : 1;
}

int sign_audit(const Settings& settings) {
    Opened opened{settings};
    opened.product.run("audit sign", [&] { return opened.product.modules().audit.sign_checkpoints(); });
    return 0;
}

// Each role signs in and each part that the product needs is there; prints what it found.
int check(const Settings& settings) {
    if (is_embedded(settings) && !std::filesystem::exists(settings.home / "database"))
        throw std::runtime_error{
            std::format("there is no database in {}; serve makes one", (settings.home / "database").string())};
    Storage storage{settings, Storage::Use::share};
    struct Role {
        std::string_view name;
        const std::string& conninfo;
    };
    for (const auto& [name, conninfo] : {Role{"owner", storage.owner()}, Role{"app", storage.app()},
                                         Role{"ingest", storage.ingest()}, Role{"reporting", storage.reporting()}}) {
        if (conninfo.empty()) {
            std::cout << std::format("database as {}: not given, so this process migrates nothing\n", name);
            continue;
        }
        auto version = db::Blocking{conninfo}.value(
            "select current_user || ', PostgreSQL ' || "
            "current_setting('server_version')");
        std::cout << std::format("database as {}: {}\n", name, version.value_or("?"));
    }
    const std::string& any_role = storage.has_owner() ? storage.owner() : storage.app();
    db::Blocking database{any_role};
    for (const char* extension : {"timescaledb", "postgis", "hll"}) {
        auto version = database.value("select extversion from pg_extension where extname = $1", {extension});
        if (!version) throw std::runtime_error{std::format("the extension {} is missing in the database", extension)};
        std::cout << std::format("extension {}: {}\n", extension, *version);
    }
    const int number = schema_at(any_role);
    std::cout << "schema: " << (number ? std::to_string(number) : "not migrated") << '\n';
    return 0;
}

}  // namespace mobilytics::app
