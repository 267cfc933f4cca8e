#include "app/modules.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "platform/metrics/machine.hpp"
#include "src/auth/authentication.hpp"
#include "src/auth/jobs.hpp"

// The table of contents: one line a module, in reading order, for what it is made of, its routes, its jobs and the
// events it listens to.
namespace mobilytics::app {

namespace {

auth::CompanyCards cards_of(companies::Companies& companies) {
    return [&companies](std::vector<CompanyId> ids) { return companies.cards(std::move(ids)); };
}

audit::Options audit_options(const Settings& settings) {
    const auto& file = settings.audit.key_file;
    return {.key_file = file.empty() ? settings.home / "audit.key" : file,
            .keep = std::chrono::days{settings.audit.keep_days}};
}

auth::StaffRules staff_rules(const Settings& settings) { return {.factor_asked = asks_staff_for_factor(settings)}; }

auth::JudgeFactor judge_of(auth::SecondFactor& second_factor) {
    return [&second_factor](auth::User user, auth::ShownFactor shown) {
        return second_factor.judge(std::move(user), std::move(shown));
    };
}

auth::ProvePasskey proof_of(auth::Passkeys& passkeys) {
    return [&passkeys](auth::ShownPasskey shown, auth::PasskeyUse use) {
        return passkeys.prove(std::move(shown), std::move(use));
    };
}

auth::DeviceTokens tokens_of(devices::Devices& devices) {
    return [&devices](http::Request& request, std::string token) -> Task<bool> {
        auto device = co_await devices.authenticate(std::move(token));
        if (!device) co_return false;
        request.caller = {.company_id = device->company.uuid,
                          .company = device->company.text(),
                          .user = device->device.text(),
                          .impersonator = ""};
        request.set_principal(std::make_shared<const devices::DeviceActor>(*device));
        co_return true;
    };
}

// Of the disk that a folder is on; nothing of a folder that is not there.
double share_full(const std::filesystem::path& folder) {
    std::error_code gone;
    const auto space = std::filesystem::space(folder, gone);
    if (gone) return 0;
    return 1 - static_cast<double>(space.available) / static_cast<double>(space.capacity);
}

monitoring::Process this_process(const Platform& with) {
    return {.name = metrics::machine_name(),
            .files_open = metrics::share_of_files_open,
            .disk_full = [home = with.settings.home] { return share_full(home); },
            .readiness = with.readiness};
}

webhooks::Outside outside_of(outbound::Sender& sender) {
    return {[&sender](outbound::Post post) { return sender.post(std::move(post)); },
            [&sender](const std::string& url) { return outbound::wrong_with(url, sender.guard()); }};
}

openid::Outside provider_outside_of(outbound::Sender& sender) {
    return {[&sender](outbound::Get get) { return sender.get(std::move(get)); },
            [&sender](outbound::Post post) { return sender.post(std::move(post)); },
            [&sender](const std::string& url) { return outbound::wrong_with(url, sender.guard()); }};
}

}  // namespace

// clang-format off
Modules::Modules(const Platform& with)
    : auth{with.database, with.clock, with.runtime, with.trail, cards_of(companies),
           judge_of(second_factor), proof_of(passkeys), staff_rules(with.settings)},
      keys{with.database, with.clock, with.trail, staff_rules(with.settings)},
      tokens{with.database, with.clock, with.trail, with.sealer, keys, with.pages},
      letters{with.database, with.clock, with.queue, with.mailer, with.sealer, cards_of(companies), with.pages},
      passkeys{with.database, with.clock, with.runtime, with.trail, letters, with.sealer,
               webauthn::site_of(with.pages)},
      second_factor{with.database, with.clock, with.trail, letters, with.sealer, passkeys},
      sessions{with.database, with.clock, with.runtime, with.trail, judge_of(second_factor), proof_of(passkeys)},
      accounts{with.database, with.clock, with.runtime, with.trail, letters},
      invitations{with.database, with.clock, with.runtime, with.trail, letters, cards_of(companies)},
      memberships{with.database, with.clock, with.trail, letters},
      notices{with.database, with.clock, with.queue, with.trail, letters},
      providers{provider_outside_of(with.sender), with.clock},
      identity_providers{with.database, with.clock, with.trail, letters, with.sealer, providers, with.pages},
      provider_sign_in{with.database, with.clock, with.runtime, with.trail, with.sealer, auth, identity_providers,
                       providers},
      people{with.database, with.clock, with.trail, letters, cards_of(companies)},
      staff{with.database, with.clock, with.trail, letters},
      recoveries{with.database, with.clock, with.runtime, with.trail, letters},
      audit{with.runtime, with.database, with.clock, with.objects, audit_options(with.settings)},
      companies{with.database, with.clock, with.events, with.trail, auth, mobilytics::auth::first_owners(invitations)},
      assets{with.database, with.clock, with.events, with.trail},
      devices{with.database, with.clock, with.events, with.trail, assets},
      campaigns{with.database, with.clock, with.events, with.trail, assets, companies},
      measurements{with.runtime, with.database, with.ingest_database, with.clock, with.queue, with.trail, companies,
                   assets, devices, campaigns},
      analytics{with.runtime, with.database, with.reporting_database, with.clock, with.trail, companies,
                assets, campaigns},
      webhooks{with.database, with.clock, with.queue, with.trail, with.sealer, outside_of(with.sender),
               webhooks::Tally{with.metrics}},
      monitoring{with.database, with.clock, with.queue, with.trail},
      gauges{with.database, {with.database, with.clock, with.queue}, audit, webhooks, this_process(with)},
      alerts{with.database, with.clock, with.trail, {with.queue, with.mailer, with.pages + "/jobs"},
             [this](monitoring::Instant now) { return gauges.read(now); }, gauges.process(),
             with.settings.alerts.patience} {
    measurements::subscribe(with.events);
    auth::subscribe(with.trail, notices);
    webhooks::subscribe(with.trail, webhooks);
}
// clang-format on

void Modules::add_routes(http::Router& router) {
    router.authenticate_with(auth::authentication(auth, keys, tokens, tokens_of(devices)));
    auth::add_routes(router, auth);
    auth::add_routes(router, keys);
    auth::add_routes(router, tokens);
    auth::add_routes(router, sessions);
    auth::add_routes(router, second_factor);
    auth::add_routes(router, passkeys);
    auth::add_routes(router, accounts);
    auth::add_routes(router, invitations);
    auth::add_routes(router, memberships);
    auth::add_routes(router, notices);
    auth::add_routes(router, identity_providers);
    auth::add_routes(router, provider_sign_in);
    auth::add_routes(router, people);
    auth::add_routes(router, staff);
    auth::add_routes(router, recoveries);
    audit::add_routes(router, audit);
    companies::add_routes(router, companies);
    assets::add_routes(router, assets);
    devices::add_routes(router, devices);
    campaigns::add_routes(router, campaigns);
    measurements::add_routes(router, measurements);
    analytics::add_routes(router, analytics);
    webhooks::add_routes(router, webhooks);
    monitoring::add_routes(router, monitoring);
    monitoring::add_routes(router, alerts);
}

void Modules::add_jobs(jobs::Runner& runner, const Settings& settings) {
    auth::add_jobs(runner, letters);
    auth::add_jobs(runner, notices);
    auth::add_jobs(runner, tokens);
    audit::add_jobs(runner, audit);
    measurements::add_jobs(runner, measurements);
    webhooks::add_jobs(runner, webhooks);
    monitoring::add_jobs(runner, alerts, std::chrono::seconds{std::max(1, settings.alerts.every_seconds)});
}

}  // namespace mobilytics::app
